"""What an event wrote is taken back or corrected, unless somebody built on it."""

from __future__ import annotations

from handlers.buttons import Say, UndoEvent
from nlu import acts
from storage.db import Database
from storage.models.papers import Quote
from storage.models.process import Approval
from storage.models.selling import Activity, Deal
from tests.unit.handlers.desk import NOTE, Desk, company, counts, note_acts


async def test_undo_by_button_leaves_no_trace(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    before = await counts(db)
    said = await desk.say(firm.rep, NOTE, *note_acts(firm))
    taken = await desk.press(firm.rep, said.press("撤销"))
    assert taken.text.startswith("已撤销：恒通")
    assert taken.updates == {f"event:{said.event_id}": "已撤销 · 10:00"}
    assert await counts(db) == before
    (deal,) = await desk.rows(Deal)
    assert (deal.amount_fen, deal.competitors) == (120_000_000, [])
    again = await desk.press(firm.rep, said.press("撤销"))
    assert again.text == "这条已经撤销过了。"


async def test_undo_in_words_goes_back_step_by_step(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    customer, deal = str(firm.mine.id), str(firm.deal.id)
    for amount in (1_300_000, 1_400_000):
        await desk.say(firm.rep, "x", acts.DealNews(customer=customer, deal=deal, amount=amount))
    amounts = []
    for _ in range(2):
        await desk.say(firm.rep, "撤销", acts.Undo())
        amounts.append((await desk.rows(Deal))[0].amount_fen)
    assert amounts == [130_000_000, 120_000_000]
    nothing = await desk.say(firm.rep, "撤销", acts.Undo())
    assert nothing.text == "没有可以撤销的记录。"


async def test_only_the_writer_undoes(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await desk.say(firm.rep, NOTE, *note_acts(firm))
    for other in (firm.manager, firm.colleague, firm.director):
        refused = await desk.press(other, UndoEvent(event_id=said.event_id))
        assert refused.text == "没有可以撤销的记录。"
    assert len(await desk.rows(Activity)) == 1


async def test_what_was_built_upon_stays(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await desk.say(firm.rep, NOTE, *note_acts(firm))
    news = acts.DealNews(customer=str(firm.mine.id), deal=str(firm.deal.id), amount=1_600_000)
    shown = await desk.say(firm.manager, "改成160万", news)
    await desk.press(firm.manager, shown.press("确认"))
    refused = await desk.press(firm.rep, said.press("撤销"))
    assert refused.text == "这条撤不了：后来又有改动（吴三 10:00）。直接说要改成什么就行。"
    assert len(await desk.rows(Activity)) == 1


async def test_a_record_that_others_refer_to_stays(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    customer = str(firm.mine.id)
    opened = await desk.say(
        firm.rep, "新机会", acts.DealNews(customer=customer, deal="new", deal_name="三期")
    )
    (deal,) = await desk.rows(Deal, Deal.name == "三期")
    await desk.say(
        firm.rep, "报价", acts.Quote(customer=customer, deal=str(deal.id), amount=100_000)
    )
    refused = await desk.press(firm.rep, opened.press("撤销"))
    assert refused.text.startswith("这条撤不了")


async def test_a_correction_replaces_what_was_said(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await desk.say(firm.rep, NOTE, *note_acts(firm))
    fixed = await desk.say(firm.rep, "不对，是160万", acts.Correct(set={"amount": 1_600_000}))
    assert fixed.card.title == "已改 · 恒通"
    assert fixed.lines["金额"] == "120万 → 160万"
    assert fixed.updates == {f"event:{said.event_id}": "已改 · 10:00"}
    assert len(await desk.rows(Activity)) == 1
    await desk.press(firm.rep, fixed.press("撤销"))
    assert (await desk.rows(Deal))[0].amount_fen == 150_000_000
    await desk.say(firm.rep, "撤销", acts.Undo())
    assert (await desk.rows(Deal))[0].amount_fen == 120_000_000
    assert await desk.rows(Activity) == []


async def test_correcting_says_how(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await desk.say(firm.rep, NOTE, *note_acts(firm))
    assert said.press("改一下") == Say(words="改一下")
    how = await desk.say(firm.rep, "改一下")
    assert how.text.startswith("直接说要改成什么")


async def test_undoing_a_quote_withdraws_its_approval(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    quote = acts.Quote(
        customer=str(firm.mine.id), deal=str(firm.deal.id), amount=1_380_000, discount=0.82
    )
    said = await desk.say(firm.rep, "报138万八二折", quote)
    (approval,) = await desk.rows(Approval)
    taken = await desk.press(firm.rep, said.press("撤销"))
    assert taken.updates[f"approval:{approval.id}"] == "已撤回 · 林一 · 10:00"
    assert await desk.rows(Quote) == []
    (approval,) = await desk.rows(Approval)
    assert approval.status == "withdrawn"


async def test_an_undone_correction_shows_what_stands_again(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await desk.say(firm.rep, NOTE, *note_acts(firm))
    await desk.say(firm.rep, "不对，是160万", acts.Correct(set={"amount": 1_600_000}))
    back = await desk.say(firm.rep, "撤销", acts.Undo())
    assert back.card.title == "已恢复 · 恒通"
    assert back.lines["金额"] == "120万 → 150万"
    assert back.press("撤销") == said.press("撤销")
    gone = await desk.press(firm.rep, back.press("撤销"))
    assert gone.text.startswith("已撤销：恒通（")
    assert "金额 150万 → 120万；对手 －对手甲" in gone.text


async def test_taking_back_a_question_leaves_what_was_written(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    await desk.say(firm.rep, NOTE, *note_acts(firm))
    paid = acts.Payment(customer=str(firm.mine.id), amount=500_000)
    await desk.say(firm.rep, "恒通到账50万", paid)
    dropped = await desk.say(firm.rep, "撤销", acts.Undo())
    assert dropped.text == "好，刚才问的作罢，没有写入。"
    assert len(await desk.rows(Activity)) == 1
    assert (await desk.say(firm.rep, "撤销", acts.Undo())).text.startswith("已撤销：恒通")
    assert await desk.rows(Activity) == []


async def test_a_second_correction_leaves_one_record(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    planned = acts.Activity(
        kind="visit", customer=str(firm.mine.id), date="2026-11-25T14:00", planned=True
    )
    await desk.say(firm.rep, "明天两点去恒通", planned)
    days = [f"2026-11-25T{hour}:00" for hour in (14, 15, 16)]
    for day in days[1:]:
        await desk.say(firm.rep, "改", acts.Correct(set={"date": day}))
    assert [visit.date_text for visit in await desk.rows(Activity)] == days[2:]
    for left in (days[1:2], days[:1], []):
        await desk.say(firm.rep, "撤销", acts.Undo())
        assert [visit.date_text for visit in await desk.rows(Activity)] == left


async def test_a_correction_changes_one_thing_or_nothing(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    customer = str(firm.mine.id)
    dinner = acts.Expense(amount=860, category="meal", customer=customer)
    deal = acts.DealNews(customer=customer, deal=str(firm.deal.id), amount=1_500_000)
    await desk.say(firm.rep, "谈到150万，吃饭860", deal, dinner)
    unclear = await desk.say(firm.rep, "改成65万", acts.Correct(set={"amount": 650_000}))
    assert unclear.text.startswith("上一条里不止一个金额")
    (kept,) = await desk.rows(Deal)
    assert kept.amount_fen == 150_000_000
    none = await desk.say(firm.rep, "电话是139", acts.Correct(set={"phone": "139"}))
    assert none.text.startswith("上一条里没有电话可改")


async def test_a_customer_of_two_is_not_guessed(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    visits = [acts.Activity(kind="visit", customer=str(c.id)) for c in (firm.mine, firm.theirs)]
    spent = acts.Expense(amount=85, customer=str(firm.theirs.id))
    asked = await desk.say(firm.manager, "两家都去了", *visits, spent)
    await desk.press(firm.manager, asked.press("确认"))
    there = acts.Correct(set={"customer": str(firm.mine.id)})
    said = await desk.say(firm.manager, "不是同益，是恒通", there)
    assert said.text.startswith("上一条里不止一个客户")
    await desk.say(firm.rep, "去恒通打车85", acts.Expense(amount=85, customer=str(firm.mine.id)))
    moved = await desk.say(firm.rep, "客户是恒通", there)
    assert moved.card.title == "已改 · 恒通"


async def test_what_is_asked_is_not_corrected_in_an_older_record(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    await desk.say(firm.rep, "打车85", acts.Expense(amount=85))
    visit = acts.Activity(kind="visit", new_customer="云岭纺织")
    await desk.say(firm.rep, "去了云岭纺织", visit)
    said = await desk.say(firm.rep, "改成65", acts.Correct(set={"amount": 65}))
    assert said.text == "上面的问题还没选，没有改。先选一个，再说要改什么。"
    paid = acts.Payment(customer=str(firm.mine.id), amount=500_000)
    await desk.say(firm.rep, "恒通到账50万", paid)
    await desk.say(firm.rep, "打车90", acts.Expense(amount=90))
    fixed = await desk.say(firm.rep, "改成95", acts.Correct(set={"amount": 95}))
    assert fixed.lines["费用"].startswith("95元")
