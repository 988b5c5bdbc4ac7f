"""Tasks: whose they are, when their owner is reminded, what is overdue."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sales import periods
from sales.errors import Conflict, Invalid, NotFound
from sales.setup.document import Reminders
from storage.models.customers import Customer
from storage.models.people import User
from storage.models.selling import Task

MOST_WHAT = 500


def remind_at(due: str, now: datetime, zone: ZoneInfo, setup: Reminders) -> datetime | None:
    """When the owner is reminded: at the time said, else in the morning of the (last) day.

    Where that has passed: late the same day, else not at all.
    """
    day = periods.span(due)[1]
    said = periods.clock(due)
    clocks = [said] if said else [time.fromisoformat(setup.at), time.fromisoformat(setup.late)]
    moments = (periods.instant(day, at, zone) for at in clocks)
    return next((moment for moment in moments if moment > now), None)


async def add(
    session: AsyncSession,
    *,
    what: str,
    due: str | None,
    owner: User,
    by: User,
    customer: Customer | None,
    now: datetime,
    zone: ZoneInfo,
    setup: Reminders,
) -> Task:
    """Write a task."""
    if not what.strip():
        raise Invalid("what", what)
    task = Task(
        what=what.strip()[:MOST_WHAT],
        owner_id=owner.id,
        created_by=by.id,
        customer_id=customer.id if customer else None,
        due_text=due,
        due_on=periods.span(due)[1] if due else None,
        due_at=remind_at(due, now, zone, setup) if due else None,
        created_at=now,
    )
    session.add(task)
    await session.flush()
    return task


async def finish(session: AsyncSession, task_id: int, user: User, now: datetime) -> Task:
    """Done, once; only its owner says so. NotFound for another's, Conflict where it is done."""
    task = await session.scalar(select(Task).where(Task.id == task_id))
    if task is None or task.owner_id != user.id:
        raise NotFound("task")
    query = (
        update(Task)
        .where(Task.id == task_id, Task.done_at.is_(None))
        .values(done_at=now)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    if await session.scalar(query) is None:
        raise Conflict("handled", task.what)
    task.done_at = now
    await session.flush()
    return task


async def open_tasks(session: AsyncSession, owner_ids: list[int]) -> list[Task]:
    """What these people have still to do, the most urgent first, undated last."""
    query = select(Task).where(Task.owner_id.in_(owner_ids), Task.done_at.is_(None))
    return list(await session.scalars(query.order_by(Task.due_on.is_(None), Task.due_on, Task.id)))


async def of_ids(session: AsyncSession, ids: list[int], owner_id: int) -> list[Task]:
    """These tasks of this person, done or not, in this order."""
    query = select(Task).where(Task.id.in_(ids), Task.owner_id == owner_id)
    found = {task.id: task for task in await session.scalars(query)}
    return [found[number] for number in ids if number in found]


async def open_at(session: AsyncSession, customer_id: int) -> list[Task]:
    """What is still to do for a customer."""
    query = select(Task).where(Task.customer_id == customer_id, Task.done_at.is_(None))
    return list(await session.scalars(query.order_by(Task.due_on.is_(None), Task.due_on, Task.id)))


def days_late(task: Task, today: date) -> int:
    """How many days ago it was due; 0 or less where it isn't late."""
    return (today - task.due_on).days if task.due_on else 0
