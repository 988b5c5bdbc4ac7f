"""What is due, and who has taken it: each due time once, whatever number of processes look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, exists, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from storage.db import insert_ignoring
from storage.models.selling import Task
from storage.models.service import Run, Subscription

MOST_AT_ONCE = 500
"""Due tasks taken in one transaction; the others follow at the next tick."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Occurrence:
    """One due time of a `task` or a `subscription`."""

    due_at: datetime
    kind: str
    subject_id: int

    @property
    def subject(self) -> str:
        """Its name among the runs."""
        return f"{self.kind}:{self.subject_id}"


async def due_tasks(
    session: AsyncSession, *, after: datetime, until: datetime
) -> list[Occurrence]:
    """Open tasks whose reminder fell due in this time and that nobody has taken."""
    taken = exists().where(
        Run.subject == literal("task:") + cast(Task.id, String), Run.due_at == Task.due_at
    )
    query = (
        select(Task.id, Task.due_at)
        .where(Task.due_at > after, Task.due_at <= until, Task.done_at.is_(None), ~taken)
        .order_by(Task.due_at, Task.id)
        .limit(MOST_AT_ONCE)
    )
    return [
        Occurrence(kind="task", subject_id=task_id, due_at=due_at)
        for task_id, due_at in await session.execute(query)
        if due_at is not None
    ]


async def subscriptions(session: AsyncSession) -> Sequence[Subscription]:
    """Those that are active."""
    query = select(Subscription).where(Subscription.active.is_(True)).order_by(Subscription.id)
    return (await session.scalars(query)).all()


async def taken_among(session: AsyncSession, found: Iterable[Occurrence]) -> set[Occurrence]:
    """Which of these somebody has taken already."""
    by_key = {(occurrence.subject, occurrence.due_at): occurrence for occurrence in found}
    query = select(Run.subject, Run.due_at).where(tuple_(Run.subject, Run.due_at).in_(by_key))
    rows = await session.execute(query)
    return {by_key[subject, due_at] for subject, due_at in rows}


async def take(
    connection: AsyncConnection, found: Iterable[Occurrence], now: datetime, outcome: str = "taken"
) -> list[Occurrence]:
    """Those of them that are ours now: the unique key lets one process have each.

    In order, so that two processes that take the same wait for each other instead of locking up.
    """
    ours = []
    insert = insert_ignoring(Run.__table__, connection.dialect.name).returning(Run.id)
    for occurrence in sorted(found):
        row = {
            "subject": occurrence.subject,
            "due_at": occurrence.due_at,
            "taken_at": now,
            "outcome": outcome,
        }
        if await connection.scalar(insert, row) is not None:
            ours.append(occurrence)
    return ours
