"""The pool, hand-overs, tasks for others, finance: what a right to write leads to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers.replies import CardUpdate
from nlu import acts
from storage.db import Database
from tests.unit.handlers.desk import Desk, company

UNSEEN = "没有找到这个客户，或者你无权查看。说全称试试，或者问问你的主管。"
WRITES: dict[str, Callable[[str], acts.Act]] = {
    "activity": lambda key: acts.Activity(kind="call", customer=key, date="2026-11-24"),
    "payment": lambda key: acts.Payment(customer=key, amount=10_000),
}


async def test_the_pool_is_claimed_first(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    key = str(firm.pooled.id)
    refused = await desk.say(firm.rep, "x", WRITES["activity"](key))
    assert "还在公海，先领取再记" in refused.text
    listed = await desk.say(firm.rep, "公海", acts.Query(about="pool"))
    assert [line.label for line in listed.card.lines] == ["空山"]
    claimed = await desk.say(firm.rep, "领取空山", acts.Claim(customer=key))
    assert claimed.lines == {"领取": "公海 → 你名下"}
    assert (await desk.say(firm.rep, "x", WRITES["activity"](key))).card.title == "已记 · 空山"
    taken = await desk.say(firm.manager, "领取空山", acts.Claim(customer=key))
    assert "已经有负责人" in taken.text
    other = await desk.say(firm.colleague, "x", WRITES["activity"](key))
    assert other.text == UNSEEN


async def test_a_hand_over_keeps_deals_and_tasks(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    key = str(firm.mine.id)
    await desk.say(firm.rep, "x", acts.Task(what="发样", due="2026-12-01", customer=key))
    order = acts.Transfer(
        from_user=str(firm.rep.id), to_user=str(firm.colleague.id), customers=(key,)
    )
    shown = await desk.say(firm.manager, "把恒通转给周二", order)
    assert shown.lines == {"转交": "恒通 → 周二"}
    done = await desk.press(firm.manager, shown.press("确认"))
    assert done.to(firm.colleague)[0].text.startswith("吴三把恒通转给了你。")
    assert done.to(firm.rep)[0].text == "吴三把你的恒通转给了周二。"
    listed = await desk.say(firm.colleague, "x", acts.Query(about="deals", customer=key))
    assert listed.card.lines[0].value.startswith("二期产线 120万 · 初步接触")
    tasks = await desk.say(firm.colleague, "x", acts.Query(about="tasks"))
    assert tasks.card.title == "我的待办 · 1 条"
    lost = await desk.say(firm.rep, "x", acts.Query(about="customer", customer=key))
    assert lost.text == UNSEEN
    refused = await desk.say(firm.rep, "x", order)
    assert "你的角色不能做这件事" in refused.text


@pytest.mark.parametrize(
    ("who", "to", "allowed"),
    [
        ("rep", "rep", True), ("rep", "colleague", False), ("rep", "manager", False),
        ("manager", "rep", True), ("manager", "far_rep", False), ("director", "far_rep", True),
    ],
)  # fmt: skip
async def test_who_gives_tasks_to_whom(db: Database, who: str, to: str, allowed: bool) -> None:
    firm, desk = await company(db), Desk(db)
    giver, owner = getattr(firm, who), getattr(firm, to)
    said = await desk.say(giver, "x", acts.Task(what="发样", assignee=str(owner.id)))
    if not allowed:
        assert said.text.startswith("不能给")
    elif giver is not owner:
        assert said.to(owner)[0].text == f"{giver.name}给你派了待办：发样"
    assert not any(isinstance(reply.content, CardUpdate) for reply in said.replies)


async def test_finance_books_what_comes_in(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    shown = await desk.say(firm.finance, "恒通到账", WRITES["payment"](str(firm.mine.id)))
    done = await desk.press(firm.finance, shown.press("确认"))
    assert done.card.title == "已记 · 恒通机床有限公司 · 回款"
    seen = await desk.say(firm.rep, "x", acts.Query(about="payments", customer=str(firm.mine.id)))
    assert seen.card.lines[0].value == "1万 · 今天 · 已到账"
