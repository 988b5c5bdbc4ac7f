"""Records with sensible defaults: a test names only what matters to it.

They add to a session and flush, so that ids are there; names are made up here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.events import Message, Source, Tap
from storage.models.customers import Contact, Customer, CustomerName, CustomerShare
from storage.models.papers import Contract, Payment, Quote, Target
from storage.models.people import Binding, Team, User
from storage.models.selling import Activity, Deal, Task
from storage.models.service import Outbound, SentCard, Subscription
from storage.viewer import Viewer

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
_numbers = count(1)


async def _kept(session: AsyncSession, record: Any) -> Any:
    session.add(record)
    await session.flush()
    return record


async def make_team(
    session: AsyncSession, name: str = "华东一组", parent: Team | None = None
) -> Team:
    """A team below `parent`, its path filled in."""
    team: Team = await _kept(
        session, Team(name=name, parent_id=parent.id if parent else None, path="/")
    )
    team.path = f"{parent.path if parent else '/'}{team.id}/"
    await session.flush()
    return team


async def make_user(
    session: AsyncSession,
    name: str = "李强",
    *,
    role: str = "rep",
    team: Team | None = None,
    platform_user: str | None = None,
    platform: str = "wecom",
    corp: str = "corp",
) -> User:
    """A user, bound to a platform where `platform_user` is given."""
    user: User = await _kept(
        session, User(name=name, role=role, team_id=team.id if team else None)
    )
    if platform_user is not None:
        bound = Binding(platform=platform, corp=corp, platform_user=platform_user, user_id=user.id)
        await _kept(session, bound)
    return user


def viewer_of(user: User, team_ids: Sequence[int] = ()) -> Viewer:
    """How this user looks at the database."""
    return Viewer(user_id=user.id, role=user.role, team_ids=tuple(team_ids))


async def make_customer(
    session: AsyncSession,
    name: str = "宏远机械有限公司",
    *,
    owner: User | None = None,
    short: str | None = None,
    shared_with: Sequence[User] = (),
    **columns: Any,
) -> Customer:
    """A customer with its names; without an owner it is in the pool."""
    owner_id = owner.id if owner else None
    columns = {"created_at": NOW, "created_by": owner_id, **columns}
    customer: Customer = await _kept(session, Customer(name=name, owner_id=owner_id, **columns))
    names = [CustomerName(customer_id=customer.id, text=name, kind="registered")]
    if short is not None:
        names.append(CustomerName(customer_id=customer.id, text=short, kind="short"))
    shares = [CustomerShare(customer_id=customer.id, user_id=user.id) for user in shared_with]
    session.add_all([*names, *shares])
    await session.flush()
    return customer


async def make_contact(
    session: AsyncSession, customer: Customer, name: str = "王建国", **columns: Any
) -> Contact:
    """A person at a customer."""
    contact: Contact = await _kept(session, Contact(customer_id=customer.id, name=name, **columns))
    return contact


async def make_deal(session: AsyncSession, customer: Customer, **columns: Any) -> Deal:
    """An open deal at its first stage, of the customer's owner."""
    defaults = {
        "name": "产线改造", "stage": "初步接触", "stage_since": NOW, "status": "open",
        "owner_id": customer.owner_id, "created_at": NOW,
    }  # fmt: skip
    deal: Deal = await _kept(session, Deal(customer_id=customer.id, **{**defaults, **columns}))
    return deal


async def make_activity(session: AsyncSession, customer: Customer, **columns: Any) -> Activity:
    """A visit today by the customer's owner."""
    defaults = {
        "kind": "visit", "on": TODAY, "owner_id": customer.owner_id, "note": "", "created_at": NOW,
    }  # fmt: skip
    activity: Activity = await _kept(
        session, Activity(customer_id=customer.id, **{**defaults, **columns})
    )
    return activity


async def make_task(session: AsyncSession, owner: User, **columns: Any) -> Task:
    """Something to do for `owner`, due in an hour."""
    defaults = {
        "what": "发方案", "created_by": owner.id, "due_at": NOW + timedelta(hours=1),
        "due_on": TODAY, "created_at": NOW,
    }  # fmt: skip
    task: Task = await _kept(session, Task(owner_id=owner.id, **{**defaults, **columns}))
    return task


