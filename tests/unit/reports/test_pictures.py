"""Pictures: 1080 wide, something on them, and no text outside or over another, whatever comes."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from reports import charts, style
from reports.daily import daily_page
from reports.layout import Page
from reports.lettering import Line, clean, shorten, text_width, two_lines
from reports.results import (
    BarFigures,
    DailyFigures,
    FunnelFigures,
    Point,
    Progress,
    RankingFigures,
    Row,
    StageFigure,
    TrendFigures,
)
from reports.trend import scale, trend_page

WAN = 1_000_000
SMALLEST = 32  # a phone shows it at less than 12 points
LONG = "华东及长三角一体化重点行业大客户战略销售事业部第一组"
ODD = "换\n行\t和 $x^2$ 与 🎉 \x00 𠮷"


def rows(count: int, name: str = "员工", value: float = 50 * WAN, **more: Any) -> tuple[Row, ...]:
    return tuple(Row(name=f"{name}{i}", value=value / (i + 1), **more) for i in range(count))


def stages(*figures: tuple[str, int, int]) -> tuple[StageFigure, ...]:
    return tuple(StageFigure(name=n, count=c, amount_fen=a) for n, c, a in figures)


def day(**figures: Any) -> DailyFigures:
    nothing = {name: Progress() for name in ("sales", "collections", "new_deals", "visits")}
    return DailyFigures(**{"team": "华东组", "day": date(2026, 11, 24), **nothing, **figures})


USUAL = day(
    sales=Progress(
        today=48 * WAN,
        yesterday=36 * WAN,
        month=386 * WAN,
        target=500 * WAN,
        month_before=402 * WAN,
    ),
    collections=Progress(today=52 * WAN, yesterday=80 * WAN, month=310 * WAN, target=420 * WAN),
    new_deals=Progress(today=3, yesterday=1, month=26),
    visits=Progress(today=7, yesterday=7, month=112),
    funnel=stages(
        ("初步接触", 12, 620 * WAN), ("方案呈现", 8, 468 * WAN), ("合同会签", 2, 128 * WAN)
    ),
    ranking=rows(4, target=60 * WAN),
    as_of=datetime(2026, 11, 24, 18, 0, tzinfo=UTC),
)
HUGE = Progress(
    today=10**15, yesterday=3 * 10**14, month=10**17, target=7 * 10**16, month_before=1
)
BELOW = Progress(today=-(10**13), yesterday=10**13, month=-5 * WAN, target=1, month_before=10**12)
TREND = (
    TrendFigures(
        title="走势",
        points=tuple(Point(label=f"{m}月", value=m * WAN * 10) for m in range(1, 13)),
        target=70 * WAN,
        unfinished=True,
    ),
    TrendFigures(
        title=LONG,
        subtitle=LONG,
        points=tuple(
            Point(label=f"非常长的一段时间{i}", value=(-1) ** i * 10**15) for i in range(5)
        ),
    ),
    TrendFigures(
        title="每日",
        unit="count",
        points=tuple(
            Point(label=f"11-{i:02d}", value=None if i in (7, 8, 30) else i * 7 % 13)
            for i in range(1, 31)
        ),
    ),
    TrendFigures(
        title="一个点", unit="percent", points=(Point(label="11月", value=0.5),), target=0.9
    ),
    TrendFigures(title="全零", points=tuple(Point(label=f"{m}月", value=0) for m in range(1, 4))),
    TrendFigures(title="没有", points=(Point(label="11月", value=None),)),
    TrendFigures(title="空"),
    TrendFigures(
        title="一年的天",
        unit="days",
        points=tuple(Point(label=f"第{i}天", value=abs(180 - i) + 0.5) for i in range(365)),
        target=90,
    ),
)

Case = tuple[Callable[[Any], Page], Any]
CASES: dict[str, Case] = {
    "a usual day": (daily_page, USUAL),
    "a day without anything": (daily_page, day(late=True)),
    "one rep, one stage, no targets": (
        daily_page,
        day(team="A", funnel=stages(("接触", 1, 0)), ranking=rows(1, value=-WAN)),
    ),
    "ten reps": (daily_page, day(ranking=rows(10, target=WAN), funnel=stages(("接触", 0, 0)))),
    "fourteen reps with long names": (
        daily_page,
        day(
            team=LONG,
            ranking=rows(14, name="阿卜杜拉·买买提明·艾力", value=10**17, target=3 * WAN),
        ),
    ),
    "huge figures": (
        daily_page,
        day(
            sales=HUGE,
            collections=HUGE,
            new_deals=HUGE,
            visits=HUGE,
            funnel=stages(
                *((f"非常非常长的阶段名称第{i}号", 10 ** (9 - i), 10**i) for i in range(18))
            ),
        ),
    ),
    "figures below zero": (
        daily_page,
        day(sales=BELOW, collections=BELOW, new_deals=BELOW, visits=BELOW),
    ),
    "odd characters": (
        daily_page,
        day(team=ODD, funnel=stages((ODD, 1, WAN)), ranking=(Row(name=ODD, value=WAN),)),
    ),
    "the last day of the month, target met": (
        daily_page,
        day(day=date(2026, 11, 30), sales=Progress(month=WAN, target=WAN, month_before=WAN)),
    ),
    "funnel": (charts.funnel_page, FunnelFigures(title="商机漏斗", stages=USUAL.funnel)),
    "funnel that widens": (
        charts.funnel_page,
        FunnelFigures(title=LONG, subtitle=LONG, stages=stages(("甲", 1, 0), ("乙", 99, 10**12))),
    ),
    "funnel without deals": (charts.funnel_page, FunnelFigures(title="漏斗")),
    "ranking": (charts.ranking_page, RankingFigures(title="排名", rows=rows(6, target=WAN))),
    "ranking of counts": (
        charts.ranking_page,
        RankingFigures(title="拜访排名", unit="count", rows=rows(12, value=40)),
    ),
    "ranking without anybody": (
        charts.ranking_page,
        RankingFigures(title="排名", subtitle="本月"),
    ),
    "bars": (charts.bars_page, BarFigures(title="按行业", rows=rows(5, name="汽车零部件"))),
    "bars, too many with long names": (
        charts.bars_page,
        BarFigures(title="按客户", rows=rows(40, name=LONG * 2, value=10**17)),
    ),
    "bars of ratios": (
        charts.bars_page,
        BarFigures(title="赢单率", unit="percent", rows=rows(15, value=0.9)),
    ),
    "bars without anything": (charts.bars_page, BarFigures(title="按行业")),
    **{f"trend: {figures.title[:6]}": (trend_page, figures) for figures in TREND},
}


def lines_of(page: Page) -> list[Line]:
    return [artist for artist in page.figure.get_children() if isinstance(artist, Line)]


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def page(request: pytest.FixtureRequest) -> Page:
    make, figures = request.param
    return make(figures)


def test_text_stays_on_the_picture_and_apart(page: Page) -> None:
    boxes = [(line.text, line.get_window_extent()) for line in lines_of(page)]
    assert boxes
    for text, box in boxes:
        assert box.x0 >= 16, text
        assert box.x1 <= style.WIDTH - 16, text
        assert box.y0 >= 0, text
        assert box.y1 <= page.height, text
    for (text, box), (other, beside) in itertools.combinations(boxes, 2):
        across = min(box.x1, beside.x1) - max(box.x0, beside.x0)
        up = min(box.y1, beside.y1) - max(box.y0, beside.y0)
        assert across <= 1 or up <= 1, (text, other)


def test_text_is_large_enough(page: Page) -> None:
    assert min(line.size for line in lines_of(page)) >= SMALLEST


@pytest.mark.parametrize("kind", ["daily", "funnel", "ranking", "bars", "trend"])
def test_a_picture_is_a_png_1080_wide_with_something_on_it(kind: str) -> None:
    figures = {
        "daily": USUAL,
        "funnel": CASES["funnel"][1],
        "ranking": CASES["ranking"][1],
        "bars": CASES["bars"][1],
        "trend": TREND[0],
    }[kind]
    drawn = charts.draw(kind, figures)
    image = Image.open(io.BytesIO(drawn))
    image.load()
    assert image.format == "PNG"
    assert image.width == 1080
    assert len(drawn) < 2_000_000  # a group robot takes no more
    pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    colours, counts = np.unique(pixels, axis=0, return_counts=True)
    assert len(colours) > 50
    assert counts.max() < 0.9 * len(pixels)


def test_what_is_bold_is_seen() -> None:
    """The largest figure is drawn where it stands: white on the deep card."""
    page = daily_page(USUAL)
    (line,) = [line for line in lines_of(page) if line.text == "386"]
    box = line.get_window_extent()
    image = Image.open(io.BytesIO(page.png())).convert("L")
    cut = np.asarray(image)[
        int(page.height - box.y1) : int(page.height - box.y0), int(box.x0) : int(box.x1)
    ]
    assert 0.2 < (cut > 240).mean() < 0.8


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("宏达\n精密", "宏达 精密"), ("$1^2$", "$1^2$"), ("好🎉的", "好的"), ("\x00\u200b", "")],
)
def test_only_what_the_font_has_is_drawn(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_lines_are_shortened_to_their_room() -> None:
    assert shorten("宏达", 100, 40) == "宏达"
    short = shorten("宏达精密有限公司", 200, 40)
    assert short.endswith("…")
    assert text_width(short, 40) <= 200
    first, second = two_lines("非常非常长的阶段名称第一号阶段", 200, 32)
    assert max(text_width(first, 32), text_width(second, 32)) <= 200


@pytest.mark.parametrize(
    ("low", "high"),
    [(0, 500 * WAN), (0, 0), (-3, 7), (0, 1), (0.1, 0.93), (10**15, 10**17), (5, 5)],
)
def test_scales_hold_their_values_in_few_round_steps(low: float, high: float) -> None:
    levels = scale(low, high)
    assert levels[0] <= low
    assert levels[-1] >= high
    assert 2 <= len(levels) <= 7
    assert levels == sorted(set(levels))


@pytest.mark.parametrize("high", [1, 2, 3, 5, 9, 10, 14, 999, 12_345])
def test_counts_have_no_fractions_on_their_scale(high: int) -> None:
    levels = scale(0, high, whole=True)
    assert all(level.is_integer() for level in levels)
    assert levels[-1] >= high
    assert 2 <= len(levels) <= 7


def test_a_trend_of_zeros_has_only_its_ground() -> None:
    months = tuple(Point(label=f"{month}月", value=0) for month in range(6, 12))
    drawn = lines_of(trend_page(TrendFigures(title="签约额走势", points=months)))
    on_the_scale = [line.text for line in drawn if line.get_window_extent().x1 < 230]
    assert "0" in on_the_scale
    assert "0元" not in on_the_scale


def test_a_medal_needs_something_won() -> None:
    none, some = (
        charts.ranking_page(RankingFigures(title="签约额", rows=(Row(name="甲", value=value),)))
        for value in (0, 1)
    )
    fonts = [{line.text: line._font for line in lines_of(page)}["1"] for page in (none, some)]
    assert fonts == [style.REGULAR, style.BOLD]


def test_parts_with_a_negative_one_have_no_shares() -> None:
    parts = (Row(name="东", value=300 * WAN), Row(name="西", value=-80 * WAN))
    drawn = lines_of(charts.bars_page(BarFigures(title="应收", rows=parts)))
    assert not [line.text for line in drawn if line.text.endswith("%")]


@pytest.mark.parametrize("path", [style.REGULAR, style.BOLD])
def test_the_font_is_cut_to_what_pictures_hold(path: str) -> None:
    assert Path(path).stat().st_size < 6_000_000
    with TTFont(path, lazy=True) as font:
        known = font.getBestCmap()
    for character in "跟单澜镕喆Aa09¥·×−≥▲▼→✓（）：，。、…—％「」":
        assert ord(character) in known
    everyday = [bytes((a, b)) for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF)]
    decoded = [pair.decode("gb2312", "ignore") for pair in everyday]
    assert all(ord(c) in known for c in decoded if c)
    assert (Path(path).parent / "OFL.txt").read_text("utf-8").count("SIL OPEN FONT LICENSE") == 1
