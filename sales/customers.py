"""Customers, what they are called, what is known of them and who works there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales import periods
from sales.changes import Change, put
from sales.errors import Invalid
from sales.setup.document import CompanySetup, CustomField
from storage.models.customers import Contact, Customer, CustomerName, CustomerTag
from storage.models.people import User
from storage.viewer import kept

FACTS = ("industry", "region", "grade", "source", "address", "size")
LIMITS = {"industry": 100, "region": 50, "grade": 10, "source": 100, "address": 300, "size": 100}
MOST_NAME = 100
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_REGISTERED = kept(select(Customer.id, Customer.name).where(Customer.id.in_(_IDS)))
_SHORT = kept(
    select(CustomerName.customer_id, CustomerName.text)
    .where(CustomerName.customer_id.in_(_IDS), CustomerName.kind == "short")
    .order_by(func.length(CustomerName.text), CustomerName.id.desc())
)
_PEOPLE = kept(
    select(Contact)
    .where(Contact.customer_id == bindparam("customer"), Contact.left.is_(False))
    .order_by(Contact.id)
)


async def create(session: AsyncSession, name: str, owner: User, now: datetime) -> Customer:
    """A new customer of this owner, found by its name from now on."""
    name = " ".join(name.split())
    if not 2 <= len(name) <= MOST_NAME:
        raise Invalid("new_customer", name)
    customer = Customer(
        name=name, owner_id=owner.id, created_at=now, created_by=owner.id, custom={}
    )
    session.add(customer)
    await session.flush()
    session.add(CustomerName(customer_id=customer.id, text=name, kind="registered"))
    await session.flush()
    return customer


async def short_names(session: AsyncSession, ids: Iterable[int]) -> dict[int, str]:
    """How people call these customers: the longest short name, else the registered one.

    A session remembers what it read: one message's acts ask for the same few names.
    """
    known: dict[int, str] = session.info.setdefault("short_names", {})
    asked = set(ids)
    wanted = sorted(asked - known.keys())
    if wanted:
        known.update(await _read_short_names(session, wanted))
    return {number: known[number] for number in sorted(asked & known.keys())}


async def called(session: AsyncSession, name: str, most: int) -> list[int]:
    """The customers that have exactly this name."""
    query = select(CustomerName.customer_id).where(CustomerName.text == name).distinct()
    return list(await session.scalars(query.order_by(CustomerName.customer_id).limit(most)))


async def names_of(session: AsyncSession, ids: Iterable[int]) -> dict[int, list[str]]:
    """Everything that these customers are called."""
    query = select(CustomerName.customer_id, CustomerName.text)
    called: dict[int, list[str]] = {}
    for row in await session.execute(query.where(CustomerName.customer_id.in_(sorted(set(ids))))):
        called.setdefault(row.customer_id, []).append(row.text)
    return called


async def _read_short_names(session: AsyncSession, wanted: list[int]) -> dict[int, str]:
    rows = await session.execute(_REGISTERED, {"ids": wanted})
    names = {row.id: row.name for row in rows}
    return names | await _read_short(session, wanted)


async def _read_short(session: AsyncSession, wanted: list[int]) -> dict[int, str]:
    """Finance sees a customer, and not what those who sell call it: so this is narrowed too."""
    rows = await session.execute(_SHORT, {"ids": wanted})
    return {row.customer_id: row.text for row in rows}


async def short_name(session: AsyncSession, customer: Customer) -> str:
    """How people call this customer."""
    known: dict[int, str] = session.info.setdefault("short_names", {})
    if customer.id not in known:
        found = await _read_short(session, [customer.id])
        known[customer.id] = found.get(customer.id, customer.name)
    return known[customer.id]


async def learn(session: AsyncSession, customer: Customer, text: str, user_id: int) -> bool:
    """Remember what this person calls the customer; False where it is known already."""
    query = select(CustomerName).where(
        CustomerName.text == text, CustomerName.learned_by == user_id
    )
    for known in await session.scalars(query):
        if known.customer_id == customer.id:
            return False
        await session.delete(known)
    session.add(
        CustomerName(customer_id=customer.id, text=text, kind="learned", learned_by=user_id)
    )
    await session.flush()
    return True


async def learned(session: AsyncSession, user_id: int) -> list[tuple[str, str]]:
    """What this person has taught: (what they say, the customer's name), newest first."""
    query = (
        select(CustomerName.text, Customer.name)
        .join(Customer, Customer.id == CustomerName.customer_id)
        .where(CustomerName.learned_by == user_id)
        .order_by(CustomerName.id.desc())
    )
    return [(said, name) for said, name in await session.execute(query)]


async def forget(session: AsyncSession, text: str, user_id: int) -> bool:
    """Forget a name that this person taught; False where there is none."""
    query = select(CustomerName).where(
        CustomerName.text == text, CustomerName.learned_by == user_id
    )
    found = list(await session.scalars(query))
    for name in found:
        await session.delete(name)
    return bool(found)


async def set_facts(
    session: AsyncSession, customer: Customer, facts: dict[str, Any], setup: CompanySetup
) -> list[Change]:
    """Write what is told of the customer; Invalid for a field that doesn't exist."""
    custom = {field.name: field for field in setup.fields}
    changes: list[Change] = []
    for name, value in facts.items():
        if name in FACTS:
            if len(str(value)) > LIMITS[name]:
                raise Invalid(name, value)
            changes += put(customer, name, str(value))
        elif name == "tags":
            changes += await _tag(session, customer, value)
        elif name in custom:
            changes += _set_custom(customer, custom[name], value)
        else:
            raise Invalid("field", name, (*FACTS, *custom))
    return changes


def _set_custom(customer: Customer, field: CustomField, value: Any) -> list[Change]:
    if field.type == "choice" and value not in field.choices:
        raise Invalid(field.name, value, field.choices)
    if field.type == "number" and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Invalid(field.name, value)
    if field.type == "date":
        periods.span(str(value))
    before = customer.custom.get(field.name)
    if before == value:
        return []
    customer.custom = {**customer.custom, field.name: value}
    return [Change(field=field.name, before=before, after=value)]


async def _tag(session: AsyncSession, customer: Customer, tags: Iterable[str]) -> list[Change]:
    query = select(CustomerTag.tag).where(CustomerTag.customer_id == customer.id)
    known = set(await session.scalars(query))
    new = [tag for tag in dict.fromkeys(tags) if tag not in known]
    session.add_all(CustomerTag(customer_id=customer.id, tag=tag) for tag in new)
    return [Change(field="tags", before=None, after=new)] if new else []


async def people_at(session: AsyncSession, customer_id: int) -> list[Contact]:
    """Who works there still, oldest contact first."""
    return list(await session.scalars(_PEOPLE, {"customer": customer_id}))


async def write_contact(
    session: AsyncSession, customer: Customer, name: str, facts: dict[str, Any]
) -> tuple[Contact, list[Change]]:
    """What is told of a person there, who is new where nobody has that name."""
    if not name.strip() or len(name) > MOST_NAME:
        raise Invalid("contact", name)
    found = [c for c in await people_at(session, customer.id) if c.name == name]
    if found:
        changes = [change for key, value in facts.items() for change in put(found[0], key, value)]
        return found[0], changes
    contact = Contact(customer_id=customer.id, name=name, **{"left": False, **facts})
    session.add(contact)
    await session.flush()
    return contact, [Change(field="new", before=None, after=name)]
