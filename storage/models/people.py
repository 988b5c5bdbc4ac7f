"""People: users, the tree of teams, and who is who on a platform."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Journaled, Name

ROLES = ("rep", "manager", "director", "finance", "admin")


class Team(Journaled, Base):
    """A team; `path` is "/1/4/" down the tree, so that a subtree is one prefix."""

    __tablename__ = "team"

    id: Mapped[Id]
    name: Mapped[Name]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    path: Mapped[str] = mapped_column(String(400), index=True, default="/")


class User(Journaled, Base):
    """Somebody who works here; `role` is one of ROLES."""

    __tablename__ = "user_account"

    id: Mapped[Id]
    name: Mapped[Name]
    role: Mapped[str] = mapped_column(String(20), default="rep")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    region: Mapped[str | None] = mapped_column(String(50))
    active: Mapped[bool] = mapped_column(default=True)


class Binding(Journaled, Base):
    """Who a platform's user id is; `platform_user` is folded to lower case."""

    __tablename__ = "binding"
    __table_args__ = (UniqueConstraint("platform", "corp", "platform_user"),)

    id: Mapped[Id]
    platform: Mapped[str] = mapped_column(String(20))
    corp: Mapped[str] = mapped_column(String(100))
    platform_user: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)


class Stranger(Base):
    """Somebody unknown who wrote: the code that the admin is told, answered once."""

    __tablename__ = "stranger"
    __table_args__ = (UniqueConstraint("platform", "corp", "platform_user"),)

    id: Mapped[Id]
    platform: Mapped[str] = mapped_column(String(20))
    corp: Mapped[str] = mapped_column(String(100))
    platform_user: Mapped[str] = mapped_column(String(100))
    code: Mapped[str] = mapped_column(String(12), unique=True)
    seen_at: Mapped[datetime]
