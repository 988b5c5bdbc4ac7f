"""What was used of monthly and daily quotas, counted over all processes."""

from __future__ import annotations

from sqlalchemy import select, update

from storage.db import Database, insert_ignoring
from storage.models.service import Usage
from storage.viewer import SYSTEM


async def add(db: Database, scope: str, kind: str, period: str, times: int = 1) -> int:
    """Count more of a kind in a period ("2026-11", or a day); returns the period's sum so far."""
    row = {"scope": scope, "kind": kind, "period": period, "used": 0}
    count = (
        update(Usage)
        .where(Usage.scope == scope, Usage.kind == kind, Usage.period == period)
        .values(used=Usage.used + times)
        .returning(Usage.used)
    )
    async with db.write(SYSTEM) as session:
        await session.execute(insert_ignoring(Usage, db.writer.dialect.name).values(row))
        return (await session.execute(count)).scalar_one()


async def used(db: Database, scope: str, period: str) -> dict[str, int]:
    """The period's sums by kind."""
    query = select(Usage.kind, Usage.used).where(Usage.scope == scope, Usage.period == period)
    async with db.read(SYSTEM) as session:
        return {kind: count for kind, count in await session.execute(query)}
