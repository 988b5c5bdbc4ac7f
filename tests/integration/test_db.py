"""The database: one commit or none, readers that can't write, settings that make it durable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from storage.db import Database, async_url, insert_ignoring
from storage.models.people import Team, User
from storage.models.service import Run
from storage.viewer import SYSTEM
from tests.builders import NOW, make_team, make_user

OpenDb = Callable[[], Database]


async def names(db: Database) -> list[str]:
    async with db.read(SYSTEM) as session:
        return list(await session.scalars(select(Team.name).order_by(Team.id)))


async def test_a_block_is_one_commit_that_others_see_at_its_end(open_db: OpenDb) -> None:
    mine, other = open_db(), open_db()
    async with mine.write(SYSTEM) as session:
        await make_team(session, "甲")
        await make_team(session, "乙")
        assert await names(other) == []
    assert await names(other) == ["甲", "乙"]


async def test_a_cancelled_block_leaves_nothing_and_holds_no_connection(db: Database) -> None:
    """100 cancelled in the middle; the writer works on."""
    begun = asyncio.Event()

    async def write() -> None:
        async with db.write(SYSTEM) as session:
            await make_team(session, "half")
            begun.set()
            await asyncio.Event().wait()

    for _ in range(100):
        task = asyncio.create_task(write())
        await begun.wait()
        begun.clear()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with db.write(SYSTEM) as session:
        await make_team(session, "whole")
    assert await names(db) == ["whole"]


async def test_a_reading_session_refuses_to_write(db: Database) -> None:
    async with db.read(SYSTEM) as session:
        session.add(Team(name="x"))
        with pytest.raises(RuntimeError, match="reading session"):
            await session.flush()
    assert await names(db) == []


async def test_concurrent_writers_wait_for_each_other(open_db: OpenDb) -> None:
    """Forty at once from two processes: none is told that the database is locked."""
    dbs = [open_db(), open_db()]

    async def write(number: int) -> None:
        async with dbs[number % 2].write(SYSTEM) as session:
            await make_team(session, str(number))

    await asyncio.gather(*(write(number) for number in range(40)))
    assert len(await names(dbs[0])) == 40


async def test_readers_do_not_wait_for_a_writer(open_db: OpenDb) -> None:
    db = open_db()
    async with db.write(SYSTEM) as session:
        await make_team(session, "not yet")
        async with asyncio.timeout(2):
            assert await names(db) == []


async def test_sqlite_is_set_to_survive_a_power_cut(sqlite_db: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    async with sqlite_db.writer.connect() as connection:
        for pragma, value in wanted.items():
            assert await connection.scalar(text(f"PRAGMA {pragma}")) == value


async def test_a_foreign_key_is_held(db: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await _orphan(db)


async def _orphan(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        session.add(User(name="x", team_id=99))


async def test_instants_come_back_aware_and_naive_ones_are_refused(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        session.add(Run(subject="a", due_at=NOW, taken_at=NOW))
    async with db.read(SYSTEM) as session:
        assert await session.scalar(select(Run.due_at)) == NOW
        naive = datetime(2026, 11, 24)  # noqa: DTZ001 (that is the point)
        with pytest.raises(StatementError, match="naive instant"):
            await session.scalar(select(Run.id).where(Run.due_at == naive))


async def test_a_unique_row_is_inserted_once(db: Database) -> None:
    insert = insert_ignoring(Run.__table__, db.writer.dialect.name).returning(Run.id)
    row = {"subject": "a", "due_at": NOW, "taken_at": NOW, "outcome": "taken"}
    async with db.writer.begin() as connection:
        assert await connection.scalar(insert, row) is not None
        assert await connection.scalar(insert, row) is None


async def test_builders_fill_in_a_team_path(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        parent = await make_team(session)
        child = await make_team(session, "二组", parent)
        await make_user(session, team=child)
    assert child.path == f"/{parent.id}/{child.id}/"


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///var/x.db", "sqlite+aiosqlite"),
        ("postgresql://u@h/d", "postgresql+asyncpg"),
        ("postgres://u@h/d", "postgresql+asyncpg"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg"),
    ],
)
def test_urls_get_their_async_driver(url: str, driver: str) -> None:
    assert async_url(url).drivername == driver


def test_another_database_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="mysql"):
        async_url("mysql://u@h/d")
