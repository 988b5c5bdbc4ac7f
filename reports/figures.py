"""Figures: one metric by period and group, open deals by stage, targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from reports.measures import EPOCH, FOREVER, MEASURES, Scope, Span, summed
from reports.metrics import BY_NAME
from reports.results import Point, Row, StageFigure, Value
from sales.errors import Invalid
from sales.periods import month_of
from storage.models.papers import Target
from storage.models.people import Team, User
from storage.viewer import KEY, Viewer

Sums = dict[object, tuple[int, int]]
"""Top and bottom by key."""
UNSAID = "未填"
CALENDAR = ("day", "week", "month")

TARGETED = ("sales", "collections")
RATIOS = ("conversion", "win_rate")
RENAMED = {"average_deal": "sales", "overdue": "planned"}
PUT_TOGETHER = ("receivables", "attainment")
ANSWERED = (*(name for name in MEASURES if name != "planned"), *RENAMED, *PUT_TOGETHER)
"""The metrics that this module reckons; the forecast is a module of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which metric, over which days (both counted), of what; `today` is the company's."""

    metric: str
    first: date
    last: date
    today: date
    zone: ZoneInfo
    scope: Scope = field(default_factory=Scope)

    @property
    def span(self) -> Span:
        """Its days, in its zone."""
        return Span(first=self.first, last=self.last, zone=self.zone)


async def value(session: AsyncSession, question: Question) -> Value | None:
    """The metric's value; None where there is nothing to divide by."""
    found = await _parts(session, question, None)
    return found.get(None, 0 if _adds_up(question.metric) else None)


async def by_group(session: AsyncSession, question: Question, group: str) -> list[Row]:
    """The metric's value by each user, team, …, largest first; Invalid for a group it lacks.

    By user, `target` is that user's, where the metric has one.
    """
    metric = BY_NAME[question.metric]
    if group not in metric.groups or group in CALENDAR:
        raise Invalid("group_by", group, metric.groups)
    found = await _parts(session, question, group)
    goals = await _goals(session, question, group) if question.metric in TARGETED else {}
    names = await _people(session, User.name) if group == "user" else {}
    rows = [
        Row(name=str(names.get(key, key) or UNSAID), value=value, target=goals.get(key))
        for key, value in found.items()
        if value is not None
    ]
    return sorted(rows, key=lambda row: (-row.value, row.name))


async def over_time(session: AsyncSession, question: Question, step: str) -> list[Point]:
    """The metric's value for each day, week or month of the question's span, oldest first."""
    metric = BY_NAME[question.metric]
    if step not in CALENDAR or step not in metric.groups:
        raise Invalid("group_by", step, metric.groups)
    if question.metric == "attainment":
        return await _attained_by_month(session, question)
    sums = await _sums(session, question, "day")
    merged: Sums = defaultdict(lambda: (0, 0))
    for key, (top, bottom) in sums.items():
        start = _start(_as_day(key), step)
        merged[start] = (merged[start][0] + top, merged[start][1] + bottom)
    empty = 0 if _adds_up(question.metric) else None
    return [
        Point(
            label=_label(start, step),
            value=_worth(question.metric, *merged[start]) if start in merged else empty,
        )
        for start in _starts(question.first, question.last, step)
    ]


async def funnel(
    session: AsyncSession, stages: Sequence[str], scope: Scope
) -> tuple[StageFigure, ...]:
    """The open deals by stage, in the pipeline's order; stages that are no more come last."""
    span = Span(first=EPOCH, last=FOREVER, zone=ZoneInfo("UTC"))
    query = summed(MEASURES["pipeline"], scope, span, "stage")
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for stage, products, amount, count in (await session.execute(query)).all():
        if scope.product is None or scope.product in (products or ()):
            before = found[stage]
            found[stage] = (before[0] + int(amount), before[1] + int(count))
    gone = sorted(set(found) - set(stages))
    return tuple(
        StageFigure(name=stage, count=found[stage][1], amount_fen=found[stage][0])
        for stage in (*stages, *gone)
    )


async def targets(
    session: AsyncSession, metric: str, first: date, last: date, scope: Scope
) -> dict[int, int]:
    """What each user whom the viewer sees should reach in the months of the span, in fen.

    A region's target is that of its people; none is set for a trade, a product, a customer, ….
    """
    if any((scope.industry, scope.grade, scope.product, scope.stage, scope.customer_id)):
        return {}
    query = select(Target.user_id, func.sum(Target.value_fen)).group_by(Target.user_id)
    query = query.where(
        Target.metric == metric, Target.month >= month_of(first), Target.month <= month_of(last)
    )
    if scope.user_ids is not None:
        query = query.where(Target.user_id.in_(scope.user_ids))
    if scope.region is not None:
        there = select(User.id).where(User.region == scope.region)
        query = query.where(Target.user_id.in_(there))
    viewer: Viewer = session.info[KEY]
    if viewer.role == "manager":
        team = select(User.id).where(User.team_id.in_(viewer.team_ids))
        query = query.where(or_(Target.user_id == viewer.user_id, Target.user_id.in_(team)))
    elif viewer.role not in ("director", "finance", "system"):
        query = query.where(Target.user_id == viewer.user_id)
    return {user: int(fen) for user, fen in (await session.execute(query)).all()}


