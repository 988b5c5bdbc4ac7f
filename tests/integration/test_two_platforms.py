"""One company on two platforms at once: one set of customers, one decision, one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import product

import pytest

from handlers.replies import CardUpdate
from nlu.naming.names import keys_of_name
from storage.db import Database, NameKeys
from storage.models.papers import Quote
from storage.models.people import Binding, User
from storage.models.process import Approval
from storage.models.selling import Activity
from storage.viewer import SYSTEM
from tests.builders import make_customer, make_deal, make_team, make_user
from tests.integration.office import Office, to

PAIRS = 10


@pytest.fixture
def name_keys() -> NameKeys:
    return keys_of_name


@pytest.fixture
async def office(db: Database) -> Office:
    """林一 works on platform a, 吴三 on b, 陈六 on both; one team."""
    async with db.write(SYSTEM) as session:
        team = await make_team(session, "东一组")
        rep = await make_user(session, "林一", team=team, platform_user="lin", platform="a")
        await make_user(
            session, "吴三", role="manager", team=team, platform_user="wu", platform="b"
        )
        boss = await make_user(
            session, "陈六", role="director", team=team, platform_user="chen", platform="a"
        )
        session.add(Binding(platform="b", corp="corp", platform_user="chen-b", user_id=boss.id))
        customer = await make_customer(session, "恒通机床有限公司", owner=rep, short="恒通")
        await make_deal(session, customer, name="二期产线", amount_fen=120_000_000)
    return Office(db, names=("a", "b"))


async def test_a_note_on_one_is_read_and_decided_on_the_other(office: Office) -> None:
    noted = await office.say("lin", "今天拜访了恒通，二期产线报价38万，八二折", on="a")
    (card,) = [one for one in noted if one.text.startswith("报价审批")]
    assert (card.platform, card.user) == ("b", "wu")
    (seen,) = await office.say("wu", "恒通什么情况", on="b")
    assert seen.platform == "b"
    assert seen.text.startswith("恒通")

    sent = await office.tap("wu", card, "同意")
    (update,) = [one for one in sent if isinstance(one.content, CardUpdate)]
    assert (update.platform, update.user) == ("b", "wu")
    told = to("lin", sent)
    assert [(one.platform, one.text) for one in told] == [
        ("a", "Q-1001 吴三已同意（恒通 38万），可以发给客户了。")
    ]
    (quote,) = await office.rows(Quote)
    (visit,) = await office.rows(Activity)
    assert (quote.status, quote.customer_id) == ("approved", visit.customer_id)


async def test_a_decision_on_either_closes_every_card(office: Office) -> None:
    """It reaches the director on one platform; they look at it on the other too, and decide."""
    noted = await office.say("lin", "恒通二期产线报价38万，八二折", on="a")
    (card,) = [one for one in noted if one.text.startswith("报价审批")]
    async with office.db.write(SYSTEM) as session:
        manager = (await office.rows(User, User.name == "吴三"))[0]
        (await session.get_one(User, manager.id)).active = False
    sent = await office.tick()
    (first,) = [one for one in sent if one.text == "报价审批 Q-1001 · 林一"]
    assert (first.platform, first.user) == ("a", "chen")
    (second,) = await office.say("chen-b", "我的审批", on="b")
    decided = await office.tap("chen-b", second, "同意")
    closed = {one.card_key for one in decided if isinstance(one.content, CardUpdate)}
    assert closed == {first.card_key, second.card_key}
    assert card.card_key not in closed  # that one was closed when it was passed on
    late = await office.tap("chen", first, "驳回")
    assert "已由陈六同意" in late[0].text


async def test_of_two_platforms_at_one_instant_one_decides(
    office: Office, open_db: Callable[[], Database]
) -> None:
    """Approve on one, reject on the other, in two processes: one wins, the other is told who."""
    other = Office(open_db(), names=("a", "b"))
    for number in range(PAIRS):
        noted = await office.say("lin", "恒通二期产线报价38万，八二折", on="a")
        (card,) = [one for one in noted if one.text.startswith("报价审批")]
        quote = card.text.split()[1]
        await asyncio.gather(
            office.tap("wu", card, "同意"), other.say("chen", f"驳回 {quote}，再谈谈", on="a")
        )
        approvals = await office.rows(Approval)
        assert len(approvals) == number + 1
        assert approvals[-1].status in ("approved", "rejected")
        (quoted,) = await office.rows(Quote, Quote.id == approvals[-1].subject_id)
        assert quoted.status == approvals[-1].status


TWINS = ("zhangsan", "zhang:san", "zhang san", "zhang|san", "zhang%7csan")


async def test_the_same_id_elsewhere_is_somebody_else(office: Office) -> None:
    """Every mixture of platform, corporation and odd id is a person of its own."""
    places = list(product(("a", "b"), ("corp", "c2"), TWINS))
    async with office.db.write(SYSTEM) as session:
        for number, (platform, corp, account) in enumerate(places):
            user = await make_user(
                session, f"人{number}", platform_user=account, platform=platform, corp=corp
            )
            await make_customer(
                session, f"客户{number:03}精密有限公司", owner=user, short=f"客户{number:03}精密"
            )
    for number, (platform, corp, account) in enumerate(places):
        mine = await office.say(account, f"客户{number:03}精密什么情况", on=platform, corp=corp)
        assert mine[0].text.startswith(f"客户{number:03}精密"), (platform, corp, account)
        others = (number + 1) % len(places)
        not_mine = await office.say(
            account, f"客户{others:03}精密什么情况", on=platform, corp=corp
        )
        assert f"客户{others:03}精密" not in not_mine[0].text
