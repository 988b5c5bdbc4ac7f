"""The database: engines, sessions and every difference between SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from storage import viewer
from storage.sqlite_direct import connector
from storage.turnstile import Turnstile
from storage.viewer import SYSTEM, Viewer

BUSY_MS = 4000
"""How long SQLite waits for another process' lock: under the platforms' five seconds."""
READERS = 4

try:
    import asyncpg

    _POSTGRES_ERRORS: tuple[type[Exception], ...] = (asyncpg.PostgresError, asyncpg.InterfaceError)
except ImportError:
    _POSTGRES_ERRORS = ()

DATABASE_ERRORS: tuple[type[Exception], ...] = (
    SQLAlchemyError,
    OSError,
    TimeoutError,
    *_POSTGRES_ERRORS,
)
"""What a loop outlives while the database is away; a failed connect comes unwrapped."""

T = TypeVar("T")
NameKeys = Callable[[str], Iterable[str]]


class GuardedSession(Session):
    """A session that narrows what it reads and journals what it writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        _guard()
        super().__init__(*args, **kwargs)


@cache
def _guard() -> None:
    """Before the first session: it loads every model, and an event is kept without."""
    from storage import journal, narrowing

    journal.install(GuardedSession)
    narrowing.install(GuardedSession)


class ReadSession(AsyncSession):
    """Reads only: a write raises RuntimeError."""

    sync_session_class = GuardedSession


class WriteSession(AsyncSession):
    """Reads and writes in one transaction, committed once by `Database.write`."""

    sync_session_class = GuardedSession


class Database:
    """One database, by its URL; call `close` at the end.

    `name_keys` gives the keys under which a customer's name is stored. An object belongs to one
    event loop: `beside` makes another for a second loop of this process, in a thread that
    nobody else waits for, so that SQLite may keep it waiting.
    """

    def __init__(
        self,
        url: str,
        *,
        name_keys: NameKeys | None = None,
        pool_size: int = 10,
        turnstile: Turnstile | None = None,
        may_wait: bool = False,
    ) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._name_keys = name_keys
        self._turnstile = turnstile or Turnstile()
        self._threads: ThreadPoolExecutor | None = None
        if self.is_sqlite:
            self._threads = None if may_wait else ThreadPoolExecutor(1 + READERS, "sqlite")
            connect = connector(self.url.database or ":memory:", self._threads)
            self.writer = _sqlite(self.url, connect, size=1, writing=True)
            self.reader = _sqlite(self.url, connect, size=READERS, writing=False)
        else:
            self.writer = self.reader = create_async_engine(
                self.url,
                pool_size=pool_size,
                max_overflow=pool_size,
                pool_pre_ping=True,
                hide_parameters=True,
            )

    def beside(self) -> Database:
        """The same database for another event loop; both take turns at writing."""
        url = self.url.render_as_string(hide_password=False)
        return Database(url, name_keys=self._name_keys, turnstile=self._turnstile, may_wait=True)

    @asynccontextmanager
    async def read(self, who: Viewer) -> AsyncIterator[ReadSession]:
        """A session that sees what `who` may see and writes nothing."""
        async with ReadSession(self.reader, expire_on_commit=False) as session:
            session.info.update({viewer.KEY: who, "read_only": True})
            yield session

    @asynccontextmanager
    async def write(
        self, who: Viewer, *, event_id: int | None = None, now: datetime | None = None
    ) -> AsyncIterator[WriteSession]:
        """A session committed at the end of the block, rolled back by any exception."""
        async with (
            self._turn(),
            WriteSession(self.writer, expire_on_commit=False) as session,
        ):
            session.info.update(
                {
                    viewer.KEY: who,
                    "event_id": event_id,
                    "now": now,
                    "name_keys": self._name_keys,
                }
            )
            try:
                yield session
            except BaseException:
                await session.rollback()
                raise
            else:
                await session.commit()

    async def run(self, work: Callable[[Connection], T], *, first: bool = False) -> T:
        """A transaction of one function; `first` goes before others: somebody waits for it.

        On SQLite it goes to a thread as a whole, not call by call.
        """
        async with self._turn(first=first), self.writer.connect() as connection:
            if self._threads is None:
                return await connection.run_sync(_whole, work)
            driver: Any = (await connection.get_raw_connection()).driver_connection
            sync: Any = connection.sync_connection
            done: T = await driver.aside(lambda: _whole(sync, work))
            return done

    def _turn(self, *, first: bool = False) -> AbstractAsyncContextManager[None]:
        """SQLite has one writer at a time."""
        return self._turnstile.turn(first=first) if self.is_sqlite else nullcontext()

    def system(self) -> Any:
        """A writing session of the service itself."""
        return self.write(SYSTEM)

    async def close(self) -> None:
        """Give every connection back."""
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()
        if self._threads is not None:
            self._threads.shutdown(wait=False)


def _whole(connection: Connection, work: Callable[[Connection], T]) -> T:
    with connection.begin():
        return work(connection)


def async_url(url: str) -> URL:
    """The URL with an async driver; ValueError where the database is neither of our two."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+asyncpg")
    raise ValueError(f"database {backend!r} is not supported: use sqlite:/// or postgresql://")


def insert_ignoring(table: Any, dialect_name: str) -> Any:
    """INSERT … ON CONFLICT DO NOTHING for either database; add `.values(…)`."""
    kind = sqlite.insert if dialect_name == "sqlite" else postgresql.insert
    return kind(table).on_conflict_do_nothing()


def insert_or_update(table: Any, dialect_name: str) -> Any:
    """INSERT … ON CONFLICT DO UPDATE of a whole row by its primary key, for either database."""
    insert = (sqlite.insert if dialect_name == "sqlite" else postgresql.insert)(table)
    others = {c.name: insert.excluded[c.name] for c in table.columns if not c.primary_key}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=others)


def _sqlite(url: URL, connect: Callable[[], Any], *, size: int, writing: bool) -> AsyncEngine:
    """An engine in WAL mode whose transactions begin as IMMEDIATE where it writes.

    A deferred transaction that turns from reading to writing fails at once with
    SQLITE_BUSY_SNAPSHOT, whatever the time-out.
    """
    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=60,
        hide_parameters=True,
        creator=connect,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "temp_store = MEMORY",
            "cache_size = -32768",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        if not writing:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
