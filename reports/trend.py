"""A metric over time: the line, its last value large, values at the points where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10

from reports import style, words
from reports.blocks import LEFT, RIGHT, nothing
from reports.layout import Page
from reports.lettering import fitting, text_width
from reports.results import Point, TrendFigures, Unit, Value

TOP = 190
SUMMARY = 168
PLOT = 560
AXIS = 84
TICKS = 4
SIDE = 150  # for the scale's numbers
SPACING = 20  # between two texts
LABEL = 40  # from a point to the middle of its value
ROUND_STEPS = (1, 2, 2.5, 5, 10)


def trend_page(figures: TrendFigures) -> Page:
    height = SUMMARY + PLOT + AXIS
    page = Page(TOP + height + style.MARGIN)
    size = fitting(figures.title, style.INNER, style.HEADLINE, style.BOLD)
    page.text(style.MARGIN, 80, figures.title, size, bold=True, width=style.INNER)
    page.text(style.MARGIN, 144, figures.subtitle, style.SMALL, colour=style.GREY,
              width=style.INNER)  # fmt: skip
    page.card(TOP, height)
    if not any(point.value is not None for point in figures.points):
        nothing(page, TOP + height / 2 - 60, "这段时间还没有数据")
        return page
    _summary(page, figures)
    _Plot(page, figures).draw()
    return page


def _summary(page: Page, figures: TrendFigures) -> None:
    last = figures.points[-1]
    middle = TOP + 84
    so_far = "至今" if figures.unfinished else ""
    taken = page.text(LEFT, middle, f"{last.label}{so_far}", style.SMALL, colour=style.GREY,
                      width=300)  # fmt: skip
    value = words.value_text(last.value, figures.unit)
    page.text(LEFT + taken + SPACING, middle - 6, value, style.FIGURE, bold=True)
    if figures.target:
        x = RIGHT - text_width(_target_text(figures), style.SMALL)
        page.path([(x - 64, middle), (x - 16, middle)], style.AMBER, 5)
        page.text(RIGHT, middle, _target_text(figures), style.SMALL, colour=style.GREY,
                  align="right")  # fmt: skip


def _target_text(figures: TrendFigures) -> str:
    return f"目标 {words.value_text(figures.target, figures.unit)}"


def scale(low: Value, high: Value, *, whole: bool = False) -> list[float]:
    """Round levels from at most `low` to at least `high`, about TICKS steps; `whole` numbers."""
    span = high - low or abs(high) or 1
    raw = max(span / TICKS, 1) if whole else span / TICKS
    power = 10.0 ** floor(log10(raw))
    steps = (s * power for s in ROUND_STEPS if not whole or (s * power).is_integer())
    step = next(s for s in steps if s >= raw * 0.999)
    first = floor(low / step + 1e-9)
    levels = [first * step]
    while levels[-1] < high - step * 1e-9:
        levels.append((first + len(levels)) * step)
    return levels if len(levels) > 1 else [*levels, levels[0] + step]


def _levels(low: Value, high: Value, unit: Unit) -> list[float]:
    """The scale's levels, with room below a lowest point; of zeros just the ground."""
    if low == high == 0:
        return [0.0, 1.0]
    levels = scale(low, high, whole=unit == "count")
    return [2 * levels[0] - levels[1], *levels] if low < 0 else levels


