"""Who leaves, is disabled or loses the role: out at once, and nothing waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from bot.turn import PEOPLE_SECONDS
from nlu.naming.names import keys_of_name
from storage.db import Database, NameKeys
from storage.models.journal import Journal
from storage.models.papers import Quote
from storage.models.people import Binding, User
from storage.models.process import Approval, ApprovalStep
from storage.models.service import SentCard
from storage.viewer import SYSTEM
from tests.builders import make_customer, make_deal, make_team, make_user
from tests.integration.office import Office, Sent, to

ROUNDS = 12


@pytest.fixture
def name_keys() -> NameKeys:
    return keys_of_name


@dataclass
class Firm:
    """A rep under a manager under a manager under a director, and an administrator."""

    office: Office
    users: dict[str, User]

    def id(self, account: str) -> int:
        return self.users[account].id

    async def ask(self) -> Sent:
        """The rep's quote needs approval; the card that the nearest manager got."""
        sent = await self.office.say("rep", "恒通二期产线报价38万，八二折")
        cards = [one for one in sent if one.text.startswith("报价审批")]
        assert len(cards) == 1, [(one.user, one.text) for one in sent]
        return cards[0]

    async def steps(self) -> list[tuple[int, str]]:
        rows = await self.office.rows(ApprovalStep)
        return [(row.approver_id, row.status) for row in rows]


@pytest.fixture
async def firm(db: Database) -> Firm:
    async with db.write(SYSTEM) as session:
        top = await make_team(session, "销售部")
        region = await make_team(session, "东区", parent=top)
        team = await make_team(session, "东一组", parent=region)
        made = (
            ("rep", "林一", "rep", team), ("near", "吴三", "manager", team),
            ("far", "冯五", "manager", region), ("boss", "陈六", "director", top),
            ("root", "卫八", "admin", None),
        )  # fmt: skip
        users = {
            account: await make_user(
                session, name, role=role, team=where, platform_user=account, platform="fake"
            )
            for account, name, role, where in made
        }
        rep = users["rep"]
        customer = await make_customer(session, "恒通机床有限公司", owner=rep, short="恒通")
        await make_deal(session, customer, name="二期产线", amount_fen=120_000_000)
    return Firm(Office(db), users)


Change = Callable[[Firm, Office], Awaitable[None]]


async def leaves(firm: Firm, office: Office) -> None:
    await office.staffing(left=("near",))


async def is_disabled(firm: Firm, office: Office) -> None:
    await office.say("root", "确认停用 吴三")


async def loses_the_role(firm: Firm, office: Office) -> None:
    async with office.db.write(SYSTEM) as session:
        (await session.get_one(User, firm.id("near"))).role = "rep"


async def changes_team(firm: Firm, office: Office) -> None:
    async with office.db.write(SYSTEM) as session:
        other = await make_team(session, "西区")
        (await session.get_one(User, firm.id("near"))).team_id = other.id


CHANGES = [leaves, is_disabled, loses_the_role, changes_team]
REFUSALS = (
    "Q-1001 不归你审批。",
    "没有找到这个审批，或者你无权查看。说“待我审批的”看看。",
    "你还没有开通。",
)


@pytest.mark.parametrize("when", ["before the tap", "while another process has them in mind"])
@pytest.mark.parametrize("change", CHANGES)
async def test_the_approver_is_out_and_the_next_in_line_decides(
    firm: Firm, open_db: Callable[[], Database], change: Change, when: str
) -> None:
    card, here = await firm.ask(), firm.office
    if when == "before the tap":
        await change(firm, here)
    else:
        await here.say("near", "我的待办")
        await change(firm, Office(open_db()))
    refused = to("near", await here.tap("near", card, "同意"))
    assert [one.text.startswith(REFUSALS) for one in refused] == [True]
    (approval,) = await here.rows(Approval)
    assert approval.status == "pending"

    sent = await here.tick()
    assert [one.text for one in to("near", sent)] == ["报价审批 Q-1001 · 林一 已转给 冯五 · 10:00"]
    assert [one.text for one in to("rep", sent)] == ["Q-1001 改由 冯五 审批（吴三 已不能审批）。"]
    (again,) = to("far", sent)
    assert await firm.steps() == [(firm.id("near"), "rerouted"), (firm.id("far"), "pending")]
    assert await here.tick() == []

    late = to("near", await here.tap("near", card, "同意"))
    assert all(one.text.startswith(REFUSALS) for one in late)
    await here.tap("far", again, "同意")
    (approval,) = await here.rows(Approval)
    (quote,) = await here.rows(Quote)
    assert (approval.status, quote.status) == ("approved", "approved")
    assert await firm.steps() == [(firm.id("near"), "rerouted"), (firm.id("far"), "approved")]
    journal = await here.rows(Journal, Journal.record_type == "approval_step")
    assert sorted((row.operation, row.after.get("status")) for row in journal) == [
        ("create", "pending"), ("create", "pending"), ("update", "approved"),
        ("update", "rerouted"),
    ]  # fmt: skip


async def test_two_processes_pass_it_on_once(firm: Firm, open_db: Callable[[], Database]) -> None:
    await firm.ask()
    other = Office(open_db())
    await leaves(firm, firm.office)
    await asyncio.gather(firm.office.staff.tick(other.clock()), other.staff.tick(other.clock()))
    await asyncio.gather(firm.office.work(), other.work())
    assert await firm.steps() == [(firm.id("near"), "rerouted"), (firm.id("far"), "pending")]


