"""Questions and what comes by itself: a customer before a visit, figures, the day's picture."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handlers.replies import Card, Picture, Text, ToGroup
from nlu import acts
from storage.db import Database
from storage.models.customers import Customer
from storage.models.papers import Payment
from storage.models.service import Attachment, Subscription
from storage.viewer import SYSTEM
from tests.builders import (
    make_activity,
    make_contract,
    make_payment,
    make_subscription,
    make_target,
    make_task,
)
from tests.unit.handlers.desk import Company, Desk, company

DUE = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


async def busy_company(db: Database) -> Company:
    """The company with a history."""
    firm = await company(db)
    async with db.write(SYSTEM) as session:
        await make_activity(
            session, firm.mine, on=date(2026, 11, 12), contacts=["蒋建"], note="嫌交期长，要看案例"
        )
        await make_task(
            session, firm.rep, what="发案例", customer_id=firm.mine.id, due_on=date(2026, 11, 21)
        )
        contract = await make_contract(session, firm.mine, amount_fen=50_000_000)
        await make_payment(session, firm.mine, amount_fen=30_000_000, contract_id=contract.id)
        await make_payment(
            session, firm.mine, amount_fen=10_000_000, planned=True, on=date(2026, 11, 12)
        )
        await make_target(session, firm.rep, value_fen=100_000_000)
        await make_contract(
            session, firm.mine, amount_fen=40_000_000, signed_on=date(2026, 10, 20)
        )
    return firm


async def test_a_customer_before_a_visit(db: Database) -> None:
    firm, desk = await busy_company(db), Desk(db)
    query = acts.Query(about="customer", customer=str(firm.mine.id))
    said = await desk.say(firm.rep, "看一下恒通", query)
    assert said.card.title == "恒通"
    assert said.lines == {
        "上次": "周四 11-12 拜访 蒋建：嫌交期长，要看案例",
        "商机": "二期产线 120万 · 初步接触 0 天",
        "未了": "发案例（已过 3 天）",
        "合同": "90万，已回 30万，还差 60万",
        "逾期": "10万 · 已 12 天",
        "联系人": "蒋建（总经理）",
    }


async def test_a_number_with_target_and_the_period_before(db: Database) -> None:
    firm, desk = await busy_company(db), Desk(db)
    query = acts.Query(about="metric", metric="sales", period="2026-11")
    said = await desk.say(firm.manager, "这个月签了多少", query)
    assert said.card.title == "11 月签约额 50万"
    assert said.lines == {"目标": "100万，完成 50%", "上月同期": "40万（+25%）"}
    assert [button.text for button in said.card.buttons] == ["按人看", "走势"]
    other = await desk.say(firm.far_manager, "这个月签了多少", query)
    assert other.card.title == "11 月签约额 0元"


async def test_rankings_funnels_and_trends_are_pictures(db: Database) -> None:
    firm, desk = await busy_company(db), Desk(db)
    async with db.write(SYSTEM) as session:
        await make_contract(session, firm.theirs, amount_fen=20_000_000)
        (await session.get_one(Customer, firm.theirs.id)).region = "华东"
    for query, kind, words in (
        (acts.Query(metric="sales", view="ranking"), b"ranking", "林一 50万"),
        (acts.Query(metric="pipeline", view="funnel"), b"funnel", "在手 1 单 120万"),
        (acts.Query(metric="sales", view="trend"), b"trend", "10月 40万，11月 70万"),
        (acts.Query(metric="sales", group_by="region"), b"bars", "未填 50万"),
    ):
        said = await desk.say(firm.manager, "x", query)
        picture = said.replies[0].content
        assert isinstance(picture, Picture)
        assert words in picture.alt
        assert words in said.text
        (kept,) = await desk.rows(Attachment, Attachment.id == picture.attachment_id)
        assert kept.content.startswith(b"\x89PNG" + kind)


async def test_what_can_not_be_split_so_is_said(db: Database) -> None:
    firm, desk = await busy_company(db), Desk(db)
    query = acts.Query(metric="activities", group_by="stage")
    said = await desk.say(firm.manager, "x", query)
    assert said.text.startswith("跟进没法按阶段看。可以按：人、团队")


async def test_lists(db: Database) -> None:
    firm, desk = await busy_company(db), Desk(db)
    key = str(firm.mine.id)
    titles = {
        "deals": "商机 · 1 单 120万",
        "contacts": "恒通 · 联系人 1 位",
        "activities": "跟进记录 · 1 条",
        "contracts": "合同 · 2 份",
        "payments": "回款 · 2 笔",
    }
    for about, title in titles.items():
        query = acts.from_json({"type": "query", "about": about, "customer": key})
        assert (await desk.say(firm.rep, "x", query)).card.title == title
    one = acts.Query(about="deals", customer=key, deal=str(firm.deal.id))
    assert (await desk.say(firm.rep, "x", one)).card.title == "恒通 · 二期产线"


async def test_the_day_goes_into_the_group(db: Database) -> None:
    firm, desk = await busy_company(db), Desk(db)
    async with db.write(SYSTEM) as session:
        wanted = await make_subscription(session, team_id=firm.team.id)
    (reply,) = (await desk.due("subscription", wanted.id, DUE)).replies
    assert reply.to == ToGroup(name="销售群")
    assert isinstance(reply.content, Picture)
    assert reply.content.alt.startswith("东区组日报 11-24：签约 50万，回款 30万")
    late = (await desk.due("subscription", wanted.id, DUE, late=True)).replies
    assert isinstance(late[0].content, Text)
    assert late[0].content.text.startswith("日报来晚了：原定 18:30")


async def test_a_report_is_ordered_and_stopped(db: Database) -> None:
    firm, desk = await busy_company(db), Desk(db)
    order = acts.Subscribe(report="daily", at="18:00", days="workdays")
    said = await desk.say(firm.rep, "每个工作日六点发日报", order)
    assert said.lines == {"定时": "日报 · 工作日 18:00 发给你"}
    await desk.say(firm.rep, "改成七点", acts.Subscribe(report="daily", at="19:00", days="daily"))
    (kept,) = await desk.rows(Subscription)
    assert (kept.at, kept.days) == ("19:00", "daily")
    replies = (await desk.due("subscription", kept.id, DUE)).to(firm.rep)
    assert isinstance(replies[0], Picture)
    await desk.say(firm.rep, "日报别发了", acts.Subscribe(report="daily", off=True))
    assert (await desk.due("subscription", kept.id, DUE)).replies == []
    later = await desk.say(firm.rep, "周报", acts.Subscribe(report="weekly"))
    assert later.text.startswith("周报还不能定时发")


async def test_what_waits_for_the_manager(db: Database) -> None:
    firm, desk = await busy_company(db), Desk(db)
    quote = acts.Quote(customer=str(firm.mine.id), deal="new", amount=100_000, discount=0.5)
    await desk.say(firm.rep, "五折报10万", quote)
    query = acts.Query(about="approvals")
    card = (await desk.say(firm.manager, "待我审批的", query)).card
    assert isinstance(card, Card)
    assert [button.text for button in card.buttons] == ["同意", "驳回"]
    mine = await desk.say(firm.rep, "我的审批", query)
    assert mine.card.title == "你提交的审批 · 1 个在等"
    nothing = await desk.say(firm.far_manager, "待我审批的", query)
    assert nothing.text == "没有等你审批的，你也没有在等的审批。"


async def test_money_that_comes_meets_what_was_promised(db: Database) -> None:
    firm, desk = await busy_company(db), Desk(db)
    key = str(firm.mine.id)
    shown = await desk.say(firm.rep, "到账6万", acts.Payment(customer=key, amount=60_000))
    assert shown.lines == {"回款": "6万 · 今天", "未收": "60万 → 54万"}
    done = await desk.press(firm.rep, shown.press("确认"))
    planned = Payment.planned.is_(True)
    (promise,) = await desk.rows(Payment, planned)
    assert promise.amount_fen == 4_000_000
    shown = await desk.say(firm.rep, "到账4万", acts.Payment(customer=key, amount=40_000))
    last = await desk.press(firm.rep, shown.press("确认"))
    assert await desk.rows(Payment, planned) == []
    assert (await desk.press(firm.rep, done.press("撤销"))).text.startswith("这条撤不了")
    await desk.press(firm.rep, last.press("撤销"))
    (promise,) = await desk.rows(Payment, planned)
    assert promise.amount_fen == 4_000_000


async def test_whose_tasks_are_asked_for(db: Database) -> None:
    firm, desk = await busy_company(db), Desk(db)
    async with db.write(SYSTEM) as session:
        await make_task(session, firm.colleague, what="回访", due_on=date(2026, 11, 25))
        await make_task(session, firm.far_rep, what="别组的事")
    of = acts.Filters
    other = acts.Query(about="tasks", filters=of(user=str(firm.colleague.id)))
    listed = (await desk.say(firm.manager, "周二的待办", other)).card
    assert (listed.title, listed.buttons) == ("周二的待办 · 1 条", ())
    team = acts.Query(about="tasks", filters=of(team="东区组"))
    for reader in (firm.manager, firm.director):
        listed = (await desk.say(reader, "东区组待办", team)).card
        assert listed.title == "东区组待办 · 2 条，1 条已过期"
        assert [line.value for line in listed.lines] == [
            "1. 林一 · 发案例（恒通）", "2. 周二 · 回访"
        ]  # fmt: skip
    far = acts.Query(about="tasks", filters=of(team="西区组"))
    assert "你看不到" in (await desk.say(firm.manager, "西区组待办", far)).text
    today = acts.Query(about="tasks", period="2026-11-24")
    assert (await desk.say(firm.rep, "今天的待办", today)).card.title.startswith("我的待办 · 1 条")
    nothing = await desk.say(firm.manager, "我的待办", acts.Query(about="tasks"))
    assert nothing.text == "没有未完成的待办。"


async def test_a_list_says_what_it_comes_to_and_who_did_it(db: Database) -> None:
    firm, desk = await busy_company(db), Desk(db)
    async with db.write(SYSTEM) as session:
        await make_activity(session, firm.theirs, note="看样")
        await make_activity(
            session, firm.mine, on=date(2026, 11, 27), planned=True, note="周五再去恒通"
        )
    listed = (await desk.say(firm.manager, "跟进记录", acts.Query(about="activities"))).card
    assert [line.value for line in listed.lines] == [
        "周五 11-27 林一计划拜访", "今天 周二拜访：看样",
        "周四 11-12 林一拜访 蒋建：嫌交期长，要看案例",
    ]  # fmt: skip
    money = acts.Query(about="payments", period="2026-11")
    paid = (await desk.say(firm.finance, "本月到账的有哪些", money)).card
    assert (paid.title, paid.note) == ("11 月回款 · 2 笔", "已到账 30万，计划 10万")
    assert [line.value.split(" · ")[-1] for line in paid.lines] == ["已到账", "计划"]


@pytest.mark.parametrize("about", ["deals", "activities", "quotes", "contracts", "payments"])
async def test_an_administrator_is_not_told_that_there_is_nothing(
    db: Database, about: acts.About
) -> None:
    firm, desk = await busy_company(db), Desk(db)
    said = await desk.say(firm.admin, "x", acts.Query(about=about))
    assert said.text.startswith("你的角色")
