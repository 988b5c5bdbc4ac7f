"""A note becomes records and one card; it can be taken back, corrected, asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from handlers.buttons import Choose, Confirm, Dismiss, DoneTask, TickTask
from handlers.context import Heard, HeardLike
from handlers.replies import CardUpdate
from nlu import acts
from storage.db import Database
from storage.models.customers import Contact, Customer, CustomerName
from storage.models.papers import Contract, Payment
from storage.models.selling import Activity, Deal, StageChange, Task
from storage.models.service import Conversation
from storage.viewer import SYSTEM
from tests.unit.handlers.desk import NOTE, Company, Desk, company, counts, note_acts


async def test_a_note_is_one_card_and_its_records(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await desk.say(firm.rep, NOTE, *note_acts(firm))
    assert said.card.title == "已记 · 恒通"
    assert said.lines == {
        "拜访": "今天 · 蒋建（总经理）",
        "商机": "二期产线",
        "金额": "120万 → 150万",
        "对手": "＋对手甲",
        "联系人": "李工：新增 · 工艺主管 · 把关",
        "待办": "周三 12-02 给方案",
    }
    assert said.card.note == "还缺：预计成交时间"
    assert [button.text for button in said.card.buttons] == ["撤销", "改一下"]
    (visit,) = await desk.rows(Activity)
    assert (visit.note, visit.contacts, visit.on.isoformat()) == (NOTE, ["蒋建"], "2026-11-24")
    (deal,) = await desk.rows(Deal)
    assert (deal.amount_fen, deal.competitors) == (150_000_000, ["对手甲"])
    (task,) = await desk.rows(Task)
    assert task.due_at.isoformat() == "2026-12-02T01:00:00+00:00"


async def test_two_customers_are_two_sections(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    second = acts.Activity(kind="call", customer=str(firm.mine.id), date="2026-11-24")
    async with db.write(SYSTEM) as session:
        customer = await session.get(Customer, firm.theirs.id)
        assert customer is not None
        customer.owner_id = firm.rep.id
    first = acts.Activity(kind="visit", customer=str(firm.theirs.id), date="2026-11-24")
    said = await desk.say(firm.rep, "两家", first, second)
    assert said.card.title == "已记 · 同益、恒通"
    assert [(line.label, line.value) for line in said.card.lines] == [
        ("客户", "同益"), ("拜访", "今天"), ("客户", "恒通"), ("电话", "今天"),
    ]  # fmt: skip


async def test_an_unknown_customer_is_offered_as_new(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    before = await counts(db)
    visit = acts.Activity(kind="visit", new_customer="云岭纺织", date="2026-11-24")
    task = acts.Task(what="寄样", due="2026-11-26", new_customer="云岭纺织")
    asked = await desk.say(firm.rep, "今天去了云岭纺织，后天寄样", visit, task)
    assert asked.card.title == "没有叫“云岭纺织”的客户，新建吗？"
    assert await counts(db) == before
    made = await desk.press(firm.rep, asked.press("新建"))
    assert made.card.title == "新客户 · 已记 · 云岭纺织"
    assert made.lines == {"拜访": "今天", "待办": "后天 寄样"}
    (customer,) = await desk.rows(Customer, Customer.name == "云岭纺织")
    assert customer.owner_id == firm.rep.id
    assert (await desk.press(firm.rep, asked.press("新建"))).text == "这条已处理过了。"
    await desk.press(firm.rep, made.press("撤销"))
    assert await counts(db) == before


@pytest.mark.parametrize(("words", "customers"), [("新建", 1), ("不是客户", 0), ("算了", 0)])
async def test_an_offer_is_answered_in_words(db: Database, words: str, customers: int) -> None:
    firm, desk = await company(db), Desk(db)
    visit = acts.Activity(kind="visit", new_customer="云岭纺织", date="2026-11-24")
    await desk.say(firm.rep, "去了云岭纺织", visit)
    await desk.say(firm.rep, words)
    assert len(await desk.rows(Customer, Customer.name == "云岭纺织")) == customers
    assert len(await desk.rows(Activity)) == customers


async def test_a_customer_of_somebody_else_is_named_masked(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    visit = acts.Activity(kind="visit", new_customer="远峰化工有限公司", date="2026-11-24")
    refused = await desk.say(firm.rep, "去了远峰化工", visit)
    assert "负责人 郑*" in refused.text
    assert "郑四" not in refused.text
    assert await desk.rows(Activity) == []


def answering(understood: dict[int, list[acts.Act]]) -> Any:
    """Stands in for the reader: the acts of the earlier text, by the option taken."""

    async def answer(ask: dict[str, Any], option: int) -> Sequence[HeardLike]:
        assert ask["surface"] == "恒达"
        return [Heard(act=act) for act in understood[option]]

    return answer


async def ask_about(db: Database, firm: Company) -> tuple[Desk, acts.Ask]:
    options = (str(firm.mine.id), str(firm.theirs.id))
    payments = {
        number: [acts.Payment(customer=key, amount=500_000)] for number, key in enumerate(options)
    }
    desk = Desk(db, answer=answering(payments))
    async with db.write(SYSTEM) as session:
        for key, owner in ((firm.mine.id, firm.rep.id), (firm.theirs.id, firm.rep.id)):
            customer = await session.get(Customer, key)
            assert customer is not None
            customer.owner_id = owner
            customer.region = "苏州" if key == firm.mine.id else None
        session.add(
            Conversation(
                key=f"chat|{firm.rep.id}", memory={"ask": {"surface": "恒达"}},
                updated_at=desk.now,
            )
        )  # fmt: skip
    return desk, acts.Ask(about="customer", options=options)


async def test_an_ambiguous_name_is_asked_about_and_learned(db: Database) -> None:
    firm = await company(db)
    desk, ask = await ask_about(db, firm)
    asked = await desk.say(firm.rep, "恒达到账50万", ask)
    assert asked.card.title == "是哪家恒达？"
    assert [b.text for b in asked.card.buttons] == ["恒通（苏州）", "同益", "都不是"]
    chosen = await desk.press(firm.rep, asked.press("同益"))
    assert chosen.card.title == "已记 · 同益 · 回款"
    assert chosen.lines == {"回款": "50万 · 今天"}
    assert chosen.card.note == "恒达 = 同益，记住了（说“忘掉恒达”可取消）"
    (payment,) = await desk.rows(Payment)
    assert payment.customer_id == firm.theirs.id
    learned = CustomerName.kind == "learned"
    (name,) = await desk.rows(CustomerName, learned)
    assert (name.text, name.learned_by) == ("恒达", firm.rep.id)
    assert (await desk.press(firm.rep, asked.press("恒通（苏州）"))).text == "这条已处理过了。"
    taught = (await desk.say(firm.rep, "你记住了哪些叫法")).text
    assert "恒达 = 同益包装有限公司" in taught
    assert (await desk.say(firm.colleague, "我的叫法")).text.startswith("还没有记住")
    assert (await desk.say(firm.rep, "忘掉恒达")).text == "“恒达”忘掉了。"
    assert await desk.rows(CustomerName, learned) == []


async def test_only_the_asker_chooses_and_not_for_ever(db: Database) -> None:
    firm = await company(db)
    desk, ask = await ask_about(db, firm)
    asked = await desk.say(firm.rep, "恒达到账50万", ask)
    press = asked.press("同益")
    other = await desk.press(firm.manager, press)
    assert other.text == "这个问题已经不在了，请再说一遍。"
    assert isinstance(press, Choose)
    odd = await desk.press(firm.rep, replace(press, option=7))
    assert odd.text.startswith("这个问题已过期")
    desk.later(hours=25)
    expired = await desk.press(firm.rep, press)
    assert expired.text == "这个问题已过期，没有写入。请再说一遍。"
    assert await desk.rows(Payment) == []


async def test_none_of_them_writes_nothing(db: Database) -> None:
    firm = await company(db)
    desk, ask = await ask_about(db, firm)
    asked = await desk.say(firm.rep, "恒达到账50万", ask)
    assert isinstance(asked.press("都不是"), Dismiss)
    answer = await desk.press(firm.rep, asked.press("都不是"))
    assert answer.text == "好，没有写入。说全称再记一次。"
    assert await desk.rows(Payment) == []


async def test_what_is_clear_is_written_beside_the_question(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    async with db.write(SYSTEM) as session:
        from tests.builders import make_deal

        second = await make_deal(session, firm.mine, name="维保", amount_fen=9_000_000)
    visit = acts.Activity(kind="visit", customer=str(firm.mine.id), date="2026-11-24")
    ask = acts.Ask(about="deal", options=(str(firm.deal.id), str(second.id)))
    said = await desk.say(firm.rep, "今天去了恒通，预算100万", visit, ask)
    assert said.card.title == "已记 · 恒通"
    assert said.card.note == "恒通是哪一单？"
    labels = [button.text for button in said.card.buttons]
    assert labels == ["二期产线 120万", "维保 9万", "都不是", "撤销"]
    assert len(await desk.rows(Activity)) == 1
    none = await desk.press(firm.rep, said.press("都不是"))
    assert none.text == "好，这一项没有写入，别的已经记了。说出商机的名字再记一次。"
    (update,) = [r.content.card for r in none.replies if isinstance(r.content, CardUpdate)]
    assert [button.text for button in update.buttons] == ["撤销", "改一下"]
    assert update.note == ""


async def test_a_name_learned_by_typing_is_told(db: Database) -> None:
    firm = await company(db)
    desk, ask = await ask_about(db, firm)
    asked = await desk.say(firm.rep, "恒达什么情况", ask)
    query = acts.Query(about="customer", customer=str(firm.theirs.id))
    said = await desk.say(firm.rep, "同益什么情况", query)
    assert said.card.title == "同益"
    assert said.card.note.endswith("恒达 = 同益，记住了（说“忘掉恒达”可取消）")
    assert said.updates == {asked.card.subject: "已选 同益 · 10:00"}


def signing(firm: Company) -> list[acts.Act]:
    customer, deal = str(firm.mine.id), str(firm.deal.id)
    return [
        acts.Contract(customer=customer, deal=deal, amount=1_480_000, number="HT-2611"),
        acts.DealNews(customer=customer, deal=deal, outcome="won"),
    ]


async def test_a_contract_is_shown_first(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    before = await counts(db)
    shown = await desk.say(firm.rep, "二期签了148万 合同号HT-2611", *signing(firm))
    assert shown.card.title == "请确认 · 恒通 · 赢单"
    assert shown.lines == {
        "合同": "HT-2611 · 148万 · 今天签",
        "商机": "二期产线：初步接触 → 赢单",
    }
    assert await counts(db) == before
    done = await desk.press(firm.rep, shown.press("确认"))
    assert done.card.title == "已记 · 恒通 · 赢单"
    (deal,) = await desk.rows(Deal)
    assert (deal.status, deal.stage, deal.amount_fen) == ("won", "赢单", 148_000_000)
    (change,) = await desk.rows(StageChange)
    assert (change.from_stage, change.to_stage) == ("初步接触", "赢单")
    assert (await desk.press(firm.rep, shown.press("确认"))).text == "这条已处理过了。"
    assert len(await desk.rows(Contract)) == 1
    await desk.press(firm.rep, done.press("撤销"))
    (deal,) = await desk.rows(Deal)
    assert (deal.status, deal.stage, deal.closed_on) == ("open", "初步接触", None)


async def test_a_confirmation_dies_when_the_record_changed(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    shown = await desk.say(firm.rep, "签了", *signing(firm))
    async with db.write(SYSTEM) as session:
        deal = await session.get(Deal, firm.deal.id)
        assert deal is not None
        deal.amount_fen = 1
    answer = await desk.press(firm.rep, shown.press("确认"))
    assert answer.text == "确认之前记录被改过了，没有写入。请再说一遍。"
    assert await desk.rows(Contract) == []


@pytest.mark.parametrize(("words", "contracts"), [("确认", 1), ("好的", 1), ("不对", 0)])
async def test_a_confirmation_is_answered_in_words(
    db: Database, words: str, contracts: int
) -> None:
    firm, desk = await company(db), Desk(db)
    shown = await desk.say(firm.rep, "签了", *signing(firm))
    assert isinstance(shown.press("确认"), Confirm)
    await desk.say(firm.rep, words)
    assert len(await desk.rows(Contract)) == contracts


async def test_a_correction_before_confirming_asks_again(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    first = await desk.say(firm.rep, "签了148万", *signing(firm))
    second = await desk.say(firm.rep, "是146万", acts.Correct(set={"amount": 1_460_000}))
    assert second.lines["合同"] == "HT-2611 · 146万 · 今天签"
    assert (await desk.press(firm.rep, first.press("确认"))).text == "这条已处理过了。"
    await desk.press(firm.rep, second.press("确认"))
    (contract,) = await desk.rows(Contract)
    assert contract.amount_fen == 146_000_000


async def test_a_lost_deal_keeps_why(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    news = acts.DealNews(
        customer=str(firm.mine.id), deal=str(firm.deal.id), outcome="lost",
        lost_reason="价格高", lost_to="对手甲",
    )  # fmt: skip
    shown = await desk.say(firm.rep, "丢了", news)
    assert shown.card.title == "请确认 · 恒通 · 输单"
    await desk.press(firm.rep, shown.press("确认"))
    (deal,) = await desk.rows(Deal)
    assert (deal.status, deal.lost_reason, deal.lost_to) == ("lost", "价格高", "对手甲")


async def test_tasks_are_listed_and_ticked_off(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    for what, due in (("催合同", "2026-11-20"), ("发方案", "2026-11-24"), ("回访", "2026-12-01")):
        await desk.say(firm.rep, what, acts.Task(what=what, due=due))
    listed = await desk.say(firm.rep, "我的待办", acts.Query(about="tasks"))
    assert listed.card.title == "我的待办 · 3 条，1 条已过期"
    assert [(line.label, line.value) for line in listed.card.lines] == [
        ("过期4天", "1. 催合同"), ("今天", "2. 发方案"), ("12-01", "3. 回访"),
    ]  # fmt: skip
    press = listed.press("完成 1")
    assert isinstance(press, TickTask)
    assert (await desk.press(firm.colleague, press)).text.startswith("没有找到这条待办")
    ticked = await desk.press(firm.rep, press)
    assert ticked.text.startswith("已完成：催合同")
    (left,) = [r.content.card for r in ticked.replies
               if isinstance(r.content, CardUpdate) and r.content.subject is None]  # fmt: skip
    assert left.title == "我的待办 · 2 条"
    assert [(line.label, line.value) for line in left.lines] == [
        ("已完成", "1. 催合同"), ("今天", "2. 发方案"), ("12-01", "3. 回访"),
    ]  # fmt: skip
    assert [button.text for button in left.buttons] == ["完成 2", "完成 3"]
    assert (await desk.press(firm.rep, press)).text == "这条已处理过了。"
    await desk.say(firm.rep, "撤销", acts.Undo())
    (task,) = await desk.rows(Task, Task.what == "催合同")
    assert task.done_at is None


async def test_a_task_reminds_once_it_is_due(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    await desk.say(
        firm.rep, "x", acts.Task(what="发方案", due="2026-11-25", customer=str(firm.mine.id))
    )
    (task,) = await desk.rows(Task)
    due = await desk.due("task", task.id, task.due_at)
    (card,) = due.to(firm.rep)
    assert card.title == "提醒 · 发方案"
    assert [line.label for line in card.lines] == ["客户", "商机"]
    assert [button.text for button in card.buttons] == ["完成", "看客户"]
    await desk.press(firm.rep, DoneTask(task_id=task.id))
    assert (await desk.due("task", task.id, task.due_at)).replies == []


async def test_contacts_of_the_note(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    customer = str(firm.mine.id)
    said = await desk.say(
        firm.rep, "蒋总走了", acts.ContactNews(customer=customer, name="蒋建", left=True)
    )
    assert said.lines == {"联系人": "蒋建：已离职"}
    (contact,) = await desk.rows(Contact)
    assert contact.left
    facts = acts.CustomerNews(customer=customer, set={"grade": "A", "tags": ["重点"]})
    told = await desk.say(firm.rep, "A级", facts)
    assert told.lines == {"等级": "A", "标签": "＋重点"}
    await desk.say(firm.rep, "撤销", acts.Undo())
    (row,) = await desk.rows(Customer, Customer.id == firm.mine.id)
    assert row.grade is None


async def test_a_refused_act_takes_the_whole_message_back(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    before = await counts(db)
    visit = acts.Activity(kind="visit", customer=str(firm.mine.id), date="2026-11-24")
    bad = acts.DealNews(customer=str(firm.mine.id), deal=str(firm.deal.id), stage="没有的阶段")
    refused = await desk.say(firm.rep, "x", visit, bad)
    assert refused.text.startswith("阶段没有“没有的阶段”，可以是：")
    assert await counts(db) == before


async def test_a_visit_that_leads_nowhere_lacks_a_next_step(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    customer = str(firm.mine.id)
    visit = acts.Activity(kind="visit", customer=customer, date="2026-11-24")
    assert (await desk.say(firm.rep, "拜访了恒通", visit)).card.note == "还缺：下一步"
    planned = acts.Activity(kind="visit", customer=customer, date="2026-12-01", planned=True)
    assert (await desk.say(firm.rep, "今天去了，下周再去", visit, planned)).card.note == ""
    assert (await desk.say(firm.rep, "拜访了恒通", visit)).card.note == ""
    await desk.say(firm.rep, "撤销", acts.Undo())
    await desk.say(firm.rep, "撤销", acts.Undo())
    task = acts.Task(what="给方案", due="2026-12-02", customer=customer)
    assert (await desk.say(firm.rep, "拜访了恒通，下周给方案", visit, task)).card.note == ""
    lost = acts.DealNews(customer=customer, deal=str(firm.deal.id), outcome="lost")
    await desk.say(firm.rep, "撤销", acts.Undo())
    asked = await desk.say(firm.rep, "恒通丢了", lost)
    await desk.press(firm.rep, asked.press("确认"))
    assert (await desk.say(firm.rep, "拜访了恒通", visit)).card.note == ""
