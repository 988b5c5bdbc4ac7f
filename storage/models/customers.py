"""Customers: the company, its names and the keys it is found by, its people, its tags."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Journaled, Name, OfCustomer, Owned


class Customer(Journaled, Owned, Base):
    """A company that we sell to; without an owner it is in the shared pool."""

    __tablename__ = "customer"

    id: Mapped[Id]
    name: Mapped[Name]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    industry: Mapped[str | None] = mapped_column(String(100))
    region: Mapped[str | None] = mapped_column(String(50))
    grade: Mapped[str | None] = mapped_column(String(10))
    source: Mapped[str | None] = mapped_column(String(100))
    address: Mapped[str | None] = mapped_column(String(300))
    size: Mapped[str | None] = mapped_column(String(100))
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class CustomerName(Journaled, OfCustomer, Base):
    """A name of a customer: registered, short, or learned from one rep's way to say it."""

    __tablename__ = "customer_name"
    __table_args__ = (UniqueConstraint("customer_id", "text", "learned_by"),)

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    text: Mapped[Name]
    kind: Mapped[str] = mapped_column(String(20), default="registered")
    learned_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class NameKey(Base):
    """A key under which a name is found; derived from the name, never edited.

    `owner_id` is the customer's (0 in the pool), kept so by a trigger: of the ten thousand
    customers that may share a key a reader's own are found without passing the others.
    `customer_id` has no constraint of its own: the name's holds, and it needs no index.
    """

    __tablename__ = "name_key"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (declared so by SQLAlchemy)

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    owner_id: Mapped[int] = mapped_column(primary_key=True)
    name_id: Mapped[int] = mapped_column(
        ForeignKey("customer_name.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    customer_id: Mapped[int]


class CustomerShare(Journaled, Base):
    """A colleague who may work on a customer beside its owner."""

    __tablename__ = "customer_share"

    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id"), primary_key=True, index=True
    )


class Contact(Journaled, OfCustomer, Base):
    """A person at a customer; `role` is the one in the decision chain."""

    __tablename__ = "contact"

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    name: Mapped[Name] = mapped_column(index=True)
    title: Mapped[str | None] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(200))
    wechat: Mapped[str | None] = mapped_column(String(100))
    role: Mapped[str | None] = mapped_column(String(20))
    left: Mapped[bool] = mapped_column(default=False)


class CustomerTag(Journaled, OfCustomer, Base):
    """A word that a customer is marked with."""

    __tablename__ = "customer_tag"

    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(50), primary_key=True)
