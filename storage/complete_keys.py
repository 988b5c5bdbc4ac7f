"""Gives keys to names that have none: after an upgrade that changed what keys are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Database, insert_ignoring
from storage.models.customers import Customer, CustomerName, NameKey
from storage.viewer import SYSTEM

CHUNK = 1000
"""Names of one transaction: others may write between two."""


async def complete_keys(db: Database) -> int:
    """How many names got keys. Newest first: while the oldest has none, the work isn't done."""
    if await _oldest_has_keys(db):
        return 0
    count, below = 0, 2**62
    while True:
        async with db.write(SYSTEM) as session:
            names = await _names_below(session, below)
            rows = [row for name in names for row in _keys_of(session, name)]
            if rows:
                insert = insert_ignoring(NameKey.__table__, db.writer.dialect.name)
                connection = await session.connection()
                await connection.execute(insert, rows)
        if not names:
            return count
        count += len(names)
        below = names[-1].id


async def _oldest_has_keys(db: Database) -> bool:
    oldest = select(CustomerName.id).order_by(CustomerName.id).limit(1)
    async with db.read(SYSTEM) as session:
        number = await session.scalar(oldest)
        if number is None:
            return True
        return bool(await session.scalar(select(exists().where(NameKey.name_id == number))))


async def _names_below(session: AsyncSession, below: int) -> list[Any]:
    query = (
        select(CustomerName.id, CustomerName.customer_id, CustomerName.text, Customer.owner_id)
        .join(Customer, Customer.id == CustomerName.customer_id)
        .where(CustomerName.id < below)
        .order_by(CustomerName.id.desc())
        .limit(CHUNK)
    )
    return list(await session.execute(query))


def _keys_of(session: AsyncSession, name: Any) -> list[dict[str, Any]]:
    keys_of_name = session.info["name_keys"]
    return [
        {
            "key": key,
            "owner_id": name.owner_id or 0,
            "name_id": name.id,
            "customer_id": name.customer_id,
        }
        for key in sorted(keys_of_name(name.text))
    ]
