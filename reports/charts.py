"""The pictures by name; each takes its figures and gives a PNG 1080 pixels wide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reports import style, words
from reports.blocks import (
    EMPTY,
    FOOT,
    HEAD,
    PART_ROW,
    card_title,
    funnel_height,
    funnel_rows,
    nothing,
    part_rows,
    parts_of,
    ranking_height,
    ranking_rows,
)
from reports.daily import daily_page
from reports.layout import Page
from reports.lettering import fitting
from reports.results import (
    BarFigures,
    DailyFigures,
    Figures,
    FunnelFigures,
    RankingFigures,
    TrendFigures,
)
from reports.trend import trend_page

TOP = 190
BOTTOM = style.MARGIN


def daily(figures: DailyFigures) -> bytes:
    """The day's picture of a team."""
    return daily_page(figures).png()


def funnel(figures: FunnelFigures) -> bytes:
    """Open deals by stage."""
    return funnel_page(figures).png()


def ranking(figures: RankingFigures) -> bytes:
    """People, best first."""
    return ranking_page(figures).png()


def bars(figures: BarFigures) -> bytes:
    """A whole and its parts."""
    return bars_page(figures).png()


def trend(figures: TrendFigures) -> bytes:
    """A metric over time."""
    return trend_page(figures).png()


def heading(page: Page, title: str, subtitle: str) -> None:
    """The head of a single chart."""
    size = fitting(title, style.INNER, style.HEADLINE, style.BOLD)
    page.text(style.MARGIN, 80, title, size, bold=True, width=style.INNER)
    page.text(style.MARGIN, 144, subtitle, style.SMALL, colour=style.GREY, width=style.INNER)


def funnel_page(figures: FunnelFigures) -> Page:
    height = HEAD + funnel_height(figures.stages) + FOOT
    page = Page(TOP + height + BOTTOM)
    heading(page, figures.title, figures.subtitle)
    page.card(TOP, height)
    count = sum(stage.count for stage in figures.stages)
    amount = sum(stage.amount_fen for stage in figures.stages)
    card_title(page, TOP, f"{words.count(count)} 个商机", f"合计 {words.money(amount)}")
    funnel_rows(page, TOP + HEAD, figures.stages)
    return page


def ranking_page(figures: RankingFigures) -> Page:
    height = style.PAD + ranking_height(figures.rows) + FOOT
    page = Page(TOP + height + BOTTOM)
    heading(page, figures.title, figures.subtitle)
    page.card(TOP, height)
    ranking_rows(page, TOP + style.PAD - 6, figures.rows, figures.unit, "这段时间还没有数据")
    return page


def bars_page(figures: BarFigures) -> Page:
    rows = parts_of(figures)
    height = style.PAD + (len(rows) * PART_ROW if rows else EMPTY)
    page = Page(TOP + height + BOTTOM)
    heading(page, figures.title, figures.subtitle)
    page.card(TOP, height)
    if rows:
        part_rows(page, TOP + style.PAD - 2, rows, figures.unit)
    else:
        nothing(page, TOP + style.PAD / 2, "这段时间还没有数据")
    return page


PICTURES: dict[str, Callable[[Any], bytes]] = {
    "daily": daily,
    "funnel": funnel,
    "ranking": ranking,
    "bars": bars,
    "trend": trend,
}


def draw(kind: str, figures: Figures) -> bytes:
    """The picture of that name; KeyError for a name that is not in PICTURES."""
    return PICTURES[kind](figures)
