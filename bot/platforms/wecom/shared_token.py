"""The access token's row in the database, by which processes share it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from storage.db import Database, insert_ignoring
from storage.models.service import PlatformToken
from storage.viewer import SYSTEM


@dataclass(frozen=True, slots=True)
class Token:
    """An access token; from `renew_at` on a new one is asked for, until `expires_at` it works."""

    value: str
    expires_at: datetime
    renew_at: datetime


class SharedToken:
    """One row; each method is one short transaction, and no network call is made in any."""

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
