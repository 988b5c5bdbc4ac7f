"""Quotes beyond the limit: who is asked, the one decision that counts, what everybody is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from handlers import entry
from handlers.buttons import Decide
from handlers.context import Heard
from handlers.replies import Card
from nlu import acts
from sales.approvals import APPROVED, REJECTED
from storage.db import Database
from storage.models.journal import Journal
from storage.models.papers import Quote, QuoteLine
from storage.models.people import User
from storage.models.process import Approval, ApprovalStep
from storage.viewer import SYSTEM
from tests.builders import make_quote
from tests.unit.handlers.desk import Company, Desk, Said, company

PAIRS = 200


async def ask(desk: Desk, firm: Company, user: User | None = None, **slots: object) -> Said:
    """A quote below the factor that reps may give."""
    given = {"amount": 380_000, "discount": 0.82, "deal": str(firm.deal.id), **slots}
    quote = acts.Quote(customer=str(firm.mine.id), **given)  # type: ignore[arg-type]
    return await desk.say(user or firm.rep, "八二折报38万，对手报35万", quote)


async def decide_press(desk: Desk, verdict: str = APPROVED) -> Decide:
    (approval,) = await desk.rows(Approval, Approval.status == "pending")
    return Decide(approval_id=approval.id, version=approval.version, verdict=verdict)


async def test_within_the_limit_it_counts_at_once(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await ask(desk, firm, discount=0.95)
    assert said.lines["报价"] == "Q-1001 · 38万 · 九五折"
    assert "审批" not in said.lines
    (quote,) = await desk.rows(Quote)
    assert quote.status == "approved"
    assert await desk.rows(Approval) == []


async def test_the_card_tells_the_manager_what_matters(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    async with db.write(SYSTEM) as session:
        await make_quote(session, firm.mine, discount_bp=8800)
        for factor in (8500, 9000):
            other = await make_quote(session, firm.far, discount_bp=factor)
            session.add(QuoteLine(quote_id=other.id, product="立式机"))
            theirs = await make_quote(session, firm.theirs, discount_bp=factor)
            session.add(QuoteLine(quote_id=theirs.id, product="立式机"))
    said = await ask(desk, firm, lines=(acts.QuoteLine(product="立式机", quantity=2),))
    assert said.lines["审批"] == "超出权限，已提交吴三"
    (card,) = said.to(firm.manager)
    assert isinstance(card, Card)
    assert card.title == "报价审批 Q-1006 · 林一"
    assert {line.label: line.value for line in card.lines} == {
        "客户": "恒通 · 二期产线",
        "报价": "38万（八二折，权限九折）",
        "参考": "该客户上次 0.88；同产品近 2 单 0.85–0.90",
        "说明": "八二折报38万，对手报35万",
    }
    assert [button.text for button in card.buttons] == ["同意", "驳回"]
    assert card.hint == "回复：同意 Q-1006 或 驳回 Q-1006 加原因"


async def test_a_tap_decides_for_everybody(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await ask(desk, firm)
    (card,) = said.to(firm.manager)
    desk.later(minutes=32)
    done = await desk.press(firm.manager, await decide_press(desk))
    assert done.updates == {card.subject: "已同意 · 吴三 · 10:32"}
    (told,) = done.to(firm.rep)
    assert told.text == "Q-1001 吴三已同意（恒通 38万），可以发给客户了。"
    (quote,) = await desk.rows(Quote)
    (step,) = await desk.rows(ApprovalStep)
    assert (quote.status, step.status, step.decided_by) == (
        "approved",
        "approved",
        firm.manager.id,
    )
    changed = await desk.rows(Journal, Journal.record_type == "approval")
    assert [(row.before, row.after["status"]) for row in changed][-1][1] == "approved"


async def test_words_decide_as_well(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    await ask(desk, firm)
    done = await desk.say(
        firm.manager, "驳回，毛利不够", acts.Reject(number="Q-1001", comment="毛利不够")
    )
    assert done.text == "Q-1001 已驳回，已告诉林一。"
    (told,) = done.to(firm.rep)
    assert told.text == "Q-1001 吴三已驳回（恒通 38万）：毛利不够。"
    (quote,) = await desk.rows(Quote)
    assert quote.status == "rejected"


async def test_without_a_number_only_one_may_wait(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    await ask(desk, firm)
    await ask(desk, firm, amount=360_000)
    which = await desk.say(firm.manager, "同意", acts.Approve())
    assert [button.text for button in which.card.buttons] == ["Q-1001", "Q-1002"]
    await desk.press(firm.manager, which.press("Q-1002"))
    done = await desk.say(firm.manager, "同意", acts.Approve())
    assert done.text == "Q-1001 已同意，已告诉林一。"
    nothing = await desk.say(firm.manager, "同意", acts.Approve())
    assert nothing.text == "没有等你审批的报价。"


async def test_the_second_is_told_who_was_first(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    await ask(desk, firm)
    press = await decide_press(desk)
    await desk.press(firm.manager, press)
    late = await desk.press(firm.director, replace(press, verdict=REJECTED))
    assert late.text == "Q-1001 已由吴三同意（10:00），不用再处理。"


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("rep", "Q-1001 是你自己提的，不能自己审批，等主管处理。"),
        ("colleague", "没有找到这个审批，或者你无权查看。说“待我审批的”看看。"),
        ("far_manager", "没有找到这个审批，或者你无权查看。说“待我审批的”看看。"),
        ("far_rep", "没有找到这个审批，或者你无权查看。说“待我审批的”看看。"),
        ("finance", "没有找到这个审批，或者你无权查看。说“待我审批的”看看。"),
        ("admin", "没有找到这个审批，或者你无权查看。说“待我审批的”看看。"),
    ],
)
async def test_nobody_else_decides(db: Database, who: str, answer: str) -> None:
    firm, desk = await company(db), Desk(db)
    await ask(desk, firm)
    press = await decide_press(desk)
    user = getattr(firm, who)
    assert (await desk.press(user, press)).text == answer
    said = await desk.say(user, "同意 Q-1001", acts.Approve(number="Q-1001"))
    assert said.text == answer
    (approval,) = await desk.rows(Approval)
    assert approval.status == "pending"


async def test_who_was_a_manager_decides_no_more(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    await ask(desk, firm)
    press = await decide_press(desk)
    async with db.write(SYSTEM) as session:
        user = await session.get(User, firm.manager.id)
        assert user is not None
        user.role = "director"
        user.active = False
    refused = await desk.press(firm.manager, press)
    assert refused.text == "Q-1001 不归你审批。"


async def test_an_older_card_decides_nothing(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    await ask(desk, firm)
    press = await decide_press(desk)
    async with db.write(SYSTEM) as session:
        approval = await session.get(Approval, press.approval_id)
        assert approval is not None
        approval.version = 2
    assert (await desk.press(firm.manager, press)).text.startswith("Q-1001 在这之后改过")


async def test_a_withdrawn_one_is_over(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await ask(desk, firm)
    press = await decide_press(desk)
    await desk.press(firm.rep, said.press("撤销"))
    assert (await desk.press(firm.manager, press)).text == "Q-1001 已经撤回，不用再审批。"
    await ask(desk, firm)
    assert (await desk.press(firm.manager, press)).text == "Q-1001 已经撤回，不用再审批。"
    (waiting,) = await desk.rows(Approval, Approval.status == "pending")
    assert waiting.id != press.approval_id


async def test_a_decision_stays(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await ask(desk, firm)
    await desk.press(firm.manager, await decide_press(desk))
    assert (await desk.press(firm.rep, said.press("撤销"))).text.startswith("这条撤不了")
    undone = await desk.say(firm.manager, "撤销", acts.Undo())
    assert undone.text == "审批决定不能撤销。需要改的话，请提报人重新报一次。"


@pytest.mark.parametrize(
    ("who", "customer", "approver"),
    [
        ("rep", "mine", "manager"),
        ("far_rep", "far", "far_manager"),
        ("manager", "mine", "director"),
    ],
)
async def test_it_goes_up_the_tree(db: Database, who: str, customer: str, approver: str) -> None:
    firm, desk = await company(db), Desk(db)
    quote = acts.Quote(customer=str(getattr(firm, customer).id), deal="new", amount=2_000_000)
    said = await desk.say(getattr(firm, who), "报200万", quote)
    if who == "manager":
        said = await desk.press(firm.manager, said.press("确认"))
    (step,) = await desk.rows(ApprovalStep)
    assert step.approver_id == getattr(firm, approver).id
    (card,) = said.to(getattr(firm, approver))
    assert "金额权限 100万" in card.lines[1].value


async def test_the_director_needs_nobody(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await ask(desk, firm, firm.director)
    await desk.press(firm.director, said.press("确认"))
    (quote,) = await desk.rows(Quote)
    assert quote.status == "approved"
    assert await desk.rows(Approval) == []


@dataclass
class Pair:
    """Who decided what, and what each was told."""

    said: list[Said]

    @property
    def winners(self) -> int:
        return sum(1 for said in self.said if said.updates)


async def test_of_two_at_the_same_instant_one_wins(
    db: Database, open_db: Callable[[], Database]
) -> None:
    firm, desk = await company(db), Desk(db)
    second = Desk(open_db())
    for number in range(PAIRS):
        async with desk.context(firm.rep, "报价") as context:
            quote = acts.Quote(
                customer=str(firm.mine.id), deal=str(firm.deal.id), amount=1, discount=0.5
            )
            await entry.on_message(context, [Heard(act=quote)])
        press = await decide_press(desk)
        refusal = replace(press, verdict=REJECTED)
        first, last = (desk, second) if number % 2 else (second, desk)
        pair = Pair(
            list(
                await asyncio.gather(
                    first.press(firm.manager, press), last.press(firm.director, refusal)
                )
            )
        )
        assert pair.winners == 1
        loser = next(said for said in pair.said if not said.updates)
        assert "已由" in loser.text
    decided = await desk.rows(Approval)
    quotes = await desk.rows(Quote)
    steps = await desk.rows(ApprovalStep)
    assert len(decided) == PAIRS
    for approval, quote_row, step in zip(decided, quotes, steps, strict=True):
        assert approval.status == quote_row.status == step.status
        assert approval.status in (APPROVED, REJECTED)


async def test_the_reason_is_what_was_said_beside_the_quote(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    text = "给恒通二期报价138万，打八二折，对手报135万，蒋总要周五定"
    quote = acts.Quote(
        customer=str(firm.mine.id), deal=str(firm.deal.id), amount=1_380_000, discount=0.82
    )
    spans = {slot: (text.index(word), text.index(word) + len(word))
             for slot, word in (("amount", "138万"), ("discount", "八二折"))}  # fmt: skip
    async with desk.context(firm.rep, text) as context:
        heard = Heard(act=quote, spans=spans)
        said = Said(context.event_id, await entry.on_message(context, [heard]))
    (card,) = said.to(firm.manager)
    why = {line.label: line.value for line in card.lines}["说明"]
    assert why == "对手报135万，蒋总要周五定"
