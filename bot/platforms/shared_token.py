"""A platform's access token: one for all processes, renewed by one of them at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import or_, select, update

from bot.platforms.contract import PlatformError, RetryLater
from storage.db import Database, insert_ignoring
from storage.models.service import PlatformToken
from storage.viewer import SYSTEM

T = TypeVar("T")

EARLY = timedelta(minutes=5)
EARLY_AGAIN = timedelta(minutes=1)
LOCK = timedelta(seconds=12)
"""Longer than asking for a token may take; a process that dies blocks the others so long."""
FAILED_AGAIN = timedelta(seconds=30)
"""WeCom shuts gettoken for an hour after about 2,000 failing calls in one."""
POLL_SECONDS = 0.1

Fetch = Callable[[], Awaitable[tuple[str, timedelta]]]
"""Asks the platform: a token and how long it works; raises a PlatformError."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token; from `renew_at` on a new one is asked for, until `expires_at` it works."""

    value: str
    expires_at: datetime
    renew_at: datetime


class Tokens:
    """Gives the token that `key` names; `now` is the clock."""

    def __init__(self, db: Database, key: str, fetch: Fetch, now: Callable[[], datetime]) -> None:
        self._shared = SharedToken(db, key)
        self._ask = fetch
        self._now = now
        self._turn = asyncio.Lock()
        self._token: Token | None = None
        self._failure: PlatformError | None = None
        self._failed_until: datetime | None = None

    async def get(self, refused: str | None = None) -> str:
        """A good token, other than the one that was refused; raises a PlatformError."""
        token = self._current(refused)
        if token is None:
            async with self._turn:
                token = await self._find(refused)
        return token.value

    async def authorised(
        self, call: Callable[[str], Awaitable[T]], worn_out: Container[str | int]
    ) -> T:
        """`call` with a token; where that fails with such a code, once more with a new one."""
        token = await self.get()
        try:
            return await call(token)
        except PlatformError as error:
            if error.code not in worn_out:
                raise
        return await call(await self.get(refused=token))

    def _current(self, refused: str | None) -> Token | None:
        token = self._token
        good = token is not None and token.value != refused and self._now() < token.renew_at
        return token if good else None

    async def _find(self, refused: str | None) -> Token:
        """From memory, the database or the platform; the caller holds this process' turn."""
        for _ in range(int(LOCK.total_seconds() / POLL_SECONDS)):
            if (token := self._current(refused)) is not None:
                return token
            stored = await self._shared.load(EARLY)
            self._token = stored or self._token
            if (token := self._current(refused)) is not None:
                return token
            if (token := await self._renew(stored, refused)) is not None:
                self._token = token
                return token
            await asyncio.sleep(POLL_SECONDS)
        raise RetryLater("another process is fetching the token", FAILED_AGAIN)

    async def _renew(self, stored: Token | None, refused: str | None) -> Token | None:
        """A new token, or the old one while it works; None where another process is at it."""
        now = self._now()
        spare = stored
        if stored is not None and (stored.value == refused or now >= stored.expires_at):
            spare = None
        try:
            self._spare_the_platform(now)
            if await self._shared.lock(stored.value if stored else None, now, now + LOCK):
                return await self._fetch(locked=now + LOCK)
        except PlatformError:
            if spare is None:
                raise
        return None if spare is None else replace(spare, renew_at=now + EARLY_AGAIN)

    def _spare_the_platform(self, now: datetime) -> None:
        """Raises the last failure again while it is young."""
        if self._failure is not None and self._failed_until is not None:
            if now < self._failed_until:
                raise self._failure.with_traceback(None)
            self._failure = None

    async def _fetch(self, locked: datetime) -> Token:
        """Ask the platform and store its answer; the caller holds the lock until `locked`."""
        try:
            value, lives = await self._ask()
        except BaseException as error:
            await self._shared.unlock(locked)
            if isinstance(error, PlatformError):
                pause = error.after if isinstance(error, RetryLater) else FAILED_AGAIN
                self._failure, self._failed_until = error, self._now() + pause
            raise
        now = self._now()
        # Near its end the same token is given again: ask again later, not at each sending.
        renew_at = max(now + lives - EARLY, now + EARLY_AGAIN)
        token = Token(value, now + lives, renew_at)
        await self._shared.store(token, locked)
        return token


class SharedToken:
    """The token's row; each method is one short transaction, without a network call in it."""

    def __init__(self, db: Database, key: str) -> None:
        self._db = db
        self._key = key

    async def load(self, early: timedelta) -> Token | None:
        """What some process has stored; to be renewed `early` before it expires."""
        async with self._db.read(SYSTEM) as session:
            query = select(PlatformToken.token, PlatformToken.expires_at)
            found = (await session.execute(query.where(PlatformToken.key == self._key))).first()
        if found is None or found.token is None or found.expires_at is None:
            return None
        return Token(found.token, found.expires_at, found.expires_at - early)

    async def lock(self, seen: str | None, now: datetime, until: datetime) -> bool:
        """Whether the renewal is ours: nobody holds it and the token is still the one seen."""
        row = PlatformToken
        insert = insert_ignoring(row, self._db.writer.dialect.name).values(key=self._key)
        take = (
            update(row)
            .where(row.key == self._key)
            .where(or_(row.lock_until.is_(None), row.lock_until <= now))
            .where(row.token.is_(None) if seen is None else row.token == seen)
            .values(lock_until=until)
            .returning(row.key)
        )
        async with self._db.write(SYSTEM) as session:
            await session.execute(insert)
            return (await session.execute(take)).first() is not None

    async def store(self, token: Token, locked: datetime) -> None:
        """Keep the new token and give the lock back, if it is still ours."""
        await self._release(locked, {"token": token.value, "expires_at": token.expires_at})

    async def unlock(self, locked: datetime) -> None:
        """Give the lock back without a new token."""
        await self._release(locked, {})

    async def _release(self, locked: datetime, values: dict[str, object]) -> None:
        row = PlatformToken
        change = update(row).where(row.key == self._key, row.lock_until == locked)
        async with self._db.write(SYSTEM) as session:
            await session.execute(change.values(lock_until=None, **values))
