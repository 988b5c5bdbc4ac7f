"""Leases: of several processes one holds a thing at a time, and another takes it when it dies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Database, insert_ignoring
from storage.models.service import Lease
from storage.viewer import SYSTEM


async def take(db: Database, key: str, holder: str, *, now: datetime, until: datetime) -> bool:
    """Whether `holder` has the lease until then: it was free, had run out, or was theirs."""
    insert = insert_ignoring(Lease, db.writer.dialect.name).values(key=key)
    claim = (
        update(Lease)
        .where(Lease.key == key)
        .where(or_(Lease.holder.is_(None), Lease.holder == holder, Lease.until <= now))
        .values(holder=holder, until=until)
        .returning(Lease.key)
    )
    async with db.write(SYSTEM) as session:
        await session.execute(insert)
        return (await session.execute(claim)).first() is not None


async def release(db: Database, key: str, holder: str) -> None:
    """Give the lease back, if it is still `holder`'s."""
    free = update(Lease).where(Lease.key == key, Lease.holder == holder)
    async with db.write(SYSTEM) as session:
        await session.execute(free.values(holder=None, until=None))


async def hold(session: AsyncSession, key: str) -> None:
    """Nobody else who holds this key goes on before the session's transaction ends."""
    insert = insert_ignoring(Lease, session.get_bind().dialect.name)
    await session.execute(insert.values(key=key))
    await session.scalar(select(Lease.key).where(Lease.key == key).with_for_update())
