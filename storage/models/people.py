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


class Department(Journaled, Base):
    """Which team a department of a platform's address book is, however it is called or placed."""

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("platform", "corp", "department"),)

    id: Mapped[Id]
    platform: Mapped[str] = mapped_column(String(20))
    corp: Mapped[str] = mapped_column(String(100))
    department: Mapped[str] = mapped_column(String(64))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)


class User(Journaled, Base):
    """Somebody who works here; `role` is one of ROLES.

    What an administrator set by hand, the address book's rules leave alone.
    """

    __tablename__ = "user_account"

    id: Mapped[Id]
    name: Mapped[Name]
    role: Mapped[str] = mapped_column(String(20), default="rep")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    region: Mapped[str | None] = mapped_column(String(50))
    active: Mapped[bool] = mapped_column(default=True)
    role_by_hand: Mapped[bool] = mapped_column(default=True)
    team_by_hand: Mapped[bool] = mapped_column(default=True)


class Binding(Journaled, Base):
    """Who a platform's user id is; `platform_user` is folded to lower case.

    `last_seen_at` tells where somebody with several is reached; it is not exact.
    """

    __tablename__ = "binding"
    __table_args__ = (UniqueConstraint("platform", "corp", "platform_user"),)

    id: Mapped[Id]
    platform: Mapped[str] = mapped_column(String(20))
    corp: Mapped[str] = mapped_column(String(100))
    platform_user: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    last_seen_at: Mapped[datetime | None]


class Stranger(Base):
    """Somebody unknown who wrote: the code that the admin is told, answered once.

    `tries` counts wrong join codes; until `blocked_until` not even a right one is taken.
    """

    __tablename__ = "stranger"
    __table_args__ = (UniqueConstraint("platform", "corp", "platform_user"),)

    id: Mapped[Id]
    platform: Mapped[str] = mapped_column(String(20))
    corp: Mapped[str] = mapped_column(String(100))
    platform_user: Mapped[str] = mapped_column(String(100))
    code: Mapped[str] = mapped_column(String(12), unique=True)
    seen_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[datetime | None]


class JoinCode(Base):
    """A one-time code by which an account of another platform becomes its maker's too.

    Only the code's hash is kept, and the account on which it was made.
    """

    __tablename__ = "join_code"

    id: Mapped[Id]
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    platform: Mapped[str] = mapped_column(String(20))
    corp: Mapped[str] = mapped_column(String(100))
    platform_user: Mapped[str] = mapped_column(String(100))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class BookReading(Base):
    """When a platform's address book was read, and whether somebody `wanted` it read again."""

    __tablename__ = "book_reading"

    platform: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime]
    read_at: Mapped[datetime | None]
    wanted_at: Mapped[datetime | None]
