"""The small results that queries fill and pictures draw; money is fen, plain and picklable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Unit = Literal["yuan", "count", "percent", "days"]
"""How a value is worded; of "yuan" it is fen, of "percent" a ratio."""

Value = int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One metric of the day: beside yesterday, and its month to date beside the target."""

    today: int = 0
    yesterday: int = 0
    month: int = 0
    target: int | None = None
    month_before: int | None = None  # the month before, up to the same day


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFigure:
    """The open deals of one stage."""

    name: str
    count: int = 0
    amount_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a ranking or of bars."""

    name: str
    value: Value
    target: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyFigures:
    """All that the day's picture shows of a team; `late` if it was due earlier."""

    team: str
    day: date
    sales: Progress
    collections: Progress
    new_deals: Progress
    visits: Progress
    funnel: tuple[StageFigure, ...] = ()
    ranking: tuple[Row, ...] = ()
    as_of: datetime | None = None  # in the company's time zone
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelFigures:
    """The open deals by stage, in the pipeline's order."""

    title: str
    subtitle: str = ""
    stages: tuple[StageFigure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingFigures:
    """Who has how much, best first."""

    title: str
    subtitle: str = ""
    unit: Unit = "yuan"
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BarFigures:
    """A whole and its parts, largest first."""

    title: str
    subtitle: str = ""
    unit: Unit = "yuan"
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One period of a trend; None where there is nothing to say."""

    label: str
    value: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendFigures:
    """A metric over periods, oldest first; the last one may be unfinished."""

    title: str
    subtitle: str = ""
    unit: Unit = "yuan"
    points: tuple[Point, ...] = ()
    target: Value | None = None  # a level for every period
    unfinished: bool = False


Figures = DailyFigures | FunnelFigures | RankingFigures | BarFigures | TrendFigures
