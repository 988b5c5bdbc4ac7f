"""The parts that pictures are put together from, each with its height before it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from reports import style, words
from reports.layout import Page, blend
from reports.lettering import fitting, text_width
from reports.results import BarFigures, Row, StageFigure, Unit

LEFT = style.MARGIN + style.PAD
RIGHT = style.WIDTH - style.MARGIN - style.PAD
HEAD = 116  # a card's title line
FOOT = 30
EMPTY = 120

STAGE_ROW = 78
STAGE_BAR = 54
STAGE_NAME = 232
STAGE_SUM = 190

RANK_ROW = 80
RANK_MAX = 10
RANK_NAME = 184
RANK_VALUE = 186
RANK_DONE = 108
MORE = 64

PART_ROW = 116
PART_MAX = 12


def card_title(page: Page, y: float, title: str, aside: str = "") -> None:
    """A card's title, and at its right the sum of what it holds."""
    middle = y + style.PAD + style.TITLE / 2
    aside_width = text_width(aside, style.SMALL)
    page.text(LEFT, middle, title, style.TITLE, bold=True, width=RIGHT - LEFT - aside_width - 24)
    page.text(RIGHT, middle, aside, style.SMALL, colour=style.GREY, align="right")


def nothing(page: Page, y: float, text: str) -> None:
    """One quiet line where there is nothing to show."""
    page.text(style.WIDTH / 2, y + EMPTY / 2 - 10, text, style.SMALL, colour=style.GREY,
              align="center")  # fmt: skip


def funnel_height(stages: Sequence[StageFigure]) -> int:
    """Of the funnel's rows, without the card's title."""
    return len(stages) * STAGE_ROW if any(s.count for s in stages) else EMPTY


def funnel_rows(page: Page, y: float, stages: Sequence[StageFigure]) -> None:
    """Centred bars as wide as their money, tied by lighter slopes; count inside, sum beside."""
    if not any(stage.count for stage in stages):
        nothing(page, y, "暂无进行中的商机")
        return
    by_money = any(stage.amount_fen > 0 for stage in stages)
    sizes = [max(0, stage.amount_fen if by_money else stage.count) for stage in stages]
    room = RIGHT - LEFT - STAGE_NAME - STAGE_SUM
    centre = LEFT + STAGE_NAME + room / 2
    widths = [max(10.0, room * size / max(sizes)) if size else 4.0 for size in sizes]
    _slopes(page, y, centre, widths)
    for index, (stage, width) in enumerate(zip(stages, widths, strict=True)):
        middle = y + index * STAGE_ROW + STAGE_ROW / 2
        share = index / max(1, len(stages) - 1)
        colour = blend(style.FUNNEL_FROM, style.FUNNEL_TO, share)
        page.box(centre - width / 2, middle - STAGE_BAR / 2, width, STAGE_BAR, colour, 10)
        _stage_text(page, middle, stage, centre, width, dark=share < 0.4)


def _slopes(page: Page, y: float, centre: float, widths: Sequence[float]) -> None:
    for index in range(len(widths) - 1):
        above, below = widths[index] / 2 - 4, widths[index + 1] / 2 - 4
        if min(above, below) <= 0:
            continue
        top = y + index * STAGE_ROW + (STAGE_ROW + STAGE_BAR) / 2
        bottom = top + STAGE_ROW - STAGE_BAR
        corners = [(centre - above, top), (centre + above, top),
                   (centre + below, bottom), (centre - below, bottom)]  # fmt: skip
        page.polygon(corners, style.LINE)


def _stage_text(
    page: Page, middle: float, stage: StageFigure, centre: float, width: float, *, dark: bool
) -> None:
    page.name(LEFT, middle, stage.name, STAGE_NAME - 20)
    counted = f"{words.count(stage.count)} 个"
    inside = text_width(counted, style.TINY) + 24 <= width
    place = centre if inside else centre + width / 2 + 12
    colour = style.ON_DEEP if inside and not dark else style.INK
    page.text(
        place, middle, counted, style.TINY, colour=colour, align="center" if inside else "left"
    )
    amount = words.money(stage.amount_fen) if stage.count else words.UNSAID
    size = fitting(amount, STAGE_SUM - 16, style.BODY, style.BOLD)
    page.text(RIGHT, middle, amount, size, bold=True, align="right")


