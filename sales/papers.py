"""Quotes, contracts and payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales import periods
from sales.errors import Invalid
from sales.money import Said, basis_points, exact, fen
from storage.models.customers import Customer
from storage.models.papers import Contract, Payment, Quote, QuoteLine
from storage.models.selling import Deal

WHOLE_BP = 10_000
MOST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A line of a quote as it was said; `unit_price` in yuan."""

    product: str | None = None
    quantity: float | int | None = None
    unit_price: float | int | None = None


async def quote(
    session: AsyncSession,
    customer: Customer,
    deal: Deal | None,
    *,
    amount: Said | None,
    discount: float | None,
    positions: tuple[Position, ...],
    valid_until: str | None,
    reason: str,
    user_id: int,
    now: datetime,
) -> Quote:
    """Write a quote; where no amount was said, its lines and the discount make it."""
    total = exact(amount) if amount is not None else _total(positions, discount)
    if total is None and discount is None:
        raise Invalid("quote", "")
    made = Quote(
        customer_id=customer.id,
        deal_id=deal.id if deal else None,
        owner_id=user_id,
        amount_fen=total,
        discount_bp=None if discount is None else basis_points(discount),
        status="approved",
        reason=reason[:MOST_REASON],
        valid_until=periods.span(valid_until)[1] if valid_until else None,
        version=1,
        created_at=now,
    )
    session.add(made)
    await session.flush()
    session.add_all(_line(made.id, position) for position in positions)
    await session.flush()
    return made


def _line(quote_id: int, position: Position) -> QuoteLine:
    quantity, price = position.quantity, position.unit_price
    return QuoteLine(
        quote_id=quote_id,
        product=position.product,
        quantity_milli=None if quantity is None else round(Decimal(str(quantity)) * 1000),
        unit_price_fen=None if price is None else fen(price, "unit_price"),
    )


def _total(positions: tuple[Position, ...], discount: float | None) -> int | None:
    """What the lines come to at that discount; None where one lacks its price."""
    total = Decimal(0)
    for position in positions:
        if position.quantity is None or position.unit_price is None:
            return None
        total += Decimal(str(position.quantity)) * fen(position.unit_price, "unit_price")
    if not positions:
        return None
    factor = basis_points(discount) if discount is not None else WHOLE_BP
    return int((total * factor / WHOLE_BP).to_integral_value(rounding=ROUND_HALF_UP))


async def contract(
    session: AsyncSession,
    customer: Customer,
    deal: Deal | None,
    *,
    amount: Said | None,
    signed_on: date,
    number: str | None,
    user_id: int,
    now: datetime,
) -> Contract:
    """Write a signed contract."""
    signed = Contract(
        customer_id=customer.id,
        deal_id=deal.id if deal else None,
        owner_id=customer.owner_id or user_id,
        paper_number=number,
        amount_fen=None if amount is None else exact(amount),
        signed_on=signed_on,
        created_at=now,
    )
    session.add(signed)
    await session.flush()
    return signed


async def payment(
    session: AsyncSession,
    customer: Customer,
    *,
    amount: Said | None,
    on: date | None,
    planned: bool,
    user_id: int,
    now: datetime,
) -> Payment:
    """Write money received or promised; it counts towards the oldest contract not yet paid.

    Money received meets what was promised, the earliest promise first.
    """
    if amount is None:
        raise Invalid("amount", "")
    sum_fen = exact(amount)
    if sum_fen == 0:
        raise Invalid("amount", 0)
    if not planned:
        await _meet_promises(session, customer.id, sum_fen)
    paid = Payment(
        customer_id=customer.id,
        contract_id=await _owing(session, customer.id),
        owner_id=customer.owner_id or user_id,
        amount_fen=sum_fen,
        on=on,
        planned=planned,
        created_at=now,
    )
    session.add(paid)
    await session.flush()
    return paid


async def _meet_promises(session: AsyncSession, customer_id: int, sum_fen: int) -> None:
    """Promises that this money keeps are gone; one that it keeps in part becomes smaller."""
    query = (
        select(Payment)
        .where(
            Payment.customer_id == customer_id,
            Payment.planned.is_(True),
            Payment.amount_fen.is_not(None),
        )
        .order_by(Payment.on.is_(None), Payment.on, Payment.id)
    )
    left = sum_fen
    for promise in await session.scalars(query):
        owed = promise.amount_fen or 0
        if owed <= left:
            await session.delete(promise)
        else:
            promise.amount_fen = owed - left
        left -= min(owed, left)
        if left == 0:
            break
    await session.flush()


async def _owing(session: AsyncSession, customer_id: int) -> int | None:
    """The oldest contract on which something is still to be paid."""
    received = (
        select(func.coalesce(func.sum(Payment.amount_fen), 0))
        .where(Payment.contract_id == Contract.id, Payment.planned.is_(False))
        .correlate(Contract)
        .scalar_subquery()
    )
    query = (
        select(Contract.id)
        .where(Contract.customer_id == customer_id, Contract.amount_fen > received)
        .order_by(Contract.signed_on, Contract.id)
        .limit(1)
    )
    found: int | None = await session.scalar(query)
    return found
