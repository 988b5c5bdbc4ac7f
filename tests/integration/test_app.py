"""The service's doors open before the rooms behind them are there: nothing is lost meanwhile."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.app import Service
from bot.config import Config, DatabaseSection, Server, Simulator
from bot.platforms.contract import Accept, Platform, Ports
from storage.db import Database
from storage.models.people import Binding, User
from storage.models.service import Inbound
from storage.viewer import SYSTEM
from tests.builders import message
from tests.fakes import FakePlatform

SECONDS = 20.0
ROOT = Path(__file__).parents[2]


class Hasty(FakePlatform):
    """Brings a message and complains as soon as it is connected."""

    def __init__(self, ports: Ports) -> None:
        super().__init__(name="wecom")
        self._ports = ports

    async def run(self, accept: Accept) -> None:
        await accept(message("在吗"))
        await self._ports.alert("密钥不对")


@asynccontextmanager
async def running(url: str) -> AsyncIterator[Hasty]:
    made: list[Hasty] = []

    def connect(_config: Config, ports: Ports) -> list[Platform]:
        made.append(Hasty(ports))
        return list(made)

    config = Config(
        server=Server(port=0), database=DatabaseSection(url=url), simulator=Simulator(enabled=True)
    )
    service = Service(config, connect=connect)
    await service.start()
    work = asyncio.create_task(service.run())
    try:
        yield made[0]
    finally:
        service.stop()
        await work


async def until(found: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not found():  # noqa: ASYNC110 (a fake tells no event what it was sent)
            await asyncio.sleep(0.01)


def texts(platform: FakePlatform) -> list[str]:
    contents: list[Any] = [parcel.content for parcel in platform.sent]
    return [content.text for content in contents]


async def test_a_message_and_an_alert_of_the_first_moment_are_worked_off(
    db: Database, db_url: str
) -> None:
    async with db.write(SYSTEM) as session:
        admin = User(name="周倩", role="admin")
        session.add(admin)
        await session.flush()
        session.add(
            Binding(platform="wecom", corp="corp", platform_user="zhouqian", user_id=admin.id)
        )
    async with running(db_url) as platform:
        await until(lambda: len(platform.sent) >= 2)
        assert "密钥不对" in texts(platform)
        async with db.read(SYSTEM) as session:
            assert list(await session.scalars(select(Inbound.state))) == ["done"]


def test_the_doors_load_nothing_of_what_works_behind_them() -> None:
    behind = ("apscheduler", "alembic", "matplotlib", "pypinyin", "bot.turn",
              "sales", "reports", "storage.narrowing")  # fmt: skip
    code = "import sys, bot.app, bot.platforms.wecom.plug; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert set(behind) & set(told.stdout.split()) == set()
