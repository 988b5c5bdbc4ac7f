"""Waiting for what another task, or another process, does to a slip."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.platforms.wecom.aibot import parts
from bot.platforms.wecom.aibot.parts import Part
from storage import slips
from storage.db import DATABASE_ERRORS, Database

LOOK_SECONDS = 0.2
"""How often a slip is looked at that another process may have changed."""

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class Waiting:
    """Wakes the tasks of this process; those of others look at the row."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._events: dict[str, list[asyncio.Event]] = {}

    def wake(self, key: str) -> None:
        """The slip has changed."""
        for event in self._events.get(key, []):
            event.set()

    async def answer(self, key: str, seconds: float) -> list[Part] | None:
        """The whole answer, which is then taken; [] where none will come, None: not yet."""

        async def look() -> list[Part] | None:
            if await slips.is_ready(self._db, key):
                taken = await slips.take(self._db, key)
                if taken is not None:
                    self.wake(key)
                    return [parts.from_json(part) for part in taken]
            return [] if await slips.nothing_comes(self._db, key) else None

        return await self._until(key, seconds, look)

    async def taken(self, key: str, seconds: float) -> bool:
        """Whether the answer was fetched in time."""

        async def look() -> bool | None:
            return await slips.was_taken(self._db, key) or None

        return await self._until(key, seconds, look) is not None

    async def _until(
        self, key: str, seconds: float, look: Callable[[], Awaitable[T | None]]
    ) -> T | None:
        """The first answer of `look` that isn't None."""
        until = time.monotonic() + seconds
        event = asyncio.Event()
        self._events.setdefault(key, []).append(event)
        try:
            while True:
                event.clear()
                found = await _seen(look)
                left = until - time.monotonic()
                if found is not None or left <= 0:
                    return found
                await _set_within(event, min(left, LOOK_SECONDS))
        finally:
            self._events[key].remove(event)
            if not self._events[key]:
                del self._events[key]


async def _seen(look: Callable[[], Awaitable[T | None]]) -> T | None:
    """What `look` sees; nothing while the database is away."""
    try:
        return await look()
    except DATABASE_ERRORS as error:
        _log.warning("wecom.slip_not_seen", error=type(error).__name__)
        return None


async def _set_within(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
