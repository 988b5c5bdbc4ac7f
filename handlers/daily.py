"""The day's picture: figures, drawn, kept for the reply."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime
from typing import Any

from handlers import wording
from handlers.context import Context
from handlers.replies import Picture
from reports import day_figures
from reports.results import DailyFigures
from sales import access, periods
from storage.models.people import Team, User
from storage.models.service import Attachment

PNG = "image/png"


async def daily_picture(
    context: Context,
    *,
    team_id: int | None,
    user_id: int | None,
    due_at: datetime,
    late: bool,
) -> Picture:
    """The picture of the day on which it was due, as its reader may see it."""
    team = await context.session.get(Team, team_id) if team_id is not None else None
    reader = await context.session.get(User, user_id) if user_id is not None else None
    eyes: Any = nullcontext()
    if reader is not None:
        viewer = await access.viewer_of(context.session, reader)
        eyes = access.seeing_as(context.session, viewer)
    async with eyes:
        figures = await day_figures.daily(
            context.session,
            team=team,
            day=periods.day_of(due_at, context.zone),
            stages=context.setup.stages,
            zone=context.zone,
            as_of=due_at if not late else context.now,
            late=late,
        )
    return await picture(context, "daily", figures, _alt(figures))


def _alt(figures: DailyFigures) -> str:
    """The picture's main figures in words."""
    return (
        f"{figures.team}日报 {figures.day:%m-%d}："
        f"签约 {wording.amount(figures.sales.today)}，"
        f"回款 {wording.amount(figures.collections.today)}，"
        f"新增商机 {figures.new_deals.today}，拜访 {figures.visits.today}"
    )


async def picture(context: Context, kind: str, figures: Any, alt: str) -> Picture:
    """Have the figures drawn and keep the picture."""
    content = await context.render(kind, figures)
    kept = Attachment(media_type=PNG, name=f"{kind}.png", content=content, created_at=context.now)
    context.session.add(kept)
    await context.session.flush()
    return Picture(attachment_id=kept.id, alt=alt)
