"""Who may see and write what; a record that one may not see reads like one that isn't there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.errors import NotAllowed, NotFound
from storage.models.customers import Customer, CustomerShare
from storage.models.people import Team, User
from storage.models.selling import Deal
from storage.viewer import KEY, Viewer, kept

SELLS = ("rep", "manager", "director")
KEEPS_MONEY = (*SELLS, "finance")
"""Finance books contracts and payments of all customers, and nothing else."""
_CUSTOMER = kept(select(Customer).where(Customer.id == bindparam("number")))


def record_number(reference: str) -> int | None:
    """A reference as a primary key; None for a name that no record has."""
    ascii_digits = reference.isascii() and reference.isdigit()
    return int(reference) if ascii_digits and len(reference) < 19 else None


async def customer_to_read(session: AsyncSession, reference: str) -> Customer:
    """The customer, if the session's viewer sees it; NotFound else."""
    number = record_number(reference)
    seen: dict[int | None, Customer] = session.info.setdefault("seen_customers", {})
    found = seen.get(number)
    if found is not None and found in session and not inspect(found).expired_attributes:
        return found
    if number is not None:
        found = await session.scalar(_CUSTOMER, {"number": number})
    if found is None:
        raise NotFound("customer", reference if number is None else "")
    seen[number] = found
    return found


async def customer_to_write(session: AsyncSession, viewer: Viewer, reference: str) -> Customer:
    """The customer, if the viewer may work on it; NotFound or NotAllowed else."""
    customer = await customer_to_read(session, reference)
    check_role(viewer, SELLS)
    if customer.owner_id is None:
        raise NotAllowed("unclaimed", customer.name)
    return customer


async def customer_to_give(session: AsyncSession, viewer: Viewer, reference: str) -> Customer:
    """As `customer_to_write`, but only for who may hand the customer to others."""
    customer = await customer_to_write(session, viewer, reference)
    await check_may_give(session, viewer, customer)
    return customer


async def check_may_give(session: AsyncSession, viewer: Viewer, customer: Customer) -> None:
    """NotAllowed unless the viewer owns the customer or leads its owner.

    With whom it is only shared, works on it and gives it to nobody, not to the pool either.
    """
    if viewer.role == "director" or customer.owner_id == viewer.user_id:
        return
    owner = await session.get(User, customer.owner_id) if customer.owner_id else None
    if viewer.role != "manager" or owner is None or owner.team_id not in viewer.team_ids:
        raise NotAllowed("not_owner", customer.name)


async def customer_for_money(session: AsyncSession, viewer: Viewer, reference: str) -> Customer:
    """As `customer_to_write`, but finance may book contracts and payments of every customer."""
    if viewer.role == "finance":
        return await customer_to_read(session, reference)
    return await customer_to_write(session, viewer, reference)


def check_role(viewer: Viewer, roles: tuple[str, ...]) -> None:
    """NotAllowed unless the viewer has one of these roles."""
    if viewer.role not in roles:
        raise NotAllowed("role", viewer.role)


async def is_others(session: AsyncSession, viewer: Viewer, customer: Customer) -> bool:
    """Whether the customer is somebody else's, and not shared with the viewer."""
    if customer.owner_id in (None, viewer.user_id):
        return False
    query = select(CustomerShare.user_id).where(
        CustomerShare.customer_id == customer.id, CustomerShare.user_id == viewer.user_id
    )
    return await session.scalar(query) is None


async def deal_of(session: AsyncSession, customer: Customer, reference: str) -> Deal:
    """That deal of the customer; NotFound where it is another's or the viewer's eyes miss it."""
    number = record_number(reference)
    query = select(Deal).where(Deal.id == number, Deal.customer_id == customer.id)
    found = await session.scalar(query) if number is not None else None
    if found is None:
        raise NotFound("deal", reference if number is None else "")
    return found


async def user_by(session: AsyncSession, reference: str) -> User:
    """An active colleague; NotFound else."""
    number = record_number(reference)
    found = await session.get(User, number) if number is not None else None
    if found is None or not found.active:
        raise NotFound("user", reference if number is None else "")
    return found


def check_may_see(viewer: Viewer, colleague: User) -> None:
    """What one did is seen by oneself and those above; directors and finance see everybody."""
    team = viewer.role == "manager" and colleague.team_id in viewer.team_ids
    above = viewer.role in ("director", "finance", "system")
    if colleague.id != viewer.user_id and not team and not above:
        raise NotAllowed("unseen", colleague.name)


def check_may_see_team(viewer: Viewer, team: Team) -> None:
    """As `check_may_see`, of everybody in a team."""
    leads = viewer.role == "manager" and team.id in viewer.team_ids
    if not leads and viewer.role not in ("director", "finance", "system"):
        raise NotAllowed("unseen", team.name)


def check_may_assign(viewer: Viewer, assignee: User) -> None:
    """A task goes to oneself, a manager's to the team, a director's to everybody."""
    team = viewer.role == "manager" and assignee.team_id in viewer.team_ids
    if assignee.id != viewer.user_id and viewer.role != "director" and not team:
        raise NotAllowed("assignee", assignee.name)


async def viewer_of(session: AsyncSession, user: User) -> Viewer:
    """What this person may see: a manager's teams are the own one and all below it."""
    teams: tuple[int, ...] = ()
    manages = user.role == "manager" and user.team_id is not None
    own = await session.get(Team, user.team_id) if manages else None
    if own is not None:
        below = select(Team.id).where(Team.path.startswith(own.path, autoescape=True))
        teams = tuple(await session.scalars(below))
    return Viewer(user.id, user.role, teams)


@asynccontextmanager
async def seeing_as(session: AsyncSession, viewer: Viewer) -> AsyncIterator[None]:
    """Reads inside the block see what `viewer` sees; nothing may be written in it."""
    await session.flush()
    before = session.info[KEY]
    session.info[KEY] = viewer
    try:
        with session.no_autoflush:
            yield
    finally:
        session.info[KEY] = before
