"""Process: approvals with their steps, and questions that wait for an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Journaled


class Approval(Journaled, Base):
    """A decision asked for; `subject` is "quote", `status` pending, approved, rejected, withdrawn.

    `version` is the subject's version that is decided on.
    """

    __tablename__ = "approval"
    __table_args__ = (Index(None, "subject", "subject_id"),)

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    requester_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    status: Mapped[str] = mapped_column(String(12), default="pending")
    why: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class ApprovalStep(Journaled, Base):
    """One approver's part, in order of `position`; the last one counts.

    `status` is the approval's, or "rerouted" where the approver could not decide any more.
    """

    __tablename__ = "approval_step"
    __table_args__ = (UniqueConstraint("approval_id", "position"),)

    id: Mapped[Id]
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=1)
    approver_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    status: Mapped[str] = mapped_column(String(12), default="pending")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(String(500), default="")


class Pending(Base):
    """A question or confirmation that waits for its asker; `payload` holds the acts.

    `status`: open, done, dismissed, expired. `seen` maps "table:id" to the last journal id at
    the time of asking: a record that changed meanwhile kills the confirmation.
    """

    __tablename__ = "pending"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    conversation: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]]
    seen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    event_id: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(12), default="open")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
