"""Who writes next on SQLite: one at a time, over the event loops of one process.

SQLite's own waiting for its lock sleeps ever longer and knows no order. Here whoever leaves
wakes the next, and an arrival that a platform waits for goes before the others.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple


class _Waiting(NamedTuple):
    loop: asyncio.AbstractEventLoop
    turn: asyncio.Future[None]


class Turnstile:
    """A fair lock; `first` goes before everybody who waits."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._busy = False
        self._queue: deque[_Waiting] = deque()

    @asynccontextmanager
    async def turn(self, *, first: bool = False) -> AsyncIterator[None]:
        """Hold it for the block."""
        await self._enter(first)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, first: bool) -> None:
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            loop = asyncio.get_running_loop()
            waiting = _Waiting(loop, loop.create_future())
            (self._queue.appendleft if first else self._queue.append)(waiting)
        try:
            await waiting.turn
        except asyncio.CancelledError:
            self._give_up(waiting)
            raise

    def _give_up(self, waiting: _Waiting) -> None:
        """Out of the queue; a turn that was granted meanwhile goes to the next."""
        with self._guard:
            if waiting in self._queue:
                self._queue.remove(waiting)
                return
        if waiting.turn.done() and not waiting.turn.cancelled():
            self._leave()

    def _leave(self) -> None:
        with self._guard:
            if not self._queue:
                self._busy = False
                return
            waiting = self._queue.popleft()
        waiting.loop.call_soon_threadsafe(self._grant, waiting)

    def _grant(self, waiting: _Waiting) -> None:
        if waiting.turn.done():  # cancelled after it was called
            self._leave()
        else:
            waiting.turn.set_result(None)
