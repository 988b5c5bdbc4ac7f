"""Truth about change: who changed what, when, from what to what, by which event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id


class Journal(Base):
    """One change of one record; `before` and `after` hold the changed columns only.

    `operation` is create, update or delete; `record_id` is the primary key, joined by ":" where
    it has several columns. Written by the session alone.
    """

    __tablename__ = "journal"
    __table_args__ = (Index(None, "record_type", "record_id", "id"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    event_id: Mapped[int | None] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    record_type: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[str] = mapped_column(String(80))
    operation: Mapped[str] = mapped_column(String(10))
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
