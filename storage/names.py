"""Finding customers by the keys that a text holds: one query, narrowed to what its reader sees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.customers import Contact, Customer, CustomerName, NameKey
from storage.models.selling import Deal

MOST_CANDIDATES = 60
"""A key shared by more customers than this says too little; own ones come first."""


@dataclass(slots=True, kw_only=True)
class Candidate:
    """A customer that a text may name, with what tells it from its namesakes."""

    id: int
    name: str
    owner_id: int | None
    industry: str | None
    region: str | None
    grade: str | None
    aliases: list[str] = field(default_factory=list)
    learned: list[str] = field(default_factory=list)
    contacts: list[tuple[str, str | None]] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)


async def candidates(
    session: AsyncSession, keys: Collection[str], also: Iterable[int], reader_id: int
) -> list[Candidate]:
    """The customers named by `keys`, and those with the ids `also`, ordered by id."""
    named = select(NameKey.customer_id).where(NameKey.key.in_(bindparam("keys", expanding=True)))
    query = (
        select(
            Customer.id, Customer.name, Customer.owner_id,
            Customer.industry, Customer.region, Customer.grade,
        )
        .where(or_(Customer.id.in_(named), Customer.id.in_(sorted(also))))
        .order_by((Customer.owner_id == reader_id).desc(), Customer.id)
        .limit(MOST_CANDIDATES)
    )  # fmt: skip
    found = {
        row.id: Candidate(
            id=row.id, name=row.name, owner_id=row.owner_id,
            industry=row.industry, region=row.region, grade=row.grade,
        )
        for row in await session.execute(query, {"keys": sorted(keys)})
    }  # fmt: skip
    if found:
        await _add_names(session, found, reader_id)
        await _add_contacts(session, found)
        await _add_deals(session, found)
    return [found[key] for key in sorted(found)]


async def _add_names(session: AsyncSession, found: dict[int, Candidate], reader_id: int) -> None:
    names = select(CustomerName.customer_id, CustomerName.text, CustomerName.learned_by).where(
        CustomerName.customer_id.in_(list(found)), CustomerName.kind != "registered"
    )
    for customer_id, text, learned_by in await session.execute(names):
        if learned_by is None:
            found[customer_id].aliases.append(text)
        elif learned_by == reader_id:
            found[customer_id].learned.append(text)


async def _add_contacts(session: AsyncSession, found: dict[int, Candidate]) -> None:
    people = select(Contact.customer_id, Contact.name, Contact.title).where(
        Contact.customer_id.in_(list(found)), Contact.left.is_(False)
    )
    for customer_id, name, title in await session.execute(people.order_by(Contact.id)):
        found[customer_id].contacts.append((name, title))


async def _add_deals(session: AsyncSession, found: dict[int, Candidate]) -> None:
    query = select(Deal).where(Deal.customer_id.in_(list(found)), Deal.status == "open")
    deals: dict[int, list[Deal]] = defaultdict(list)
    for deal in await session.scalars(query.order_by(Deal.id)):
        deals[deal.customer_id].append(deal)
    for customer_id, own in deals.items():
        found[customer_id].deals = own
