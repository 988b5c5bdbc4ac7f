"""The sender: outbox rows to the platforms, in order, within limits, at least once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.gate import Gate, scope_of
from bot.limiter import Limiter
from bot.platforms.contract import (
    Address,
    Parcel,
    Platform,
    PlatformError,
    Receipt,
    Refused,
    RetryLater,
)
from handlers import replies
from handlers.replies import Card, CardUpdate, Content, Picture, Text
from storage import outbox_rows
from storage.db import DATABASE_ERRORS, Database
from storage.outbox_rows import Claimed, Outcome
from storage.queues import delay_after

log = structlog.get_logger()

SEND_SECONDS = 20.0
"""The longest one call to a platform may take."""
MAX_SENDING = 32
POLL_SECONDS = 1.0
GATHER_SECONDS = 0.02
"""Between two looks at the outbox, each a commit: what is ready by then shares the next."""
SWEEP = timedelta(seconds=10)
TIMED_OUT_AGAIN = timedelta(seconds=5)
KEEP_TRYING = timedelta(days=7)
"""An outage or a wrong secret may last over a holiday; what is older is parked."""
BUCKETS_IDLE_SECONDS = 86_400.0
Clock = Callable[[], datetime]


class Sender:
    """Sends what the outbox holds; lanes go in parallel, each in its order."""

    def __init__(
        self,
        db: Database,
        platforms: Mapping[str, Platform],
        *,
        limiter: Limiter | None = None,
        clock: Clock = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        send_seconds: float = SEND_SECONDS,
        shutdown_seconds: float = 10.0,
    ) -> None:
        self._db = db
        self._platforms = platforms
        self._limiter = limiter or Limiter()
        self._gate = Gate()
        self._clock = clock
        self._monotonic = monotonic
        self._send_seconds = send_seconds
        self._shutdown_seconds = shutdown_seconds
        self._outcomes: list[Outcome] = []
        self._running: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._stopping = False
        self._swept_at: datetime | None = None
        self._looked_at = -GATHER_SECONDS

    def wake(self) -> None:
        """There may be something to send."""
        self._awake.set()

    async def run_once(self) -> int:
        """Send what can be sent now, at most one of each lane; returns how many were tried."""
        rows = await self._exchange(MAX_SENDING)
        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(self._deliver(row))
        await self._exchange(0)
        return len(rows)

    async def run(self) -> None:
        """Send until `stop`, then end what is on its way, within `shutdown_seconds`."""
        try:
            while not self._stopping:
                self._awake.clear()
                if not await self._begin_some():
                    await self._rest()
                await self._gather()
            if self._running:
                await asyncio.wait(self._running, timeout=self._shutdown_seconds)
            await self._exchange(0)
        except DATABASE_ERRORS as error:
            log.error("ends not noted, these are sent again", error=type(error).__name__)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is on its way has ended."""
        self._stopping = True
        self._awake.set()

    async def _begin_some(self) -> bool:
        room = MAX_SENDING - len(self._running)
        if not room and not self._outcomes:
            return False
        self._looked_at = time.monotonic()
        try:
            rows = await self._exchange(room)
        except DATABASE_ERRORS as error:
            log.warning("outbox exchange failed", error=type(error).__name__)
            return False
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            self._running.add(task)
            task.add_done_callback(self._ended)
        return bool(rows)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._awake.set()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._awake.wait()
        except TimeoutError:
            return

    async def _gather(self) -> None:
        """Replies and ends come singly; an exchange for each would cost more than sending."""
        wait = self._looked_at + GATHER_SECONDS - time.monotonic()
        if wait > 0 and not self._stopping:
            await asyncio.sleep(wait)

    async def _exchange(self, room: int) -> list[Claimed]:
        """Note the ends and claim the next; what could not be noted is kept for the next time."""
        now = self._clock()
        outcomes, self._outcomes = self._outcomes, []
        if not outcomes and not room:
            return []
        try:
            if room:
                await self._sweep(now)
            return await outbox_rows.exchange(
                self._db, outcomes, now=now, limit=room, elsewhere=self._elsewhere()
            )
        except BaseException:
            self._outcomes = outcomes + self._outcomes
            raise

    def _elsewhere(self) -> tuple[str, ...]:
        heads = {head for platform in self._platforms.values() for head in platform.elsewhere()}
        return tuple(sorted(heads))

    async def _sweep(self, now: datetime) -> None:
        """Take over what others let fall; one process works on an SQLite file."""
        first = self._swept_at is None
        if self._swept_at is not None and now - self._swept_at < SWEEP:
            return
        await outbox_rows.take_over(self._db, now, all_of_them=first and self._db.is_sqlite)
        self._limiter.forget(self._monotonic(), BUCKETS_IDLE_SECONDS)
        self._swept_at = now

    async def _deliver(self, row: Claimed) -> None:
        """One sending; whatever becomes of it is noted."""
        try:
            outcome = await self._outcome(row)
        except Exception as error:
            outcome = self._broken(row, error)
        self._outcomes.append(outcome)

    async def _outcome(self, row: Claimed) -> Outcome:
        platform = self._platforms.get(row.platform)
        if platform is None:
            return self._refused(row, f"no platform {row.platform!r} is configured")
        if self._clock() - row.created_at > KEEP_TRYING:
            log.error("reply parked", row=row.id, age_days=KEEP_TRYING.days)
            return Outcome(row=row, state="parked", at=self._clock(), error="too old")
        content = replies.from_json(row.content)
        if isinstance(content, CardUpdate) and content.card_key is None:
            return await self._split(row, content)
        address = Address(**row.address)
        lock = self._gate.recovering(scope_of(address))
        if lock is None:
            return await self._try(platform, row, address, content)
        async with lock:
            return await self._try(platform, row, address, content)

    async def _try(
        self, platform: Platform, row: Claimed, address: Address, content: Content
    ) -> Outcome:
        """Send within limits; the three kinds of error become what is done next."""
        scope, now = scope_of(address), self._clock()
        closed = self._gate.closed_until(scope, now)
        if closed is not None:
            return Outcome(row=row, state="new", at=now, again_at=closed)
        wait = self._limiter.take(platform.buckets(address), self._monotonic())
        if wait:
            return Outcome(row=row, state="new", at=now, again_at=now + timedelta(seconds=wait))
        try:
            receipt = await self._send(platform, row, address, content)
        except Refused as error:
            self._gate.succeeded(scope)
            return self._refused(row, str(error))
        except PlatformError as error:
            return self._later(row, scope, error)
        if self._gate.succeeded(scope):
            log.info("sending resumed", scope=scope)
        return self._sent(row, receipt)

    async def _send(
        self, platform: Platform, row: Claimed, address: Address, content: Content
    ) -> Receipt:
        parcel = Parcel(key=row.key, address=address, content=content, card_key=row.card_key)
        if isinstance(content, Picture):
            found = await outbox_rows.picture(self._db, content.attachment_id)
            if found is None:
                raise Refused(f"attachment {content.attachment_id} is gone")
            parcel = replace(parcel, picture=found)
        if isinstance(content, CardUpdate):
            return await self._update(platform, parcel, content)
        return await self._call(platform, parcel)

    async def _update(self, platform: Platform, parcel: Parcel, content: CardUpdate) -> Receipt:
        """Change a card with a code that nobody will use again; else say in words what it says.

        A code comes back only where the platform answered that it did nothing.
        """
        card_key = content.card_key or ""
        code = await outbox_rows.take_code(self._db, card_key)
        parcel = replace(parcel, card_key=card_key)
        if code is not None:
            try:
                return await self._call(platform, replace(parcel, codes=(code,)))
            except Refused as error:
                log.info("card not updated", key=parcel.key, reason=str(error))
            except PlatformError as error:
                if error.code is not None:
                    await outbox_rows.return_code(self._db, card_key, code)
                raise
        words = Text(text=in_words(content.card))
        return await self._call(platform, replace(parcel, content=words, card_key=None))

    async def _call(self, platform: Platform, parcel: Parcel) -> Receipt:
        try:
            async with asyncio.timeout(self._send_seconds):
                return await platform.send(parcel)
        except TimeoutError as error:
            raise RetryLater("no answer in time", TIMED_OUT_AGAIN) from error

    async def _split(self, row: Claimed, content: CardUpdate) -> Outcome:
        """An update by subject goes out as one row for each card, in that card's lane."""
        now = self._clock()
        cards = await outbox_rows.cards_about(self._db, content.subject or "")
        parts = []
        for number, card in enumerate(cards):
            one = replace(content, card_key=card.card_key)
            parts.append(
                {
                    "key": f"{row.key}.{number}",
                    "event_id": row.event_id,
                    "platform": card.platform,
                    "lane": Address(**card.address).lane,
                    "address": card.address,
                    "content": replies.to_json(one),
                    "card_key": card.card_key,
                    "created_at": row.created_at,
                    "available_at": now,
                    "state": "new",
                    "attempts": 0,
                }
            )
        return Outcome(row=row, state="sent", at=now, parts=tuple(parts))

    def _sent(self, row: Claimed, receipt: Receipt) -> Outcome:
        kept: dict[str, Any] = {"message_id": receipt.message_id}
        code = None
        if receipt.update_code is not None and row.card_key is not None:
            code = (row.card_key, receipt.update_code)
        return Outcome(row=row, state="sent", at=self._clock(), receipt=kept, card_code=code)

    def _refused(self, row: Claimed, reason: str) -> Outcome:
        log.error("reply refused", row=row.id, platform=row.platform, reason=reason)
        return Outcome(row=row, state="refused", at=self._clock(), error=reason)

    def _later(self, row: Claimed, scope: str, error: PlatformError) -> Outcome:
        """RetryLater and Unauthorised: the row waits, as long as it takes."""
        now = self._clock()
        if self._gate.failed(scope, error, now):
            log.error("sending paused", scope=scope, reason=str(error))
        again_at = self._gate.closed_until(scope, now) or now
        if isinstance(error, RetryLater):
            again_at = max(again_at, now + error.after)
        return Outcome(row=row, state="new", at=now, again_at=again_at, error=str(error))

    def _broken(self, row: Claimed, error: Exception) -> Outcome:
        """A fault of ours: tried again like an event, then parked, so that its lane goes on."""
        now, attempts = self._clock(), row.attempts + 1
        kind = type(error).__name__
        log.error("sending failed", row=row.id, attempt=attempts, error=kind)
        delay = delay_after(attempts)
        if delay is None:
            return Outcome(row=row, state="parked", at=now, attempts=attempts, error=kind)
        return Outcome(
            row=row, state="new", at=now, again_at=now + delay, attempts=attempts, error=kind
        )


def in_words(card: Card) -> str:
    """What a changed card says, for a chat in which it can't be changed any more."""
    if card.decided is not None:
        return f"{card.title}\n{card.decided}"
    lines = [f"{line.label}：{line.value}" for line in card.lines]
    return "\n".join([card.title, *lines, *([card.note] if card.note else [])])