async def test_a_decision_at_the_instant_of_leaving_counts_wholly_or_not_at_all(
    firm: Firm, open_db: Callable[[], Database]
) -> None:
    other = Office(open_db())
    for _ in range(ROUNDS):
        card = await firm.ask()
        await other.say("near", "我的待办")
        async with firm.office.db.write(SYSTEM) as session:
            (await session.get_one(User, firm.id("near"))).role = "manager"

        async def demote_and_pass_on() -> None:
            await loses_the_role(firm, firm.office)
            await firm.office.staff.tick(firm.office.clock())
            await firm.office.work()

        await asyncio.gather(other.tap("near", card, "同意"), demote_and_pass_on())
        firm.office.clock.move(minutes=1)
        await firm.office.tick()
        (approval,) = await firm.office.rows(
            Approval, Approval.id == select(Approval.id).order_by(Approval.id.desc()).limit(1)
            .scalar_subquery()
        )  # fmt: skip
        steps = await firm.office.rows(ApprovalStep, ApprovalStep.approval_id == approval.id)
        last = (steps[-1].approver_id, steps[-1].status, approval.status)
        assert last in (
            (firm.id("near"), "approved", "approved"),
            (firm.id("far"), "pending", "pending"),
        )


async def test_the_line_ends_with_a_director_and_then_with_the_administrators(
    firm: Firm,
) -> None:
    await firm.ask()
    here = firm.office
    await here.staffing(left=("near", "far"))
    (card,) = to("boss", await here.tick())
    assert card.text == "报价审批 Q-1001 · 林一"
    await here.staffing(left=("boss",))
    here.clock.move(minutes=1)
    sent = await here.tick()
    assert [(one.user, one.text) for one in sent] == [
        (
            "root",
            "Q-1001（林一 提报）没有人能审批了：陈六 已不能审批，"
            "上级里也没有可用的经理或总监。设好主管后会自动转过去。",
        )
    ]
    here.clock.move(minutes=1)
    assert await here.tick() == []
    (approval,) = await here.rows(Approval)
    assert approval.status == "pending"
    async with here.db.write(SYSTEM) as session:
        team = (await session.get_one(User, firm.id("rep"))).team_id
        heir = await make_user(
            session, "孙九", role="manager", platform_user="heir", platform="fake"
        )
        heir.team_id = team
    here.clock.move(minutes=1)
    (card,) = to("heir", await here.tick())
    assert card.text == "报价审批 Q-1001 · 林一"


async def test_it_never_goes_to_whoever_asked(firm: Firm) -> None:
    """The requester has become the only director meanwhile."""
    await firm.ask()
    async with firm.office.db.write(SYSTEM) as session:
        await session.execute(
            update(User).where(User.role.in_(("manager", "director"))).values(active=False)
        )
        (await session.get_one(User, firm.id("rep"))).role = "director"
    sent = await firm.office.tick()
    assert to("rep", sent) == []
    assert "没有人能审批了" in to("root", sent)[0].text
    refused = await firm.office.say("rep", "同意 Q-1001")
    assert refused[0].text == "Q-1001 是你自己提的，不能自己审批，等主管处理。"


async def test_what_waits_for_a_leaver_is_told_and_access_ends(
    firm: Firm, open_db: Callable[[], Database]
) -> None:
    here, other = firm.office, Office(open_db())
    await other.say("rep", "我的待办")
    sent = await here.staffing(left=("rep",))
    assert [(one.user, one.text) for one in sent] == [
        ("root", "林一离开了，名下 1 个客户、1 个商机待交接。")
    ]
    answers = [one.text for one in await here.say("rep", "恒通什么情况")]
    assert len(answers) == 2
    assert answers[0].startswith("你还没有开通。")
    assert await here.say("rep", "恒通什么情况") == []
    assert [row.user_id for row in await here.rows(Binding, Binding.platform_user == "rep")] == []
    journal = await here.rows(Journal, Journal.record_type.in_(("binding", "user_account")))
    assert [(row.operation, row.after) for row in journal[-2:]] == [
        ("delete", {}), ("update", {"active": False}),
    ]  # fmt: skip


async def test_another_process_forgets_within_seconds(
    firm: Firm, open_db: Callable[[], Database]
) -> None:
    """What a process believes of a person is bounded by time, whoever has shut them out."""
    other = Office(open_db())
    await other.say("rep", "我的待办")
    await firm.office.staffing(left=("rep",))
    other.clock.move(seconds=PEOPLE_SECONDS)
    answers = await other.say("rep", "恒通什么情况")
    assert PEOPLE_SECONDS <= 60
    assert answers[0].text.startswith("你还没有开通。")


async def test_a_second_account_keeps_the_door_open(firm: Firm) -> None:
    here = firm.office
    async with here.db.write(SYSTEM) as session:
        session.add(
            Binding(platform="fake", corp="c2", platform_user="near", user_id=firm.id("near"))
        )
    assert await here.staffing(left=("near",)) == []
    (user,) = await here.rows(User, User.id == firm.id("near"))
    assert user.active
    assert (await here.say("near", "我的待办", corp="c2"))[0].text.startswith("没有")


async def test_cards_of_a_leaver_are_closed(firm: Firm) -> None:
    card = await firm.ask()
    await leaves(firm, firm.office)
    await firm.office.tick()
    rows = await firm.office.rows(SentCard, SentCard.subject == "approval:1")
    assert sorted((row.card_key == card.card_key, row.closed) for row in rows) == [
        (False, False), (True, True),
    ]  # fmt: skip
