"""What was done at a customer, and what is planned there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales import periods
from storage.models.customers import Customer
from storage.models.selling import Activity, Deal, Task
from storage.viewer import kept

MOST_NOTE = 4000
_AIMLESS = kept(
    select(Deal.customer_id)
    .where(
        Deal.customer_id.in_(bindparam("ids", expanding=True)),
        Deal.status == "open",
        ~exists().where(Task.customer_id == Deal.customer_id, Task.done_at.is_(None)),
        ~exists().where(
            Activity.customer_id == Deal.customer_id,
            Activity.planned.is_(True),
            Activity.on >= bindparam("today"),
        ),
    )
    .distinct()
)


async def log(
    session: AsyncSession,
    customer: Customer,
    *,
    kind: str,
    contacts: tuple[str, ...],
    date_value: str | None,
    planned: bool,
    note: str,
    user_id: int,
    said_at: datetime,
    now: datetime,
    zone: ZoneInfo,
) -> Activity:
    """Write an activity; without a date it happened on the day it was told."""
    told = periods.day_of(said_at, zone)
    on = periods.span(date_value)[1] if date_value else told
    at = periods.clock(date_value) if date_value else None
    activity = Activity(
        customer_id=customer.id,
        owner_id=user_id,
        kind=kind,
        on=on if planned else min(on, told),
        at=periods.instant(on, at, zone) if at else None,
        date_text=date_value,
        planned=planned,
        contacts=list(contacts),
        note=note[:MOST_NOTE],
        created_at=now,
    )
    session.add(activity)
    await session.flush()
    return activity


async def latest(session: AsyncSession, customer_id: int, count: int) -> list[Activity]:
    """The last things that happened there, newest first."""
    query = (
        select(Activity)
        .where(Activity.customer_id == customer_id, Activity.planned.is_(False))
        .order_by(Activity.on.desc(), Activity.id.desc())
        .limit(count)
    )
    return list(await session.scalars(query))


async def without_next_step(
    session: AsyncSession, customer_ids: Iterable[int], today: date
) -> set[int]:
    """Those customers where a deal is open, and nothing is to do and no visit planned."""
    ids = sorted(customer_ids)
    if not ids:
        return set()
    return set(await session.scalars(_AIMLESS, {"ids": ids, "today": today}))
