"""Every role, act, question and ownership: each cell of what may be read and written is asserted.

The cells are generated from the acts themselves; the rules are told here once more, apart from
the code. A refusal reads the same whether the record exists or not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import count, product
from typing import Any, get_args

import pytest
from sqlalchemy import func, select

from handlers import buttons, entry
from handlers.buttons import Decide, DoneTask, Press
from handlers.context import Context, Heard
from handlers.replies import Card, Reply, Text, ToSender, to_json
from nlu import acts
from sales.access import viewer_of
from sales.setup.document import CompanySetup
from storage.db import Database, WriteSession
from storage.models.customers import Customer
from storage.models.journal import Journal
from storage.models.people import User
from storage.models.process import Approval, ApprovalStep
from storage.models.selling import Task, Ticket
from storage.viewer import SYSTEM
from tests.builders import (
    NOW,
    make_activity,
    make_contact,
    make_contract,
    make_customer,
    make_deal,
    make_payment,
    make_quote,
    make_task,
    make_team,
    make_user,
)
from tests.unit.handlers.desk import SHANGHAI, draw

ROLES = ("rep", "manager", "director", "finance", "admin")
OWNERS = ("own", "team", "shared", "far", "pool")
"""Whose a customer is: one's own, a colleague's of the team, another team's (shared or not)."""
ABSENT = "987654"
SELLERS = ("rep", "manager", "director")
DETAILS = ("联系人", "商机", "跟进", "报价", "工单")
PAPERS = ("合同", "回款")
ABOUT: tuple[str, ...] = get_args(acts.About)
_events = count(50_000)


@dataclass
class World:
    """One role's company: a customer of each ownership with a record of each kind."""

    me: User
    mate: User
    customers: dict[str, Customer]
    approvals: dict[str, Approval]
    tasks: dict[str, Task]


ACTS: dict[str, Callable[[str, World], acts.Act]] = {
    "Activity": lambda key, _: acts.Activity(kind="call", customer=key, date="2026-11-24"),
    "DealNews": lambda key, _: acts.DealNews(customer=key, deal="new", amount=10_000),
    "DealNews lost": lambda key, _: acts.DealNews(customer=key, deal="new", outcome="lost"),
    "Task": lambda key, _: acts.Task(what="发样", customer=key),
    "CustomerNews": lambda key, _: acts.CustomerNews(customer=key, set={"grade": "B"}),
    "ContactNews": lambda key, _: acts.ContactNews(customer=key, name="何工"),
    "Quote": lambda key, _: acts.Quote(customer=key, deal="new", amount=10_000),
    "Contract": lambda key, _: acts.Contract(customer=key, deal="new", amount=10_000),
    "Payment": lambda key, _: acts.Payment(customer=key, amount=10_000),
    "Expense": lambda key, _: acts.Expense(customer=key, amount=100),
    "Ticket": lambda key, _: acts.Ticket(customer=key, what="漏油"),
    "Claim": lambda key, _: acts.Claim(customer=key),
    "Release": lambda key, _: acts.Release(customer=key),
    "Transfer": lambda key, world: acts.Transfer(to_user=str(world.mate.id), customers=(key,)),
}


def sees(role: str, whose: str) -> bool:
    """Whether the customer exists for this role at all."""
    known = {"rep": ("own", "shared", "pool"), "manager": ("own", "team", "shared", "pool")}
    return role in ("director", "finance") or whose in known.get(role, ())


def writes(role: str, name: str, whose: str) -> bool:
    """Whether the act is carried out, at once or after a confirmation."""
    seen, owned = sees(role, whose), whose != "pool"
    if name == "Task":
        return seen
    if name == "Expense":
        return seen
    if name in ("Contract", "Payment") and role == "finance":
        return True
    if role not in SELLERS:
        return False
    if name == "Claim":
        return whose == "pool"
    if name == "Release":
        return gives(role, whose)
    if name == "Transfer":
        return role != "rep" and gives(role, whose) and whose != "team"  # the mate has that one
    return seen and owned


def gives(role: str, whose: str) -> bool:
    """Who is only shared with may work on a customer, but not give it away."""
    return whose in {"rep": ("own",), "manager": ("own", "team"),
                     "director": ("own", "team", "shared", "far")}[role]  # fmt: skip


def reads(role: str, kind: str, whose: str) -> bool:
    """Whether a record of this kind, of this customer, may appear in any answer."""
    if role == "finance":
        return kind in PAPERS
    return sees(role, whose)


