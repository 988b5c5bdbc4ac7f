"""Who wrote: the platform's user id becomes a user and a viewer, or a stranger's code."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events import Source, Staffing
from storage.db import insert_ignoring
from storage.models.people import Binding, Stranger, Team, User
from storage.viewer import Viewer

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Characters that nobody mistakes for one another when reading a code aloud."""
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Who:
    """A user who may work here, and what they may see."""

    user: User
    viewer: Viewer


async def find(session: AsyncSession, source: Source) -> Who | None:
    """The active user bound to this source; None for a stranger or somebody who left."""
    query = (
        select(User)
        .join(Binding, Binding.user_id == User.id)
        .where(
            Binding.platform == source.platform,
            Binding.corp == source.corp,
            Binding.platform_user == source.sender,
            User.active.is_(True),
        )
    )
    user = (await session.scalars(query)).one_or_none()
    return None if user is None else Who(user, await viewer_of(session, user))


async def viewer_of(session: AsyncSession, user: User) -> Viewer:
    """What the user may see: a manager's teams are their own and all below it."""
    teams: tuple[int, ...] = ()
    if user.role == "manager" and user.team_id is not None:
        own = await session.get(Team, user.team_id)
        if own is not None:
            below = select(Team.id).where(Team.path.startswith(own.path, autoescape=True))
            teams = tuple(await session.scalars(below))
    return Viewer(user.id, user.role, teams)


async def leave(session: AsyncSession, event: Staffing) -> None:
    """Close the bot to those who left; somebody who is bound elsewhere too keeps that door."""
    source = event.source
    gone = await session.scalars(
        select(Binding).where(
            Binding.platform == source.platform,
            Binding.corp == source.corp,
            Binding.platform_user.in_(event.left),
        )
    )
    for binding in gone.all():
        others = await session.scalar(
            select(Binding.id).where(Binding.user_id == binding.user_id, Binding.id != binding.id)
        )
        await session.delete(binding)
        if others is None:
            (await session.get_one(User, binding.user_id)).active = False


async def welcome_stranger(session: AsyncSession, source: Source, now: datetime) -> str | None:
    """A new code to tell the administrator, once; None where this person has one already."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    row = {
        "platform": source.platform,
        "corp": source.corp,
        "platform_user": source.sender,
        "code": code,
        "seen_at": now,
    }
    insert = insert_ignoring(Stranger, session.get_bind().dialect.name)
    added = await session.scalar(insert.values(row).returning(Stranger.code))
    return code if added else None
