"""SQLite without a change of thread for what is quick.

aiosqlite hands every call to a thread, some 65 µs each, and a turn makes hundreds. Here the
calls that can't wait (a row by its key, an insert under a lock that is held already) run where
they are; what may wait for a lock, for the disk or for a scan still goes to the thread.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from aiosqlite import Connection

QUICK_CALLS = frozenset({"cursor", "execute", "executemany", "fetchone", "fetchall", "fetchmany"})
CLOSES_CURSOR = "close"
_WAITS = re.compile(
    r"\s*(BEGIN|COMMIT|END|ROLLBACK(?! TO)|PRAGMA|VACUUM|CREATE|ALTER|DROP|ATTACH)\b"
    r"|\b(GROUP BY|DISTINCT|OVER|UNION|sum|avg|max|min|count|total)\b *\(?",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def may_wait(sql: str) -> bool:
    """Whether a statement may wait for a lock or the disk, or scan: aggregates and the like."""
    return _WAITS.search(sql) is not None


class DirectConnection(Connection):
    """An aiosqlite connection that decides call by call."""

    _scanning = False

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self._quick(fn, args):
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        if not self._running or self._connection is None:
            raise ValueError("Connection closed")
        return fn(*args, **kwargs)

    def _quick(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> bool:
        name = getattr(fn, "__name__", "")
        if name in ("execute", "executemany"):
            self._scanning = may_wait(args[0])
            return not self._scanning
        if name.startswith("fetch"):
            return not self._scanning
        return name in QUICK_CALLS or (
            name == CLOSES_CURSOR and isinstance(getattr(fn, "__self__", None), sqlite3.Cursor)
        )


def connection(database: str) -> DirectConnection:
    """A connection to be awaited; its thread does not keep the process alive."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(database, check_same_thread=False, cached_statements=512)

    made = DirectConnection(connect, iter_chunk_size=64)
    made._thread.daemon = True
    return made
