"""Customers found by name: fresh, bounded, and nothing given away, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select, text, update

from nlu.naming.names import keys_of_name, keys_of_text
from sales import pool
from sales.duplicates import twins
from storage.complete_keys import complete_keys
from storage.db import Database, NameKeys
from storage.models.customers import Customer, CustomerName, NameKey
from storage.models.people import User
from storage.names import MOST_CANDIDATES, candidates, sharing
from storage.viewer import SYSTEM, Viewer
from tests.builders import NOW as _NOW
from tests.builders import (
    make_contact,
    make_customer,
    make_deal,
    make_team,
    make_user,
    viewer_of,
)
from tests.conftest import administer

NOTE = "今天拜访了苏州恒杉精密的王总，聊了交期"


@pytest.fixture
def name_keys() -> NameKeys:
    """The keys of the service."""
    return keys_of_name


async def found(db: Database, note: str, who: Viewer) -> list[str]:
    """The names of the customers that a note may name, as `who` sees them."""
    async with db.read(who) as session:
        rows = await candidates(session, keys_of_text(note), (), who.user_id)
    return [row.name for row in rows]


async def test_a_name_is_found_by_another_process_at_once(
    open_db: Callable[[], Database],
) -> None:
    here, there = open_db(), open_db()
    assert await found(there, NOTE, SYSTEM) == []
    async with here.write(SYSTEM) as session:
        await make_customer(session, "苏州市恒杉精密机械有限公司")
    assert await found(there, NOTE, SYSTEM) == ["苏州市恒杉精密机械有限公司"]


async def test_a_changed_name_is_found_by_its_new_keys_only(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        customer = await make_customer(session, "苏州恒杉精密机械有限公司")
    async with db.write(SYSTEM) as session:
        name = await session.scalar(
            select(CustomerName).where(CustomerName.customer_id == customer.id)
        )
        assert name is not None
        name.text = "乐山启橙农机有限公司"
    assert await found(db, NOTE, SYSTEM) == []
    assert len(await found(db, "启橙农机那边", SYSTEM)) == 1


@pytest.mark.parametrize("role", ["rep", "manager", "director", "finance", "admin"])
async def test_each_finds_what_each_may_see(db: Database, role: str) -> None:
    """Own, shared, pool, the team's and a stranger's customer bear the same short name."""
    async with db.write(SYSTEM) as session:
        team, other = await make_team(session), await make_team(session, "华南组")
        me = await make_user(session, role=role, team=team)
        mate = await make_user(session, "陈静", team=team)
        far = await make_user(session, "周涛", team=other)
        await make_customer(session, "恒杉一电子有限公司", owner=me)
        await make_customer(session, "恒杉二电子有限公司", owner=far, shared_with=[me])
        await make_customer(session, "恒杉三电子有限公司")
        await make_customer(session, "恒杉四电子有限公司", owner=mate)
        await make_customer(session, "恒杉五电子有限公司", owner=far)
    seen = {"rep": "一二三", "manager": "一二三四", "director": "一二三四五",
            "finance": "一二三四五", "admin": ""}[role]  # fmt: skip
    names = await found(db, "去了恒杉", viewer_of(me, [team.id]))
    assert [name[2] for name in names] == list(seen)


async def test_ten_thousand_namesakes_do_not_hide_ones_own(db: Database) -> None:
    """Neither those that the reader may not see nor those of the pool."""
    async with db.write(SYSTEM) as session:
        me, other = await make_user(session), await make_user(session, "周涛")
    await _crowd(db, owner_id=other.id, count=6000)
    await _crowd(db, owner_id=None, count=4000)
    async with db.write(SYSTEM) as session:
        await make_customer(session, "恒杉电子有限公司", owner=me)
        far = await make_customer(session, "恒杉照明有限公司", owner=other, shared_with=[me])
    names = await found(db, "去了恒杉，谈得不错", viewer_of(me))
    assert "恒杉电子有限公司" in names
    assert far.name in names
    assert len(names) <= MOST_CANDIDATES


async def test_keys_follow_the_owner(db: Database) -> None:
    """Whoever changes it and however: out of the pool, handed over, by a bare UPDATE."""
    async with db.write(SYSTEM) as session:
        one, two = await make_user(session), await make_user(session, "周涛")
        customer = await make_customer(session, "恒杉电子有限公司", owner=one)
    async with db.write(SYSTEM) as session:
        kept, to = await session.get(Customer, customer.id), await session.get(User, two.id)
        assert kept is not None
        assert to is not None
        await pool.hand_over(session, kept, to, from_id=one.id)
    assert await _owners_of_keys(db) == {two.id}
    async with db.write(SYSTEM) as session:
        await session.execute(update(Customer).values(owner_id=None))
    assert await _owners_of_keys(db) == {0}
    assert len(await found(db, "去了恒杉", viewer_of(one))) == 1


async def test_keys_vanish_with_the_name(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        customer = await make_customer(session, "恒杉电子有限公司")
    async with db.write(SYSTEM) as session:
        for name in await session.scalars(select(CustomerName)):
            await session.delete(name)
        await session.flush()
        kept = await session.get(Customer, customer.id)
        await session.delete(kept)
    assert await _owners_of_keys(db) == set()


async def test_names_without_keys_get_them(db: Database) -> None:
    """As after an upgrade that emptied the table, interrupted once."""
    async with db.write(SYSTEM) as session:
        me = await make_user(session)
        for number in "一二三":
            await make_customer(session, f"恒杉{number}电子有限公司", owner=me)
        newest = await session.scalar(select(CustomerName.id).order_by(CustomerName.id.desc()))
    async with db.writer.begin() as connection:
        await connection.execute(
            text("DELETE FROM name_key WHERE name_id < :newest"), {"newest": newest}
        )
    assert len(await found(db, "去了恒杉", viewer_of(me))) == 1
    assert await complete_keys(db) == 3
    assert len(await found(db, "去了恒杉", viewer_of(me))) == 3
    assert await complete_keys(db) == 0


@pytest.mark.parametrize("role", ["rep", "manager", "director"])
async def test_the_query_reads_by_the_key_alone(db: Database, db_url: str, role: str) -> None:
    """No scan, on either database, of a table with many names."""
    async with db.write(SYSTEM) as session:
        me = await make_user(session, role=role)
        await make_customer(session, "苏州恒杉精密机械有限公司", owner=me)
    await _crowd(db, owner_id=me.id, count=3000)
    ran: list[tuple[str, Any]] = []

    @event.listens_for(db.reader.sync_engine, "before_cursor_execute")
    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        ran.append((statement, values))

    await administer(db_url, "ANALYZE" if db.is_sqlite else "VACUUM ANALYZE")
    async with db.read(viewer_of(me, [1, 2])) as reading:
        await sharing(reading, keys_of_text(NOTE))
    statement, values = next(one for one in ran if "name_key" in one[0])
    explain = "EXPLAIN QUERY PLAN " if db.is_sqlite else "EXPLAIN "
    async with db.writer.begin() as connection:
        rows = (await connection.exec_driver_sql(explain + statement, values)).all()
    plan = "\n".join(str(row[-1]) for row in rows)
    for table in ("name_key", "customer_name", "e", "n", "c"):
        assert f"SCAN {table}\n" not in plan + "\n", plan
    assert "Seq Scan on name_key" not in plan, plan
    assert "Seq Scan on customer_name" not in plan, plan


async def test_a_long_note_is_one_bounded_query(db: Database) -> None:
    """Ten thousand characters hold more pieces than a statement may have parameters."""
    async with db.write(SYSTEM) as session:
        await make_customer(session, "苏州恒杉精密机械有限公司")
    words = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(10_000))
    assert await found(db, NOTE + words, SYSTEM) == ["苏州恒杉精密机械有限公司"]


@pytest.mark.parametrize("said", ["%", "_%", "' OR 1=1--", "[恒杉]%", "\\"])
async def test_wildcards_name_nobody(db: Database, said: str) -> None:
    async with db.write(SYSTEM) as session:
        await make_customer(session, "苏州启橙精密机械有限公司")
    assert await found(db, said, SYSTEM) == []


async def _crowd(db: Database, *, owner_id: int | None, count: int) -> None:
    """That many customers that are all called 恒杉."""
    async with db.writer.begin() as connection:
        first = (await connection.scalar(text("SELECT coalesce(max(id), 0) FROM customer"))) + 1
        numbers = range(first, first + count)
        about = {"name": "恒杉科技有限公司", "owner_id": owner_id, "created_at": _NOW}
        tables = Customer.metadata.tables
        await connection.execute(
            tables["customer"].insert(), [{"id": n, **about} for n in numbers]
        )
        await connection.execute(
            tables["customer_name"].insert(),
            [{"id": n, "customer_id": n, "text": "恒杉科技", "kind": "short"} for n in numbers],
        )
        await connection.execute(
            tables["name_key"].insert(),
            [
                {"key": key, "owner_id": owner_id or 0, "name_id": n, "customer_id": n}
                for n in numbers
                for key in ("恒杉", "~hen'san", "恒杉科技")
            ],
        )
        if not db.is_sqlite:
            for table in ("customer", "customer_name"):
                await connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {first + count})"
                    )
                )


async def _owners_of_keys(db: Database) -> set[int]:
    async with db.read(SYSTEM) as session:
        return set(await session.scalars(select(NameKey.owner_id)))


async def test_a_twin_is_found_among_many_namesakes(db: Database) -> None:
    """Whoever owns it, though more customers share its parts than are looked at."""
    async with db.write(SYSTEM) as session:
        me, other = await make_user(session), await make_user(session, "周涛")
    await _crowd(db, owner_id=me.id, count=500)
    async with db.write(SYSTEM) as session:
        await make_customer(session, "恒杉科技贸易股份有限公司", owner=other)
    async with db.write(viewer_of(me)) as session:
        found = await twins(session, viewer_of(me), "恒杉科技贸易有限公司")
    assert [(twin.owner_name, twin.visible) for twin in found] == [("周涛", False)]


@pytest.mark.parametrize(
    ("note", "reached"),
    [
        ("白大川说预算加到六十万", True),
        ("折弯线那单推进到方案了", True),
        ("白大河说预算加到六十万", False),
        ("折弯机那单推进到方案了", False),
    ],
)
async def test_ones_own_contacts_and_deals_lead_to_their_customer(
    db: Database, note: str, reached: bool
) -> None:
    """As the parser is handed them offline; a colleague's lead nowhere."""
    async with db.write(SYSTEM) as session:
        rep, other = await make_user(session, "贺一鸣"), await make_user(session, "唐可心")
        mine = await make_customer(session, "自贡盐灯灯具有限公司", owner=rep)
        await make_contact(session, mine, "白大川")
        await make_deal(session, mine, name="折弯线改造")
        hers = await make_customer(session, "乐山启橙农机有限公司", owner=other)
        await make_contact(session, hers, "白大川")
        await make_deal(session, hers, name="折弯线扩建")
        who = viewer_of(rep)
    assert await found(db, note, who) == (["自贡盐灯灯具有限公司"] if reached else [])


async def test_a_whole_name_is_found_among_its_namesakes(db: Database) -> None:
    """By who sees them all and owns none."""
    async with db.write(SYSTEM) as session:
        owner = await make_user(session)
        head = await make_user(session, "王敏", role="director")
    await _crowd(db, owner_id=owner.id, count=500)
    async with db.write(SYSTEM) as session:
        await make_customer(
            session, "恒杉科技有限公司", owner=owner, created_at=_NOW, region="华北"
        )
    async with db.read(viewer_of(head)) as session:
        keys = keys_of_text("下周去恒杉科技有限公司，带样机")
        rows = await candidates(session, keys, (), head.id)
    assert "华北" in {row.region for row in rows}