class _Plot:
    """Where the values stand on the page, and the strokes of one trend."""

    def __init__(self, page: Page, figures: TrendFigures) -> None:
        self.page = page
        self.figures = figures
        known = [point.value for point in figures.points if point.value is not None]
        wanted = [*known, 0, *([figures.target] if figures.target else [])]
        self.levels = _levels(min(wanted), max(wanted), figures.unit)
        self.top = TOP + SUMMARY + 44
        self.bottom = TOP + SUMMARY + PLOT
        self.left = LEFT + SIDE
        self.right = RIGHT - 40
        steps = max(1, len(figures.points) - 1)
        self.step = (self.right - self.left) / steps

    def x(self, index: int) -> float:
        alone = len(self.figures.points) == 1
        return (self.left + self.right) / 2 if alone else self.left + index * self.step

    def y(self, value: Value) -> float:
        low, high = self.levels[0], self.levels[-1]
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)

    def draw(self) -> None:
        self._grid()
        for run in _runs(self.figures.points):
            self._line(run)
        self._dots()
        self._values()
        self._labels()

    def _grid(self) -> None:
        nothing_at_all = not any(point.value for point in self.figures.points)
        for level in self.levels[:1] if nothing_at_all else self.levels:
            y = self.y(level)
            self.page.path([(self.left - 20, y), (RIGHT, y)], style.LINE, 2)
            text = words.value_text(level, self.figures.unit) if level else "0"
            size = fitting(text, SIDE - 36, style.TINY)
            self.page.text(self.left - 36, y, text, size, colour=style.GREY, align="right")
        if self.figures.target:
            y = self.y(self.figures.target)
            self.page.path([(self.left - 20, y), (RIGHT, y)], style.AMBER, 4)

    def _line(self, run: Sequence[int]) -> None:
        points = [(self.x(i), self.y(self._value(i))) for i in run]
        if len(points) < 2:
            return
        ground = self.y(max(0, self.levels[0]))
        area = [*points, (points[-1][0], ground), (points[0][0], ground)]
        self.page.polygon(area, (*_rgb(style.BLUE), 0.10))
        self.page.path(points, style.BLUE, 7)

    def _dots(self) -> None:
        last = len(self.figures.points) - 1
        for index, point in enumerate(self.figures.points):
            if point.value is None or (self.step < 34 and index != last):
                continue
            open_end = index == last and self.figures.unfinished
            self.page.dot(self.x(index), self.y(point.value), 12, style.BLUE)
            if index != last or open_end:
                self.page.dot(self.x(index), self.y(point.value), 6, style.CARD)

    def _values(self) -> None:
        """Every value if they fit side by side, else the best and the last."""
        known = [i for i, point in enumerate(self.figures.points) if point.value is not None]
        widest = max(self._width(i) for i in known)
        if widest + SPACING > self.step and len(self.figures.points) > 1:
            best = max(known, key=self._value)
            apart = (self._width(best) + self._width(known[-1])) / 2 + SPACING
            far = abs(self.x(best) - self.x(known[-1])) >= apart
            known = [best, known[-1]] if best != known[-1] and far else [best]
        for index in known:
            self._value_text(index)

    def _value_text(self, index: int) -> None:
        y = self.y(self._value(index))
        below = self._is_valley(index) and y + LABEL + 24 < self.bottom
        half = self._width(index) / 2
        x = min(max(self.x(index), self.left - 20 + half), RIGHT + 20 - half)
        y += LABEL if below else -LABEL
        if self.figures.target and abs(y - self.y(self.figures.target)) < LABEL:
            self.page.box(x - half - 8, y - 18, 2 * half + 16, 36, style.CARD, 8)
        self.page.text(x, y, self._text(index), style.TINY,
                       bold=True, align="center")  # fmt: skip

    def _is_valley(self, index: int) -> bool:
        points = self.figures.points
        sides = [points[i].value for i in (index - 1, index + 1) if 0 <= i < len(points)]
        own = self._value(index)
        return bool(sides) and all(side is not None and side > own for side in sides)

    def _labels(self) -> None:
        points = self.figures.points
        widest = max(text_width(point.label, style.TINY) for point in points)
        widest = min(widest, self.right - self.left)
        every = max(1, -(-int(widest + SPACING) // max(1, int(self.step))))
        for index in range(len(points) - 1, -1, -every):
            half = min(text_width(points[index].label, style.TINY), widest) / 2
            x = min(max(self.x(index), LEFT + half), RIGHT + 20 - half)
            self.page.text(x, self.bottom + 48, points[index].label, style.TINY,
                           colour=style.GREY, align="center", width=widest)  # fmt: skip

    def _value(self, index: int) -> Value:
        value = self.figures.points[index].value
        if value is None:
            raise ValueError(f"point {index} has no value")
        return value

    def _text(self, index: int) -> str:
        return words.value_text(self._value(index), self.figures.unit)

    def _width(self, index: int) -> float:
        return text_width(self._text(index), style.TINY, style.BOLD)


def _runs(points: Sequence[Point]) -> list[list[int]]:
    """The stretches without a gap."""
    runs: list[list[int]] = [[]]
    for index, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(index)
    return [run for run in runs if run]


def _rgb(colour: str) -> tuple[float, float, float]:
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)
