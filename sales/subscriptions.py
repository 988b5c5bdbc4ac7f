"""Reports sent at a time of day: set, changed, stopped."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.errors import Invalid
from sales.setup.document import DAYS
from storage.models.service import Subscription


async def subscribe(
    session: AsyncSession,
    *,
    report: str,
    at: str,
    days: str,
    user_id: int | None,
    group: str | None,
    team_id: int | None,
    now: datetime,
) -> Subscription:
    """One subscription a report and receiver: a second one changes its time."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
        raise Invalid("at", at)
    if not re.fullmatch(DAYS, days):
        raise Invalid("days", days)
    found = await _of(session, report, user_id, group)
    if found is None:
        found = Subscription(
            report=report, user_id=user_id, group_name=group, at=at, days=days, active=True,
            since=now, team_id=team_id,
        )  # fmt: skip
        session.add(found)
    elif not found.active or (found.at, found.days) != (at, days):
        found.at, found.days, found.active, found.since = at, days, True, now
    await session.flush()
    return found


async def stop(
    session: AsyncSession, *, report: str, user_id: int | None, group: str | None
) -> bool:
    """No longer; False where there was none."""
    found = await _of(session, report, user_id, group)
    if found is None or not found.active:
        return False
    found.active = False
    await session.flush()
    return True


async def _of(
    session: AsyncSession, report: str, user_id: int | None, group: str | None
) -> Subscription | None:
    query = select(Subscription).where(
        Subscription.report == report,
        Subscription.user_id == user_id if group is None else Subscription.group_name == group,
    )
    found: Subscription | None = await session.scalar(query.order_by(Subscription.id).limit(1))
    return found