async def build(db: Database, role: str) -> World:
    async with db.write(SYSTEM, now=NOW) as session:
        top = await make_team(session, "销售部")
        team = await make_team(session, "东区组", parent=top)
        other = await make_team(session, "西区组", parent=top)
        me = await make_user(session, "我", role=role, team=team)
        mate = await make_user(session, "周二", team=team)
        stranger = await make_user(session, "郑四", team=other)
        head = await make_user(session, "冯五", role="manager", team=other)
        owners = {"own": me, "team": mate, "shared": stranger, "far": stranger, "pool": None}
        world = World(me, mate, {}, {}, {})
        for whose, owner in owners.items():
            customer = await _customer(session, whose, owner, me)
            await _records(session, customer, whose, owner or stranger)
            world.customers[whose] = customer
            if owner is not None and whose != "shared":
                approver = head if whose == "far" else me
                world.approvals[whose] = await _approval(session, customer, owner, approver)
                world.tasks[whose] = await make_task(session, owner, what=f"待办·{whose}")
        return world


async def _customer(session: WriteSession, whose: str, owner: User | None, me: User) -> Customer:
    shared = [me] if whose == "shared" else []
    return await make_customer(
        session, f"客户·{whose}有限公司", owner=owner, short=f"客户·{whose}", shared_with=shared
    )


async def _records(session: WriteSession, customer: Customer, whose: str, by: User) -> None:
    deal = await make_deal(session, customer, name=f"商机·{whose}", owner_id=by.id)
    await make_contact(session, customer, f"联系人·{whose}")
    await make_activity(session, customer, note=f"跟进·{whose}", owner_id=by.id)
    await make_quote(session, customer, reason=f"报价·{whose}", owner_id=by.id, deal_id=deal.id)
    await make_contract(session, customer, paper_number=f"合同·{whose}", owner_id=by.id)
    await make_payment(session, customer, owner_id=by.id)
    session.add(
        Ticket(
            customer_id=customer.id, owner_id=by.id, what=f"工单·{whose}", status="open",
            urgent=False, opened_at=NOW,
        )
    )  # fmt: skip
    await session.flush()


async def _approval(
    session: WriteSession, customer: Customer, requester: User, approver: User
) -> Approval:
    quote = await make_quote(session, customer, status="pending", owner_id=requester.id)
    approval = Approval(
        subject="quote", subject_id=quote.id, version=quote.version, requester_id=requester.id,
        created_at=NOW,
    )  # fmt: skip
    session.add(approval)
    await session.flush()
    session.add(ApprovalStep(approval_id=approval.id, approver_id=approver.id))
    await session.flush()
    return approval


class TakenBack(Exception):
    """Every cell finds the company as it was."""


@dataclass
class Outcome:
    """What one event was answered, whether it wrote, and a cell's whole text."""

    replies: list[Reply]
    wrote: bool

    @property
    def words(self) -> str:
        """All that the sender sees, as it would go to the platform."""
        mine = [reply.content for reply in self.replies if isinstance(reply.to, ToSender)]
        return "\n".join(str(to_json(content)) for content in mine)

    @property
    def text(self) -> str:
        """The one text back."""
        (content,) = [r.content for r in self.replies if isinstance(r.to, ToSender)]
        assert isinstance(content, Text), content
        return content.text


async def cell(db: Database, world: World, event: acts.Act | Press) -> Outcome:
    """One event in a transaction of its own, confirmed where it asks, then taken back."""
    async with db.read(SYSTEM) as session:
        viewer = await viewer_of(session, world.me)
    found: list[Outcome] = []
    try:
        async with db.write(viewer, event_id=next(_events), now=NOW) as session:
            before = await _entries(session)
            replies = await _event(session, world, viewer, event)
            confirm = _confirmation(replies)
            if confirm is not None:
                assert await _entries(session) == before, "written before it was confirmed"
                replies = await _event(session, world, viewer, confirm)
            found.append(Outcome(replies, await _entries(session) > before))
            raise TakenBack
    except TakenBack:
        return found[0]


async def _event(
    session: WriteSession, world: World, viewer: Any, event: acts.Act | Press
) -> list[Reply]:
    me = await session.get_one(User, world.me.id)
    context = Context(
        session=session, sender=me, viewer=viewer, now=NOW, zone=SHANGHAI,
        event_id=next(_events), conversation="chat", text="这样", in_group=False,
        setup=CompanySetup(), render=draw,
    )  # fmt: skip
    if isinstance(event, get_args(Press)):
        return await entry.on_press(context, event)  # type: ignore[arg-type]
    return await entry.on_message(context, [Heard(act=event)])  # type: ignore[arg-type]


async def _entries(session: WriteSession) -> int:
    await session.flush()
    return await session.scalar(select(func.count()).select_from(Journal)) or 0


def _confirmation(replies: list[Reply]) -> Press | None:
    cards = [r.content for r in replies if isinstance(r.content, Card)]
    asks = [card for card in cards if card.title.startswith("请确认")]
    return buttons.unpack(asks[0].buttons[0].press) if asks else None