async def make_quote(session: AsyncSession, customer: Customer, **columns: Any) -> Quote:
    """A quote of 100,000 yuan, approved."""
    defaults = {"owner_id": customer.owner_id, "amount_fen": 10_000_000, "created_at": NOW}
    quote: Quote = await _kept(session, Quote(customer_id=customer.id, **{**defaults, **columns}))
    return quote


async def make_contract(session: AsyncSession, customer: Customer, **columns: Any) -> Contract:
    """A contract of 100,000 yuan, signed today."""
    defaults = {
        "owner_id": customer.owner_id, "amount_fen": 10_000_000, "signed_on": TODAY,
        "created_at": NOW,
    }  # fmt: skip
    contract: Contract = await _kept(
        session, Contract(customer_id=customer.id, **{**defaults, **columns})
    )
    return contract


async def make_payment(session: AsyncSession, customer: Customer, **columns: Any) -> Payment:
    """50,000 yuan received today."""
    defaults = {
        "owner_id": customer.owner_id, "amount_fen": 5_000_000, "on": TODAY, "created_at": NOW,
    }  # fmt: skip
    payment: Payment = await _kept(
        session, Payment(customer_id=customer.id, **{**defaults, **columns})
    )
    return payment


async def make_target(session: AsyncSession, user: User, **columns: Any) -> Target:
    """A million yuan of sales this month."""
    defaults = {"metric": "sales", "month": "2026-11", "value_fen": 100_000_000}
    target: Target = await _kept(session, Target(user_id=user.id, **{**defaults, **columns}))
    return target


async def make_subscription(session: AsyncSession, **columns: Any) -> Subscription:
    """The daily report at half past six into a group."""
    defaults = {
        "report": "daily", "at": "18:30", "days": "daily", "group_name": "销售群", "active": True,
        "since": NOW - timedelta(days=30),
    }  # fmt: skip
    kept: Subscription = await _kept(session, Subscription(**{**defaults, **columns}))
    return kept


async def make_outbound(session: AsyncSession, **columns: Any) -> Outbound:
    """A text that waits to be sent to one person."""
    number = next(_numbers)
    user = columns.pop("user", "lina")
    address = {"platform": "fake", "corp": "corp", "app": "app", "user": user, "group": None}
    defaults = {
        "key": f"k{number}", "platform": "fake", "lane": f"fake|corp|app|{user}|",
        "address": address, "content": {"content": "text", "text": f"words {number}"},
        "created_at": NOW, "available_at": NOW,
    }  # fmt: skip
    row: Outbound = await _kept(session, Outbound(**{**defaults, **columns}))
    return row


async def make_sent_card(session: AsyncSession, **columns: Any) -> SentCard:
    """A card on one person's screen."""
    number = next(_numbers)
    address = {"platform": "fake", "corp": "corp", "app": "app", "user": "lina", "group": None}
    defaults = {
        "card_key": f"card-{number}", "platform": "fake", "address": address, "presses": [],
        "codes": [], "created_at": NOW, "expires_at": NOW + timedelta(days=30),
    }  # fmt: skip
    card: SentCard = await _kept(session, SentCard(**{**defaults, **columns}))
    return card


def source(sender: str = "lina", platform: str = "fake") -> Source:
    """Where an event comes from."""
    return Source(platform=platform, corp="corp", app="app", sender=sender)


def message(text: str = "今天拜访了客户", *, sender: str = "lina", **slots: Any) -> Message:
    """Words from a person; each with a message id of its own unless one is given."""
    slots = {"message_id": f"m{next(_numbers)}", "at": NOW, **slots}
    return Message(source=source(sender), text=text, **slots)


def tap(press: str, *, card_key: str, sender: str = "lina", **slots: Any) -> Tap:
    """A pressed button."""
    slots = {"update_code": None, "at": NOW, "digest": f"d{next(_numbers)}", **slots}
    return Tap(source=source(sender), card_key=card_key, press=press, **slots)
