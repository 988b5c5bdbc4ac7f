"""Migrations: an empty database becomes what the models say, on both databases, both ways."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage import migrate
from storage.db import Database, async_url
from tests.conftest import administer


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/empty.db"
        return
    given = os.environ.get("TEST_DATABASE_URL")
    if not given:
        pytest.skip("TEST_DATABASE_URL is not set")
    own = f"{make_url(given).database}_empty_{os.getpid()}"
    drop = f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)'
    asyncio.run(administer(given, drop, f'CREATE DATABASE "{own}"'))
    yield async_url(given).set(database=own).render_as_string(hide_password=False)
    asyncio.run(administer(given, drop))


def run(url: str, *steps: str) -> list[object]:
    """Each step's answer, as an operator would take them one by one."""
    answers: list[object] = []
    for step in steps:
        if step == "upgrade":
            answers.append(asyncio.run(migrate.upgrade(url)))
        elif step == "down":
            answers.append(asyncio.run(migrate.downgrade(url, "base")))
        elif step == "check":
            answers.append(asyncio.run(migrate.check(url)))
        else:
            answers.append(asyncio.run(migrate.current(url)))
    return answers


def test_an_upgraded_empty_database_equals_the_models(empty_url: str) -> None:
    """Partial indexes and their conditions included; the folder of the file is made."""
    assert run(empty_url, "current", "upgrade", "current", "check") == [
        None, None, migrate.head(), [],
    ]  # fmt: skip


def test_the_newest_revision_is_known_without_alembic() -> None:
    """The service compares at each start, and loading Alembic would cost 0.4 s."""
    config = Config()
    config.set_main_option("script_location", str(migrate.HERE))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.head()


def test_upgrading_again_changes_nothing(empty_url: str) -> None:
    assert run(empty_url, "upgrade", "upgrade", "check")[-1] == []


def test_the_way_back_leaves_nothing(empty_url: str) -> None:
    run(empty_url, "upgrade", "down")
    assert asyncio.run(_tables(empty_url)) == ["alembic_version"]
    assert run(empty_url, "upgrade", "check")[-1] == []


def test_a_lost_index_condition_is_seen(empty_url: str) -> None:
    """A claim would be 7 to 16 times slower with it: `check` must not be blind to it."""
    run(empty_url, "upgrade")
    asyncio.run(_change(
        empty_url,
        "DROP INDEX ix_inbound_new",
        "CREATE INDEX ix_inbound_new ON inbound (available_at, id) WHERE state <> 'done'",
    ))  # fmt: skip
    (found,) = asyncio.run(migrate.check(empty_url))
    assert found[1] == "ix_inbound_new"


def test_a_fault_in_the_middle_leaves_the_old_form(empty_url: str) -> None:
    """A table stands in the way: nothing is half made, and it works once that is gone."""
    asyncio.run(_change(empty_url, "CREATE TABLE payment (id INTEGER)", folder=True))
    with pytest.raises(Exception, match="payment"):
        run(empty_url, "upgrade")
    assert asyncio.run(_tables(empty_url)) == ["payment"]
    asyncio.run(_change(empty_url, "DROP TABLE payment"))
    assert run(empty_url, "upgrade", "check")[-1] == []


def test_two_processes_may_start_at_once(empty_url: str) -> None:
    async def both() -> None:
        await asyncio.gather(migrate.upgrade(empty_url), migrate.upgrade(empty_url))

    asyncio.run(both())
    assert run(empty_url, "check") == [[]]


async def _needs(url: str) -> bool:
    database = Database(url)
    try:
        return await migrate.needs_upgrade(database.writer)
    finally:
        await database.close()


def test_the_service_sees_that_an_upgrade_is_needed(empty_url: str) -> None:
    asyncio.run(_change(empty_url, "SELECT 1", folder=True))
    assert asyncio.run(_needs(empty_url))
    run(empty_url, "upgrade")
    assert not asyncio.run(_needs(empty_url))


async def _tables(url: str) -> list[str]:
    engine = create_async_engine(async_url(url))
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda c: inspect(c).get_table_names())
    await engine.dispose()
    return sorted(names)


async def _change(url: str, *statements: str, folder: bool = False) -> None:
    database = make_url(url).database
    if folder and url.startswith("sqlite") and database:
        Path(database).parent.mkdir(exist_ok=True)
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()
