"""The service's own rows: what came in, what goes out, what is due, what a chat remembers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Journaled


class Inbound(Base):
    """An event that came in; `state`: new, working, done, parked.

    `payload` is the neutral event. A claim holds `token` until `lease_until`; finishing checks
    the token. A failed event is `new` again from `available_at` on.
    """

    __tablename__ = "inbound"
    __table_args__ = (
        Index("ix_inbound_unfinished", "conversation", "id",
              sqlite_where=text("state IN ('new', 'working')"),
              postgresql_where=text("state IN ('new', 'working')")),
        Index("ix_inbound_new", "available_at", "id",
              sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
        Index("ix_inbound_working", "lease_until",
              sqlite_where=text("state = 'working'"), postgresql_where=text("state = 'working'")),
    )  # fmt: skip

    id: Mapped[Id]
    dedup_key: Mapped[str] = mapped_column(String(200), unique=True)
    conversation: Mapped[str] = mapped_column(String(300))
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="new")
    attempts: Mapped[int] = mapped_column(default=0)
    available_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    token: Mapped[str | None] = mapped_column(String(40))
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    error_id: Mapped[str | None] = mapped_column(String(12))


class Outbound(Base):
    """A reply to be sent; `state`: new, sending, sent, refused, parked.

    `key` is stable over retries and given to the platform as its duplicate check. Rows with one
    `lane` (the address) go out in order.
    """

    __tablename__ = "outbound"
    __table_args__ = (
        Index("ix_outbound_unsent", "lane", "id",
              sqlite_where=text("state IN ('new', 'sending')"),
              postgresql_where=text("state IN ('new', 'sending')")),
        Index("ix_outbound_new", "available_at", "id",
              sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
        Index("ix_outbound_sending", "lease_until",
              sqlite_where=text("state = 'sending'"), postgresql_where=text("state = 'sending'")),
    )  # fmt: skip

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    event_id: Mapped[int | None] = mapped_column(index=True)
    platform: Mapped[str] = mapped_column(String(20))
    lane: Mapped[str] = mapped_column(String(300))
    address: Mapped[dict[str, Any]]
    content: Mapped[dict[str, Any]]
    card_key: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="new")
    attempts: Mapped[int] = mapped_column(default=0)
    available_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    token: Mapped[str | None] = mapped_column(String(40))
    sent_at: Mapped[datetime | None]
    receipt: Mapped[dict[str, Any] | None]
    error: Mapped[str | None] = mapped_column(Text)


LASTING = "*"
"""An update code that is never used up: the platform changes a card by its key, ever again."""


class SentCard(Base):
    """One card on one person's screen: who may press it, and the codes that can update it.

    `card_key` is random and goes to the platform as its task id; `subject` ("approval:7") groups
    the cards that change together; `presses` lists the packed buttons that it carries.
    """

    __tablename__ = "sent_card"

    card_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    subject: Mapped[str | None] = mapped_column(String(80), index=True)
    platform: Mapped[str] = mapped_column(String(20))
    address: Mapped[dict[str, Any]]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    presses: Mapped[list[str]] = mapped_column(default=list)
    codes: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed: Mapped[bool] = mapped_column(default=False)


class Run(Base):
    """A due time that one process has taken; the unique key makes it happen once."""

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("subject", "due_at"),)

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(80))
    due_at: Mapped[datetime]
    taken_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20), default="taken")


class Subscription(Journaled, Base):
    """A report sent at a time of day to a group (by its configured name) or a user."""

    __tablename__ = "subscription"

    id: Mapped[Id]
    report: Mapped[str] = mapped_column(String(20))
    at: Mapped[str] = mapped_column(String(5))
    days: Mapped[str] = mapped_column(String(20), default="daily")
    group_name: Mapped[str | None] = mapped_column(String(100))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    active: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime]


class Conversation(Base):
    """What one chat remembers between messages; several processes read it."""

    __tablename__ = "conversation"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    memory: Mapped[dict[str, Any]] = mapped_column(default=dict)
    last_event_id: Mapped[int | None]
    updated_at: Mapped[datetime]


class Attachment(Base):
    """A picture or file that a reply carries."""

    __tablename__ = "attachment"

    id: Mapped[Id]
    media_type: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class PlatformToken(Base):
    """A platform's access token, shared by all processes; who takes `lock_until` refreshes it."""

    __tablename__ = "platform_token"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    token: Mapped[str | None] = mapped_column(String(1024))
    expires_at: Mapped[datetime | None]
    lock_until: Mapped[datetime | None]


class Lease(Base):
    """A thing that one process holds at a time (a connection that may exist once)."""

    __tablename__ = "lease"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    holder: Mapped[str | None] = mapped_column(String(80))
    until: Mapped[datetime | None]


class AnswerSlip(Base):
    """Answers to one event that its platform fetches itself; `state`: open, taken, closed.

    `parts` are neutral contents with their outbox keys, put by whoever sends; with the last of
    them it is `complete`. What is taken is kept a while, for it may be asked for again.
    """

    __tablename__ = "answer_slip"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    parts: Mapped[list[Any]] = mapped_column(default=list)
    complete: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default="open")
    created_at: Mapped[datetime] = mapped_column(index=True)


class Usage(Base):
    """How often something was used in a period ("2026-11", or a day); `kind` says of what."""

    __tablename__ = "usage"

    scope: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    used: Mapped[int] = mapped_column(default=0)


class Setup(Journaled, Base):
    """What the company decides: one JSON document a key (pipeline, approvals, products, …)."""

    __tablename__ = "setup"

    key: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
