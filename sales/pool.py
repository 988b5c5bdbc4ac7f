"""The shared pool: taking a customer out of it, giving one back, handing one over."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sales.access import SELLS, check_role
from sales.errors import Conflict, NotAllowed
from sales.setup.document import Pool
from storage.models.customers import Customer
from storage.models.people import User
from storage.models.selling import Deal, Task
from storage.viewer import Viewer


async def claim(session: AsyncSession, viewer: Viewer, customer: Customer, pool: Pool) -> None:
    """Out of the pool to the viewer; of two who claim at the same instant one wins."""
    check_role(viewer, SELLS)
    if customer.owner_id is not None:
        raise Conflict("owned", customer.name)
    if pool.most_owned:
        mine = select(func.count()).select_from(Customer)
        owned = await session.scalar(mine.where(Customer.owner_id == viewer.user_id)) or 0
        if owned >= pool.most_owned:
            raise NotAllowed("full", customer.name)
    query = (
        update(Customer)
        .where(Customer.id == customer.id, Customer.owner_id.is_(None))
        .values(owner_id=viewer.user_id)
        .returning(Customer.id)
        .execution_options(synchronize_session=False)
    )
    if await session.scalar(query) is None:
        raise Conflict("owned", customer.name)
    await _give(session, customer, viewer.user_id)


async def release(session: AsyncSession, customer: Customer) -> None:
    """Back into the pool, with its open deals."""
    await _give(session, customer, None)


async def hand_over(
    session: AsyncSession, customer: Customer, to: User, *, from_id: int | None
) -> None:
    """To another owner, with open deals and open tasks; stages and history stay as they are."""
    if customer.owner_id == to.id:
        raise Conflict("owned", customer.name, who=to.name)
    await _give(session, customer, to.id)
    tasks = select(Task).where(
        Task.customer_id == customer.id, Task.done_at.is_(None), Task.owner_id == from_id
    )
    for task in await session.scalars(tasks):
        task.owner_id = to.id
    await session.flush()


async def _give(session: AsyncSession, customer: Customer, owner_id: int | None) -> None:
    customer.owner_id = owner_id
    deals = select(Deal).where(Deal.customer_id == customer.id, Deal.status == "open")
    for deal in await session.scalars(deals):
        deal.owner_id = owner_id
    await session.flush()


async def unclaimed(session: AsyncSession, count: int) -> list[Customer]:
    """Customers without an owner, newest first."""
    query = select(Customer).where(Customer.owner_id.is_(None)).order_by(Customer.id.desc())
    return list(await session.scalars(query.limit(count)))


async def owned_by(session: AsyncSession, owner_id: int) -> list[Customer]:
    """All customers of one owner that the viewer sees."""
    query = select(Customer).where(Customer.owner_id == owner_id).order_by(Customer.id)
    return list(await session.scalars(query))
