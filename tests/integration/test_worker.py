"""The worker: in order inside a conversation, tried again, given up, taken over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from bot import events
from bot.events import Event, Message
from bot.worker import Claimed, Worker
from storage import queues
from storage.db import Database, WriteSession
from storage.models.people import Team
from storage.models.service import Inbound
from storage.queues import Arrival, LeaseLost
from storage.viewer import SYSTEM
from storage.wake import listen
from tests.builders import NOW, message
from tests.fakes import FakeClock

OpenDb = Callable[[], Database]
Before = Callable[[Claimed], Awaitable[None]]


async def put(db: Database, *arriving: Event) -> None:
    """As the inbox keeps them."""
    async with db.writer.begin() as connection:
        await queues.add(
            connection,
            [
                Arrival(
                    dedup_key=events.dedup_key(event),
                    conversation=events.conversation(event),
                    payload=events.to_json(event),
                    received_at=NOW,
                )
                for event in arriving
            ],
        )


async def states(db: Database) -> list[tuple[str, int]]:
    async with db.read(SYSTEM) as session:
        rows = await session.execute(select(Inbound.state, Inbound.attempts).order_by(Inbound.id))
        return [(row.state, row.attempts) for row in rows]


async def effects(db: Database) -> list[str]:
    """What the turns wrote: a team for each."""
    async with db.read(SYSTEM) as session:
        return list(await session.scalars(select(Team.name).order_by(Team.id)))


def words(claimed: Claimed) -> str:
    event = events.from_json(claimed.payload)
    assert isinstance(event, Message)
    return event.text


class Turns:
    """Writes each message's words as an effect and finishes it.

    Fails as often as told: at any message, or only at the one that reads `failing`.
    """

    def __init__(
        self,
        db: Database,
        *,
        failures: int = 0,
        failing: str | None = None,
        before: Before | None = None,
    ) -> None:
        self.db = db
        self.failing = failing
        self.failures = failures
        self.before = before
        self.begun: list[str] = []

    async def __call__(self, claimed: Claimed) -> None:
        self.begun.append(words(claimed))
        if self.before is not None:
            await self.before(claimed)
        async with self.db.write(SYSTEM, event_id=claimed.id) as session:
            session.add(Team(name=words(claimed)))
            await session.flush()
            if self.failures and self.failing in (None, words(claimed)):
                self.failures -= 1
                raise ValueError("机密：客户的话")
            await queues.finish(session, claimed, NOW)


async def test_effects_and_the_end_of_the_event_are_one_commit(db: Database) -> None:
    await put(db, message("第一条"))
    assert await Worker(db, Turns(db)).run_once() == 1
    assert await effects(db) == ["第一条"]
    assert await states(db) == [("done", 1)]
    assert await Worker(db, Turns(db)).run_once() == 0


async def test_a_conversation_keeps_its_order_while_others_go_on(db: Database) -> None:
    """The first fails at first: the second of that chat waits for it, another chat doesn't."""
    clock = FakeClock(NOW)
    await put(db, message("a1"), message("a2"), message("b1", sender="bo"))
    turns = Turns(db, failures=1, failing="a1")
    worker = Worker(db, turns, clock=clock)
    assert await worker.run_once() == 2
    clock.move(seconds=0.5)
    assert await worker.run_once() == 0
    clock.move(seconds=0.5)
    assert await worker.run_once() == 1
    assert await worker.run_once() == 1
    assert await effects(db) == ["b1", "a1", "a2"]


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 1), (2, 5), (3, 30), (4, 120), (5, None), (6, None)],
)
def test_how_long_a_failed_event_waits(attempts: int, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert queues.delay_after(attempts) == expected


async def test_five_failures_park_an_event_with_an_apology_and_it_can_be_replayed(
    db: Database,
) -> None:
    clock, told = FakeClock(NOW), []

    async def parked(session: WriteSession, claimed: Claimed, error_id: str) -> None:
        told.append(error_id)
        session.add(Team(name=f"apology {error_id}"))

    turns = Turns(db, failures=5)
    worker = Worker(db, turns, parked=parked, clock=clock)
    await put(db, message("坏消息"), message("下一条"))
    for seconds in (0, 1, 5, 30, 120):
        clock.move(seconds=seconds)
        await worker.run_once()
    (error_id,) = told
    assert await states(db) == [("parked", 5), ("new", 0)]
    assert await effects(db) == [f"apology {error_id}"]

    assert await worker.run_once() == 1
    async with db.write(SYSTEM) as session:
        assert not await queues.replay(session, "E-0000")
        assert await queues.replay(session, error_id.lower())
    assert await worker.run_once() == 1
    assert await states(db) == [("done", 1), ("done", 1)]
    assert (await effects(db))[1:] == ["下一条", "坏消息"]


async def test_what_is_kept_of_an_error_holds_no_words(db: Database) -> None:
    """Errors of a library may repeat what the customer said; only kind and place are kept."""
    await put(db, message("x"))
    await Worker(db, Turns(db, failures=1)).run_once()
    async with db.read(SYSTEM) as session:
        (error,) = await session.scalars(select(Inbound.error))
    assert error is not None
    assert error.startswith("ValueError at test_worker.py:")
    assert "机密" not in error


async def test_an_apology_that_fails_still_parks_the_event(db: Database) -> None:
    clock = FakeClock(NOW)

    async def parked(session: WriteSession, claimed: Claimed, error_id: str) -> None:
        session.add(Team(name="half an apology"))
        await session.flush()
        raise RuntimeError("no apology")

    worker = Worker(db, Turns(db, failures=5), parked=parked, clock=clock)
    await put(db, message("坏消息"))
    for seconds in (0, 1, 5, 30, 120):
        clock.move(seconds=seconds)
        await worker.run_once()
    assert await states(db) == [("parked", 5)]
    assert await effects(db) == []


async def test_an_expired_lease_is_taken_over_and_the_late_one_changes_nothing(
    open_db: OpenDb,
) -> None:
    """The first worker hangs beyond its lease; the second does the work; one effect."""
    slow_db, quick_db, clock = open_db(), open_db(), FakeClock(NOW)
    quick = Worker(quick_db, Turns(quick_db), clock=clock)
    await quick.run_once()  # the first sweep on SQLite belongs to the start of a process
    await put(slow_db, message("一次"))

    async def hang(_claimed: Claimed) -> None:
        clock.move(seconds=queues.LEASE.total_seconds() + 1)
        await quick.run_once()

    await Worker(slow_db, Turns(slow_db, before=hang), clock=clock).run_once()
    assert await effects(quick_db) == ["一次"]
    assert await states(quick_db) == [("done", 2)]


async def test_a_lease_that_holds_is_not_taken_over(open_db: OpenDb) -> None:
    one, two, clock = open_db(), open_db(), FakeClock(NOW)
    await put(one, message("mine"))
    other = Worker(two, Turns(two), clock=clock)
    await other.run_once()  # on SQLite the first sweep belongs to the start of the process
    await put(one, message("still mine", sender="bo"))
    (held,) = await queues.claim(one, now=clock(), limit=8)
    clock.move(seconds=queues.LEASE.total_seconds() - 1)
    await queues.renew(one, [held.token], clock())
    clock.move(seconds=queues.LEASE.total_seconds() - 1)
    assert await other.run_once() == 0
    async with one.write(SYSTEM) as session:
        await queues.finish(session, held, clock())


async def test_a_restart_on_sqlite_takes_over_at_once(sqlite_db: Database) -> None:
    """One process works on an SQLite file: after a crash nobody waits for a lease to run out."""
    await put(sqlite_db, message("x"))
    await queues.claim(sqlite_db, now=NOW, limit=8)
    assert await Worker(sqlite_db, Turns(sqlite_db), clock=FakeClock(NOW)).run_once() == 1
    assert await states(sqlite_db) == [("done", 2)]


async def test_an_event_that_kills_its_worker_is_given_up(db: Database) -> None:
    """Five claims without an end: the sixth never comes."""
    clock, told = FakeClock(NOW), []

    async def parked(session: WriteSession, claimed: Claimed, error_id: str) -> None:
        told.append(error_id)

    await put(db, message("毒"))
    for attempt in range(1, 6):
        (claimed,) = await queues.claim(db, now=clock(), limit=8)
        assert claimed.attempts == attempt
        clock.move(seconds=queues.LEASE.total_seconds())
        if attempt < 5:
            await queues.take_over(db, clock())
    worker = Worker(db, Turns(db), parked=parked, clock=clock)
    assert await worker.run_once() == 0
    assert await states(db) == [("parked", 5)]
    assert len(told) == 1


async def test_events_behind_the_one_that_ran_have_not_failed(sqlite_db: Database) -> None:
    """A service killed at five starts in a row: only the first event was begun each time."""
    db = sqlite_db
    await put(db, message("a", sender="ann"), message("b", sender="bo"))
    for attempt in range(1, 6):
        first, second = await queues.claim(db, now=NOW, limit=8)
        assert (first.attempts, second.attempts) == (attempt, 1)
        lost = await queues.take_over(db, NOW, all_of_them=True)
    assert [claimed.id for claimed in lost] == [first.id]
    assert await Worker(db, Turns(db), clock=FakeClock(NOW)).run_once() == 1
    assert await effects(db) == ["b"]


async def test_finishing_without_the_lease_rolls_everything_back(db: Database) -> None:
    await put(db, message("x"))
    (held,) = await queues.claim(db, now=NOW, limit=8)
    async with db.writer.begin() as connection:
        await connection.execute(update(Inbound).values(token="somebody else's"))

    async def finish() -> None:
        async with db.write(SYSTEM) as session:
            session.add(Team(name="x"))
            await session.flush()
            await queues.finish(session, held, NOW)

    with pytest.raises(LeaseLost):
        await finish()
    assert await effects(db) == []


async def test_two_workers_share_the_work_and_nothing_is_done_twice(open_db: OpenDb) -> None:
    """20 chats of 10 messages each: every one once, each chat in its order."""
    dbs = [open_db(), open_db()]
    for number in range(10):
        await put(dbs[0], *(message(f"{n:02}-{number}", sender=f"u{n}") for n in range(20)))
    workers = [Worker(db, Turns(db)) for db in dbs]
    if dbs[0].is_sqlite:  # two processes at work at once are PostgreSQL's
        workers.pop()

    async def work(worker: Worker) -> None:
        while any(state != "done" for state, _ in await states(dbs[0])):
            await worker.run_once()

    await asyncio.gather(*(work(worker) for worker in workers))
    done = await effects(dbs[0])
    assert len(done) == 200
    for n in range(20):
        assert [word for word in done if word.startswith(f"{n:02}-")] == [
            f"{n:02}-{number}" for number in range(10)
        ]


async def test_a_stop_finishes_what_runs_and_gives_back_what_has_not_begun(
    open_db: OpenDb,
) -> None:
    db = open_db()
    await put(db, *(message(f"m{n}", sender=f"u{n}") for n in range(12)))

    async def stop(_claimed: Claimed) -> None:
        worker.stop()

    turns = Turns(db, before=stop)
    worker = Worker(db, turns)
    await worker.run()
    begun = len(turns.begun)
    assert 1 <= begun <= 8
    assert sorted(await states(db)) == [("done", 1)] * begun + [("new", 0)] * (12 - begun)


async def test_a_turn_that_does_not_end_is_cancelled_and_its_lease_returns_it(
    db: Database,
) -> None:
    await put(db, message("x"))
    cancelled: list[bool] = []

    async def hang(_claimed: Claimed) -> None:
        worker.stop()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append(True)

    worker = Worker(db, Turns(db, before=hang), shutdown_seconds=0.01, clock=FakeClock(NOW))
    await worker.run()
    assert cancelled == [True]
    assert await effects(db) == []
    assert len(await queues.take_over(db, NOW + queues.LEASE)) == 0
    assert await Worker(db, Turns(db), clock=FakeClock(NOW + queues.LEASE)).run_once() == 1


async def test_run_works_on_being_woken(db: Database) -> None:
    done = asyncio.Event()
    worker = Worker(db, Turns(db), done=done.set)
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        await put(db, message("x"))
        worker.wake()
        await done.wait()
        worker.stop()
    assert await effects(db) == ["x"]


async def test_an_event_that_another_process_keeps_wakes_this_one(open_db: OpenDb) -> None:
    """PostgreSQL tells at commit; on SQLite there is no other process, and nothing to hear."""
    here, there = open_db(), open_db()
    woken = asyncio.Event()
    if here.is_sqlite:
        await listen(here, woken.set)
        return
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        listening = group.create_task(listen(here, woken.set))
        await woken.wait()
        woken.clear()
        await put(there, message("x"))
        await woken.wait()
        listening.cancel()


async def test_listening_survives_a_restart_of_the_database(open_db: OpenDb) -> None:
    """Its connection is cut off; it comes back and hears again."""
    here, there = open_db(), open_db()
    if here.is_sqlite:
        return
    woken = asyncio.Event()
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        listening = group.create_task(listen(here, woken.set))
        for _ in range(2):
            await woken.wait()
            woken.clear()
            async with there.writer.begin() as connection:
                await connection.execute(cut)
        await woken.wait()
        listening.cancel()


def test_error_ids_have_no_letters_that_are_mixed_up() -> None:
    ids = {queues.new_error_id() for _ in range(300)}
    assert not set("".join(ids)) & set("01258BGILOQSZ6")
