"""A figure as one number: with its target, the period before, and what it is made of."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers import wording
from handlers.buttons import Say, pack
from handlers.context import Context
from handlers.replies import Button, Card, Line, Reply
from reports import figures, words
from reports.figures import TARGETED, Question
from reports.metrics import Metric
from reports.results import Value
from sales import customers, lists, periods
from sales.lists import Narrowing

MOST_OVERDUE = 5
_BEFORE = {
    r"\d{4}-\d{2}": "上月", r"\d{4}-W\d{2}": "上周", r"\d{4}-Q\d": "上季度", r"\d{4}": "去年",
    r"\d{4}-\d{2}-\d{2}": "前一天",
}  # fmt: skip
"""What the period before is called, by the form of the period."""


def head(whose: str, period: str, metric: Metric, context: Context) -> str:
    """华东 11 月回款"""
    when = "" if metric.standing else _when(period, context)
    apart = "" if whose == "你的" and not when else " "
    return f"{whose}{apart}{when}{metric.title}".strip()


def _when(period: str, context: Context) -> str:
    """11 月, 本周: without the days that it spans."""
    return wording.date_value(period, context.today).partition("（")[0]


def told(value: Value | None, metric: Metric) -> str:
    """386.2万, 9 次"""
    text = words.value_text(value, metric.unit)
    return f"{text} {metric.counted}" if metric.counted and value is not None else text


async def number(
    context: Context, question: Question, metric: Metric, whose: str, period: str,
    wanted: Narrowing,
) -> Reply:  # fmt: skip
    """华东 11 月回款 386.2万, with target and the period before."""
    now = await figures.value(context.session, question)
    title = f"{head(whose, period, metric, context)} {told(now, metric)}"
    lines = await _target(context, question, now or 0) if question.metric in TARGETED else []
    if not metric.standing:
        lines += await _before(context, question, metric, period, now)
    note = ""
    if question.metric == "overdue":
        lines, note = await _late(context, wanted)
    buttons = _buttons(context, question, metric, period)
    if not lines and not buttons:
        return Reply.text(f"{title}。")
    return Reply(content=Card(title=title, lines=tuple(lines), buttons=buttons, note=note))


def noted(answer: Reply, note: str) -> Reply:
    """With a sentence below the card."""
    match answer.content:
        case Card() as card:
            return replace(answer, content=replace(card, note=note))
        case _:
            return answer


def _buttons(
    context: Context, question: Question, metric: Metric, period: str
) -> tuple[Button, ...]:
    """The same figure split, where there is more than one to split it by."""
    when = "" if metric.standing else _when(period, context)
    scope = question.scope
    of_one = scope.customer_id is not None or len(scope.user_ids or "··") == 1
    alone = context.viewer.role == "rep" or of_one
    return tuple(
        Button(text=label, press=pack(Say(words=f"{when}{metric.title}{label}")))
        for label, group in (("按人看", "user"), ("走势", "month"))
        if group in metric.groups and (group != "user" or not alone)
    )


async def _target(context: Context, question: Question, now: Value) -> list[Line]:
    goals = await figures.targets(
        context.session, question.metric, question.first, question.last, question.scope
    )
    goal = sum(goals.values())
    if not goal:
        return []
    return [Line(label="目标", value=f"{words.money(goal)}，完成 {words.percent(now / goal)}")]


async def _before(
    context: Context, question: Question, metric: Metric, period: str, now: Value | None
) -> list[Line]:
    """The period before, up to the same day where this one still runs."""
    first, last = periods.span(periods.before(period))
    running = question.first <= question.today < question.last
    if running:
        last = min(last, first + (question.today - question.first))
    earlier = await figures.value(context.session, replace(question, first=first, last=last))
    if earlier is None:
        return []
    change = words.shift(now, earlier, metric.unit) if now is not None else ""
    value = told(earlier, metric) + (f"（{change}）" if change else "")
    called = next((name for form, name in _BEFORE.items() if re.fullmatch(form, period)), "上期")
    return [Line(label=f"{called}同期" if running else called, value=value)]


async def _late(context: Context, wanted: Narrowing) -> tuple[list[Line], str]:
    """Which payments are overdue, the largest first; and how many more."""
    late = await lists.overdue(context.session, wanted, context.today)
    shown = late[:MOST_OVERDUE]
    names = await customers.short_names(context.session, [one.customer_id for one in shown])
    lines = []
    for one in shown:
        days = (context.today - one.on).days if one.on else 0
        value = f"{wording.amount(one.amount_fen)} · 逾期 {days} 天"
        lines.append(Line(label=names.get(one.customer_id, ""), value=value))
    more = len(late) - len(shown)
    return lines, f"还有 {more} 笔" if more else ""
