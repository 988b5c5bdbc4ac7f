"""The service's middle without its doors: events go in, what is to be sent comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot import events
from bot.events import Event, Message, Source, Staffing, Tap
from bot.people.staff import Staff
from bot.turn import Turn
from bot.worker import Worker
from handlers import replies
from handlers.replies import Card, CardUpdate, Content, Text
from storage import queues
from storage.db import Database
from storage.models.service import Outbound
from storage.queues import Arrival
from storage.viewer import SYSTEM
from tests.builders import NOW
from tests.fakes import FakeClock, FakePlatform

_ids = count(1)


@dataclass(frozen=True)
class Sent:
    """One thing on its way to somebody: to `user` (or into `chat`) on `platform`."""

    platform: str
    user: str | None
    content: Content
    card_key: str | None
    chat: str | None = None

    @property
    def text(self) -> str:
        """Its words, or its card's title with what was decided."""
        match self.content:
            case Text(text=words):
                return words
            case Card(title=title):
                return title
            case CardUpdate(card=card):
                return f"{card.title} {card.decided}"
            case _:
                return ""

    def press(self, label: str) -> str:
        """What the button with this label carries."""
        assert isinstance(self.content, Card)
        return next(b.press for b in self.content.buttons if b.text == label)


def source(platform: str, user: str, corp: str = "corp") -> Source:
    """Where somebody speaks."""
    return Source(platform=platform, corp=corp, app="app", sender=user)


@dataclass
class Office:
    """One process of the service on `db`, with platforms that keep what they get."""

    db: Database
    names: Sequence[str] = ("fake",)
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    alerts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.platforms = {name: FakePlatform(name=name) for name in self.names}
        zone = ZoneInfo("Asia/Shanghai")
        self.turn = Turn(
            self.db, self.platforms, render=_draw, zone=zone, clock=self.clock,
            monotonic=self.clock.seconds,
        )  # fmt: skip
        self.worker = Worker(self.db, self.turn, parked=self.turn.apologise, clock=self.clock)
        self.staff = Staff(self.db, self.platforms, zone=zone, alert=self._alert, clock=self.clock)
        self._sent_before = 0

    async def _alert(self, words: str) -> None:
        self.alerts.append(words)

    async def put(self, *arriving: Event) -> None:
        """Into the inbox, as it keeps them."""
        await self._mark()
        arrivals = [
            Arrival(
                dedup_key=events.dedup_key(event),
                conversation=events.conversation(event),
                payload=events.to_json(event),
                received_at=self.clock(),
            )
            for event in arriving
        ]
        async with self.db.writer.begin() as connection:
            await queues.add(connection, arrivals)

    async def work(self) -> list[Sent]:
        """Work everything off; what is to be sent since the last event was put, in order."""
        while await self.worker.run_once():
            pass
        newer = Outbound.id > self._sent_before
        return [_sent(row) for row in await self.rows(Outbound, newer)]

    async def _mark(self) -> None:
        async with self.db.read(SYSTEM) as session:
            self._sent_before = await session.scalar(select(func.max(Outbound.id))) or 0

    async def say(
        self, user: str, text: str, *, on: str = "fake", chat: str | None = None,
        corp: str = "corp",
    ) -> list[Sent]:  # fmt: skip
        """A person's words, answered."""
        message = Message(
            source=source(on, user, corp), message_id=f"m{next(_ids)}", text=text,
            at=self.clock(), chat=chat,
        )  # fmt: skip
        await self.put(message)
        return await self.work()

    async def tap(
        self, user: str, card: Sent, label: str, *, on: str | None = None, corp: str = "corp"
    ) -> list[Sent]:
        """A button of a card that was sent, pressed by anybody."""
        assert card.card_key is not None
        pressed = Tap(
            source=source(on or card.platform, user, corp), card_key=card.card_key,
            press=card.press(label), update_code=None, at=self.clock(), digest=f"d{next(_ids)}",
            chat=card.chat,
        )  # fmt: skip
        await self.put(pressed)
        return await self.work()

    async def staffing(self, on: str = "fake", **slots: Any) -> list[Sent]:
        """The platform tells of a change in its address book."""
        told = Staffing(source=source(on, ""), at=self.clock(), digest=f"d{next(_ids)}", **slots)
        await self.put(told)
        return await self.work()

    async def tick(self, at: datetime | None = None) -> list[Sent]:
        """What the staff loop does now, and what follows from it."""
        await self._mark()
        await self.staff.tick(at or self.clock())
        return await self.work()

    async def rows(self, model: type[Any], *conditions: Any) -> list[Any]:
        """What the database holds."""
        async with self.db.read(SYSTEM) as session:
            key = model.__mapper__.primary_key[0]
            return list(await session.scalars(select(model).where(*conditions).order_by(key)))


def to(user: str, sent: Sequence[Sent]) -> list[Sent]:
    """What goes to this person one to one."""
    return [one for one in sent if one.user == user and one.chat is None]


def _sent(row: Outbound) -> Sent:
    address = row.address
    return Sent(
        platform=row.platform,
        user=address.get("user"),
        content=replies.from_json(row.content),
        card_key=row.card_key,
        chat=address.get("chat"),
    )


async def _draw(kind: str, figures: Any) -> bytes:
    return b"\x89PNG" + kind.encode()
