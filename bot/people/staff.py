"""Follows who works here: reads address books at night and after changes, and sees to it that
no approval waits for somebody who can't decide any more."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Update, case, update

from bot import events
from bot.clock import Rhythm, last_due
from bot.events import Due
from bot.people import book, staffing
from bot.platforms.contract import Platform, PlatformError, RetryLater
from bot.post import Post
from sales import rerouting
from sales.setup.document import load as load_setup
from storage import leases, queues, runs
from storage.db import DATABASE_ERRORS, Database, WriteSession
from storage.models.people import BookReading
from storage.queues import Arrival
from storage.runs import Occurrence
from storage.viewer import SYSTEM

log = structlog.get_logger()

TICK_SECONDS = 10.0
"""An approval is passed on within a minute of its approver's leaving."""
READING_SECONDS = 300
AGAIN = timedelta(minutes=10)
"""When a book that could not be read is tried again."""

Alert = Callable[[str], Awaitable[None]]


class Staff:
    """Runs beside the worker, on the loop to which the platforms' connections belong."""

    def __init__(
        self,
        db: Database,
        platforms: Mapping[str, Platform],
        *,
        zone: ZoneInfo,
        alert: Alert,
        wake: Callable[[], None] = lambda: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._db = db
        self._platforms = platforms
        self._post = Post(platforms)
        self._zone = zone
        self._alert = alert
        self._wake = wake
        self._clock = clock
        self._holder = secrets.token_hex(8)

    async def run(self) -> None:
        """Look every TICK_SECONDS until cancelled."""
        while True:
            try:
                await self.tick(self._clock())
            except DATABASE_ERRORS as error:
                log.warning("staff not looked at", error=type(error).__name__)
            await asyncio.sleep(TICK_SECONDS)

    async def tick(self, now: datetime) -> None:
        """Pass on what is stuck, then read each book whose time has come."""
        await self.pass_on(now)
        for platform in self._platforms.values():
            if await self._is_due(platform.name, now):
                await self._read(platform)

    async def pass_on(self, now: datetime) -> int:
        """Make an event of each stuck approval, once however many processes look.

        With somebody next in line it is tried every minute until it has gone there, without
        anybody the administrators are told once.
        """
        async with self._db.read(SYSTEM) as session:
            found = await rerouting.stuck(session)
        if not found:
            return 0
        minute = now.replace(second=0, microsecond=0)
        ready, told = {}, {}
        for one in found:
            approval = one.approval.id
            if one.successor is not None:
                ready[Occurrence(kind="reroute", subject_id=approval, due_at=minute)] = approval
            else:
                begun = one.approval.created_at
                told[Occurrence(kind="orphan", subject_id=one.step.id, due_at=begun)] = approval
        wanted = {**ready, **told}
        async with self._db.write(SYSTEM, now=now) as session:
            connection = await session.connection()
            ours = await runs.take(connection, wanted, now)
            await queues.add(connection, [_arrival(one, wanted[one], now) for one in ours])
        if ours:
            self._wake()
        return len(ours)

    async def _is_due(self, name: str, now: datetime) -> bool:
        async with self._db.read(SYSTEM) as session:
            row = await session.get(BookReading, name)
            at = time.fromisoformat((await load_setup(session)).people.sync_at)
        if row is None:
            async with self._db.write(SYSTEM, now=now) as session:
                await staffing.know(session, name, now)
            return False
        if row.wanted_at is not None:
            return row.wanted_at <= now
        nightly = Rhythm(at=at, days="daily", since=row.read_at or row.since)
        return last_due(nightly, now, self._zone, lambda _day: True) is not None

    async def _read(self, platform: Platform) -> None:
        """One process at a time."""
        now, key = self._clock(), f"book:{platform.name}"
        until = now + timedelta(seconds=2 * READING_SECONDS)
        if not await leases.take(self._db, key, self._holder, now=now, until=until):
            return
        try:
            if await self._is_due(platform.name, now):
                await self._follow(platform, now)
        finally:
            await leases.release(self._db, key, self._holder)

    async def _follow(self, platform: Platform, now: datetime) -> None:
        try:
            async with asyncio.timeout(READING_SECONDS):
                found = await platform.address_book()
        except Exception as error:  # one request: whatever the platform answered
            await self._failed(platform.name, error, now)
            return
        try:
            async with self._db.write(SYSTEM, now=now) as session:
                if found is not None:
                    changes = await book.lay(session, platform.name, found)
                    await self._tell(session, changes, now)
                await session.execute(_noted(platform.name, now))
        except DATABASE_ERRORS:
            raise
        except Exception as error:  # one request: a book may hold anything
            await self._failed(platform.name, error, now)
        self._wake()

    async def _tell(self, session: WriteSession, changes: book.Changes, now: datetime) -> None:
        log.info("address book followed", seen=changes.seen, changes=len(changes.lines))
        await self._post.put(
            session, changes.replies, event_id=None, sender=None, now=now,
            prefix=f"b{secrets.token_hex(8)}",
        )  # fmt: skip

    async def _failed(self, name: str, error: Exception, now: datetime) -> None:
        """A passing fault is tried again soon, any other next night: reading costs quota."""
        log.error("address book not followed", platform=name, error=type(error).__name__)
        noted = _noted(name, now)
        if isinstance(error, RetryLater | TimeoutError):
            after = error.after if isinstance(error, RetryLater) else AGAIN
            noted = noted.values(wanted_at=now + max(after, AGAIN), read_at=BookReading.read_at)
        async with self._db.write(SYSTEM, now=now) as session:
            await session.execute(noted)
        if isinstance(error, book.Implausible):
            await self._alert(str(error))
        elif isinstance(error, PlatformError):
            await self._alert(f"{name} 的通讯录读不出来：{error.reason}")
        else:
            await self._alert(f"{name} 的通讯录没有同步成功，详见日志。")


def _noted(name: str, now: datetime) -> Update:
    """The book was read at `now`; what has been wanted for later stays wanted."""
    still = case((BookReading.wanted_at > now, BookReading.wanted_at))
    read = update(BookReading).where(BookReading.platform == name)
    return read.values(read_at=now, wanted_at=still)


def _arrival(one: Occurrence, approval_id: int, now: datetime) -> Arrival:
    due = Due(kind=one.kind, subject_id=approval_id, due_at=now)
    return Arrival(
        dedup_key=events.dedup_key(due),
        conversation=f"due|reroute|{approval_id}",
        payload=events.to_json(due),
        received_at=now,
    )
