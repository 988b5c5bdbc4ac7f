"""Lists that people ask for, each one query narrowed to what its reader sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales import periods
from storage.models.customers import Customer
from storage.models.papers import Contract, Payment, Quote
from storage.models.people import Team, User
from storage.models.selling import Activity, Deal


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which records are meant; empty is all that one may see. `period` is a date value."""

    customer_id: int | None = None
    owner_id: int | None = None
    team: str | None = None
    stage: str | None = None
    product: str | None = None
    region: str | None = None
    industry: str | None = None
    grade: str | None = None
    period: str | None = None


def _narrowed(query: Select[Any], model: type[Any], wanted: Narrowing) -> Select[Any]:
    if wanted.customer_id is not None:
        query = query.where(model.customer_id == wanted.customer_id)
    if wanted.owner_id is not None:
        query = query.where(model.owner_id == wanted.owner_id)
    if wanted.team is not None:
        path = select(Team.path).where(Team.name == wanted.team).limit(1).scalar_subquery()
        team = (
            select(User.id).join(Team, Team.id == User.team_id).where(Team.path.startswith(path))
        )
        query = query.where(model.owner_id.in_(team))
    for column in ("region", "industry", "grade"):
        value = getattr(wanted, column)
        if value is not None:
            of = select(Customer.id).where(getattr(Customer, column) == value)
            query = query.where(model.customer_id.in_(of))
    return query


def _open_deals(query: Select[Any], wanted: Narrowing) -> Select[Any]:
    query = _narrowed(query, Deal, wanted).where(Deal.status == "open")
    if wanted.stage is not None:
        query = query.where(Deal.stage == wanted.stage)
    if wanted.period is not None:
        first, last = periods.span(wanted.period)
        query = query.where(Deal.expected_close_on.between(first, last))
    return query


async def deals(session: AsyncSession, wanted: Narrowing, count: int) -> list[Deal]:
    """Open deals, the largest first."""
    query = _open_deals(select(Deal), wanted)
    ordered = query.order_by(func.coalesce(Deal.amount_fen, 0).desc(), Deal.id)
    return list(await session.scalars(ordered.limit(count)))


async def deal_totals(session: AsyncSession, wanted: Narrowing) -> tuple[int, int]:
    """How many open deals, and what they come to in fen."""
    query: Any = select(func.count(Deal.id), func.coalesce(func.sum(Deal.amount_fen), 0))
    row = (await session.execute(_open_deals(query, wanted))).one()
    return int(row[0]), int(row[1])


async def activities(
    session: AsyncSession, wanted: Narrowing, count: int, *, planned: bool | None
) -> list[Activity]:
    """What was done (or is planned; None: both), newest first."""
    query = _narrowed(select(Activity), Activity, wanted)
    if planned is not None:
        query = query.where(Activity.planned.is_(planned))
    if wanted.period is not None:
        query = query.where(Activity.on.between(*periods.span(wanted.period)))
    ordered = query.order_by(Activity.on.desc(), Activity.id.desc())
    return list(await session.scalars(ordered.limit(count)))


async def quotes(session: AsyncSession, wanted: Narrowing, count: int) -> list[Quote]:
    """Quotes, newest first; withdrawn ones left out."""
    query = _narrowed(select(Quote), Quote, wanted).where(Quote.status != "withdrawn")
    return list(await session.scalars(query.order_by(Quote.id.desc()).limit(count)))


async def contracts(session: AsyncSession, wanted: Narrowing, count: int) -> list[Contract]:
    """Signed contracts, newest first."""
    query = _narrowed(select(Contract), Contract, wanted)
    if wanted.period is not None:
        query = query.where(Contract.signed_on.between(*periods.span(wanted.period)))
    ordered = query.order_by(Contract.signed_on.desc(), Contract.id.desc())
    return list(await session.scalars(ordered.limit(count)))


async def payments(session: AsyncSession, wanted: Narrowing, count: int) -> list[Payment]:
    """Money received and promised, newest first."""
    query = _narrowed(select(Payment), Payment, wanted)
    if wanted.period is not None:
        query = query.where(Payment.on.between(*periods.span(wanted.period)))
    ordered = query.order_by(Payment.on.desc(), Payment.id.desc())
    return list(await session.scalars(ordered.limit(count)))


async def owed(session: AsyncSession, customer_id: int) -> tuple[int, int, Payment | None]:
    """Signed and received in fen, and the promised payment that is due first."""
    signed = select(func.coalesce(func.sum(Contract.amount_fen), 0))
    received = select(func.coalesce(func.sum(Payment.amount_fen), 0))
    promised = select(Payment).where(
        Payment.customer_id == customer_id, Payment.planned.is_(True), Payment.on.is_not(None)
    )
    return (
        int(await session.scalar(signed.where(Contract.customer_id == customer_id)) or 0),
        int(
            await session.scalar(
                received.where(Payment.customer_id == customer_id, Payment.planned.is_(False))
            )
            or 0
        ),
        await session.scalar(promised.order_by(Payment.on).limit(1)),
    )
