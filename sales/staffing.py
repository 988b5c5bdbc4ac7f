"""Who works here: the role that a rule gives, and what ends when somebody leaves."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.access import seeing_as
from sales.setup.document import People
from storage.models.customers import Customer
from storage.models.people import Binding, User
from storage.models.selling import Deal
from storage.viewer import SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Somebody whose access has ended, and what waits to be handed over."""

    user: User
    customers: int
    deals: int


def role_for(rules: People, *, title: str, leads: bool) -> str:
    """The role of the first rule that fits, else the default one."""
    for rule in rules.roles:
        titled = rule.title is None or rule.title in title
        if titled and (leads or not rule.leads):
            return rule.role
    return rules.default_role


async def close_account(session: AsyncSession, binding: Binding) -> Left | None:
    """Take a platform's account away; with the last one its user is disabled.

    The user's row is held, so that of two accounts closed at once one is seen as the last.
    """
    user = await session.get_one(User, binding.user_id, with_for_update=True)
    await session.delete(binding)
    await session.flush()
    query = select(Binding.id).where(Binding.user_id == user.id).limit(1)
    if await session.scalar(query) is not None or not user.active:
        return None
    return await disable(session, user)


async def disable(session: AsyncSession, user: User) -> Left:
    """End somebody's access; customers and deals stay where they are."""
    user.active = False
    await session.flush()
    async with seeing_as(session, SYSTEM):
        owned = select(func.count()).select_from(Customer).where(Customer.owner_id == user.id)
        deals = select(func.count()).select_from(Deal)
        open_deals = deals.where(Deal.owner_id == user.id, Deal.status == "open")
        return Left(
            user=user,
            customers=await session.scalar(owned) or 0,
            deals=await session.scalar(open_deals) or 0,
        )


async def is_last_admin(session: AsyncSession, user: User) -> bool:
    """Whether nobody could administer any more without this person."""
    others = select(User.id).where(User.role == "admin", User.active.is_(True), User.id != user.id)
    return user.role == "admin" and await session.scalar(others.limit(1)) is None
