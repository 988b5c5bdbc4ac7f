"""What is noted on the road: expenses, service tickets, leads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales import periods
from sales.errors import Invalid, NotFound
from sales.lists import Narrowing, narrowed, within
from sales.money import Said, exact
from storage.models.customers import Customer
from storage.models.people import User
from storage.models.selling import Expense, Lead, Ticket

MOST_WORDS = 500


async def spend(
    session: AsyncSession,
    *,
    owner: User,
    customer: Customer | None,
    amount: Said | None,
    category: str,
    on: date,
    note: str,
    now: datetime,
) -> Expense:
    """Write an expense; Invalid without an amount."""
    if amount is None:
        raise Invalid("amount", None)
    expense = Expense(
        owner_id=owner.id,
        customer_id=customer.id if customer else None,
        amount_fen=exact(amount),
        category=category,
        on=on,
        note=note.strip()[:MOST_WORDS],
        created_at=now,
    )
    session.add(expense)
    await session.flush()
    return expense


async def open_ticket(
    session: AsyncSession,
    *,
    customer: Customer,
    owner: User,
    what: str,
    urgent: bool,
    now: datetime,
) -> Ticket:
    """Write a service ticket; Invalid without words."""
    if not what.strip():
        raise Invalid("what", what)
    ticket = Ticket(
        customer_id=customer.id,
        owner_id=owner.id,
        what=what.strip()[:MOST_WORDS],
        status="open",
        urgent=urgent,
        opened_at=now,
    )
    session.add(ticket)
    await session.flush()
    return ticket


async def close_ticket(
    session: AsyncSession, customer: Customer, what: str, now: datetime
) -> Ticket:
    """Close the customer's open ticket that these words fit best; NotFound where none is open."""
    query = select(Ticket).where(Ticket.customer_id == customer.id, Ticket.status == "open")
    found = list(await session.scalars(query.order_by(Ticket.id.desc())))
    if not found:
        raise NotFound("ticket", customer.name)
    ticket = max(found, key=lambda one: _shared(one.what, what))
    ticket.status, ticket.closed_at = "closed", now
    await session.flush()
    return ticket


def _shared(left: str, right: str) -> int:
    """How many pairs of neighbouring characters both texts hold."""
    pairs = {left[i : i + 2] for i in range(len(left) - 1)}
    return len(pairs & {right[i : i + 2] for i in range(len(right) - 1)})


async def add_lead(
    session: AsyncSession, *, owner: User, company: str | None, now: datetime, **facts: str | None
) -> Lead:
    """Write a lead; Invalid without a company."""
    if not company:
        raise Invalid("company", company)
    lead = Lead(owner_id=owner.id, company=company, created_at=now, **facts)
    session.add(lead)
    await session.flush()
    return lead


async def expenses(session: AsyncSession, wanted: Narrowing, count: int) -> list[Expense]:
    """Expenses, newest first."""
    query = _spent(select(Expense), wanted)
    ordered = query.order_by(Expense.on.desc(), Expense.id.desc())
    return list(await session.scalars(ordered.limit(count)))


async def expense_total(session: AsyncSession, wanted: Narrowing) -> tuple[int, int]:
    """How many expenses, and what they come to in fen."""
    columns: Any = select(func.count(Expense.id), func.coalesce(func.sum(Expense.amount_fen), 0))
    count, total = (await session.execute(_spent(columns, wanted))).one()
    return int(count), int(total)


def _spent(query: Select[Any], wanted: Narrowing) -> Select[Any]:
    query = narrowed(query, Expense, wanted)
    if wanted.period is not None:
        query = query.where(Expense.on.between(*periods.span(wanted.period)))
    return query


async def tickets(session: AsyncSession, wanted: Narrowing, count: int) -> list[Ticket]:
    """Service tickets, open and urgent ones first."""
    query = narrowed(select(Ticket), Ticket, wanted).where(*within(Ticket.opened_at, wanted))
    ordered = query.order_by(Ticket.status.desc(), Ticket.urgent.desc(), Ticket.id.desc())
    return list(await session.scalars(ordered.limit(count)))


async def leads(session: AsyncSession, wanted: Narrowing, count: int) -> list[Lead]:
    """Leads, newest first. No customer's yet, they are narrowed by owner, team and period only."""
    whose = Narrowing(owner_id=wanted.owner_id, team=wanted.team)
    query = narrowed(select(Lead), Lead, whose).where(*within(Lead.created_at, wanted))
    return list(await session.scalars(query.order_by(Lead.id.desc()).limit(count)))
