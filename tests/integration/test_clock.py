"""The clock: what is due becomes an event, once, late within the grace, never twice a day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bot import events
from bot.clock import Clock, Rhythm, company_workdays, falls_on, last_due
from bot.events import Due
from storage.db import Database, WriteSession
from storage.models.people import Team
from storage.models.selling import Task
from storage.models.service import Inbound, Run, Subscription
from storage.runs import Occurrence
from storage.viewer import SYSTEM
from tests.builders import NOW, make_subscription, make_task, make_user

OpenDb = Callable[[], Database]
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
"""18:30 in Shanghai."""


def clock_of(db: Database) -> Clock:
    return Clock(db, zone=SHANGHAI)


async def made(db: Database) -> list[Due]:
    """The events that ticks have put into the inbox."""
    async with db.read(SYSTEM) as session:
        payloads = await session.scalars(select(Inbound.payload).order_by(Inbound.id))
        found = [events.from_json(payload) for payload in payloads]
    return [event for event in found if isinstance(event, Due)]


async def outcomes(db: Database) -> list[tuple[str, str]]:
    async with db.read(SYSTEM) as session:
        rows = await session.execute(select(Run.subject, Run.outcome).order_by(Run.id))
        return [(row.subject, row.outcome) for row in rows]


async def test_a_task_reminds_at_its_time_and_once(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        lina = await make_user(session)
        task = await make_task(session, lina, due_at=NOW)
        await make_task(session, lina, due_at=NOW, done_at=NOW - timedelta(hours=1))
        await make_task(session, lina, due_at=None)
    clock = clock_of(db)
    assert await clock.tick(NOW - timedelta(seconds=1)) == 0
    assert await clock.tick(NOW) == 1
    assert await clock.tick(NOW + timedelta(seconds=1)) == 0
    assert await made(db) == [Due(kind="task", subject_id=task.id, due_at=NOW)]


async def test_a_task_that_is_put_off_reminds_again(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        task = await make_task(session, await make_user(session), due_at=NOW)
    clock = clock_of(db)
    await clock.tick(NOW)
    async with db.write(SYSTEM) as session:
        again = await session.get(Task, task.id)
        assert again is not None
        again.due_at = NOW + timedelta(hours=2)
    assert await clock.tick(NOW + timedelta(hours=2)) == 1


LATENESS = [
    # minutes after the due time -> event made, marked late, what the run says
    pytest.param(0, True, False, "taken", id="in time"),
    pytest.param(1, True, False, "taken", id="a minute is no delay"),
    pytest.param(7, True, True, "taken", id="a restart over the time"),
    pytest.param(60, True, True, "taken", id="the last moment of grace"),
    pytest.param(61, False, False, "skipped", id="beyond grace"),
]


@pytest.mark.parametrize(("minutes", "made_one", "late", "outcome"), LATENESS)
async def test_a_missed_report_comes_late_or_is_skipped_with_a_notice(
    db: Database, minutes: int, made_one: bool, late: bool, outcome: str
) -> None:
    """Down over the time: sent once, marked late; after the grace a notice and no figures."""

    async def skipped(session: WriteSession, missed: Occurrence) -> None:
        session.add(Team(name=f"notice {missed.kind}"))

    async with db.write(SYSTEM) as session:
        report = await make_subscription(session)
    clock = Clock(db, zone=SHANGHAI, skipped=skipped)
    for _ in range(2):
        await clock.tick(EVENING + timedelta(minutes=minutes))
    wanted = Due(kind="subscription", subject_id=report.id, due_at=EVENING, late=late)
    assert await made(db) == ([wanted] if made_one else [])
    assert await outcomes(db) == [(f"subscription:{report.id}", outcome)]
    async with db.read(SYSTEM) as reading:
        notices = list(await reading.scalars(select(Team.name)))
    assert notices == ([] if made_one else ["notice subscription"])


async def test_after_a_long_outage_one_notice_is_enough(db: Database) -> None:
    """Six evenings missed: only the last is told of."""
    async with db.write(SYSTEM) as session:
        await make_subscription(session)
    await clock_of(db).tick(EVENING + timedelta(days=6, hours=2))
    assert [outcome for _, outcome in await outcomes(db)] == ["skipped"]


async def test_stopped_or_just_set_reports_do_not_come(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        await make_subscription(session, active=False)
        await make_subscription(session, since=EVENING + timedelta(minutes=5))
    assert await clock_of(db).tick(EVENING + timedelta(minutes=10)) == 0
    assert await outcomes(db) == []


async def test_a_restart_does_not_send_again(open_db: OpenDb) -> None:
    db = open_db()
    async with db.write(SYSTEM) as session:
        await make_subscription(session)
    assert await clock_of(db).tick(EVENING) == 1
    assert await clock_of(open_db()).tick(EVENING + timedelta(seconds=2)) == 0


async def test_two_processes_take_100_due_times_once_each(open_db: OpenDb) -> None:
    """Ticking at the same instants, over and over."""
    dbs = [open_db(), open_db()]
    async with dbs[0].write(SYSTEM) as session:
        lina = await make_user(session)
        for number in range(100):
            await make_task(session, lina, due_at=NOW + timedelta(seconds=number // 10))
    clocks = [clock_of(db) for db in dbs]
    for second in range(10):
        instant = NOW + timedelta(seconds=second)
        await asyncio.gather(*(clock.tick(instant) for clock in clocks))
    found = await made(dbs[0])
    assert len(found) == len({due.subject_id for due in found}) == 100
    async with dbs[0].read(SYSTEM) as session:
        assert await session.scalar(select(func.count(Run.id))) == 100


async def test_run_ticks_until_stopped(db: Database) -> None:
    woken = asyncio.Event()
    async with db.write(SYSTEM) as session:
        await make_task(session, await make_user(session), due_at=NOW)
    clock = Clock(db, zone=SHANGHAI, wake=woken.set, clock=lambda: NOW)
    async with asyncio.TaskGroup() as group:
        group.create_task(clock.run())
        await woken.wait()
        clock.stop()
    assert len(await made(db)) == 1


DAYS = [
    ("daily", date(2026, 11, 22), True),
    ("workdays", date(2026, 11, 24), True),
    ("workdays", date(2026, 11, 22), False),
    ("workdays", date(2026, 10, 1), False),  # National Day, a Thursday
    ("workdays", date(2026, 10, 10), True),  # a Saturday worked in its place
    ("workdays", date(2026, 12, 5), True),  # the company's own
    ("workdays", date(2026, 12, 4), False),  # the company's own
    ("workdays", date(2099, 11, 24), True),  # not announced yet: a Tuesday
    ("weekly-2", date(2026, 11, 24), True),
    ("weekly-7", date(2026, 11, 24), False),
    ("monthly-24", date(2026, 11, 24), True),
    ("monthly-31", date(2026, 11, 30), True),
    ("monthly-31", date(2026, 12, 30), False),
    ("monthly-30", date(2027, 2, 28), True),
]


@pytest.mark.parametrize(("days", "day", "expected"), DAYS)
def test_on_which_days_a_report_goes_out(days: str, day: date, expected: bool) -> None:
    workday = company_workdays([date(2026, 12, 5)], [date(2026, 12, 4)])
    assert falls_on(day, days, workday) is expected


ZONES = [
    pytest.param("Asia/Shanghai", 2026, id="no change of clocks"),
    pytest.param("America/New_York", 2026, id="2:30 is left out on 8 March, twice on 1 November"),
    pytest.param("Europe/Berlin", 2028, id="a leap year"),
]


@pytest.mark.parametrize(("zone_name", "year"), ZONES)
@pytest.mark.parametrize("at", [time(2, 30), time(18, 30)], ids=str)
def test_one_due_time_for_each_local_day_of_a_year(zone_name: str, year: int, at: time) -> None:
    zone = ZoneInfo(zone_name)
    rhythm = Rhythm(at=at, days="daily", since=datetime(year - 1, 12, 31, 23, tzinfo=zone))
    found = set()
    instant = datetime(year, 1, 1, tzinfo=zone).astimezone(UTC)
    end = datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC)
    while instant < end:
        found.add(last_due(rhythm, instant, zone, lambda _day: True))
        instant += timedelta(minutes=30)
    due = sorted(moment for moment in found if moment is not None)
    local = [moment.astimezone(zone).date() for moment in due]
    first = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - first).days
    assert local == [first + timedelta(days=n) for n in range(days)]


def test_a_subscription_keeps_its_rhythm() -> None:
    kept = Subscription(at="08:05", days="weekly-1", since=NOW)
    assert Rhythm.of(kept) == Rhythm(at=time(8, 5), days="weekly-1", since=NOW)
