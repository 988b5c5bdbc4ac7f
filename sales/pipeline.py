"""Deals and their stages: opening, moving, changing, winning and losing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sales import periods
from sales.changes import Change, add_words, put
from sales.errors import Conflict, Invalid
from sales.money import Said, spread
from sales.setup.document import CompanySetup
from storage.models.customers import Customer
from storage.models.selling import Deal, StageChange

UNNAMED = "新商机"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is told of a deal; empty where nothing is said of it."""

    stage: str | None = None
    amount: Said | None = None
    expected_close: str | None = None
    products: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()


async def open_deals(session: AsyncSession, customer_id: int) -> list[Deal]:
    """The customer's open deals, oldest first."""
    query = select(Deal).where(Deal.customer_id == customer_id, Deal.status == "open")
    return list(await session.scalars(query.order_by(Deal.id)))


async def open_deal(
    session: AsyncSession,
    customer: Customer,
    setup: CompanySetup,
    *,
    name: str | None,
    stage: str | None,
    now: datetime,
) -> Deal:
    """A new deal in its first stage (or the one said), owned by the customer's owner."""
    first = check_stage(setup, stage) if stage else setup.stages[0]
    deal = Deal(
        customer_id=customer.id,
        owner_id=customer.owner_id,
        name=name or UNNAMED,
        stage=first,
        stage_since=now,
        status="open",
        products=[],
        competitors=[],
        created_at=now,
    )
    session.add(deal)
    await session.flush()
    session.add(StageChange(deal_id=deal.id, from_stage=None, to_stage=first, at=now))
    return deal


def check_stage(setup: CompanySetup, stage: str) -> str:
    """One of the open stages; Invalid else."""
    if stage not in setup.stages:
        raise Invalid("stage", stage, setup.stages)
    return stage


def change(
    session: AsyncSession, deal: Deal, news: News, setup: CompanySetup, now: datetime
) -> list[Change]:
    """Write what is told of an open deal; the changes, in the order they are read out."""
    check_open(deal)
    changes: list[Change] = []
    if news.stage:
        changes += move(session, deal, check_stage(setup, news.stage), now)
    if news.amount is not None:
        changes += set_amount(deal, news.amount)
    if news.expected_close:
        changes += _expect(deal, news.expected_close)
    changes += add_words(deal, "products", news.products)
    changes += add_words(deal, "competitors", news.competitors)
    return changes


def check_open(deal: Deal) -> None:
    """Conflict where the deal is won or lost already."""
    if deal.status != "open":
        raise Conflict("closed", deal.name, verdict=deal.status)


def move(session: AsyncSession, deal: Deal, stage: str, now: datetime) -> list[Change]:
    """Into another stage, with the move on record."""
    before = deal.stage
    changes = put(deal, "stage", stage)
    if changes:
        session.add(StageChange(deal_id=deal.id, from_stage=before, to_stage=stage, at=now))
        deal.stage_since = now
    return changes


def set_amount(deal: Deal, amount: Said) -> list[Change]:
    """The amount, or the range that was said; one change for both ends."""
    before = (deal.amount_fen, deal.amount_high_fen)
    after = spread(amount)
    if before == after:
        return []
    deal.amount_fen, deal.amount_high_fen = after
    known = before if before[0] is not None else None
    return [Change(field="amount", before=known, after=after)]


def close(
    session: AsyncSession,
    deal: Deal,
    setup: CompanySetup,
    *,
    outcome: str,
    on: date,
    now: datetime,
    reason: str | None = None,
    lost_to: str | None = None,
) -> list[Change]:
    """Won or lost: the deal leaves its stage for the last one; nothing where it did so already."""
    if deal.status == outcome:
        return []
    check_open(deal)
    changes = move(session, deal, setup.won if outcome == "won" else setup.lost, now)
    deal.status, deal.closed_on = outcome, on
    if outcome == "lost":
        changes += put(deal, "lost_reason", reason) if reason else []
        changes += put(deal, "lost_to", lost_to) if lost_to else []
    return changes


def _expect(deal: Deal, value: str) -> list[Change]:
    deal.expected_close_on = periods.span(value)[1]
    return put(deal, "expected_close", value)
