"""The platform says that people came, left or changed: who left is out in this commit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events import Staffing
from handlers.replies import Reply, Text, ToAdmins
from handlers.staffing import left_line
from sales.staffing import Left, close_account
from storage.db import insert_ignoring
from storage.models.people import Binding, BookReading

QUIET = timedelta(seconds=10)
"""How long after the first change the book is read: changes come in bursts."""


async def on_staffing(session: AsyncSession, event: Staffing, now: datetime) -> list[Reply]:
    """End the access of those who left, and have the address book read soon."""
    source = event.source
    gone = await session.scalars(
        select(Binding).where(
            Binding.platform == source.platform,
            Binding.corp == source.corp,
            Binding.platform_user.in_(event.left),
        )
    )
    left = [await close_account(session, binding) for binding in gone.all()]
    if event.changed or event.departments:
        await want_reading(session, source.platform, now + QUIET, now)
    return [told(one) for one in left if one is not None]


def told(left: Left) -> Reply:
    """One line to the administrators."""
    return Reply(content=Text(text=left_line(left)), to=ToAdmins())


async def want_reading(session: AsyncSession, platform: str, at: datetime, now: datetime) -> None:
    """Have this platform's book read at `at`, unless it is to be read earlier anyway."""
    await know(session, platform, now)
    sooner = or_(BookReading.wanted_at.is_(None), BookReading.wanted_at > at)
    await session.execute(
        update(BookReading)
        .where(BookReading.platform == platform, sooner)
        .values(wanted_at=at)
        .execution_options(synchronize_session=False)
    )


async def know(session: AsyncSession, platform: str, now: datetime) -> None:
    """From now on this platform's book is read each night."""
    insert = insert_ignoring(BookReading, session.get_bind().dialect.name)
    await session.execute(insert.values(platform=platform, since=now))
