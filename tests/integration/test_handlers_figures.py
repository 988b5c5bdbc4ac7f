"""Figures asked for in a chat: whose they are, beside what, and to whom none is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from handlers.replies import Picture
from nlu import acts
from storage.db import Database
from storage.models.customers import Customer
from storage.models.people import User
from storage.models.service import Attachment
from storage.viewer import SYSTEM
from tests.builders import NOW, make_activity, make_contract, make_deal, make_payment, make_target
from tests.unit.handlers.desk import SETUP, Company, Desk, company

NOVEMBER = "2026-11"


async def two_reps(db: Database) -> Company:
    """Both reps of the team signed something; only one of them belongs to 华东."""
    firm = await company(db)
    async with db.write(SYSTEM) as session:
        await make_contract(session, firm.mine, amount_fen=50_000_000)
        await make_contract(session, firm.theirs, amount_fen=20_000_000)
        (await session.get_one(User, firm.rep.id)).region = "华东"
        (await session.get_one(Customer, firm.mine.id)).region = "华东"
        for user in (firm.rep, firm.colleague):
            await make_target(session, user, value_fen=100_000_000)
    return firm


def sales(**slots: object) -> acts.Query:
    return acts.Query(about="metric", metric="sales", period=NOVEMBER, **slots)  # type: ignore[arg-type]


async def test_a_regions_figure_stands_beside_its_own_target(db: Database) -> None:
    firm, desk = await two_reps(db), Desk(db)
    said = await desk.say(firm.director, "x", sales(filters=acts.Filters(region="华东")))
    assert said.card.title == "华东 11 月签约额 50万"
    assert said.lines["目标"] == "100万，完成 50%"
    customer = await desk.say(firm.director, "x", sales(customer=str(firm.theirs.id)))
    assert customer.card.title == "同益 11 月签约额 20万"
    assert "目标" not in customer.lines


@pytest.mark.parametrize("metric", ["activities", "pipeline", "new_deals", "win_rate"])
async def test_finance_is_not_told_a_zero(db: Database, metric: acts.MetricName) -> None:
    firm, desk = await two_reps(db), Desk(db)
    said = await desk.say(firm.finance, "x", acts.Query(about="metric", metric=metric))
    assert said.text.startswith("你的角色")
    assert (await desk.say(firm.finance, "x", sales())).card.title == "11 月签约额 70万"
    assert (await desk.say(firm.admin, "x", sales())).text.startswith("你的角色")


async def test_what_others_do_is_not_told_as_nothing(db: Database) -> None:
    firm, desk = await two_reps(db), Desk(db)
    other = acts.Filters(user=str(firm.colleague.id))
    team = acts.Filters(team="东区组")
    for query in (sales(filters=other), sales(filters=team),
                  acts.Query(about="deals", filters=other),
                  acts.Query(about="tasks", filters=other)):  # fmt: skip
        said = await desk.say(firm.rep, "x", query)
        assert said.text.endswith("的数据你看不到，只能看你自己和你下属的。")
    mine = await desk.say(firm.rep, "排名", sales(view="ranking"))
    assert mine.card.title == "你的 11 月签约额 50万"
    assert mine.card.note.startswith("排名主管才看得到")


async def test_one_of_a_kind_needs_no_picture(db: Database) -> None:
    firm, desk = await two_reps(db), Desk(db)
    one = sales(group_by="user", filters=acts.Filters(user=str(firm.rep.id)))
    said = await desk.say(firm.manager, "x", one)
    assert said.card.title == "林一 11 月签约额 50万"
    assert [button.text for button in said.card.buttons] == ["走势"]
    by_team = await desk.say(firm.manager, "x", sales(group_by="team"))
    assert by_team.text == "11 月签约额 · 按团队：东区组 70万。"


async def test_a_trend_of_one_month_shows_those_before(db: Database) -> None:
    firm, desk = await two_reps(db), Desk(db)
    said = await desk.say(firm.manager, "x", sales(view="trend", group_by="month"))
    assert isinstance(said.replies[0].content, Picture)
    (kept,) = await desk.rows(Attachment)
    drawn = kept.content.decode(errors="ignore")
    assert [f"'{month}月'" in drawn for month in (5, 6, 10, 11)] == [False, True, True, True]


async def test_rates_change_by_points_and_counts_have_a_word(db: Database) -> None:
    firm, desk = await two_reps(db), Desk(db)
    async with db.write(SYSTEM) as session:
        for day, won in ((20, True), (20, False), (20, False), (20, False)):
            await make_deal(
                session, firm.mine, status="won" if won else "lost", closed_on=date(2026, 10, day)
            )
        await make_deal(session, firm.mine, status="won", closed_on=date(2026, 11, 20))
        await make_activity(session, firm.mine)
    rate = await desk.say(firm.manager, "x", acts.Query(metric="win_rate", period=NOVEMBER))
    assert rate.lines["上月同期"] == "25%（+75 个点）"
    visits = await desk.say(firm.manager, "x", acts.Query(metric="activities", period=NOVEMBER))
    assert visits.card.title == "11 月跟进 1 次"


async def test_what_is_overdue_is_listed(db: Database) -> None:
    firm, desk = await two_reps(db), Desk(db)
    async with db.write(SYSTEM) as session:
        for customer, fen, on in (
            (firm.mine, 10_000_000, date(2026, 11, 12)),
            (firm.theirs, 30_000_000, date(2026, 11, 1)),
            (firm.mine, 90_000_000, date(2026, 12, 1)),
        ):
            await make_payment(session, customer, planned=True, amount_fen=fen, on=on)
    said = await desk.say(firm.manager, "逾期的有哪些", acts.Query(metric="overdue"))
    assert said.card.title == "逾期 40万"
    assert said.lines == {"同益": "30万 · 逾期 23 天", "恒通": "10万 · 逾期 12 天"}


async def test_deals_stand_still_where_nobody_moves_them_or_meets_the_customer(
    db: Database,
) -> None:
    firm, desk = await two_reps(db), Desk(db)
    async with db.write(SYSTEM) as session:
        for customer, name, days in (
            (firm.mine, "老单", 60),
            (firm.mine, "次老", 14),
            (firm.mine, "新单", 13),
            (firm.theirs, "有人跟", 60),
        ):
            deal = await make_deal(session, customer, name=name)
            deal.stage_since = NOW - timedelta(days=days)
        on = (NOW - timedelta(days=13)).date()
        await make_activity(session, firm.theirs, on=on, date_text=on.isoformat())
    still = await desk.say(firm.manager, "停滞的商机", acts.Query(about="stalled"))
    assert [line.value.split()[0] for line in still.card.lines] == ["老单", "次老"]
    assert still.card.title.startswith("停滞的商机 · 2 单")
    assert still.card.note == "14 天以上没推进也没跟进"
    his = acts.Query(about="stalled", filters=acts.Filters(user=str(firm.colleague.id)))
    none = await desk.say(firm.manager, "他停滞的商机", his)
    assert none.text == "没有停滞的商机：14 天内都有动静。"


async def test_who_did_nothing_is_told_to_who_leads_them(db: Database) -> None:
    firm, desk = await two_reps(db), Desk(db)
    async with db.write(SYSTEM) as session:
        await make_activity(session, firm.mine)
    words, today = "今天谁没写跟进", acts.Query(about="activities", period="2026-11-24")
    said = await desk.say(firm.manager, words, today)
    assert said.text == "今天没有跟进记录：周二（2 人中 1 人）"
    far = replace(today, filters=acts.Filters(team="西区组"))
    assert "郑四" not in (await desk.say(firm.manager, words, far)).text
    said = await desk.say(firm.director, words, far)
    assert said.text == "西区组 今天没有跟进记录：郑四（1 人中 1 人）"
    async with db.write(SYSTEM) as session:
        await make_activity(session, firm.theirs)
    assert (await desk.say(firm.manager, words, today)).text == "今天都有跟进记录（2 人）。"
    assert (await desk.say(firm.rep, words, today)).card.title.startswith("跟进记录")


async def test_what_was_lost_is_listed_with_why(db: Database) -> None:
    firm, desk = await two_reps(db), Desk(db)
    setup = SETUP.pipeline
    async with db.write(SYSTEM) as session:
        for name, stage, day in (
            ("旧线", setup.lost, date(2026, 11, 3)),
            ("新线", setup.lost, date(2026, 11, 20)),
            ("上月", setup.lost, date(2026, 10, 30)),
            ("赢的", setup.won, date(2026, 11, 4)),
        ):
            deal = await make_deal(session, firm.mine, name=name, amount_fen=10**7)
            deal.status = "lost" if stage == setup.lost else "won"
            deal.stage, deal.closed_on = stage, day
            deal.lost_to, deal.lost_reason = ("科臻", "价格") if name == "新线" else (None, None)
    lost = acts.Filters(stage=setup.lost)
    said = await desk.say(
        firm.manager, "本月丢了哪些单", acts.Query(about="deals", period=NOVEMBER, filters=lost)
    )
    assert said.card.title == "11 月输单 · 2 单 20万"
    assert [line.value for line in said.card.lines] == [
        "新线 10万 · 11-20 · 输给 科臻 · 价格",
        "旧线 10万 · 11-03",
    ]
    won = acts.Query(about="deals", period="2026-10", filters=acts.Filters(stage=setup.won))
    assert (await desk.say(firm.manager, "上月赢的", won)).text == "10 月没有赢单的商机。"


async def test_customers_are_quiet_where_nobody_did_anything(db: Database) -> None:
    firm, desk = await two_reps(db), Desk(db)
    async with db.write(SYSTEM) as session:
        for customer, days in ((firm.mine, 20), (firm.theirs, 32), (firm.far, 40)):
            (await session.get_one(Customer, customer.id)).created_at = NOW - timedelta(days=90)
            on = (NOW - timedelta(days=days)).date()
            await make_activity(session, customer, on=on, date_text=on.isoformat())
        later = (NOW + timedelta(days=2)).date()
        await make_activity(session, firm.mine, on=later, date_text=str(later), planned=True)
    quiet = acts.Query(about="stalled")
    said = await desk.say(firm.manager, "哪些客户好久没联系了", quiet)
    assert said.card.title == "14 天以上没跟进的客户 · 2 家"
    assert said.lines["同益"].startswith("32 天没跟进，上次 ")
    assert list(said.lines) == ["同益", "恒通"]
    async with db.write(SYSTEM) as session:
        await make_activity(session, firm.mine)
    said = await desk.say(firm.rep, "我哪些客户好久没联系了", quiet)
    assert said.text == "没有 14 天以上没跟进的客户。"


async def test_customers_are_listed_by_whose_and_what_they_are(db: Database) -> None:
    firm, desk = await two_reps(db), Desk(db)
    async with db.write(SYSTEM) as session:
        (await session.get_one(Customer, firm.theirs.id)).grade = "A"
        await make_activity(session, firm.mine)
    every = acts.Query(about="customer")
    said = await desk.say(firm.manager, "客户名单", every)
    assert said.card.title == "客户 · 2 家"
    assert said.lines == {"恒通": "华东 · 上次 今天", "同益": "A · 还没有跟进过"}
    best = replace(every, filters=acts.Filters(grade="A"))
    assert list((await desk.say(firm.manager, "哪些A级客户", best)).lines) == ["同益"]
    assert (await desk.say(firm.rep, "哪些A级客户", best)).text == "没有这样的客户。"


async def test_deals_of_a_product(db: Database) -> None:
    firm, desk = await two_reps(db), Desk(db)
    async with db.write(SYSTEM) as session:
        await make_deal(session, firm.mine, name="大单", amount_fen=10**10)
        await make_deal(session, firm.mine, name="老单", amount_fen=100, products=["压机"])
    of = acts.Query(about="deals", filters=acts.Filters(product="压机"))
    assert (await desk.say(firm.manager, "压机的商机", of)).card.title == "商机 · 1 单 1元"
