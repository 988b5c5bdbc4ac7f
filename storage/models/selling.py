"""Selling: deals and how they moved, what was done at a customer, what is still to do."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Fen, Id, Journaled, Name, OfCustomer

FIRST_TICKET = 1000


class Deal(Journaled, OfCustomer, Base):
    """A chance to sell; `status` is open, won or lost.

    `amount_high_fen` is set where a range was said. `expected_close` keeps the words'
    precision (2026-W49), `expected_close_on` is its last day.
    """

    __tablename__ = "deal"
    __table_args__ = (Index(None, "status", "stage"),)

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[Name]
    stage: Mapped[str] = mapped_column(String(50))
    stage_since: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default="open")
    amount_fen: Mapped[Fen | None]
    amount_high_fen: Mapped[Fen | None]
    expected_close: Mapped[str | None] = mapped_column(String(30))
    expected_close_on: Mapped[date | None]
    products: Mapped[list[str]] = mapped_column(default=list)
    competitors: Mapped[list[str]] = mapped_column(default=list)
    lost_reason: Mapped[str | None] = mapped_column(String(300))
    lost_to: Mapped[str | None] = mapped_column(String(100))
    closed_on: Mapped[date | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)


class StageChange(Journaled, Base):
    """A deal's move from one stage to another; the gaps between them are the dwell times."""

    __tablename__ = "stage_change"

    id: Mapped[Id]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    from_stage: Mapped[str | None] = mapped_column(String(50))
    to_stage: Mapped[str] = mapped_column(String(50))
    at: Mapped[datetime]


class Activity(Journaled, OfCustomer, Base):
    """Something done with a customer, or (`planned`) still to come.

    `on` is its day (last day of a vaguer date), `date_text` the date value as said.
    """

    __tablename__ = "activity"
    __table_args__ = (Index(None, "owner_id", "on"), Index(None, "customer_id", "on"))

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(20))
    on: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime | None]
    date_text: Mapped[str | None] = mapped_column(String(50))
    planned: Mapped[bool] = mapped_column(default=False)
    contacts: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class Task(Journaled, Base):
    """Something to do; `due_at` is the moment of the reminder, `due_on` the day."""

    __tablename__ = "task"
    __table_args__ = (Index(None, "owner_id", "done_at", "due_on"),)

    id: Mapped[Id]
    what: Mapped[str] = mapped_column(String(500))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    due_text: Mapped[str | None] = mapped_column(String(50))
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Expense(Journaled, Base):
    """Money that a colleague spent; `category` as in the acts, `note` the words it came from."""

    __tablename__ = "expense"
    __table_args__ = (Index(None, "owner_id", "on"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    amount_fen: Mapped[Fen]
    category: Mapped[str] = mapped_column(String(20))
    on: Mapped[date] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]


class Ticket(Journaled, OfCustomer, Base):
    """A service request or complaint of a customer; `status` is open or closed."""

    __tablename__ = "ticket"
    __table_args__ = (Index(None, "customer_id", "status"),)

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    what: Mapped[str] = mapped_column(String(500))
    status: Mapped[str] = mapped_column(String(10), default="open")
    urgent: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    @property
    def number(self) -> str:
        """What people call it: T-1042."""
        return f"T-{FIRST_TICKET + self.id}"


class Lead(Journaled, Base):
    """A company that might become a customer, in the words that were said of it."""

    __tablename__ = "lead"

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    company: Mapped[Name]
    contact: Mapped[str | None] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(100))
    product: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(index=True)
