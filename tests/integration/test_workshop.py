"""The worker in its thread: woken from outside, stopped, and not dying in silence."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import worker
from bot.inbox import Inbox
from bot.workshop import Workshop
from storage.db import Database
from storage.models.service import Inbound, Outbound
from storage.viewer import SYSTEM
from tests.builders import NOW, message
from tests.fakes import FakePlatform

SECONDS = 20.0
ZONE = ZoneInfo("Asia/Shanghai")


def at_now() -> datetime:
    return NOW


class Shop:
    """A workshop with the inbox before it; `done` is set whenever it says so."""

    def __init__(self, db: Database, clock: Callable[[], datetime] = at_now) -> None:
        self.db = db
        self.done = asyncio.Event()
        self.workshop = Workshop(
            db, {"wecom": FakePlatform(name="wecom")}, zone=ZONE, done=self.done.set,
            clock=clock, shutdown_seconds=5,
        )  # fmt: skip

    async def tell(self, words: str) -> None:
        """One message, kept, and the worker woken."""
        inbox = Inbox(self.db, wake=self.workshop.wake, clock=at_now)
        keeping = asyncio.create_task(inbox.run())
        await inbox.accept(message(words))
        inbox.stop()
        await keeping

    async def states(self) -> list[str]:
        async with self.db.read(SYSTEM) as session:
            return list(await session.scalars(select(Inbound.state).order_by(Inbound.id)))


async def started(shop: Shop) -> asyncio.Task[None]:
    """Running, and its thread there."""
    running = asyncio.create_task(shop.workshop.run())
    async with asyncio.timeout(SECONDS):
        while not threads():  # noqa: ASYNC110 (a thread tells no event that it has begun)
            await asyncio.sleep(0)
    return running


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "worker"]


async def test_it_is_woken_from_another_loop_and_says_when_something_is_to_be_sent(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It rests a minute by itself, so that only the call can have woken it."""
    monkeypatch.setattr(worker, "POLL_SECONDS", 60.0)
    shop = Shop(db)
    running = await started(shop)
    for number in (1, 2):
        shop.done.clear()
        await shop.tell(f"第{number}句")
        async with asyncio.timeout(SECONDS):
            await shop.done.wait()
        assert await shop.states() == ["done"] * number
    async with db.read(SYSTEM) as session:
        assert await session.scalar(select(Outbound.id)) is not None
    shop.workshop.stop()
    await running


@pytest.mark.parametrize("soon", [True, False], ids=["before it began", "while it rests"])
async def test_stop_ends_it_with_its_thread(db: Database, *, soon: bool) -> None:
    shop = Shop(db)
    running = asyncio.create_task(shop.workshop.run()) if soon else await started(shop)
    if soon:
        await asyncio.sleep(0)
    own = threads()
    shop.workshop.stop()
    async with asyncio.timeout(SECONDS):
        await running
    for thread in own:
        thread.join(SECONDS)
    assert threads() == []


async def test_what_waits_when_it_is_stopped_is_left_for_the_next_start(db: Database) -> None:
    shop = Shop(db)
    await shop.tell("等一等")
    shop.workshop.stop()
    await shop.workshop.run()
    assert await shop.states() == ["new"]
    again = Shop(db)
    running = await started(again)
    async with asyncio.timeout(SECONDS):
        await again.done.wait()
    again.workshop.stop()
    await running
    assert await again.states() == ["done"]


async def test_a_worker_that_dies_takes_its_runner_down(db: Database) -> None:
    """The service's group of tasks then ends too, loudly."""

    def broken() -> datetime:
        raise ZeroDivisionError

    async def service() -> None:
        async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as group:
            group.create_task(Shop(db, broken).workshop.run())
            group.create_task(asyncio.Event().wait())

    with pytest.raises(ExceptionGroup) as raised:
        await service()
    assert raised.group_contains(ZeroDivisionError)
    for thread in threads():
        thread.join(SECONDS)
    assert threads() == []


async def test_who_cancels_it_waits_for_its_end(db: Database) -> None:
    running = await started(Shop(db))
    own = threads()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    for thread in own:
        thread.join(SECONDS)
    assert threads() == []
