"""Words that somebody else could have put into the sender's mouth decide nothing that weighs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from handlers import buttons, entry
from handlers.context import Heard
from nlu import acts
from storage.db import Database
from storage.models.customers import Customer
from storage.models.papers import Contract, Payment
from storage.models.people import User
from storage.models.process import Approval, Pending
from storage.models.selling import Activity
from storage.viewer import SYSTEM
from tests.unit.handlers.desk import Company, Desk, Said, company

REFUSED = "打字不算数"


async def say(desk: Desk, user: User, text: str, *said: acts.Act) -> Said:
    """A text that came unsigned, read as these acts."""
    async with desk.context(user, text) as context:
        unsigned = replace(context, trusted=False)
        heard = [Heard(act=act) for act in said]
        return Said(context.event_id, await entry.on_message(unsigned, heard))


async def quoted(desk: Desk, firm: Company) -> Approval:
    quote = acts.Quote(
        customer=str(firm.mine.id), amount=380_000, discount=0.82, deal=str(firm.deal.id)
    )
    await desk.say(firm.rep, "八二折报38万", quote)
    (approval,) = await desk.rows(Approval)
    return approval  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", [acts.Approve, acts.Reject])
@pytest.mark.parametrize("number", ["Q-1001", None])
async def test_no_approval_is_decided(
    db: Database, kind: type[acts.Approve], number: str | None
) -> None:
    firm, desk = await company(db), Desk(db)
    await quoted(desk, firm)
    said = await say(desk, firm.manager, "同意", kind(number=number))
    assert REFUSED in said.text
    (approval,) = await desk.rows(Approval)
    assert approval.status == "pending"
    # The button counts: a tap is checked against the card that was sent.
    press = buttons.Decide(approval_id=approval.id, version=approval.version, verdict="approved")
    await desk.press(firm.manager, press)
    (approval,) = await desk.rows(Approval)
    assert approval.status == "approved"


async def test_a_confirmation_waits_for_the_button(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    contract = acts.Contract(customer=str(firm.mine.id), number="HT-1", amount=1_480_000)
    asked = await say(desk, firm.rep, "签了148万", contract)
    assert asked.card.title.startswith("请确认")
    said = await say(desk, firm.rep, "确认")
    assert REFUSED in said.text
    assert await desk.rows(Contract) == []
    await desk.press(firm.rep, asked.press("确认"))
    assert len(await desk.rows(Contract)) == 1


async def test_what_weighs_is_neither_taken_back_nor_corrected(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    payment = acts.Payment(customer=str(firm.mine.id), amount=500_000)
    asked = await desk.say(firm.rep, "到账50万", payment)
    await desk.press(firm.rep, asked.press("确认"))
    (before,) = await desk.rows(Payment)
    for act, text in ((acts.Undo(), "撤销"), (acts.Correct(set={"amount": 900_000}), "改成90万")):
        said = await say(desk, firm.rep, text, act)
        assert REFUSED in said.text
    (after,) = await desk.rows(Payment)
    assert after.amount_fen == before.amount_fen


async def test_no_customer_is_handed_over(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    transfer = acts.Transfer(customers=(str(firm.mine.id),), to_user=str(firm.colleague.id))
    said = await say(desk, firm.manager, "把恒通转给周二", transfer)
    assert REFUSED in said.text
    async with db.read(SYSTEM) as session:
        owner = await session.scalar(select(Customer.owner_id).where(Customer.id == firm.mine.id))
    assert owner == firm.rep.id


async def test_nobody_is_shut_out(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    said = await say(desk, firm.admin, "确认停用 林一")
    assert REFUSED in said.text
    async with db.read(SYSTEM) as session:
        assert (await session.get_one(User, firm.rep.id)).active


async def test_the_day_s_work_goes_on(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    visit = acts.Activity(kind="visit", customer=str(firm.mine.id), date="2026-11-24")
    said = await say(desk, firm.rep, "今天拜访了恒通", visit)
    assert said.card.title == "已记 · 恒通"
    said = await say(desk, firm.rep, "撤销", acts.Undo())
    assert "已撤销" in said.text
    async with db.read(SYSTEM) as session:
        assert await session.scalar(select(func.count()).select_from(Activity)) == 0
        assert await session.scalar(select(func.count()).select_from(Pending)) == 1
