"""Lists that people ask for, each one query narrowed to what its reader sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales import periods
from storage.models.customers import Customer
from storage.models.papers import Contract, Payment, Quote
from storage.models.people import Team, User
from storage.models.selling import Activity, Deal

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which records are meant; empty is all that one may see.

    `period` is a date value, in `zone` where records have instants. `closed` is for deals that
    are won or lost. `still_since` is for deals that have been in their stage since then, at
    customers with whom nobody did anything since.
    """

    customer_id: int | None = None
    owner_id: int | None = None
    team: str | None = None
    stage: str | None = None
    product: str | None = None
    region: str | None = None
    industry: str | None = None
    grade: str | None = None
    period: str | None = None
    zone: ZoneInfo = UTC
    closed: bool = False
    still_since: datetime | None = None


def narrowed(query: Select[Any], model: type[Any], wanted: Narrowing) -> Select[Any]:
    """Of a customer, an owner, a team and those below it; of the customers in a region or such."""
    if wanted.customer_id is not None:
        query = query.where(_customer_id(model) == wanted.customer_id)
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
            query = query.where(_customer_id(model).in_(of))
    return query


def _customer_id(model: type[Any]) -> Any:
    """The column that says of which customer a record is."""
    return Customer.id if model is Customer else model.customer_id


def _deals(query: Select[Any], wanted: Narrowing) -> Select[Any]:
    query = narrowed(query, Deal, wanted)
    query = query.where((Deal.status != "open") if wanted.closed else (Deal.status == "open"))
    if wanted.stage is not None:
        query = query.where(Deal.stage == wanted.stage)
    if wanted.period is not None:
        first, last = periods.span(wanted.period)
        day = Deal.closed_on if wanted.closed else Deal.expected_close_on
        query = query.where(day.between(first, last))
    if wanted.still_since is not None:
        met = _met_since(wanted.still_since, wanted.zone)
        query = query.where(Deal.stage_since <= wanted.still_since, Deal.customer_id.not_in(met))
    return query


def _met_since(since: datetime, zone: ZoneInfo) -> Select[int]:
    """The customers with whom something was done after that day."""
    day = since.astimezone(zone).date()
    return select(Activity.customer_id).where(Activity.planned.is_(False), Activity.on > day)


