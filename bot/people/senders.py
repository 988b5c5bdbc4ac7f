"""Who wrote: the platform's user id becomes a user and a viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.events import Source
from sales.access import viewer_of
from storage.models.people import Binding, User
from storage.viewer import Viewer, kept

SEEN_EVERY = timedelta(hours=1)
"""How exactly it is known when an account was last used; a change of platform is known at once."""
_OTHER = aliased(Binding)
_ELSEWHERE = (_OTHER.user_id == Binding.user_id, _OTHER.id != Binding.id)
_OTHERS = select(func.count(_OTHER.id)).where(*_ELSEWHERE).scalar_subquery()
_NEWEST = select(func.max(_OTHER.last_seen_at)).where(*_ELSEWHERE).scalar_subquery()
_FIND = kept(
    select(User, Binding.id, Binding.last_seen_at, _OTHERS, _NEWEST)
    .join(Binding, Binding.user_id == User.id)
    .where(
        Binding.platform == bindparam("platform"),
        Binding.corp == bindparam("corp"),
        Binding.platform_user == bindparam("account"),
        User.active.is_(True),
    )
)


@dataclass(frozen=True, slots=True)
class Who:
    """A user who may work here, what they may see, and on which account they speak.

    `seen_at` is when that account was noted as used, None where it is not their last one;
    `only` says that they have no other, so that it need not be noted.
    """

    user: User
    viewer: Viewer
    binding_id: int
    seen_at: datetime | None = None
    only: bool = True


async def find(session: AsyncSession, source: Source) -> Who | None:
    """The active user bound to this source; None for a stranger or somebody who left."""
    account = {"platform": source.platform, "corp": source.corp, "account": source.sender}
    row = (await session.execute(_FIND, account)).one_or_none()
    if row is None:
        return None
    user, binding_id, seen_at, others, elsewhere = row
    last = seen_at is not None and (elsewhere is None or elsewhere <= seen_at)
    viewer = await viewer_of(session, user)
    return Who(user, viewer, binding_id, seen_at if last else None, only=not others)


async def note_seen(session: AsyncSession, who: Who, now: datetime) -> None:
    """Remember that this account was used, unless that was noted within SEEN_EVERY.

    Past the journal, for it changes nothing about anybody.
    """
    if who.only or (who.seen_at is not None and now - who.seen_at < SEEN_EVERY):
        return
    latest = select(func.max(_OTHER.last_seen_at)).where(_OTHER.user_id == who.user.id)
    stale = or_(
        Binding.last_seen_at.is_(None),
        Binding.last_seen_at <= now - SEEN_EVERY,
        Binding.last_seen_at < latest.scalar_subquery(),
    )
    await session.execute(
        update(Binding)
        .where(Binding.id == who.binding_id, stale)
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )
