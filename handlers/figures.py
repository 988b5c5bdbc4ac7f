"""Questions for a figure: a number beside the period before, or a picture of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from handlers import wording
from handlers.buttons import Say, pack
from handlers.context import Context
from handlers.daily import picture
from handlers.replies import Button, Card, Line, Reply
from handlers.router import Router
from nlu import acts
from reports import figures, words
from reports.figures import ANSWERED, TARGETED, Question
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
from sales import access, periods
from sales.errors import Invalid, NotFound
from storage.models.people import Team

router = Router()
MOST_ROWS = 10
TREND_MONTHS = 6
PICTURED = ("trend", "ranking", "funnel", "distribution")


@router.on(acts.Query, where=lambda act: act.about == "metric")
async def figure(act: acts.Query, context: Context) -> list[Reply]:
    """A metric: as a number, or drawn where it is a trend, ranking, funnel or distribution."""
    name = act.metric or "sales"
    metric = BY_NAME[name]
    if name not in ANSWERED:
        return [Reply.text(f"{metric.title}还算不了。现在能查：签约、回款、商机、应收、逾期等。")]
    if act.customer is not None:
        return [Reply.text(f"单个客户的{metric.title}，说“客户名 什么情况”看。")]
    period = act.period or periods.month_of(context.today)
    question = await _question(act, context, name, period)
    whose = await _whose(act, context)
    if act.view == "funnel":
        return await _funnel(context, question, whose)
    if act.view == "trend" or act.group_by in ("month", "week", "day"):
        return await _trend(context, question, metric, act, whose)
    if act.view in PICTURED or act.group_by is not None:
        return await _groups(context, question, metric, act, whose)
    return [await _number(context, question, metric, whose, period)]


async def _question(act: acts.Query, context: Context, name: str, period: str) -> Question:
    first, last = periods.span(period)
    return Question(
        metric=name, first=first, last=last, today=context.today, zone=context.zone,
        scope=await _scope(act.filters, context),
    )  # fmt: skip


async def _scope(filters: acts.Filters | None, context: Context) -> Scope:
    if filters is None:
        return Scope()
    users: tuple[int, ...] | None = None
    if filters.user is not None:
        users = ((await access.user_by(context.session, filters.user)).id,)
    elif filters.team is not None:
        team = await context.session.scalar(select(Team).where(Team.name == filters.team))
        if team is None:
            raise NotFound("user", filters.team)
        users = await figures.members(context.session, team)
    return Scope(
        user_ids=users, region=filters.region, industry=filters.industry, grade=filters.grade,
        product=filters.product, stage=filters.stage,
    )  # fmt: skip


async def _whose(act: acts.Query, context: Context) -> str:
    """Whose figures they are, in words; a rep's own ones need no name."""
    filters = act.filters
    if filters is None:
        return "你的" if context.viewer.role == "rep" else ""
    user = await access.user_by(context.session, filters.user) if filters.user else None
    mine = user is not None and user.id == context.me.id
    named = "你的" if mine else user.name if user else None
    rest = (filters.team, filters.region, filters.product, filters.stage, filters.industry)
    return " ".join(part for part in (named, *rest) if part)


async def _number(
    context: Context, question: Question, metric: Metric, whose: str, period: str
) -> Reply:
    """华东 11 月回款 386.2万, with target and the period before."""
    now = await figures.value(context.session, question)
    when = "" if metric.standing else wording.date_value(period, context.today)
    head = f"{whose} {when}{metric.title}".strip()
    title = f"{head} {words.value_text(now, metric.unit)}"
    lines = await _target(context, question, now or 0) if question.metric in TARGETED else []
    if not metric.standing:
        lines += await _before(context, question, metric, period, now)
    buttons = tuple(
        Button(text=label, press=pack(Say(words=f"{when}{metric.title}{ask}")))
        for label, ask, group in (("按人看", "按人看", "user"), ("走势", "走势", "month"))
        if group in metric.groups and (group != "user" or context.viewer.role != "rep")
    )
    if not lines and not buttons:
        return Reply.text(f"{title}。")
    return Reply(content=Card(title=title, lines=tuple(lines), buttons=buttons))


async def _target(context: Context, question: Question, now: float) -> list[Line]:
    goals = await figures.targets(
        context.session, question.metric, question.first, question.last, question.scope
    )
    goal = sum(goals.values())
    if not goal:
        return []
    return [Line(label="目标", value=f"{words.money(goal)}，完成 {words.percent(now / goal)}")]


async def _before(
    context: Context, question: Question, metric: Metric, period: str, now: float | None
) -> list[Line]:
    """The period before, up to the same day where this one still runs."""
    first, last = periods.span(periods.before(period))
    running = question.first <= question.today < question.last
    if running:
        last = min(last, first + (question.today - question.first))
    earlier = await figures.value(context.session, replace(question, first=first, last=last))
    if earlier is None:
        return []
    change = words.change(now or 0, earlier)
    value = words.value_text(earlier, metric.unit) + (f"（{change}）" if change else "")
    return [Line(label="上期同期" if running else "上期", value=value)]


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
        raise Invalid("view", "走势")
    first = question.first if act.period else _months_back(context.today)
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
    shown = [f"{point.label} {words.value_text(point.value, metric.unit)}" for point in points]
    return "，".join(shown[-3:])


def _months_back(today: date) -> date:
    day = today.replace(day=1)
    for _ in range(TREND_MONTHS - 1):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


async def _groups(
    context: Context, question: Question, metric: Metric, act: acts.Query, whose: str
) -> list[Reply]:
    group = act.group_by or ("stage" if metric.standing and act.view != "ranking" else "user")
    if group not in metric.groups:
        raise Invalid("view", wording.GROUPS.get(group, group),
                      tuple(wording.GROUPS.get(name, name) for name in metric.groups))  # fmt: skip
    rows = await figures.by_group(context.session, question, group)
    split = wording.GROUPS[group]
    title = f"{whose}{metric.title} · 按{split}".strip()
    if not rows:
        return [Reply.text(f"{title}：这段时间没有数据。")]
    text = f"{title}：{_best(rows, metric)}。"
    subtitle = "" if metric.standing else f"{question.first:%m-%d} 至 {question.last:%m-%d}"
    shown = tuple(rows[:MOST_ROWS])
    if group == "user":
        ranked = RankingFigures(title=title, subtitle=subtitle, unit=metric.unit, rows=shown)
        drawn = await picture(context, "ranking", ranked, text)
    else:
        bars = BarFigures(title=title, subtitle=subtitle, unit=metric.unit, rows=shown)
        drawn = await picture(context, "bars", bars, text)
    return [Reply(content=drawn), Reply.text(text)]


def _best(rows: Sequence[Row], metric: Metric) -> str:
    return "，".join(f"{row.name} {words.value_text(row.value, metric.unit)}" for row in rows[:3])
