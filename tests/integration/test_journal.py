"""The journal: every change of every record, with before, after, who, when and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.db import Database
from storage.models.customers import Customer, CustomerTag, NameKey
from storage.models.journal import Journal
from storage.models.selling import Deal
from storage.viewer import SYSTEM
from tests.builders import (
    NOW,
    make_customer,
    make_deal,
    make_sent_card,
    make_user,
    viewer_of,
)

LATER = NOW + timedelta(minutes=5)


async def entries(db: Database, record_type: str) -> list[Journal]:
    async with db.read(SYSTEM) as session:
        query = select(Journal).where(Journal.record_type == record_type).order_by(Journal.id)
        return list(await session.scalars(query))


async def test_a_new_record_is_written_whole_with_its_id(db: Database) -> None:
    async with db.write(SYSTEM, event_id=7, now=NOW) as session:
        customer = await make_customer(session, "宏远机械", industry="机械")
    (entry,) = await entries(db, "customer")
    assert (entry.operation, entry.record_id, entry.before) == ("create", str(customer.id), {})
    assert entry.after["name"] == "宏远机械"
    assert entry.after["created_at"] == "2026-11-24T02:00:00+00:00"
    assert (entry.event_id, entry.at, entry.actor_id) == (7, NOW, None)


async def test_a_change_holds_only_what_changed_and_who_did_it(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        lina = await make_user(session)
        customer = await make_customer(session, owner=lina)
        deal = await make_deal(session, customer, amount_fen=100)
    async with db.write(viewer_of(lina), event_id=8, now=LATER) as session:
        kept = await session.get(Deal, deal.id)
        assert kept is not None
        kept.amount_fen, kept.stage = 250, kept.stage
    entry = (await entries(db, "deal"))[-1]
    assert (entry.operation, entry.before, entry.after) == (
        "update", {"amount_fen": 100}, {"amount_fen": 250},
    )  # fmt: skip
    assert (entry.event_id, entry.at, entry.actor_id) == (8, LATER, lina.id)


async def test_a_deleted_record_can_be_restored_from_its_entry(db: Database) -> None:
    """A record with a key of two columns has both in its id."""
    async with db.write(SYSTEM) as session:
        customer = await make_customer(session)
        session.add(CustomerTag(customer_id=customer.id, tag="重点"))
    async with db.write(SYSTEM) as session:
        tag = await session.get(CustomerTag, (customer.id, "重点"))
        await session.delete(tag)
    created, deleted = await entries(db, "customer_tag")
    assert created.record_id == deleted.record_id == f"{customer.id}:重点"
    assert (deleted.operation, deleted.before) == (
        "delete", {"customer_id": customer.id, "tag": "重点"},
    )  # fmt: skip


async def test_several_flushes_are_all_written_in_order(db: Database) -> None:
    async with db.write(SYSTEM, event_id=9) as session:
        customer = await make_customer(session)
        for grade in "AB":
            customer.grade = grade
            await session.flush()
    changes = [
        (entry.operation, entry.after.get("grade")) for entry in await entries(db, "customer")
    ]
    assert changes == [("create", None), ("update", "A"), ("update", "B")]


async def test_what_is_rolled_back_was_never_written(db: Database) -> None:
    async def fail() -> None:
        async with db.write(SYSTEM) as session:
            await make_customer(session)
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await fail()
    assert await entries(db, "customer") == []


async def test_an_unchanged_value_and_the_services_own_rows_are_not_written(
    db: Database,
) -> None:
    async with db.write(SYSTEM) as session:
        customer = await make_customer(session, grade="A")
    async with db.write(SYSTEM) as session:
        kept = await session.get(Customer, customer.id)
        assert kept is not None
        kept.grade = "B"
        kept.grade = "A"
        await make_sent_card(session)
    assert len(await entries(db, "customer")) == 1
    assert await entries(db, "sent_card") == []


async def test_a_name_gets_the_keys_it_is_found_by(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        customer = await make_customer(session, "宏远机械有限公司", short="宏远")
    async with db.read(SYSTEM) as session:
        rows: Any = (await session.execute(select(NameKey.key, NameKey.customer_id))).all()
    assert {tuple(row) for row in rows} == {
        ("宏远机械有限公司", customer.id), ("宏远", customer.id),
    }  # fmt: skip
