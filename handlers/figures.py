"""Questions for a figure: a number beside the period before, or a picture of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from handlers import numbers, wording
from handlers.context import Context
from handlers.daily import picture
from handlers.lists import narrowing
from handlers.replies import Reply
from handlers.router import Router
from nlu import acts
from reports import figures, words
from reports.figures import ANSWERED, Question
from reports.measures import Scope
from reports.metrics import BY_NAME, Metric
from reports.results import (
    BarFigures,
    FunnelFigures,
    Point,
    RankingFigures,
    Row,
    TrendFigures,
)
from sales import access, customers, periods
from sales.errors import NotFound
from storage.models.people import Team

router = Router()
TREND_MONTHS = 6
TREND_WEEKS = 7
TREND_DAYS = 13
PICTURED = ("ranking", "distribution")
OF_MONEY = ("sales", "collections", "average_deal", "receivables", "overdue", "attainment")
"""What is reckoned from contracts, payments and targets alone."""
OWN_ONLY = "排名主管才看得到，这是你自己的"


@router.on(acts.Query, where=lambda act: act.about == "metric")
async def figure(act: acts.Query, context: Context) -> list[Reply]:
    """A metric: as a number, or drawn where it is a trend, ranking, funnel or distribution."""
    name = act.metric or "sales"
    metric = BY_NAME[name]
    if name not in ANSWERED:
        return [Reply.text(f"{metric.title}还算不了。现在能查：签约、回款、商机、应收、逾期等。")]
    access.check_role(context.viewer, access.KEEPS_MONEY if name in OF_MONEY else access.SELLS)
    period = act.period or periods.month_of(context.today)
    question = await _question(act, context, name, period)
    whose = await _whose(act, context)
    if act.view == "funnel":
        return await _funnel(context, question, whose)
    if act.view == "trend" or act.group_by in ("month", "week", "day"):
        return await _trend(context, question, metric, act, whose)
    group = _group(act, metric)
    if group is not None and not (group == "user" and _one_person(question, context)):
        return await _groups(context, question, metric, group, numbers.head(
            whose, period, metric, context))  # fmt: skip
    answer = await numbers.number(
        context, question, metric, whose, period, await narrowing(act, context)
    )
    ranked = act.view == "ranking" and context.viewer.role == "rep"
    return [numbers.noted(answer, OWN_ONLY) if ranked else answer]


def _group(act: acts.Query, metric: Metric) -> str | None:
    """By what the figure is split, if it is."""
    if act.group_by is not None or act.view not in PICTURED:
        return act.group_by
    return "stage" if metric.name == "pipeline" and act.view != "ranking" else "user"


def _one_person(question: Question, context: Context) -> bool:
    users = question.scope.user_ids
    return context.viewer.role == "rep" or (users is not None and len(users) == 1)


async def _question(act: acts.Query, context: Context, name: str, period: str) -> Question:
    first, last = periods.span(period)
    return Question(
        metric=name, first=first, last=last, today=context.today, zone=context.zone,
        scope=await _scope(act, context),
    )  # fmt: skip


async def _scope(act: acts.Query, context: Context) -> Scope:
    filters = act.filters or acts.Filters()
    users: tuple[int, ...] | None = None
    if filters.user is not None:
        colleague = await access.user_by(context.session, filters.user)
        access.check_may_see(context.viewer, colleague)
        users = (colleague.id,)
    elif filters.team is not None:
        team = await context.session.scalar(select(Team).where(Team.name == filters.team))
        if team is None:
            raise NotFound("user", filters.team)
        access.check_may_see_team(context.viewer, team)
        users = await figures.members(context.session, team)
    scope = Scope(
        user_ids=users, region=filters.region, industry=filters.industry, grade=filters.grade,
        product=filters.product, stage=filters.stage,
    )  # fmt: skip
    if act.customer is None:
        return scope
    customer = await access.customer_to_read(context.session, act.customer)
    return replace(scope, customer_id=customer.id)


async def _whose(act: acts.Query, context: Context) -> str:
    """Whose figures they are, in words; a rep sees the own ones alone."""
    filters = act.filters or acts.Filters()
    user = await access.user_by(context.session, filters.user) if filters.user else None
    mine = context.viewer.role == "rep" or (user is not None and user.id == context.me.id)
    named = user.name if user is not None else None
    customer = (
        await access.customer_to_read(context.session, act.customer) if act.customer else None
    )
    at = await customers.short_name(context.session, customer) if customer else None
    if mine:
        named = None if at else "你的"
    rest = (filters.team, filters.region, filters.product, filters.stage, filters.industry)
    return " ".join(part for part in (named, at, *rest) if part).replace("你的 ", "你的")


async def _funnel(context: Context, question: Question, whose: str) -> list[Reply]:
    stages = await figures.funnel(context.session, context.setup.stages, question.scope)
    title = f"{whose}销售漏斗".strip()
    drawn = FunnelFigures(title=title, subtitle=f"{context.today:%m-%d}", stages=stages)
    count = sum(stage.count for stage in stages)
    amount = words.money(sum(stage.amount_fen for stage in stages))
    text = f"{title}：在手 {count} 单 {amount}。"
    if not count:
        return [Reply.text(f"{title}：没有进行中的商机。")]
    return [Reply(content=await picture(context, "funnel", drawn, text)), Reply.text(text)]


async def _trend(
    context: Context, question: Question, metric: Metric, act: acts.Query, whose: str
) -> list[Reply]:
    step = act.group_by if act.group_by in ("month", "week", "day") else "month"
    if step not in metric.groups:
        return [_can_not(metric, "走势")]
    first = _from(question, step) if act.period else _steps_back(context.today, step)
    asked = replace(question, first=first, last=min(question.last, context.today))
    points = await figures.over_time(context.session, asked, step)
    title = f"{whose}{metric.title}走势".strip()
    unfinished = question.last >= context.today
    drawn = TrendFigures(
        title=title, subtitle=f"{first:%Y-%m-%d} 起", unit=metric.unit, points=tuple(points),
        unfinished=unfinished,
    )  # fmt: skip
    text = f"{title}：{_latest(points, metric)}。"
    return [Reply(content=await picture(context, "trend", drawn, text)), Reply.text(text)]


def _latest(points: Sequence[Point], metric: Metric) -> str:
    shown = [f"{point.label} {numbers.told(point.value, metric)}" for point in points]
    return "，".join(shown[-3:])


def _from(question: Question, step: str) -> date:
    """Where the trend starts: a period of one step alone has none, the steps before it do."""
    back = _steps_back(min(question.last, question.today), step)
    alone = {"month": 31, "week": 7, "day": 1}[step]
    return back if (question.last - question.first).days < alone else question.first


def _steps_back(last: date, step: str) -> date:
    """The first day of some months, weeks or days that end with this one."""
    if step != "month":
        return last - timedelta(days=TREND_DAYS if step == "day" else 7 * TREND_WEEKS)
    day = last.replace(day=1)
    for _ in range(TREND_MONTHS - 1):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


async def _groups(
    context: Context, question: Question, metric: Metric, group: str, heading: str
) -> list[Reply]:
    split = wording.GROUPS.get(group, group)
    if group not in metric.groups:
        return [_can_not(metric, f"按{split}看")]
    rows = await figures.by_group(context.session, question, group)
    title = f"{heading} · 按{split}"
    if not rows:
        return [Reply.text(f"{title}：没有数据。")]
    text = f"{title}：{_best(rows, metric)}。"
    if len(rows) == 1:
        return [Reply.text(text)]
    subtitle = f"{question.first:%m-%d} 至 {question.last:%m-%d}"
    if metric.standing:
        subtitle = f"截至 {context.today:%m-%d}"
    if any(row.target for row in rows):
        subtitle += " · 百分比是目标完成率"
    if group == "user":
        ranked = RankingFigures(title=title, subtitle=subtitle, unit=metric.unit, rows=tuple(rows))
        drawn = await picture(context, "ranking", ranked, text)
    else:
        bars = BarFigures(title=title, subtitle=subtitle, unit=metric.unit, rows=tuple(rows))
        drawn = await picture(context, "bars", bars, text)
    return [Reply(content=drawn), Reply.text(text)]


def _can_not(metric: Metric, how: str) -> Reply:
    ways = "、".join(wording.GROUPS[name] for name in metric.groups)
    return Reply.text(f"{metric.title}没法{how}。可以按：{ways}。")


def _best(rows: Sequence[Row], metric: Metric) -> str:
    return "，".join(f"{row.name} {numbers.told(row.value, metric)}" for row in rows[:3])
