"""Who sees what: one table of roles and records, through every shape a query can take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from storage.db import Database, ReadSession
from storage.models.customers import Contact, Customer, CustomerName
from storage.models.papers import Contract, Payment, Quote
from storage.models.people import User
from storage.models.selling import Activity, Deal, Task
from storage.viewer import SYSTEM, Viewer
from tests.builders import (
    make_activity,
    make_contact,
    make_contract,
    make_customer,
    make_deal,
    make_payment,
    make_quote,
    make_task,
    make_team,
    make_user,
    viewer_of,
)

OWNERS = ("mine", "shared", "colleague", "elsewhere", "pool")
"""Whose the five customers are, as the rep sees them."""


@dataclass
class World:
    """Two teams, five customers with a record of each kind, and everybody who may look."""

    db: Database
    viewers: dict[str, Viewer]

    async def seen(self, role: str, query: Select[Any]) -> list[Any]:
        async with self.db.read(self.viewers[role]) as session:
            return sorted(await session.scalars(query))


@pytest.fixture
async def world(db: Database) -> World:
    async with db.write(SYSTEM) as session:
        team, other = await make_team(session), await make_team(session, "华南组")
        rep = await make_user(session, "李强", team=team)
        mate = await make_user(session, "陈静", team=team)
        far = await make_user(session, "周涛", team=other)
        head = await make_user(session, "王敏", role="manager", team=team)
        viewers = {"rep": viewer_of(rep), "manager": viewer_of(head, [team.id])}
        for role in ("director", "finance", "admin"):
            viewers[role] = viewer_of(await make_user(session, role, role=role))
        owners = {"mine": rep, "shared": mate, "colleague": mate, "elsewhere": far, "pool": None}
        for name, owner in owners.items():
            shared = [rep] if name == "shared" else []
            customer = await make_customer(session, name, owner=owner, shared_with=shared)
            by = (owner or rep).id
            await make_contact(session, customer, name)
            await make_deal(session, customer, name=name)
            await make_activity(session, customer, note=name, owner_id=by)
            await make_quote(session, customer, reason=name, owner_id=by)
            await make_contract(session, customer, paper_number=name, owner_id=by)
            await make_payment(session, customer, owner_id=by)
            if owner is not None:
                await make_task(session, owner, what=name, customer_id=customer.id)
    return World(db, {**viewers, "system": SYSTEM})


REP = sorted(["mine", "shared", "pool"])
TEAM = sorted(["mine", "shared", "pool", "colleague"])
ALL = sorted(OWNERS)
CUSTOMERS = {"rep": REP, "manager": TEAM, "director": ALL, "admin": [], "system": ALL}
TASKS = {
    "rep": ["mine"],
    "manager": ["colleague", "mine", "shared"],
    "director": ["colleague", "elsewhere", "mine", "shared"],
    "finance": [],
    "admin": [],
}
KINDS: dict[str, tuple[Any, dict[str, list[str]]]] = {
    "customers": (Customer.name, {**CUSTOMERS, "finance": ALL}),
    "contacts": (Contact.name, {**CUSTOMERS, "finance": []}),
    "names": (CustomerName.text, {**CUSTOMERS, "finance": []}),
    "deals": (Deal.name, {**CUSTOMERS, "finance": []}),
    "activities": (Activity.note, {**CUSTOMERS, "finance": []}),
    "quotes": (Quote.reason, {**CUSTOMERS, "finance": []}),
    "contracts": (Contract.paper_number, {**CUSTOMERS, "finance": ALL}),
    "tasks": (Task.what, TASKS),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_who_sees_which_records(world: World, kind: str) -> None:
    """Every role against every kind of record."""
    column, expected = KINDS[kind]
    found = {role: await world.seen(role, select(column)) for role in expected}
    assert found == expected


async def test_payments_follow_their_customers(world: World) -> None:
    amounts = {
        role: len(await world.seen(role, select(Payment.id)))
        for role in ("rep", "manager", "director", "finance", "admin")
    }
    assert amounts == {"rep": 3, "manager": 4, "director": 5, "finance": 5, "admin": 0}


Shape = Callable[[], Select[Any]]
_alias = aliased(Customer)
_flat = select(Customer.name.label("name")).subquery()
_cte = select(Customer.name.label("name")).cte()
SHAPES: dict[str, Shape] = {
    "entity column": lambda: select(Customer.name),
    "alias": lambda: select(_alias.name),
    "join": lambda: select(Customer.name).join(Deal, Deal.customer_id == Customer.id),
    "joined from users": lambda: select(Customer.name)
    .select_from(User)
    .join(Customer, Customer.owner_id == User.id, full=False),
    "outer join": lambda: select(Customer.name)
    .select_from(Deal)
    .outerjoin(Customer, Deal.customer_id == Customer.id),
    "subquery": lambda: select(_flat.c.name),
    "common table": lambda: select(_cte.c.name),
    "in a condition": lambda: select(CustomerName.text).where(
        CustomerName.customer_id.in_(select(Customer.id))
    ),
    "exists": lambda: select(Deal.name).where(exists().where(Customer.id == Deal.customer_id)),
    "alias joined to itself": lambda: select(_alias.name).join(
        Customer, Customer.id == _alias.id
    ),
    "scalar subquery": lambda: select(
        select(func.max(Customer.name)).where(Customer.id == Deal.customer_id).scalar_subquery()
    ).select_from(Deal),
    "union": lambda: select(
        select(Customer.name).union(select(Deal.name)).subquery().c[0]
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
async def test_no_shape_of_a_query_shows_more(world: World, shape: str) -> None:
    """The same names must not appear whichever way they are asked for."""
    found = set(await world.seen("rep", SHAPES[shape]()))
    assert found <= set(REP)
    assert "mine" in found


async def test_counts_and_keys_give_nothing_away(world: World) -> None:
    async with world.db.read(SYSTEM) as session:
        hidden = await session.scalar(select(Customer.id).where(Customer.name == "elsewhere"))
    async with world.db.read(world.viewers["rep"]) as session:
        assert await session.scalar(select(func.count()).select_from(Customer)) == 3
        assert await session.scalar(select(func.count(Customer.id))) == 3
        assert await session.get(Customer, hidden) is None


async def test_counting_over_a_subquery_gives_nothing_away(world: World) -> None:
    inner = select(Customer.id).subquery()
    async with world.db.read(world.viewers["rep"]) as session:
        assert await session.scalar(select(func.count()).select_from(inner)) == 3


async def test_a_bare_table_is_refused_for_it_could_not_be_narrowed(world: World) -> None:
    bare = select(Customer.__table__.c.name)
    async with world.db.read(world.viewers["rep"]) as session:
        with pytest.raises(RuntimeError, match="mapped classes"):
            await session.execute(bare)


async def test_a_changed_owner_is_seen_at_once(world: World) -> None:
    """What is remembered of a viewer is whom to ask for, never what was found."""
    query = select(Customer.name)
    assert "mine" in await world.seen("rep", query)
    async with world.db.write(SYSTEM) as session:
        customer = await session.scalar(select(Customer).where(Customer.name == "mine"))
        assert customer is not None
        customer.owner_id = None
        hidden = await session.scalar(select(Customer).where(Customer.name == "pool"))
        assert hidden is not None
        hidden.owner_id = world.viewers["director"].user_id
    assert await world.seen("rep", query) == ["mine", "shared"]


async def test_a_session_without_a_viewer_reads_nothing(db: Database) -> None:
    async with ReadSession(db.reader) as session:
        with pytest.raises(RuntimeError, match="no viewer"):
            await session.scalars(select(Customer))
