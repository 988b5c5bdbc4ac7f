"""Figures out of both databases: each metric by its definition, by group, over time, by viewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reports.day_figures import daily
from reports.figures import ANSWERED, Question, by_group, funnel, members, over_time, value
from reports.measures import Scope
from reports.metrics import METRICS
from reports.results import Point, Progress, Row, StageFigure
from sales.errors import Invalid
from storage.db import Database
from storage.models.people import Team, User
from storage.viewer import SYSTEM
from tests.builders import (
    make_activity,
    make_contract,
    make_customer,
    make_deal,
    make_payment,
    make_target,
    make_team,
    make_user,
    viewer_of,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 24)
STAGES = ("初步接触", "方案呈现")
WAN = 1_000_000


@dataclass
class World:
    """Two teams below one: 甲 and 乙 in the east, 丙 in the south."""

    users: dict[str, User]
    teams: dict[str, Team]


def at(day: int, hour: int = 4, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
async def world(db: Database) -> World:
    async with db.system() as session:
        top = await make_team(session, "销售中心")
        teams = {
            "东": await make_team(session, "东组", top),
            "南": await make_team(session, "南组", top),
        }
        users = {
            "甲": await make_user(session, "甲", team=teams["东"]),
            "乙": await make_user(session, "乙", team=teams["东"]),
            "丙": await make_user(session, "丙", team=teams["南"]),
            "闲": await make_user(session, "闲", team=teams["南"]),
        }
        await _records(session, users)
        await make_target(session, users["甲"], value_fen=100 * WAN)
        await make_target(session, users["丙"], value_fen=200 * WAN)
        await make_target(session, users["甲"], value_fen=80 * WAN, metric="collections")
        await make_target(session, users["甲"], value_fen=50 * WAN, month="2026-10")
    return World(users, {**teams, "总": top})


async def _records(session: Any, users: Mapping[str, User]) -> None:
    east = {"region": "华东", "industry": "汽车", "source": "展会", "grade": "A"}
    first = await make_customer(session, "子", owner=users["甲"], created_at=at(3), **east)
    second = await make_customer(
        session, "丑", owner=users["乙"], region="华东", industry="电子", created_at=at(2, month=9)
    )
    third = await make_customer(
        session,
        "寅",
        owner=users["丙"],
        region="华南",
        created_at=datetime(2026, 10, 31, 17, tzinfo=UTC),
    )  # already November in Shanghai
    won = await make_deal(
        session, first, status="won", stage="赢单", closed_on=date(2026, 11, 24),
        created_at=datetime(2026, 11, 4, 17, tzinfo=UTC), products=["产线", "维保"],
    )  # fmt: skip
    await make_deal(
        session, second, status="won", stage="赢单", closed_on=date(2026, 11, 10),
        created_at=at(1, month=10), products=["产线"],
    )  # fmt: skip
    await make_deal(
        session, third, status="lost", stage="输单", closed_on=date(2026, 11, 11),
        created_at=at(20, month=10), products=["维保"],
    )  # fmt: skip
    await make_deal(session, first, amount_fen=30 * WAN, products=["维保"], created_at=at(24))
    await make_deal(session, third, amount_fen=None, stage="方案呈现", created_at=at(23))
    await make_deal(session, third, amount_fen=20 * WAN, stage="旧阶段", created_at=at(1, month=8))

    signed = await make_contract(session, first, deal_id=won.id, amount_fen=60 * WAN)
    await make_contract(session, second, amount_fen=40 * WAN, signed_on=date(2026, 11, 23))
    await make_contract(session, third, amount_fen=20 * WAN, signed_on=date(2026, 10, 24))
    await make_contract(session, third, amount_fen=7 * WAN, signed_on=date(2026, 10, 25))
    await make_contract(session, third, amount_fen=None, signed_on=date(2026, 11, 2))

    await make_payment(session, first, contract_id=signed.id, amount_fen=18 * WAN)
    await make_payment(session, third, amount_fen=5 * WAN, on=date(2026, 10, 5))
    for on, amount in ((date(2026, 11, 12), 9), (TODAY, 8), (date(2026, 12, 1), 4)):
        await make_payment(session, first, amount_fen=amount * WAN, on=on, planned=True)

    for on, kind in ((TODAY, "visit"), (TODAY, "call"), (date(2026, 11, 23), "visit")):
        await make_activity(session, first, on=on, kind=kind)
    await make_activity(session, third, on=TODAY)
    await make_activity(session, second, on=date(2026, 11, 25), planned=True)


def asked(
    metric: str, first: str = "2026-11-01", last: str = "2026-11-30", **scope: Any
) -> Question:
    return Question(
        metric=metric, first=date.fromisoformat(first), last=date.fromisoformat(last),
        today=TODAY, zone=SHANGHAI, scope=Scope(**scope),
    )  # fmt: skip


VALUES = [
    pytest.param(asked("sales"), 100 * WAN, id="signed in the month"),
    pytest.param(asked("sales", "2026-11-24", "2026-11-24"), 60 * WAN, id="signed on a day"),
    pytest.param(asked("sales", "2020-01-01", "2020-12-31"), 0, id="nothing signed is zero"),
    pytest.param(asked("sales", region="华东", industry="电子"), 40 * WAN, id="of a trade"),
    pytest.param(asked("sales", grade="A"), 60 * WAN, id="of a grade"),
    pytest.param(asked("sales", product="维保"), 60 * WAN, id="of a product"),
    pytest.param(asked("collections"), 18 * WAN, id="received, not what is planned"),
    pytest.param(asked("collections", product="产线"), 18 * WAN, id="received for a product"),
    pytest.param(asked("new_customers"), 2, id="a customer's day is the company's"),
    pytest.param(asked("new_deals"), 3, id="deals made in the month"),
    pytest.param(asked("new_deals", stage="方案呈现"), 1, id="deals made, now in a stage"),
    pytest.param(asked("activities"), 4, id="done, not planned"),
    pytest.param(asked("activities", kind="visit"), 3, id="visits only"),
    pytest.param(asked("conversion", "2026-10-01"), 2 / 5, id="won of those made since October"),
    pytest.param(asked("win_rate"), 2 / 3, id="won of those closed"),
    pytest.param(asked("win_rate", "2020-01-01", "2020-12-31"), None, id="nothing closed"),
    pytest.param(asked("average_deal"), 50 * WAN, id="a contract without a sum is left out"),
    pytest.param(asked("cycle"), (19 + 40) / 2, id="days in the company's zone"),
    pytest.param(asked("pipeline"), 50 * WAN, id="open deals, whatever the period"),
    pytest.param(asked("pipeline", stage="旧阶段"), 20 * WAN, id="open deals of a stage"),
    pytest.param(asked("receivables"), (127 - 23) * WAN, id="signed less received"),
    pytest.param(asked("overdue"), 9 * WAN, id="planned before today"),
    pytest.param(asked("attainment"), 100 / 300, id="sales by the month's targets"),
    pytest.param(asked("attainment", "2026-10-01"), 127 / 350, id="several months' targets"),
    pytest.param(asked("attainment", "2020-01-01", "2020-01-31"), None, id="no targets"),
]


@pytest.mark.parametrize(("question", "expected"), VALUES)
async def test_value(
    db: Database, world: World, question: Question, expected: float | None
) -> None:
    async with db.read(SYSTEM) as session:
        found = await value(session, question)
    assert found == (pytest.approx(expected) if expected is not None else None)


GROUPS = [
    pytest.param(
        asked("sales"), "user",
        [Row(name="甲", value=60 * WAN, target=100 * WAN), Row(name="乙", value=40 * WAN),
         Row(name="丙", value=0, target=200 * WAN)],
        id="users with their targets",
    ),
    pytest.param(
        asked("sales"), "team",
        [Row(name="东组", value=100 * WAN, target=100 * WAN),
         Row(name="南组", value=0, target=200 * WAN)],
        id="teams with their people's targets",
    ),
    pytest.param(
        asked("sales", "2026-10-01"), "region",
        [Row(name="华东", value=100 * WAN), Row(name="华南", value=27 * WAN)], id="regions",
    ),
    pytest.param(
        asked("sales"), "product",
        [Row(name="产线", value=60 * WAN), Row(name="维保", value=60 * WAN),
         Row(name="未填", value=40 * WAN)],
        id="a deal of two products counts for both",
    ),
    pytest.param(
        asked("win_rate"), "product", [Row(name="产线", value=1.0), Row(name="维保", value=0.5)],
        id="a ratio by product",
    ),
    pytest.param(
        asked("pipeline"), "stage",
        [Row(name="初步接触", value=30 * WAN), Row(name="旧阶段", value=20 * WAN),
         Row(name="方案呈现", value=0)],
        id="stages",
    ),
    pytest.param(
        asked("receivables"), "user",
        [Row(name="甲", value=42 * WAN), Row(name="乙", value=40 * WAN),
         Row(name="丙", value=22 * WAN)],
        id="two measures by user",
    ),
    pytest.param(
        asked("attainment"), "user", [Row(name="甲", value=0.6), Row(name="丙", value=0.0)],
        id="only who has a target",
    ),
    pytest.param(
        asked("new_customers"), "source", [Row(name="展会", value=1), Row(name="未填", value=1)],
        id="what is not filled in is named so",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("question", "group", "expected"), GROUPS)
async def test_by_group(
    db: Database, world: World, question: Question, group: str, expected: list[Row]
) -> None:
    async with db.read(SYSTEM) as session:
        assert await by_group(session, question, group) == expected


@pytest.mark.parametrize(
    ("question", "step", "expected"),
    [
        pytest.param(
            asked("sales", "2026-09-01", "2026-11-24"), "month",
            [Point(label="9月", value=0), Point(label="10月", value=27 * WAN),
             Point(label="11月", value=100 * WAN)],
            id="months with nothing are zero",
        ),
        pytest.param(
            asked("new_deals", "2026-11-16", "2026-11-24"), "week",
            [Point(label="11-16", value=0), Point(label="11-23", value=2)],
            id="weeks start on Monday",
        ),
        pytest.param(
            asked("new_deals", "2026-11-04", "2026-11-05"), "day",
            [Point(label="11-04", value=0), Point(label="11-05", value=1)],
            id="an evening in UTC is the next day here",
        ),
        pytest.param(
            asked("win_rate", "2026-10-01", "2026-11-24"), "month",
            [Point(label="10月", value=None), Point(label="11月", value=2 / 3)],
            id="a ratio of nothing is a gap",
        ),
        pytest.param(
            asked("attainment", "2026-09-01", "2026-11-24"), "month",
            [Point(label="9月", value=None), Point(label="10月", value=27 / 50),
             Point(label="11月", value=100 / 300)],
            id="each month by its own targets",
        ),
    ],
)  # fmt: skip
async def test_over_time(
    db: Database, world: World, question: Question, step: str, expected: list[Point]
) -> None:
    async with db.read(SYSTEM) as session:
        assert await over_time(session, question, step) == expected


@pytest.mark.parametrize("name", [metric.name for metric in METRICS if metric.name in ANSWERED])
async def test_every_metric_groups_as_it_says(db: Database, world: World, name: str) -> None:
    (metric,) = [metric for metric in METRICS if metric.name == name]
    async with db.read(SYSTEM) as session:
        for group in metric.groups:
            if group in ("day", "week", "month"):
                assert await over_time(session, asked(name), group)
            else:
                assert await by_group(session, asked(name), group)


@pytest.mark.parametrize(
    ("metric", "group"), [("overdue", "product"), ("pipeline", "month"), ("forecast", "region")]
)
async def test_a_group_that_a_metric_lacks(
    db: Database, world: World, metric: str, group: str
) -> None:
    async with db.read(SYSTEM) as session:
        with pytest.raises(Invalid):
            await (over_time if group == "month" else by_group)(session, asked(metric), group)


@pytest.mark.parametrize(
    ("name", "sales", "receivables", "attained"),
    [("甲", 60 * WAN, 42 * WAN, 0.6), ("乙", 40 * WAN, 40 * WAN, None), ("丙", 0, 22 * WAN, 0)],
)
async def test_a_rep_counts_what_is_own(
    db: Database, world: World, name: str, sales: int, receivables: int, attained: float | None
) -> None:
    async with db.read(viewer_of(world.users[name])) as session:
        assert await value(session, asked("sales")) == sales
        assert await value(session, asked("receivables")) == receivables
        assert await value(session, asked("attainment")) == attained


async def test_a_manager_counts_the_team(db: Database, world: World) -> None:
    async with db.system() as session:
        chief = await make_user(session, "主管", role="manager", team=world.teams["东"])
    async with db.read(viewer_of(chief, [world.teams["东"].id])) as session:
        assert await value(session, asked("sales")) == 100 * WAN
        assert await value(session, asked("attainment")) == 1.0


async def test_funnel_in_the_pipelines_order(db: Database, world: World) -> None:
    async with db.read(SYSTEM) as session:
        stages = await funnel(session, STAGES, Scope())
        of_product = await funnel(session, STAGES, Scope(product="维保"))
    assert stages == (
        StageFigure(name="初步接触", count=1, amount_fen=30 * WAN),
        StageFigure(name="方案呈现", count=1, amount_fen=0),
        StageFigure(name="旧阶段", count=1, amount_fen=20 * WAN),
    )
    assert [stage.count for stage in of_product] == [1, 0]


async def test_members_of_a_team_and_those_below(db: Database, world: World) -> None:
    users = world.users
    async with db.read(SYSTEM) as session:
        assert await members(session, world.teams["东"]) == (users["甲"].id, users["乙"].id)
        assert len(await members(session, world.teams["总"])) == len(users)


async def test_daily_of_a_team(db: Database, world: World) -> None:
    async with db.read(SYSTEM) as session:
        figures = await daily(
            session, team=world.teams["东"], day=TODAY, stages=STAGES, zone=SHANGHAI,
            as_of=datetime(2026, 11, 24, 10, 30, tzinfo=UTC),
        )  # fmt: skip
    assert figures.team == "东组"
    assert figures.sales == Progress(
        today=60 * WAN, yesterday=40 * WAN, month=100 * WAN, target=100 * WAN, month_before=0
    )
    assert figures.collections == Progress(
        today=18 * WAN, month=18 * WAN, target=80 * WAN, month_before=0
    )
    assert figures.new_deals == Progress(today=1, month=2, month_before=1)
    assert figures.visits == Progress(today=1, yesterday=1, month=2, month_before=0)
    assert [stage.count for stage in figures.funnel] == [1, 0]
    assert figures.ranking == (
        Row(name="甲", value=60 * WAN, target=100 * WAN),
        Row(name="乙", value=40 * WAN),
    )
    assert f"{figures.as_of:%H:%M}" == "18:30"


async def test_daily_of_everybody_compares_with_the_same_day_last_month(
    db: Database, world: World
) -> None:
    async with db.read(SYSTEM) as session:
        figures = await daily(session, team=None, day=TODAY, stages=STAGES, zone=SHANGHAI)
    assert figures.sales.month_before == 20 * WAN  # not the 7万 of the 25th
    assert [row.name for row in figures.ranking] == ["甲", "乙", "丙", "闲"]
