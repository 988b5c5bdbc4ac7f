"""The figures of the day's picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reports.figures import Question, by_day, funnel, members, targets
from reports.measures import MEASURES, Scope, Span, summed
from reports.results import DailyFigures, Progress, Row
from storage.models.people import Team, User

EVERYBODY = "全公司"


async def daily(
    session: AsyncSession, *, team: Team | None, day: date, stages: Sequence[str],
    zone: ZoneInfo, as_of: datetime | None = None, late: bool = False,
) -> DailyFigures:  # fmt: skip
    """A team's day with its subtree's figures; of no team, everybody's."""
    users = await members(session, team) if team else None
    scope, visiting = Scope(user_ids=users), Scope(user_ids=users, kind="visit")
    span = Span(first=day.replace(day=1), last=day, zone=zone)
    sales_targets = await targets(session, "sales", span.first, day, scope)
    collection_targets = await targets(session, "collections", span.first, day, scope)
    sales = await _progress(session, "sales", day, zone, scope)
    collections = await _progress(session, "collections", day, zone, scope)
    return DailyFigures(
        team=team.name if team else EVERYBODY,
        day=day,
        sales=_with_target(sales, sales_targets),
        collections=_with_target(collections, collection_targets),
        new_deals=await _progress(session, "new_deals", day, zone, scope),
        visits=await _progress(session, "activities", day, zone, visiting),
        funnel=await funnel(session, stages, scope),
        ranking=await _ranking(session, span, scope, sales_targets),
        as_of=as_of.astimezone(zone) if as_of else None,
        late=late,
    )


async def _progress(
    session: AsyncSession, metric: str, day: date, zone: ZoneInfo, scope: Scope
) -> Progress:
    """Today, yesterday, this month and the one before up to the same day, from one query."""
    first = day.replace(day=1)
    month_before = (first - timedelta(days=1)).replace(day=1)
    question = Question(
        metric=metric, first=month_before, last=day, today=day, zone=zone, scope=scope
    )
    days = await by_day(session, question)
    same_day = min(first - timedelta(days=1), month_before + timedelta(days=day.day - 1))
    return Progress(
        today=days.get(day, 0),
        yesterday=days.get(day - timedelta(days=1), 0),
        month=sum(fen for on, fen in days.items() if on >= first),
        month_before=sum(fen for on, fen in days.items() if on <= same_day),
    )


def _with_target(progress: Progress, targets_of: dict[int, int]) -> Progress:
    return Progress(
        today=progress.today, yesterday=progress.yesterday, month=progress.month,
        month_before=progress.month_before, target=sum(targets_of.values()) or None,
    )  # fmt: skip


async def _ranking(
    session: AsyncSession, span: Span, scope: Scope, goals: dict[int, int]
) -> tuple[Row, ...]:
    """This month's sales of the reps in service, and of whoever else sold."""
    query = summed(MEASURES["sales"], scope, span, "user_id")
    sold = {user: int(fen) for user, _, fen, _ in (await session.execute(query)).all()}
    people = select(User.id, User.name, User.role, User.active)
    if scope.user_ids is not None:
        people = people.where(User.id.in_(scope.user_ids))
    rows = [
        Row(name=name, value=sold.get(user, 0), target=goals.get(user))
        for user, name, role, active in (await session.execute(people)).all()
        if user in sold or (role == "rep" and active)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.value, row.name)))
