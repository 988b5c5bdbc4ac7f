"""A small company and a desk at which its people speak to the handlers, event by event."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, inspect, select

from handlers import buttons, entry
from handlers.context import Answer, Context, Heard
from handlers.replies import Card, CardUpdate, Reply, Text, ToSender, ToUser
from nlu import acts
from sales.access import viewer_of
from sales.setup.document import CompanySetup
from storage.db import Database
from storage.models.base import Base
from storage.models.customers import Customer
from storage.models.people import Team, User
from storage.models.selling import Deal
from storage.viewer import SYSTEM
from tests.builders import NOW, make_contact, make_customer, make_deal, make_team, make_user

SHANGHAI = ZoneInfo("Asia/Shanghai")
SETUP = CompanySetup()


@dataclass
class Company:
    """Two reps under a manager, a second team, a director, finance; customers of some."""

    rep: User
    colleague: User
    manager: User
    far_rep: User
    far_manager: User
    director: User
    finance: User
    admin: User
    team: Team
    mine: Customer
    theirs: Customer
    far: Customer
    pooled: Customer
    deal: Deal


async def company(db: Database) -> Company:
    """The records, written by the service itself."""
    async with db.write(SYSTEM) as session:
        top = await make_team(session, "销售部")
        team = await make_team(session, "东区组", parent=top)
        far_team = await make_team(session, "西区组", parent=top)
        rep = await make_user(session, "林一", team=team)
        colleague = await make_user(session, "周二", team=team)
        manager = await make_user(session, "吴三", role="manager", team=team)
        far_rep = await make_user(session, "郑四", team=far_team)
        far_manager = await make_user(session, "冯五", role="manager", team=far_team)
        director = await make_user(session, "陈六", role="director", team=top)
        finance = await make_user(session, "褚七", role="finance")
        admin = await make_user(session, "卫八", role="admin")
        mine = await make_customer(session, "恒通机床有限公司", owner=rep, short="恒通")
        await make_contact(session, mine, "蒋建", title="总经理")
        deal = await make_deal(session, mine, name="二期产线", amount_fen=120_000_000)
        theirs = await make_customer(session, "同益包装有限公司", owner=colleague, short="同益")
        far = await make_customer(session, "远峰化工有限公司", owner=far_rep, short="远峰")
        pooled = await make_customer(session, "空山食品有限公司", short="空山")
        return Company(
            rep, colleague, manager, far_rep, far_manager, director, finance, admin,
            team, mine, theirs, far, pooled, deal,
        )  # fmt: skip


_events = count(1000)


@dataclass
class Said:
    """What one event was answered, as its sender and the others see it."""

    event_id: int
    replies: list[Reply]

    @property
    def card(self) -> Card:
        """The one card back to the sender."""
        cards = [r.content for r in self.replies
                 if isinstance(r.to, ToSender) and isinstance(r.content, Card)]  # fmt: skip
        assert len(cards) == 1, self.replies
        return cards[0]

    @property
    def text(self) -> str:
        """The one text back to the sender."""
        texts = [r.content.text for r in self.replies
                 if isinstance(r.to, ToSender) and isinstance(r.content, Text)]  # fmt: skip
        assert len(texts) == 1, self.replies
        return texts[0]

    @property
    def updates(self) -> dict[str, str]:
        """What cards sent before show instead of their buttons, by subject."""
        return {
            r.content.subject or "": r.content.card.decided or ""
            for r in self.replies
            if isinstance(r.content, CardUpdate)
        }

    def to(self, user: User) -> list[Any]:
        """What a colleague gets."""
        return [r.content for r in self.replies if r.to == ToUser(user_id=user.id)]

    @property
    def lines(self) -> dict[str, str]:
        """The card's lines by label: "old → new" where the value changed."""
        return {
            line.label: f"{line.before} → {line.value}" if line.before else line.value
            for line in self.card.lines
        }

    def press(self, label: str) -> buttons.Press:
        """What the card's button with this label carries."""
        found = [b.press for b in self.card.buttons if b.text == label]
        assert found, (label, self.card.buttons)
        return buttons.unpack(found[0])


async def draw(kind: str, figures: Any) -> bytes:
    """Stands in for the picture process: PNG's first bytes and what is drawn."""
    return b"\x89PNG" + kind.encode() + repr(figures).encode()


@dataclass
class Desk:
    """Sends events of one person's chat through the handlers, a transaction each."""

    db: Database
    now: datetime = NOW
    setup: CompanySetup = field(default_factory=CompanySetup)
    answer: Answer | None = None

    @asynccontextmanager
    async def context(self, user: User | None, text: str = "") -> AsyncIterator[Context]:
        event_id = next(_events)
        async with self.db.read(SYSTEM) as session:
            viewer = await viewer_of(session, user) if user else SYSTEM
        async with self.db.write(viewer, event_id=event_id, now=self.now) as session:
            sender = await session.get(User, user.id) if user else None
            yield Context(
                session=session, sender=sender, viewer=viewer, now=self.now, zone=SHANGHAI,
                event_id=event_id, conversation=f"chat|{user.id if user else 0}", text=text,
                in_group=False, setup=self.setup, render=draw, answer=self.answer,
            )  # fmt: skip

    async def say(self, user: User, text: str, *said: acts.Act) -> Said:
        """A text that was read as these acts."""
        async with self.context(user, text) as context:
            heard = [Heard(act=act) for act in said]
            return Said(context.event_id, await entry.on_message(context, heard))

    async def press(self, user: User, press: buttons.Press) -> Said:
        """A pressed button."""
        async with self.context(user) as context:
            return Said(context.event_id, await entry.on_press(context, press))

    async def due(self, kind: str, subject_id: int, due_at: datetime, late: bool = False) -> Said:
        """A time that has come."""
        async with self.context(None) as context:
            replies = await entry.on_due(context, kind, subject_id, due_at, late)
            return Said(context.event_id, replies)

    async def rows(self, model: type[Any], *conditions: Any) -> Sequence[Any]:
        """What the database holds."""
        async with self.db.read(SYSTEM) as session:
            key = inspect(model).primary_key[0]
            return list(await session.scalars(select(model).where(*conditions).order_by(key)))

    def later(self, **kwargs: float) -> None:
        """Time passes."""
        self.now += timedelta(**kwargs)


NOTE = "今天拜访了恒通蒋总，二期预算150万左右，对手在报，下周三前给方案"


def note_acts(firm: Company) -> list[acts.Act]:
    """What NOTE says, as it is read."""
    customer, deal = str(firm.mine.id), str(firm.deal.id)
    return [
        acts.Activity(kind="visit", customer=customer, contacts=("蒋建",), date="2026-11-24"),
        acts.DealNews(customer=customer, deal=deal, amount=1_500_000, competitors=("对手甲",)),
        acts.ContactNews(customer=customer, name="李工", title="工艺主管", role="gatekeeper"),
        acts.Task(what="给方案", due="2026-12-02", customer=customer),
    ]


async def counts(db: Database) -> dict[str, int]:
    """How many rows each table of records has."""
    skipped = {"journal", "pending", "approval", "approval_step"}
    async with db.read(SYSTEM) as session:
        return {
            table.name: await session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in skipped
        }
