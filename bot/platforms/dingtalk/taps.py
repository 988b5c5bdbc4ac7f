"""Taps that wait for their answer: what changes the card can still go back with it.

DingTalk wants a callback answered within two seconds, and takes the card's change in that answer
without a call of its own, which the month would pay for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bot.platforms.dingtalk.render import Variables

ANSWER_SECONDS = 1.5


class Waiting:
    """One tap whose phone waits; its door says whether the answer got there."""

    def __init__(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        self._until = until
        self._change: asyncio.Future[Variables] = loop.create_future()
        self._taken: asyncio.Future[bool] = loop.create_future()

    async def change(self) -> Variables | None:
        """What the card shows now; None where nothing came in time."""
        left = self._until - time.monotonic()
        await asyncio.wait([self._change], timeout=max(0.0, left))
        if not self._change.done():
            self.answered(False)
            return None
        return self._change.result()

    def answered(self, well: bool) -> None:
        """The answer is out, or could not be given any more."""
        if not self._taken.done():
            self._taken.set_result(well)

    def offer(self, values: Variables) -> bool:
        """Whether this change is the one that goes back."""
        if self._change.done() or self._taken.done() or time.monotonic() >= self._until:
            return False
        self._change.set_result(values)
        return True

    async def taken(self) -> bool:
        """Whether the offered change reached the platform."""
        return await self._taken


class Taps:
    """By card key; one card may be tapped twice at once."""

    def __init__(self, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._seconds = answer_seconds
        self._waiting: dict[str, list[Waiting]] = {}

    @contextmanager
    def waiting(self, card_key: str) -> Iterator[Waiting]:
        """A tap that has come; its phone waits until the block is left."""
        waiting = Waiting(time.monotonic() + self._seconds)
        self._waiting.setdefault(card_key, []).append(waiting)
        try:
            yield waiting
        finally:
            waiting.answered(False)
            self._waiting[card_key].remove(waiting)
            if not self._waiting[card_key]:
                del self._waiting[card_key]

    async def answer(self, card_key: str, values: Variables) -> bool:
        """Give the change to the taps of this card that wait; whether one of them took it."""
        offered = [w for w in self._waiting.get(card_key, ()) if w.offer(values)]
        return any([await waiting.taken() for waiting in offered])
