"""A made-up company for the measures: reps with customers of their own, and what they write."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.envelopes import App
from nlu.naming.names import keys_of_name
from storage.db import Database
from storage.migrate import upgrade
from storage.models.customers import Contact, Customer, CustomerName
from storage.models.people import Binding, Team, User
from storage.viewer import SYSTEM

CUSTOMERS_EACH = 4
PLACES = ("江陵", "南浦", "青石", "云岭", "海宁", "临川", "东岸", "宝塔", "长桥", "金沙")
FIRST = "恒盛联拓凯信博远鼎立德创铭嘉启安瑞泽宏润"
SECOND = "达通源科华业邦泰丰阳诚和捷翔图新立光辰宇"
TRADES = ("机械", "电子", "材料", "物流", "医疗", "软件", "仪表", "食品")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
TITLES = ("总", "经理", "主任", "工")


@dataclass(frozen=True, slots=True)
class Rep:
    """A member's user id and the customers and contacts that this rep writes about."""

    userid: str
    customers: tuple[tuple[str, str], ...]


async def found(app: App, folder: Path, reps: int, seed: int) -> list[Rep]:
    """Make the tables in `folder` and fill them."""
    url = f"sqlite:///{folder / 'gendan.db'}"
    await upgrade(url)
    chance = random.Random(seed)
    names = _company_names(chance, reps * CUSTOMERS_EACH)
    made = [
        Rep(
            f"rep{number:04}",
            tuple((names.pop(), chance.choice(SURNAMES) + chance.choice(TITLES))
                  for _ in range(CUSTOMERS_EACH)),
        )
        for number in range(reps)
    ]  # fmt: skip
    database = Database(url, name_keys=keys_of_name)
    try:
        await _fill(database, app, made)
    finally:
        await database.close()
    return made


def notes(reps: list[Rep], count: int, seed: int) -> list[tuple[str, str]]:
    """(userid, text) of visit notes: the reps take turns, each note has one visit in it."""
    chance = random.Random(seed)
    return [(rep.userid, _note(rep, chance)) for rep in (reps * (count // len(reps) + 1))[:count]]


def _note(rep: Rep, chance: random.Random) -> str:
    customer, contact = chance.choice(rep.customers)
    topic = chance.choice(("交货周期", "售后服务", "付款方式", "样机试用", "技术方案"))
    return f"今天上午拜访了{customer}的{contact}，主要聊了{topic}，对方比较认可。"


def _company_names(chance: random.Random, count: int) -> list[str]:
    every = [
        f"{place}{first}{second}{trade}有限公司"
        for place in PLACES
        for first in FIRST
        for second in SECOND
        for trade in TRADES
    ]
    return chance.sample(every, count)


async def _fill(database: Database, app: App, reps: list[Rep]) -> None:
    now = datetime.now(UTC)
    async with database.write(SYSTEM, now=now) as session:
        team = Team(name="销售一部", path="/1/")
        session.add(team)
        await session.flush()
        users = [User(name=f"销售{rep.userid[3:]}", team_id=team.id) for rep in reps]
        session.add_all(users)
        await session.flush()
        for user, rep in zip(users, reps, strict=True):
            session.add(
                Binding(
                    platform="wecom", corp=app.corp_id, platform_user=rep.userid, user_id=user.id
                )
            )
        rows = [
            (Customer(name=name, owner_id=user.id, created_at=now), contact)
            for user, rep in zip(users, reps, strict=True)
            for name, contact in rep.customers
        ]
        session.add_all(customer for customer, _ in rows)
        await session.flush()
        for customer, contact in rows:
            session.add(CustomerName(customer_id=customer.id, text=customer.name))
            session.add(Contact(customer_id=customer.id, name=contact, title=contact[1:]))
