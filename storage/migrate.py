"""Bringing a database to the form that the models have.

Alembic and the models are imported where they are compared: it takes half a second, and most
starts have nothing to upgrade.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import MetaData, event, inspect, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.db import async_url

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")
HERE = Path(__file__).parent / "migrations"
LOCK_KEY = 0x67656E64
"""Two processes that start at once migrate one after the other."""


async def upgrade(url: str) -> None:
    """Upgrade to the newest form in one transaction: killed in the middle, nothing has changed."""
    if await current(url) != head():
        await _run(url, _upgrade)


async def downgrade(url: str, revision: str) -> None:
    """Go back to an older form, in one transaction; "base" is before the first."""
    await _run(url, lambda connection: _downgrade(connection, revision))


async def current(url: str) -> str | None:
    """The revision that the database has; None where it has none."""
    return await _run(url, _revision)


async def check(url: str) -> list[Any]:
    """How the database differs from the models; empty where it doesn't."""
    return await _run(url, differences)


async def needs_upgrade(engine: AsyncEngine) -> bool:
    """Whether the database is older than this program."""
    async with engine.connect() as connection:
        return await connection.run_sync(_revision) != head()


def head() -> str:
    """The newest revision that this program knows; the files' names begin with theirs."""
    return max(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


def differences(connection: Connection) -> list[Any]:
    """What autogenerate would change, partial indexes included."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from storage.models.all import Base

    options = {"compare_type": True, "target_metadata": Base.metadata}
    context = MigrationContext.configure(connection, opts=options)
    return [
        *compare_metadata(context, Base.metadata),
        *_index_conditions(connection, Base.metadata),
    ]


def _index_conditions(connection: Connection, models: MetaData) -> list[Any]:
    """Partial indexes whose condition differs: autogenerate doesn't look at it."""
    kept = _conditions_in(connection)
    option = f"{connection.dialect.name}_where"
    wanted = {
        str(index.name): _words(str(index.kwargs[option]))
        for table in models.tables.values()
        for index in table.indexes
        if index.kwargs.get(option) is not None
    }
    return [
        ("index_condition", name, kept.get(name), wanted.get(name))
        for name in sorted(kept.keys() | wanted.keys())
        if kept.get(name) != wanted.get(name)
    ]


def _conditions_in(connection: Connection) -> dict[str, list[str]]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql AS definition FROM sqlite_master WHERE type = 'index'"
    else:
        query = (
            "SELECT indexname AS name, indexdef AS definition FROM pg_indexes"
            " WHERE schemaname = current_schema()"
        )
    found = {}
    for row in connection.execute(text(query)):
        _, where, condition = (row.definition or "").partition(" WHERE ")
        if where:
            found[row.name] = _words(condition)
    return found


def _words(condition: str) -> list[str]:
    """The column and the literals, for PostgreSQL writes `IN` as `= ANY (ARRAY[…])`."""
    column = condition.lstrip("( ").split()[0].strip("()").split("::")[0].strip("()")
    return [column, *sorted(condition.split("'")[1::2])]


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command

    command.upgrade(_config(connection), "head")


def _downgrade(connection: Connection, revision: str) -> None:
    from alembic import command

    command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def _run(url: str, work: Callable[[Connection], T]) -> T:
    """Run in one writing transaction of an engine of its own.

    Foreign keys are off on SQLite: batch mode rebuilds tables by dropping the old one.
    """
    engine = create_async_engine(async_url(url))
    if engine.dialect.name == "sqlite":
        _make_folder(url)
        _transactional(engine)
    try:
        async with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK_KEY})"))
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _make_folder(url: str) -> None:
    database = make_url(url).database
    if database and database != ":memory:" and not database.startswith("file:"):
        Path(database).parent.mkdir(parents=True, exist_ok=True)


def _transactional(engine: AsyncEngine) -> None:
    """Let a transaction hold the changes of tables too, which the driver would commit."""

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL").close()
        connection.execute("PRAGMA synchronous = FULL").close()
        connection.execute("PRAGMA busy_timeout = 10000").close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
