"""SQLite's own driver under SQLAlchemy's asynchronous engine, a thread only for what may wait.

aiosqlite hands every call to a thread, some 65 µs each, and a turn makes hundreds. Here a row by
its key or an insert under a lock that is held already is done where it is asked for; what may
wait for a lock, for the disk or for a scan goes to a thread, unless the loop has one of its own.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy.util.concurrency import await_, in_greenlet

T = TypeVar("T")
_WAITS = re.compile(
    r"\s*(BEGIN|COMMIT|END|ROLLBACK(?! TO)|PRAGMA|VACUUM|CREATE|ALTER|DROP|ATTACH)\b"
    r"|\b(GROUP BY|DISTINCT|OVER|UNION|sum|avg|max|min|count|total)\b *\(?",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def may_wait(sql: str) -> bool:
    """Whether a statement may wait for a lock or the disk, or scan: aggregates and the like."""
    return _WAITS.search(sql) is not None


class _Ready(Awaitable[None]):
    """SQLAlchemy takes a call in which nothing was awaited for a blocking driver's."""

    def __await__(self) -> Generator[Any, Any, None]:
        return
        yield


_READY = _Ready()


class _Cursor(sqlite3.Cursor):
    """A cursor that works where it is."""

    async def _async_soft_close(self) -> None:
        """SQLAlchemy closes a cursor so before its rows are read; here they are read from it."""


class DirectConnection(sqlite3.Connection):
    """For a loop that may wait: every call is done at once."""

    def cursor(self, *_: Any) -> Any:
        """A cursor, and an await for SQLAlchemy."""
        if in_greenlet():
            await_(_READY)
        return super().cursor(_Cursor)

    @property
    def _connection(self) -> DirectConnection:
        """What SQLAlchemy's dialect shows as the driver's connection."""
        return self

    def terminate(self) -> None:
        """Called where nothing can be awaited."""
        self.close()


class _PatientCursor(_Cursor):
    """A cursor whose statements are run, and their rows fetched, in a thread where they wait."""

    connection: PatientConnection
    _rows: list[Any] | None = None

    def execute(self, sql: str, parameters: Any = ()) -> _PatientCursor:
        """Run one statement."""
        self._rows = None
        if may_wait(sql):
            self._rows = self.connection.elsewhere(lambda: self._whole(sql, parameters))
        else:
            super().execute(sql, parameters)
        return self

    def _whole(self, sql: str, parameters: Any) -> list[Any] | None:
        super().execute(sql, parameters)
        return None if self.description is None else super().fetchall()

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        if self._rows is None:
            return super().fetchall()
        rows, self._rows = self._rows, []
        return rows

    def fetchone(self) -> Any:
        """The next row, or None."""
        if self._rows is None:
            return super().fetchone()
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """The next rows."""
        if self._rows is None:
            return super().fetchmany(size)
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows


class PatientConnection(DirectConnection):
    """For a loop that must not wait."""

    threads: ThreadPoolExecutor

    def cursor(self, *_: Any) -> Any:
        """A cursor, and an await for SQLAlchemy."""
        if in_greenlet():
            await_(_READY)
        return sqlite3.Connection.cursor(self, _PatientCursor)

    def commit(self) -> None:
        """Wait for the disk elsewhere."""
        if self.in_transaction:
            self.elsewhere(super().commit)

    def rollback(self) -> None:
        """Nothing to be done outside a transaction."""
        if self.in_transaction:
            self.elsewhere(super().rollback)

    def elsewhere(self, call: Callable[[], T]) -> T:
        """Do it in a thread, and here where nothing can be awaited."""
        if not in_greenlet():
            return call()
        return await_(self.aside(call))

    async def aside(self, call: Callable[[], T]) -> T:
        """Whoever is cancelled waits for the thread, for nobody else may use the connection."""
        future = asyncio.get_running_loop().run_in_executor(self.threads, call)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            self.interrupt()
            await _end_of(future)
            raise


async def _end_of(future: asyncio.Future[Any]) -> None:
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            continue
    future.exception()


def connector(database: str, threads: ThreadPoolExecutor | None) -> Callable[[], DirectConnection]:
    """Makes connections; without `threads` all is done in the caller's."""
    kind = DirectConnection if threads is None else PatientConnection

    def connect() -> DirectConnection:
        made = sqlite3.connect(
            database, factory=kind, check_same_thread=False, cached_statements=512
        )
        if isinstance(made, PatientConnection) and threads is not None:
            made.threads = threads
        return made

    return connect
