"""Expenses, service tickets and leads: written, asked for, taken back, seen by the right."""

from __future__ import annotations

from nlu import acts
from storage.db import Database
from storage.models.customers import Customer
from storage.models.selling import Expense, Lead, Ticket
from storage.viewer import SYSTEM
from tests.unit.handlers.desk import Desk, company


async def test_an_expense_is_written_and_taken_back(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    mine = str(firm.mine.id)
    meal = acts.Expense(amount=236, category="meal", date="2026-11-23", customer=mine)
    said = await desk.say(firm.rep, "昨晚请蒋总吃饭236", meal)
    assert said.card.title == "已记 · 恒通"
    assert said.lines == {"费用": "236元 · 餐饮 · 昨天"}
    (row,) = await desk.rows(Expense)
    assert (row.amount_fen, row.owner_id, row.customer_id) == (23_600, firm.rep.id, firm.mine.id)
    await desk.say(firm.rep, "撤销", acts.Undo())
    assert await desk.rows(Expense) == []


async def test_an_expense_needs_an_amount(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await desk.say(firm.rep, "打车了", acts.Expense(category="transport"))
    assert "金额" in said.text
    assert await desk.rows(Expense) == []


async def test_expenses_are_seen_by_whom_they_concern(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    await desk.say(firm.rep, "打车50", acts.Expense(amount=50, category="transport"))
    asked = acts.Query(about="expenses")
    for user in (firm.rep, firm.manager, firm.director, firm.finance):
        assert (await desk.say(user, "费用", asked)).card.title == "费用 · 1 笔 50元", user.name
    for user in (firm.colleague, firm.far_manager, firm.admin):
        assert (await desk.say(user, "费用", asked)).text == "没有找到费用。", user.name


async def test_a_ticket_is_opened_and_closed(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    mine = str(firm.mine.id)
    alarm = acts.Ticket(customer=mine, what="主轴温度报警", urgent=True)
    opened = await desk.say(firm.rep, "主轴温度报警，急", alarm)
    assert opened.lines == {"工单": "T-1001 主轴温度报警 · 加急"}
    await desk.say(firm.rep, "门漏油", acts.Ticket(customer=mine, what="防护门漏油"))
    listed = await desk.say(firm.rep, "工单", acts.Query(about="tickets", customer=mine))
    assert listed.card.title == "工单 · 2 张未关闭"
    over = acts.Ticket(customer=mine, what="温度报警处理好了", status="closed")
    closed = await desk.say(firm.rep, "温度报警处理好了", over)
    assert closed.lines == {"工单": "T-1001 主轴温度报警 · 已关闭"}
    rows = await desk.rows(Ticket)
    assert {row.what: row.status for row in rows} == {
        "主轴温度报警": "closed", "防护门漏油": "open",
    }  # fmt: skip


async def test_no_ticket_to_close_is_said(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    over = acts.Ticket(customer=str(firm.mine.id), status="closed")
    assert (await desk.say(firm.rep, "好了", over)).text.startswith("这个客户没有未关闭的工单")


async def test_a_lead_is_kept_in_its_words(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    lead = acts.Lead(company="白鹭纸业", contact="何经理", phone="13900001234", source="展会")
    said = await desk.say(firm.rep, "展会来的线索", lead)
    assert said.lines == {"线索": "白鹭纸业 · 何经理 · 13900001234 · 展会"}
    asked = acts.Query(about="leads")
    assert (await desk.say(firm.rep, "线索", asked)).card.title == "线索 · 最近 1 条"
    assert (await desk.say(firm.far_rep, "线索", asked)).text == "没有线索。"
    assert len(await desk.rows(Lead)) == 1


async def test_all_expenses_of_a_period_are_summed(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    for day in range(1, 10):
        await desk.say(firm.rep, "打车", acts.Expense(amount=100, date=f"2026-11-{day:02d}"))
    mine = acts.Filters(user=str(firm.rep.id))
    query = acts.Query(about="expenses", period="2026-11", filters=mine)
    said = await desk.say(firm.rep, "我这个月花了多少", query)
    assert said.card.title == "11 月费用 · 9 笔 900元"
    assert (len(said.card.lines), said.card.note) == (6, "还有 3 笔")


async def test_a_region_narrows_what_is_noted_on_the_road(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    async with db.write(SYSTEM) as session:
        (await session.get_one(Customer, firm.far.id)).region = "西南"
    for user, customer in ((firm.rep, firm.mine), (firm.far_rep, firm.far)):
        meal = acts.Expense(amount=100, category="meal", customer=str(customer.id))
        await desk.say(user, "请客户吃饭100", meal)
        await desk.say(user, "漏油", acts.Ticket(customer=str(customer.id), what="漏油"))
    there = acts.Filters(region="西南")
    spent = await desk.say(
        firm.director, "西南的费用", acts.Query(about="expenses", filters=there)
    )
    assert "1 笔 100元" in spent.card.title
    broken = await desk.say(
        firm.director, "西南的工单", acts.Query(about="tickets", filters=there)
    )
    assert "1 张" in broken.card.title