def ranking_height(rows: Sequence[Row]) -> int:
    """Of the ranking's rows, without the card's title."""
    if not rows:
        return EMPTY
    return min(len(rows), RANK_MAX) * RANK_ROW + (MORE if len(rows) > RANK_MAX else 0)


def ranking_rows(page: Page, y: float, rows: Sequence[Row], unit: Unit, empty: str) -> None:
    """Place, name, bar, value, and how much of the own target that is."""
    if not rows:
        nothing(page, y, empty)
        return
    shown = rows[:RANK_MAX]
    most = max(row.value for row in shown)
    done_width = RANK_DONE if any(row.target for row in shown) else 0
    for index, row in enumerate(shown):
        middle = y + index * RANK_ROW + RANK_ROW / 2
        _place(page, middle, index + 1, medal=row.value > 0)
        page.name(LEFT + 72, middle, row.name, RANK_NAME - 20)
        start = LEFT + 72 + RANK_NAME
        share = row.value / most if most > 0 else 0
        page.bar(start, middle - 11, RIGHT - done_width - RANK_VALUE - start, share, height=22,
                 colour=style.BLUE)  # fmt: skip
        value = words.value_text(row.value, unit)
        size = fitting(value, RANK_VALUE - 20, style.BODY, style.BOLD)
        page.text(RIGHT - done_width, middle, value, size, bold=True, align="right")
        if row.target:
            done = words.percent(row.value / row.target)
            size = fitting(done, RANK_DONE - 16, style.SMALL)
            page.text(RIGHT, middle, done, size, colour=style.GREY, align="right",
                      width=RANK_DONE - 12)  # fmt: skip
    if len(rows) > RANK_MAX:
        rest = f"另有 {len(rows) - RANK_MAX} 人"
        page.text(LEFT + 72, y + RANK_MAX * RANK_ROW + MORE / 2, rest, style.TINY,
                  colour=style.GREY)  # fmt: skip


def _place(page: Page, middle: float, place: int, *, medal: bool) -> None:
    """The place's number, on a medal where there is something to win one with."""
    medal = medal and place <= len(style.MEDALS)
    if medal:
        page.dot(LEFT + 26, middle, 26, style.MEDALS[place - 1])
    colour = style.ON_DEEP if medal else style.GREY
    page.text(LEFT + 26, middle, str(place), style.TINY, colour=colour, bold=medal,
              align="center")  # fmt: skip


def parts_of(figures: BarFigures) -> tuple[Row, ...]:
    """The rows to show: where they add up, the smallest become one."""
    if len(figures.rows) <= PART_MAX:
        return figures.rows
    if figures.unit not in ("yuan", "count"):
        return figures.rows[:PART_MAX]
    rest = figures.rows[PART_MAX - 1 :]
    other = Row(name=f"其他 {len(rest)} 项", value=sum(row.value for row in rest))
    return (*figures.rows[: PART_MAX - 1], other)


def part_rows(page: Page, y: float, rows: Sequence[Row], unit: Unit) -> None:
    """Name and value on a line, the bar below; the share of the whole where values add up."""
    most = max(row.value for row in rows)
    adds_up = unit in ("yuan", "count") and all(row.value >= 0 for row in rows)
    whole = sum(row.value for row in rows) if adds_up else 0
    for index, row in enumerate(rows):
        top = y + index * PART_ROW
        text = words.value_text(row.value, unit)
        end = RIGHT
        if whole > 0:
            share = words.percent(row.value / whole)
            page.text(RIGHT, top + 30, share, style.SMALL, colour=style.GREY, align="right")
            end -= 110
        taken = page.text(end, top + 30, text, style.BODY, bold=True, align="right")
        page.text(LEFT, top + 30, row.name, style.SMALL, width=end - taken - 28 - LEFT)
        page.bar(LEFT, top + 64, RIGHT - LEFT, row.value / most if most > 0 else 0, height=20,
                 colour=style.PARTS[index % len(style.PARTS)])  # fmt: skip