@pytest.mark.parametrize("role", ROLES)
async def test_nobody_takes_another_teams_customers_at_a_stroke(db: Database, role: str) -> None:
    """把郑四的客户都转给我: the one that is shared with the sender is not theirs to take."""
    world = await build(db, role)
    owner = world.customers["far"].owner_id
    order = acts.Transfer(from_user=str(owner), to_user=str(world.me.id), customers="all")
    done = await cell(db, world, order)
    assert done.wrote == (role == "director"), done.replies


def test_every_act_that_names_a_customer_is_in_the_matrix() -> None:
    """A new act without a row fails here; decisions and questions have cells of their own."""
    named = {kind.__name__ for kind in get_args(acts.Act)
             if {"customer", "customers"} & {slot.name for slot in fields(kind)}}  # fmt: skip
    elsewhere = {"Approve", "Reject", "Query"}
    assert named - elsewhere == {name.split()[0] for name in ACTS}


@pytest.mark.parametrize("role", ROLES)
async def test_who_writes_what(db: Database, role: str) -> None:
    world = await build(db, role)
    for name, whose in product(ACTS, OWNERS):
        done = await cell(db, world, ACTS[name](str(world.customers[whose].id), world))
        allowed = writes(role, name, whose)
        assert done.wrote == allowed, (role, name, whose, done.replies)
        if not allowed and not sees(role, whose):
            absent = await cell(db, world, ACTS[name](ABSENT, world))
            assert (done.text, absent.wrote) == (absent.text, False), (role, name, whose)


@pytest.mark.parametrize("role", ROLES)
async def test_who_reads_what(db: Database, role: str) -> None:
    world = await build(db, role)
    for about, whose in product(ABOUT, (*OWNERS, None)):
        key = str(world.customers[whose].id) if whose else None
        query = acts.from_json({"type": "query", "about": about, "customer": key})
        answer = await cell(db, world, query)
        assert not answer.wrote
        if whose is not None and not sees(role, whose) and about not in WITHOUT_CUSTOMER:
            absent = await cell(db, world, acts.from_json(
                {"type": "query", "about": about, "customer": ABSENT}
            ))  # fmt: skip
            assert answer.words == absent.words, (role, about, whose)
        hidden = [f"{kind}·{one}" for kind, one in product((*DETAILS, *PAPERS), OWNERS)
                  if not reads(role, kind, one)]  # fmt: skip
        hidden += [f"客户·{one}" for one in OWNERS if not sees(role, one)]
        leaked = [mark for mark in hidden if mark in answer.words]
        assert leaked == [], (role, about, whose)


WITHOUT_CUSTOMER = ("approvals", "pool", "metric")
"""Questions that don't look at the customer: they are answered alike for any."""


@pytest.mark.parametrize("role", ROLES)
async def test_what_is_seen_is_answered(db: Database, role: str) -> None:
    """The other side of the matrix: what may be read does appear."""
    world = await build(db, role)
    shown = {"contacts": "联系人", "deals": "商机", "activities": "跟进", "contracts": "合同"}
    for (about, kind), whose in product(shown.items(), OWNERS):
        query = acts.from_json(
            {"type": "query", "about": about, "customer": str(world.customers[whose].id)}
        )
        answer = await cell(db, world, query)
        assert (f"{kind}·{whose}" in answer.words) == reads(role, kind, whose), (about, whose)


@pytest.mark.parametrize("role", ROLES)
async def test_who_decides(db: Database, role: str) -> None:
    """Never one's own; a manager what was asked of them; a director anything."""
    world = await build(db, role)
    absent = await cell(db, world, Decide(approval_id=int(ABSENT), version=1, verdict="approved"))
    for whose, approval in world.approvals.items():
        allowed = whose in {"director": ("team", "far"), "manager": ("team",)}.get(role, ())
        tapped = Decide(approval_id=approval.id, version=1, verdict="approved")
        said = acts.Approve(number=f"Q-{1000 + approval.subject_id}")
        for event in (tapped, said):
            done = await cell(db, world, event)
            assert done.wrote == allowed, (role, whose, event, done.replies)
            if not sees(role, whose) or role in ("finance", "admin"):
                assert done.text == absent.text, (role, whose)


@pytest.mark.parametrize("role", ROLES)
async def test_who_ticks_off_a_task(db: Database, role: str) -> None:
    world = await build(db, role)
    absent = await cell(db, world, DoneTask(task_id=int(ABSENT)))
    for whose, task in world.tasks.items():
        done = await cell(db, world, DoneTask(task_id=task.id))
        assert done.wrote == (whose == "own")
        assert done.wrote or done.text == absent.text
