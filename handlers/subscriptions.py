"""Reports that come by themselves: ordered and stopped in words."""

from __future__ import annotations

from handlers.context import Context
from handlers.pieces import Piece
from handlers.replies import Line
from handlers.router import Router
from nlu import acts
from sales import access, subscriptions

router = Router()
REPORTS = {
    "daily": "日报", "weekly": "周报", "monthly": "月报", "funnel": "漏斗", "ranking": "排名",
    "forecast": "预测", "receivables": "应收",
}  # fmt: skip
READY = ("daily",)
_WEEKDAYS = "一二三四五六日"


@router.on(acts.Subscribe)
async def subscribe(act: acts.Subscribe, context: Context) -> Piece:
    """A report at a time of day, to the sender or (told in a group) into the team's group."""
    name = REPORTS[act.report]
    group = context.setup.reports.group if context.in_group else None
    if group is not None:
        access.check_role(context.viewer, ("manager", "director", "admin"))
    user_id = None if group else context.me.id
    if act.off:
        stopped = await subscriptions.stop(
            context.session, report=act.report, user_id=user_id, group=group
        )
        line = Line(label="停发", value=name)
        note = "" if stopped else f"没有订阅过{name}。"
        return Piece(lines=(line,) if stopped else (), note=note, wrote=stopped)
    if act.report not in READY:
        return Piece(note=f"{name}还不能定时发，这一条没有写入。现在可以订日报。", wrote=False)
    at = act.at or context.setup.reports.daily_at
    days = act.days or context.setup.reports.daily_days
    await subscriptions.subscribe(
        context.session, report=act.report, at=at, days=days, user_id=user_id, group=group,
        team_id=context.me.team_id, now=context.now,
    )  # fmt: skip
    where = "发到群里" if group else "发给你"
    return Piece(lines=(Line(label="定时", value=f"{name} · {days_text(days)} {at} {where}"),))


def days_text(days: str) -> str:
    """每天, 工作日, 每周一, 每月 5 号."""
    kind, _, number = days.partition("-")
    match kind:
        case "weekly":
            return f"每周{_WEEKDAYS[int(number) - 1]}"
        case "monthly":
            return f"每月 {number} 号"
        case "workdays":
            return "工作日"
    return "每天"