async def members(session: AsyncSession, team: Team) -> tuple[int, ...]:
    """Who belongs to a team or to one below it."""
    query = select(User.id).join(Team, Team.id == User.team_id)
    query = query.where(Team.path.startswith(team.path, autoescape=True)).order_by(User.id)
    return tuple((await session.scalars(query)).all())


async def by_day(session: AsyncSession, question: Question) -> dict[date, int]:
    """The sums of each day that has any."""
    sums = await _sums(session, question, "day")
    return {_as_day(key): top for key, (top, _) in sums.items()}


async def _parts(
    session: AsyncSession, question: Question, key: str | None
) -> dict[object, Value | None]:
    """The metric's value by key, put together where it is not one measure."""
    if question.metric == "receivables":
        signed = await _sums(session, _always(question, "sales"), key)
        paid = await _sums(session, _always(question, "collections"), key)
        return {k: signed.get(k, (0, 0))[0] - paid.get(k, (0, 0))[0] for k in {**signed, **paid}}
    if question.metric == "attainment":
        sold = await _sums(session, replace(question, metric="sales"), key)
        goals = await _goals(session, question, key)
        return {k: sold.get(k, (0, 0))[0] / goal if goal else None for k, goal in goals.items()}
    sums = await _sums(session, question, key)
    return {key: _worth(question.metric, top, bottom) for key, (top, bottom) in sums.items()}


async def _sums(session: AsyncSession, question: Question, key: str | None) -> Sums:
    """Top and bottom by key, users by id; a deal of several products counts for each of them."""
    name = RENAMED.get(question.metric, question.metric)
    if name not in MEASURES:
        raise Invalid("metric", question.metric, ANSWERED)
    teams = await _people(session, Team.name) if key == "team" else {}
    column = "user_id" if key in ("user", "team") else key
    query = summed(MEASURES[name], question.scope, _span(question), column)
    found: Sums = defaultdict(lambda: (0, 0))
    for group, products, top, bottom in (await session.execute(query)).all():
        wanted = question.scope.product
        if top is None or (wanted is not None and wanted not in (products or ())):
            continue
        for each in (products or (None,)) if key == "product" else (teams.get(group, group),):
            found[each] = (found[each][0] + int(top), found[each][1] + int(bottom))
    return dict(found)


def _span(question: Question) -> Span:
    """The days that count: of standing metrics all, of what is overdue those before today."""
    if question.metric == "overdue":
        yesterday = question.today - timedelta(days=1)
        return Span(first=EPOCH, last=yesterday, zone=question.zone)
    if BY_NAME[question.metric].standing:
        return Span(first=EPOCH, last=FOREVER, zone=question.zone)
    return question.span


def _always(question: Question, metric: str) -> Question:
    return replace(question, metric=metric, first=EPOCH, last=FOREVER)


async def _goals(session: AsyncSession, question: Question, key: str | None) -> dict[object, int]:
    """Targets of the metric by key; none where it has none or they are no one's of that key."""
    metric = "sales" if question.metric == "attainment" else question.metric
    if metric not in TARGETED or key not in (None, "user", "team"):
        return {}
    wanted = await targets(session, metric, question.first, question.last, question.scope)
    teams = await _people(session, Team.name) if key == "team" else {}
    found: dict[object, int] = defaultdict(int)
    for user, fen in wanted.items():
        found[{None: None, "user": user, "team": teams.get(user)}[key]] += fen
    return dict(found)


async def _people(session: AsyncSession, column: InstrumentedAttribute[str]) -> dict[object, str]:
    """A name for each user's id: the own one or the team's."""
    query = select(User.id, column).join(Team, Team.id == User.team_id, isouter=True)
    return {user: name for user, name in (await session.execute(query)).all() if name}


async def _attained_by_month(session: AsyncSession, question: Question) -> list[Point]:
    points = []
    for start in _starts(question.first, question.last, "month"):
        last = _next(start, "month") - timedelta(days=1)
        ratio = await value(session, replace(question, first=start, last=last))
        points.append(Point(label=_label(start, "month"), value=ratio))
    return points


def _adds_up(metric: str) -> bool:
    return metric not in (*RATIOS, "average_deal", "cycle", "attainment")


def _worth(metric: str, top: int, bottom: int) -> Value | None:
    """From the two sums to the metric's value."""
    if _adds_up(metric):
        return top
    if not bottom:
        return None
    if metric == "average_deal":
        return round(top / bottom)
    return top / bottom


def _as_day(key: object) -> date:
    return (
        key if isinstance(key, date) else EPOCH + timedelta(days=int(str(key).partition(".")[0]))
    )


def _start(day: date, step: str) -> date:
    starts: dict[str, Callable[[date], date]] = {
        "day": lambda day: day,
        "week": lambda day: day - timedelta(days=day.weekday()),
        "month": lambda day: day.replace(day=1),
    }
    return starts[step](day)


def _next(start: date, step: str) -> date:
    if step == "month":
        return (start + timedelta(days=31)).replace(day=1)
    return start + timedelta(days=7 if step == "week" else 1)


def _starts(first: date, last: date, step: str) -> list[date]:
    """The first days of all steps that touch the span."""
    start, found = _start(first, step), []
    while start <= last:
        found.append(start)
        start = _next(start, step)
    return found


def _label(start: date, step: str) -> str:
    return f"{start.month}月" if step == "month" else f"{start:%m-%d}"