def within(column: Any, wanted: Narrowing) -> list[ColumnElement[bool]]:
    """The condition that an instant lies in the period, where one is wanted."""
    if wanted.period is None:
        return []
    start, end = periods.bounds(*periods.span(wanted.period), wanted.zone)
    return [column >= start, column < end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deals:
    """The first of the deals, how many there are and what they come to."""

    shown: list[Deal]
    count: int
    total_fen: int


async def deals(session: AsyncSession, wanted: Narrowing, most: int) -> Deals:
    """Deals, the largest first; those that stand still, the longest first; closed, the newest."""
    first: Any = func.coalesce(Deal.amount_fen, 0).desc()
    if wanted.closed:
        first = Deal.closed_on.desc()
    elif wanted.still_since:
        first = Deal.stage_since
    query = _deals(select(Deal), wanted).order_by(first, Deal.id)
    if wanted.product is not None:
        # The two databases have no JSON in common: a product is looked for in Python.
        found = [one for one in await session.scalars(query) if wanted.product in one.products]
        total = sum(deal.amount_fen or 0 for deal in found)
        return Deals(shown=found[:most], count=len(found), total_fen=total)
    counted: Any = select(func.count(Deal.id), func.coalesce(func.sum(Deal.amount_fen), 0))
    row = (await session.execute(_deals(counted, wanted))).one()
    shown = list(await session.scalars(query.limit(most)))
    return Deals(shown=shown, count=int(row[0]), total_fen=int(row[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """The first of the customers, each with the day when something was last done, and how many."""

    shown: list[tuple[Customer, date | None]]
    count: int


async def customers(session: AsyncSession, wanted: Narrowing, most: int) -> Customers:
    """Owned customers, the last seen first.

    Where `still_since` is given only those with whom nobody did anything since, the longest first.
    """
    conditions: list[ColumnElement[bool]] = [Customer.owner_id.is_not(None)]
    if wanted.still_since is not None:
        met = _met_since(wanted.still_since, wanted.zone)
        conditions += [Customer.created_at <= wanted.still_since, Customer.id.not_in(met)]
    done = select(func.max(Activity.on)).where(Activity.planned.is_(False))
    last = done.where(Activity.customer_id == Customer.id).correlate(Customer).scalar_subquery()
    order: Any = (last.is_(None), last.desc())
    if wanted.still_since is not None:
        order = (last.is_not(None), last)
    counted = narrowed(select(func.count(Customer.id)), Customer, wanted).where(*conditions)
    both: Select[Any] = select(Customer, last)  # type: ignore[assignment]
    query = narrowed(both, Customer, wanted).where(*conditions)
    rows = await session.execute(query.order_by(*order, Customer.id).limit(most))
    shown = [(row[0], row[1]) for row in rows]
    return Customers(shown=shown, count=await session.scalar(counted) or 0)


async def activities(
    session: AsyncSession, wanted: Narrowing, count: int, *, planned: bool | None
) -> list[Activity]:
    """What was done (or is planned; None: both), newest first."""
    query = narrowed(select(Activity), Activity, wanted)
    if planned is not None:
        query = query.where(Activity.planned.is_(planned))
    if wanted.period is not None:
        query = query.where(Activity.on.between(*periods.span(wanted.period)))
    ordered = query.order_by(Activity.on.desc(), Activity.id.desc())
    return list(await session.scalars(ordered.limit(count)))


async def reps(session: AsyncSession, team_ids: Sequence[int], team: str | None) -> list[User]:
    """Active reps of these teams, or of the named one and those below it, by name."""
    query = select(User).where(User.role == "rep", User.active.is_(True))
    if team is not None:
        path = select(Team.path).where(Team.name == team).limit(1).scalar_subquery()
        query = query.where(User.team_id.in_(select(Team.id).where(Team.path.startswith(path))))
    elif team_ids:
        query = query.where(User.team_id.in_(team_ids))
    return list(await session.scalars(query.order_by(User.team_id, User.id)))


async def active_owners(session: AsyncSession, period: str) -> set[int]:
    """Who did something in that time."""
    query = select(Activity.owner_id).where(Activity.planned.is_(False))
    return set(await session.scalars(query.where(Activity.on.between(*periods.span(period)))))


async def quotes(session: AsyncSession, wanted: Narrowing, count: int) -> list[Quote]:
    """Quotes, newest first; withdrawn ones left out."""
    query = narrowed(select(Quote), Quote, wanted).where(
        Quote.status != "withdrawn", *within(Quote.created_at, wanted)
    )
    return list(await session.scalars(query.order_by(Quote.id.desc()).limit(count)))


async def contracts(session: AsyncSession, wanted: Narrowing, count: int) -> list[Contract]:
    """Signed contracts, newest first."""
    query = narrowed(select(Contract), Contract, wanted)
    if wanted.period is not None:
        query = query.where(Contract.signed_on.between(*periods.span(wanted.period)))
    ordered = query.order_by(Contract.signed_on.desc(), Contract.id.desc())
    return list(await session.scalars(ordered.limit(count)))


async def payments(session: AsyncSession, wanted: Narrowing, count: int) -> list[Payment]:
    """Money received, newest first, then what is promised."""
    query = narrowed(select(Payment), Payment, wanted)
    if wanted.period is not None:
        query = query.where(Payment.on.between(*periods.span(wanted.period)))
    ordered = query.order_by(Payment.planned, Payment.on.desc(), Payment.id.desc())
    return list(await session.scalars(ordered.limit(count)))


async def payment_totals(session: AsyncSession, wanted: Narrowing) -> tuple[int, int, int]:
    """How many payments of the period, and what is received and promised, in fen."""
    amount = func.coalesce(Payment.amount_fen, 0)
    columns: Any = select(
        func.count(Payment.id),
        func.coalesce(func.sum(case((Payment.planned, 0), else_=amount)), 0),
        func.coalesce(func.sum(case((Payment.planned, amount), else_=0)), 0),
    )
    query = narrowed(columns, Payment, wanted)
    if wanted.period is not None:
        query = query.where(Payment.on.between(*periods.span(wanted.period)))
    count, received, promised = (await session.execute(query)).one()
    return int(count), int(received), int(promised)


async def overdue(session: AsyncSession, wanted: Narrowing, today: date) -> list[Payment]:
    """Promised payments whose day has passed, the largest first."""
    query = narrowed(select(Payment), Payment, wanted).where(
        Payment.planned.is_(True), Payment.on < today
    )
    largest = func.coalesce(Payment.amount_fen, 0).desc()
    return list(await session.scalars(query.order_by(largest, Payment.on, Payment.id)))


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
