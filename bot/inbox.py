"""Where events are made durable before a platform is answered; arrivals share commits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog

from bot import events
from bot.events import Event
from bot.platforms.contract import InboxUnavailable
from storage import queues
from storage.db import DATABASE_ERRORS, Database
from storage.queues import Arrival

log = structlog.get_logger()

ACCEPT_SECONDS = 4.0
"""The longest wait: WeCom cuts a callback off after five seconds."""
MAX_BATCH = 256
MAX_WAITING = 10_000
"""Beyond this the platform is told at once to come again."""


@dataclass(slots=True)
class _Waiting:
    arrival: Arrival
    kept: asyncio.Future[None]


class Inbox:
    """Keeps events; `run` is its one writing task, `wake` is called after each commit."""

    def __init__(
        self,
        db: Database,
        *,
        wake: Callable[[], None] = lambda: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        accept_seconds: float = ACCEPT_SECONDS,
    ) -> None:
        self._db = db
        self._wake = wake
        self._clock = clock
        self._accept_seconds = accept_seconds
        self._waiting: list[_Waiting] = []
        self._arrived = asyncio.Event()
        self._stopping = False

    async def accept(self, event: Event) -> None:
        """Return once the event is durable; raises InboxUnavailable when it is not in time."""
        if self._stopping or len(self._waiting) >= MAX_WAITING:
            raise InboxUnavailable("the inbox takes nothing now")
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(self._arrival(event), kept))
        self._arrived.set()
        try:
            async with asyncio.timeout(self._accept_seconds):
                await kept
        except TimeoutError as error:
            raise InboxUnavailable("the database did not answer in time") from error

    async def run(self) -> None:
        """Write what arrives until `stop`; what arrived before is still written."""
        while not self._stopping or self._waiting:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                await self._write_batch()

    def stop(self) -> None:
        """Take nothing more; `run` ends once all that waits is written."""
        self._stopping = True
        self._arrived.set()

    async def _write_batch(self) -> None:
        batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
        batch = [waiting for waiting in batch if not waiting.kept.done()]
        try:
            await self._keep([waiting.arrival for waiting in batch])
        except DATABASE_ERRORS as error:
            log.error("inbox write failed", events=len(batch), error=type(error).__name__)
            await self._write_singly(batch, error)
        else:
            _resolve(batch)
            self._wake()

    async def _write_singly(self, batch: Sequence[_Waiting], error: Exception) -> None:
        """One event that can't be stored must not turn its neighbours away.

        Only where the statement itself was refused: with the database away every try would fail.
        """
        for waiting in batch:
            if getattr(error, "connection_invalidated", True) is False and not waiting.kept.done():
                try:
                    await self._keep([_storable(waiting.arrival)])
                except DATABASE_ERRORS as single:
                    _reject(waiting, single)
                else:
                    _resolve([waiting])
            else:
                _reject(waiting, error)
        self._wake()

    async def _keep(self, arrivals: Sequence[Arrival]) -> None:
        if arrivals:
            await self._db.run(lambda connection: queues.keep(connection, arrivals), first=True)

    def _arrival(self, event: Event) -> Arrival:
        return Arrival(
            dedup_key=events.dedup_key(event),
            conversation=events.conversation(event),
            payload=events.to_json(event),
            received_at=self._clock(),
        )


def _resolve(batch: Sequence[_Waiting]) -> None:
    for waiting in batch:
        if not waiting.kept.done():
            waiting.kept.set_result(None)


def _reject(waiting: _Waiting, error: Exception) -> None:
    if not waiting.kept.done():
        refusal = InboxUnavailable("the event could not be stored")
        refusal.__cause__ = error
        waiting.kept.set_exception(refusal)


def _storable(arrival: Arrival) -> Arrival:
    """Without what PostgreSQL's JSON can't hold: NUL and halves of surrogate pairs."""
    return replace(
        arrival, conversation=_clean(arrival.conversation), payload=_clean(arrival.payload)
    )


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        whole = value.encode("utf-8", "replace").decode("utf-8")
        return whole.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {_clean(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    return value
