"""`gendan demo`: the bot and simulated platforms in one process, with a made-up company."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot import logs
from bot.app import Service, until_stopped
from bot.config import Company, Config, DatabaseSection, Log, Server, Simulator
from bot.demo import day, seed
from bot.demo.play import Play
from bot.demo.records import differences, quiet, records, table_of
from bot.demo.stands import GROUP, DingTalkStand, Stand, WeComStand
from bot.demo.travel import TravelClock
from bot.platforms.contract import Platform, Ports
from simulator.company import build
from simulator.page import Page

PLAY_DAILY_AT = "23:59"
WORK_BEGINS = time(10)
FIRST_PICTURE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Demo:
    """The bot, the platforms that it talks to, and the page over all their doors."""

    service: Service
    stands: Sequence[Stand]
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
    """Play the day at every door and write it to `folder`; the exit status."""
    logs.configure("warning", "console")
    company = await asyncio.to_thread(build, datetime.now(ZoneInfo(Company().time_zone)).date())
    users = company["users"]
    stands: list[Stand] = [
        WeComStand(users, bot=False),
        WeComStand(users, app=False),
        DingTalkStand(users, "stream"),
        DingTalkStand(users, "http"),
    ]
    names = {user["account"]: user["name"] for user in users}
    days, kept = [], {}
    for stand in stands:
        played = Play(stand.stage, folder, names)
        kept[stand.stage.title] = await _play_at(stand, played)
        days.append(played)
        click.echo(f"{'✓' if not played.failures else '✗'} {stand.stage.title}")
    unlike = differences(kept)
    verdict = "各入口写下的记录相同。" if not unlike else "各入口写下的记录不同："
    told = ["# 各入口写下的记录", "", *table_of(kept), "", verdict, *unlike, ""]
    lines = [*(line for played in days for line in played.lines), *told]
    (folder / "transcript.md").write_text("\n".join(lines), encoding="utf-8")
    right = not unlike and not any(played.failures for played in days)
    click.echo(f"{'全部正确' if right else '有步骤不对'}，见 {folder / 'transcript.md'}")
    return 0 if right else 1


async def _play_at(stand: Stand, played: Play) -> dict[str, list[str]]:
    """Play the day at this stand; what was written meanwhile."""
    with tempfile.TemporaryDirectory(prefix="gendan-play-") as place:
        config = demo_config(Path(place), 0)
        async with simulated(config, [stand], daily_at=PLAY_DAILY_AT) as demo:
            running = asyncio.create_task(demo.service.run())
            try:
                await stand.ready()
                stage = stand.stage

                async def travel(then: datetime) -> None:
                    await quiet(demo.service.db)
                    stage.advance(demo.clock.travel_to(then))

                await played.run(day.steps(stage, travel, demo.service.zone))
                return await records(demo.service.db)
            finally:
                demo.service.stop()
                await running


@asynccontextmanager
async def simulated(
    config: Config, stands: Sequence[Stand] | None = None, *, daily_at: str | None = None
) -> AsyncIterator[Demo]:
    """A started service against simulated platforms; an empty database gets the demo company.

    The day's picture comes at `daily_at`, or else some moments after the start, so that whoever
    opens the page sees it.
    """
    zone = ZoneInfo(config.company.time_zone)
    now = datetime.now(zone)
    company = await asyncio.to_thread(build, now.date())
    users = company["users"]
    stands = stands or [WeComStand(users), DingTalkStand(users)]
    if config.server.port == 0:
        chosen = config.server.model_copy(update={"port": _free_port()})
        config = config.model_copy(update={"server": chosen})
    url = f"http://{config.server.host}:{config.server.port}"
    async with AsyncExitStack() as stack:
        for stand in stands:
            await stand.start()
            stack.push_async_callback(stand.stop)
        page = Page([door for each in stands for door in each.doors], suggestions=day.SUGGESTIONS)
        await page.start(config.simulator.port)
        stack.push_async_callback(page.stop)

        def connect(_config: Config, ports: Ports) -> list[Platform]:
            return [stand.connect(ports, url) for stand in stands]

        clock = TravelClock()
        service = Service(config, connect=connect, now=clock)
        await service.start()
        accounts = [(stand.platform, stand.corp) for stand in stands]
        at = daily_at or (now + FIRST_PICTURE).strftime("%H:%M")
        # Played at night, a day must not begin with the reminders of its morning.
        begins = max(now, datetime.combine(now.date(), WORK_BEGINS, zone)) if daily_at else now
        await seed.fill(
            service.db, company, accounts=accounts, group=GROUP, daily_at=at, now=now,
            reminded=begins,
        )  # fmt: skip
        yield Demo(service, stands, page, clock)


def demo_config(folder: Path, port: int) -> Config:
    """A configuration that needs no file: everything is kept in `folder`."""
    return Config(
        company=Company(name="演示公司"),
        server=Server(port=0),
        database=DatabaseSection(url=f"sqlite:///{folder / 'gendan.db'}"),
        log=Log(level="warning", format="console"),
        simulator=Simulator(enabled=True, port=port),
    )


def _free_port() -> int:
    """One that nobody listens on now: a platform must know the bot's address before it starts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
