"""Papers and money: quotes, contracts, payments, targets."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Fen, Id, Journaled, OfCustomer

FIRST_NUMBER = 1000


class Quote(Journaled, OfCustomer, Base):
    """An offer; `discount_bp` is the factor paid in basis points (8200 is 0.82).

    `status`: pending (waits for approval), approved, rejected, withdrawn. `version` counts
    changes, so that a decision on an older one is refused.
    """

    __tablename__ = "quote"

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    amount_fen: Mapped[Fen | None]
    discount_bp: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(12), default="approved")
    reason: Mapped[str] = mapped_column(String(500), default="")
    valid_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    @property
    def number(self) -> str:
        """The paper's number that people say: Q-1042."""
        return f"Q-{FIRST_NUMBER + self.id}"


class QuoteLine(Journaled, Base):
    """One product of a quote; `quantity_milli` is thousandths of a unit."""

    __tablename__ = "quote_line"

    id: Mapped[Id]
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id", ondelete="CASCADE"), index=True)
    product: Mapped[str | None] = mapped_column(String(100))
    quantity_milli: Mapped[int | None]
    unit_price_fen: Mapped[Fen | None]


class Contract(Journaled, OfCustomer, Base):
    """A signed contract; `paper_number` is the company's own, if said."""

    __tablename__ = "contract"

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    paper_number: Mapped[str | None] = mapped_column(String(100))
    amount_fen: Mapped[Fen | None]
    signed_on: Mapped[date] = mapped_column(index=True)
    created_at: Mapped[datetime]


class Payment(Journaled, OfCustomer, Base):
    """Money received, or (`planned`) promised for `on`."""

    __tablename__ = "payment"
    __table_args__ = (Index(None, "planned", "on"),)

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    amount_fen: Mapped[Fen | None]
    on: Mapped[date | None]
    planned: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Target(Journaled, Base):
    """What a user should reach in a month ("2026-11"); `metric` is sales or collections."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("user_id", "metric", "month"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    metric: Mapped[str] = mapped_column(String(30))
    month: Mapped[str] = mapped_column(String(7), index=True)
    value_fen: Mapped[Fen]
