"""Databases for tests: SQLite always, PostgreSQL where TEST_DATABASE_URL is set."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage import migrate
from storage.db import Database, NameKeys, async_url
from storage.models.all import Base

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Tuesday, ten in the morning in Shanghai."""

# What a property holds for is asked, not how long a busy machine takes to try it.
settings.register_profile("gendan", deadline=None)
settings.load_profile("gendan")


@pytest.fixture
def now() -> datetime:
    """The instant at which tests play."""
    return NOW


@pytest.fixture
def name_keys() -> NameKeys:
    """The keys of a customer's name: the name itself; override it to test finding."""

    def keys(name: str) -> Iterable[str]:
        return (name,)

    return keys


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that each test copies."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    asyncio.run(migrate.upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A migrated database of this run alone, dropped at the end."""
    given = os.environ.get("TEST_DATABASE_URL")
    if not given:
        pytest.skip("TEST_DATABASE_URL is not set")
    own = f"{make_url(given).database}_{os.getpid()}"
    url = async_url(given).set(database=own).render_as_string(hide_password=False)
    asyncio.run(administer(given, f'DROP DATABASE IF EXISTS "{own}"', f'CREATE DATABASE "{own}"'))
    asyncio.run(migrate.upgrade(url))
    yield url
    asyncio.run(administer(given, f'DROP DATABASE "{own}" WITH (FORCE)'))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty, migrated database."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def open_db(db_url: str, name_keys: NameKeys) -> AsyncIterator[Callable[[], Database]]:
    """Opens the same database again and again, as several processes would."""
    opened: list[Database] = []

    def another() -> Database:
        opened.append(Database(db_url, name_keys=name_keys))
        return opened[-1]

    if db_url.startswith("postgresql"):
        await _empty(db_url)
    yield another
    for database in opened:
        await database.close()


@pytest.fixture
def db(open_db: Callable[[], Database]) -> Database:
    """An empty database, once on SQLite and once on PostgreSQL."""
    return open_db()


@pytest.fixture
async def sqlite_db(
    sqlite_template: Path, tmp_path: Path, name_keys: NameKeys
) -> AsyncIterator[Database]:
    """An empty SQLite database, for what need not be tried on both."""
    path = tmp_path / "only.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", name_keys=name_keys)
    yield database
    await database.close()


async def administer(url: str, *statements: str) -> None:
    """Run statements outside of any transaction."""
    engine = create_async_engine(async_url(url), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def _empty(url: str) -> None:
    """Every table empty, every identity from 1 again.

    Deletes, for TRUNCATE makes new files for every table and index: half a second a test.
    """
    deletes = (str(table.delete()) for table in reversed(Base.metadata.sorted_tables))
    restart = (
        "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false)"
        " FROM pg_sequences WHERE last_value IS NOT NULL"
    )
    await administer(url, f"DO $$ BEGIN {'; '.join(deletes)}; END $$", restart)
