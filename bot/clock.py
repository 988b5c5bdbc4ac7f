"""Keeps time: what is due becomes an event, once, however many processes tick."""

from __future__ import annotations

import asyncio
from calendar import monthrange
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from chinese_calendar import is_workday
from sqlalchemy.ext.asyncio import AsyncSession

from bot import events
from bot.events import Due
from sales.setup import document
from storage import queues, runs
from storage.db import DATABASE_ERRORS, Database, WriteSession
from storage.models.service import Subscription
from storage.queues import Arrival
from storage.runs import Occurrence
from storage.viewer import SYSTEM

log = structlog.get_logger()

TICK_SECONDS = 1
GRACE = timedelta(minutes=60)
"""What is later than this is skipped: yesterday's figures this morning would mislead."""
ON_TIME = timedelta(minutes=1)
LOOK_BACK = timedelta(days=8)
"""What was missed longer ago is not even told of."""

IsWorkday = Callable[[date], bool]
Skipped = Callable[[WriteSession, Occurrence], Awaitable[None]]


async def _silent(_session: WriteSession, _missed: Occurrence) -> None:
    """Nobody but the log is told."""


class Clock:
    """Ticks; APScheduler only wakes it. A restart forgets nothing: what is due is in the tables.

    `skipped` writes the notice that a due time was missed by more than `grace`, in the same
    transaction.
    """

    def __init__(
        self,
        db: Database,
        *,
        zone: ZoneInfo,
        wake: Callable[[], None] = lambda: None,
        skipped: Skipped = _silent,
        grace: timedelta = GRACE,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._db = db
        self._zone = zone
        self._wake = wake
        self._skipped = skipped
        self._grace = grace
        self._clock = clock
        self._known: set[Occurrence] = set()
        self._awake = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Tick every second until `stop`."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.add_job(
            self._alarm,
            "interval",
            seconds=TICK_SECONDS,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        scheduler.start()
        try:
            while not self._stopping:
                try:
                    await self.tick(self._clock())
                except DATABASE_ERRORS as error:
                    log.warning("tick failed", error=type(error).__name__)
                self._awake.clear()
                if not self._stopping:
                    await self._awake.wait()
        finally:
            scheduler.shutdown(wait=False)

    def stop(self) -> None:
        """Tick no more."""
        self._stopping = True
        self._awake.set()

    async def _alarm(self) -> None:
        self._awake.set()

    async def tick(self, now: datetime) -> int:
        """Take what is due at `now` and nobody has taken; returns how many events it made."""
        async with self._db.read(SYSTEM) as session:
            found = await self._find(session, now)
        if not found:
            return 0
        missed = {occurrence for occurrence in found if now - occurrence.due_at > self._grace}
        async with self._db.write(SYSTEM, now=now) as session:
            connection = await session.connection()
            ours = await runs.take(connection, found - missed, now)
            await queues.add(connection, [self._arrival(one, now) for one in ours])
            for one in await runs.take(connection, missed, now, outcome="skipped"):
                log.warning("due time skipped", subject=one.subject, due_at=one.due_at.isoformat())
                await self._skipped(session, one)
        self._known |= {one for one in found if one.kind == "subscription"}
        if ours:
            self._wake()
        return len(ours)

    async def _find(self, session: AsyncSession, now: datetime) -> set[Occurrence]:
        tasks = await runs.due_tasks(session, after=now - LOOK_BACK, until=now)
        reports = await self._reports(session, now)
        self._known = {one for one in self._known if one.due_at > now - 2 * LOOK_BACK}
        fresh = reports - self._known
        taken = await runs.taken_among(session, fresh) if fresh else set()
        self._known |= taken
        return {*tasks, *(fresh - taken)}

    async def _reports(self, session: AsyncSession, now: datetime) -> set[Occurrence]:
        """The last due time of each subscription: of several missed ones only that counts."""
        active = await runs.subscriptions(session)
        workday: IsWorkday = _official_workday
        if any(one.days == "workdays" for one in active):
            workday = await self._workdays(session)
        return {
            Occurrence(kind="subscription", subject_id=one.id, due_at=due_at)
            for one in active
            if (due_at := last_due(Rhythm.of(one), now, self._zone, workday)) is not None
        }

    async def _workdays(self, session: AsyncSession) -> IsWorkday:
        calendar = (await document.load(session)).calendar
        return company_workdays(calendar.extra_workdays, calendar.extra_holidays)

    def _arrival(self, one: Occurrence, now: datetime) -> Arrival:
        late = now - one.due_at > ON_TIME
        due = Due(kind=one.kind, subject_id=one.subject_id, due_at=one.due_at, late=late)
        return Arrival(
            dedup_key=events.dedup_key(due),
            conversation=events.conversation(due),
            payload=events.to_json(due),
            received_at=now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a report goes out: days as in the corpus (daily, workdays, weekly-1, monthly-31)."""

    at: time
    days: str
    since: datetime

    @classmethod
    def of(cls, subscription: Subscription) -> Rhythm:
        """A subscription's."""
        return cls(
            at=time.fromisoformat(subscription.at),
            days=subscription.days,
            since=subscription.since,
        )


def last_due(rhythm: Rhythm, now: datetime, zone: ZoneInfo, workday: IsWorkday) -> datetime | None:
    """The latest due time up to `now`, at most LOOK_BACK ago and after `since`.

    One for each local day, whatever the clocks do: a time that the change of clocks leaves out
    comes an hour later, one that comes twice is the first of the two.
    """
    today = now.astimezone(zone).date()
    for back in range(LOOK_BACK.days + 1):
        day = today - timedelta(days=back)
        due_at = datetime.combine(day, rhythm.at, zone).astimezone(UTC)
        if due_at <= rhythm.since or now - due_at > LOOK_BACK:
            return None
        if due_at <= now and falls_on(day, rhythm.days, workday):
            return due_at
    return None


def falls_on(day: date, days: str, workday: IsWorkday) -> bool:
    """Whether a report goes out on this day; monthly-31 means a shorter month's last day."""
    kind, _, number = days.partition("-")
    match kind:
        case "daily":
            return True
        case "workdays":
            return workday(day)
        case "weekly":
            return day.isoweekday() == int(number)
        case "monthly":
            return day.day == min(int(number), monthrange(day.year, day.month)[1])
        case _:
            raise ValueError(f"no such days: {days!r}")


def company_workdays(extra: Collection[date], holidays: Collection[date]) -> IsWorkday:
    """The official calendar with the company's own days on top."""

    def workday(day: date) -> bool:
        return day in extra or (day not in holidays and _official_workday(day))

    return workday


def _official_workday(day: date) -> bool:
    """By the State Council's calendar; Monday to Friday in a year not yet announced."""
    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return day.isoweekday() <= 5
