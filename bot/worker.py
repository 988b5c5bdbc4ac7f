"""Works off the inbox: claims, keeps leases, runs turns, tries again, gives up."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from storage import queues
from storage.db import DATABASE_ERRORS, Database, WriteSession
from storage.queues import Claimed as Claimed
from storage.queues import LeaseLost
from storage.viewer import SYSTEM

log = structlog.get_logger()

POLL_SECONDS = 1.0
"""The longest rest: delayed events and other processes' are found without being woken."""
SWEEP = timedelta(seconds=1)
RENEW_SECONDS = queues.LEASE.total_seconds() / 3
SQLITE_BATCH = 16
"""Events claimed in one commit where one turn runs at a time."""
POSTGRES_TURNS = 8
TRACE_LINES = 8

Turn = Callable[[Claimed], Awaitable[None]]
Parked = Callable[[WriteSession, Claimed, str], Awaitable[None]]
Prepare = Callable[[Claimed], Awaitable[None] | None]
"""None for an event that needs no preparation, as most don't."""


def _ready(_claimed: Claimed) -> None:
    """There is nothing to prepare."""


async def _silent(_session: WriteSession, _claimed: Claimed, _error_id: str) -> None:
    """Nobody is told."""


class Worker:
    """Calls `turn` for each event, in order inside a conversation.

    `prepare` does what takes long and needs no place among the turns. `parked` writes the
    apology of an event that is given up, in the same transaction. `done` is called after each
    turn: there may be something to send. On SQLite one turn runs at a time, for there is one
    writer.
    """

    def __init__(
        self,
        db: Database,
        turn: Turn,
        *,
        prepare: Prepare = _ready,
        parked: Parked = _silent,
        done: Callable[[], None] = lambda: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        shutdown_seconds: float = 10.0,
    ) -> None:
        self._db = db
        self._turn = turn
        self._prepare = prepare
        self._preparing = 0
        self._parked = parked
        self._done = done
        self._clock = clock
        self._shutdown_seconds = shutdown_seconds
        self._room = SQLITE_BATCH if db.is_sqlite else POSTGRES_TURNS
        self._refill_at = SQLITE_BATCH // 2 if db.is_sqlite else 1
        self._slots = asyncio.Semaphore(1 if db.is_sqlite else POSTGRES_TURNS)
        self._held: dict[int, Claimed] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._unsettled: list[tuple[Claimed, str]] = []
        self._awake = asyncio.Event()
        self._stopping = False
        self._crash: BaseException | None = None
        self._swept_at: datetime | None = None

    def wake(self) -> None:
        """There may be something to do."""
        self._awake.set()

    async def run_once(self) -> int:
        """Claim what can be claimed now and work it off; returns how many events."""
        claimed = await self._claim(self._room)
        async with asyncio.TaskGroup() as group:
            for event in claimed:
                group.create_task(self._one(event))
        return len(claimed)

    async def run(self) -> None:
        """Work until `stop`, then end what runs, within `shutdown_seconds`."""
        renewing = asyncio.create_task(self._renew())
        try:
            while not self._stopping:
                self._awake.clear()
                if not await self._begin_some():
                    await self._rest()
            await self._drain()
            if self._crash is not None:
                raise self._crash
        finally:
            renewing.cancel()
            for task in self._running:
                task.cancel()
            await asyncio.gather(renewing, *self._running, return_exceptions=True)

    def stop(self) -> None:
        """Claim nothing more; `run` returns when the running turns have ended."""
        self._stopping = True
        self._awake.set()

    async def _begin_some(self) -> bool:
        """Claim into the free places; False where there is nothing to be had or no place."""
        room = self._free()
        if room < self._refill_at:
            return False
        try:
            claimed = await self._claim(room)
        except DATABASE_ERRORS as error:
            log.warning("claim failed", error=type(error).__name__)
            return False
        for event in claimed:
            task = asyncio.create_task(self._one(event))
            self._running.add(task)
            task.add_done_callback(self._ended)
        return bool(claimed)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._crash = task.exception()
            self.stop()
        if self._free() >= self._refill_at:
            self._awake.set()

    def _free(self) -> int:
        """Events that may be claimed: those that are being prepared take no place."""
        return self._room - (len(self._held) - self._preparing)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._awake.wait()
        except TimeoutError:
            return

    async def _claim(self, room: int) -> list[Claimed]:
        now = self._clock()
        await self._sweep(now)
        claimed = await queues.claim(self._db, now=now, limit=room)
        self._held.update({event.id: event for event in claimed})
        return claimed

    async def _sweep(self, now: datetime) -> None:
        """Take over what others let fall, and settle failures the database missed.

        One process works on an SQLite file, so what is held when it starts is nobody's.
        """
        first = self._swept_at is None
        if self._swept_at is not None and now - self._swept_at < SWEEP:
            return
        lost = await queues.take_over(
            self._db, now, all_of_them=first and self._db.is_sqlite and not self._held
        )
        self._swept_at = now
        unsettled, self._unsettled = self._unsettled, []
        for claimed in lost:
            unsettled.append((claimed, "the worker died or was stopped in each attempt"))
        for claimed, error in unsettled:
            await self._fail(claimed, error)

    async def _one(self, claimed: Claimed) -> None:
        """One event: its turn, and what becomes of it where that fails."""
        try:
            await self._prepared(claimed)
            async with self._slots:
                if self._stopping:
                    await queues.give_back(self._db, [claimed])
                else:
                    await self._turn(claimed)
        except LeaseLost:
            log.warning("lease lost", event_id=claimed.id)
        except Exception as error:
            where = _where(error)
            log.error("event failed", event_id=claimed.id, attempt=claimed.attempts, error=where)
            await self._fail(claimed, where)
        finally:
            self._held.pop(claimed.id, None)
        self._done()

    async def _prepared(self, claimed: Claimed) -> None:
        waiting = None if self._stopping else self._prepare(claimed)
        if waiting is None:
            return
        self._preparing += 1
        self._awake.set()
        try:
            await waiting
        finally:
            self._preparing -= 1

    async def _fail(self, claimed: Claimed, error: str) -> None:
        try:
            error_id = await self._note_failure(claimed, error)
        except LeaseLost:
            log.warning("lease lost", event_id=claimed.id)
        except DATABASE_ERRORS as trouble:
            log.warning("failure not noted", event_id=claimed.id, error=type(trouble).__name__)
            self._unsettled.append((claimed, error))
        else:
            if error_id is not None:
                log.error("event parked", event_id=claimed.id, error_id=error_id)

    async def _note_failure(self, claimed: Claimed, error: str) -> str | None:
        """Park or delay; an apology that can't be written must not keep the event alive."""
        now = self._clock()
        async with self._db.write(SYSTEM, event_id=claimed.id, now=now) as session:
            error_id = await queues.fail(session, claimed, error, now)
            if error_id is not None:
                await self._apologise(session, claimed, error_id)
        return error_id

    async def _apologise(self, session: WriteSession, claimed: Claimed, error_id: str) -> None:
        try:
            async with session.begin_nested():
                await self._parked(session, claimed, error_id)
        except Exception as trouble:
            log.error("apology failed", event_id=claimed.id, error=_where(trouble))

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            tokens = {claimed.token for claimed in self._held.values()}
            if not tokens:
                continue
            try:
                await queues.renew(self._db, tokens, self._clock())
            except DATABASE_ERRORS as error:
                log.warning("leases not renewed", error=type(error).__name__)

    async def _drain(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=self._shutdown_seconds)


def _where(error: BaseException) -> str:
    """The kind of an error and where it arose, without its message: that may hold words."""
    frames = traceback.extract_tb(error.__traceback__)[-TRACE_LINES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{type(error).__name__} at {' < '.join(reversed(places))}"
