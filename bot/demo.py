"""The real bot against a WeCom on the loopback, with a made-up company: `gendan demo`."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot import day, logs, seed
from bot.app import Service, until_stopped
from bot.config import Company, Config, DatabaseSection, Log, Server, Simulator
from bot.platforms.contract import Platform, Ports
from bot.platforms.wecom.send import WeComPlatform
from bot.platforms.wecom.settings import CALLBACK_PATH, WeComSettings
from bot.play import Play
from bot.travel import TravelClock
from simulator.company import build
from simulator.page import Page
from simulator.wecom.config import Member, WeComConfig
from simulator.wecom.doors import app_door
from simulator.wecom.server import WeCom, new_secrets

CORP = "ww5d1e2d3e4f5a6b7c"
AGENT = 1000002
GROUP_KEY = "6f1d7c52-demo-group"
GROUP = "华东销售群"
PLAY_DAILY_AT = "23:59"
FIRST_PICTURE = timedelta(minutes=1)
COLOURS = ("#3b6ef5", "#0f9d76", "#c2571a", "#8a4fd3", "#c23b6e", "#2b8a9e")


@dataclass(frozen=True, slots=True)
class Demo:
    """The bot and the WeCom that it talks to."""

    service: Service
    wecom: WeCom
    page: Page
    clock: TravelClock


async def serve(port: int, *, open_browser: bool) -> None:
    """Until Ctrl-C; everything is in a folder that is thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="gendan-demo-") as folder:
        logs.configure("warning", "console")
        async with simulated(demo_config(Path(folder), port)) as demo:
            click.echo(f"跟单演示已启动，请在浏览器打开 {demo.page.url}")
            click.echo("按 Ctrl-C 结束；演示数据用完即弃。")
            if open_browser:
                with contextlib.suppress(webbrowser.Error):
                    await asyncio.to_thread(webbrowser.open, demo.page.url)
            await until_stopped(demo.service)


async def play(folder: Path) -> int:
    """Play the day and write it to `folder`; the exit status."""
    with tempfile.TemporaryDirectory(prefix="gendan-play-") as place:
        logs.configure("warning", "console")
        async with simulated(demo_config(Path(place), 0), daily_at=PLAY_DAILY_AT) as demo:
            running = asyncio.create_task(demo.service.run())
            try:
                right = await Play(demo.wecom, folder).run(
                    day.steps(demo.clock, demo.service.zone, GROUP_KEY)
                )
            finally:
                demo.service.stop()
                await running
    click.echo(f"{'全部正确' if right else '有步骤不对'}，见 {folder / 'transcript.md'}")
    return 0 if right else 1


@asynccontextmanager
async def simulated(config: Config, *, daily_at: str | None = None) -> AsyncIterator[Demo]:
    """A started service against a simulated WeCom; an empty database gets the demo company.

    The day's picture comes at `daily_at`, or else some moments after the start, so that whoever
    opens the page sees it.
    """
    zone = ZoneInfo(config.company.time_zone)
    now = datetime.now(zone)
    company = await asyncio.to_thread(build, now.date())
    wecom = WeCom(_wecom_config(company))
    await wecom.start()
    page = Page([app_door(wecom)], suggestions=day.SUGGESTIONS)
    await page.start(config.simulator.port)
    clock = TravelClock()
    service = Service(config, connect=partial(_connect, _settings(wecom)), now=clock)
    try:
        await service.start()
        wecom.callback_url = f"{service.url}{CALLBACK_PATH}"
        at = daily_at or (now + FIRST_PICTURE).strftime("%H:%M")
        await seed.fill(service.db, company, corp=CORP, group=GROUP, daily_at=at, now=now)
        yield Demo(service, wecom, page, clock)
    finally:
        await page.stop()
        await wecom.stop()


def demo_config(folder: Path, port: int) -> Config:
    """A configuration that needs no file: everything is kept in `folder`."""
    return Config(
        company=Company(name="演示公司"),
        server=Server(port=0),
        database=DatabaseSection(url=f"sqlite:///{folder / 'gendan.db'}"),
        log=Log(level="warning", format="console"),
        simulator=Simulator(enabled=True, port=port),
    )


def _wecom_config(company: dict[str, Any]) -> WeComConfig:
    members = tuple(
        Member(
            userid=user["account"],
            name=user["name"],
            role=user["role"],
            colour=COLOURS[index % len(COLOURS)],
        )
        for index, user in enumerate(company["users"])
    )
    secrets = new_secrets()
    return WeComConfig(
        corp_id=CORP,
        agent_id=AGENT,
        members=members,
        groups={GROUP_KEY: GROUP},
        secret=secrets["secret"],
        token=secrets["token"],
        aes_key=secrets["aes_key"],
    )


def _connect(settings: WeComSettings, _config: Config, ports: Ports) -> list[Platform]:
    return [WeComPlatform(settings, ports.db, now=ports.now)]


def _settings(wecom: WeCom) -> WeComSettings:
    config = wecom.config
    return WeComSettings(
        corp_id=config.corp_id,
        agent_id=config.agent_id,
        secret=config.secret,
        token=config.token,
        aes_key=config.aes_key,
        api_base=wecom.url,
        groups={name: key for key, name in config.groups.items()},
    )
