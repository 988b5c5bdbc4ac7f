"""The day's picture of a team: the month against its target, the day's four figures, the funnel,
the ranking."""

from __future__ import annotations

from calendar import monthrange

from reports import style, words
from reports.blocks import (
    FOOT,
    HEAD,
    LEFT,
    RIGHT,
    card_title,
    funnel_height,
    funnel_rows,
    ranking_height,
    ranking_rows,
)
from reports.layout import Page
from reports.lettering import fitting, text_width
from reports.results import DailyFigures, Progress, Unit

HEADER = 196
HERO_HEIGHT = 396
TILE_HEIGHT = 292
PLAIN_TILE_HEIGHT = 262  # without a target
TILE_PAD = 38
TILE_WIDTH = (style.INNER - style.GAP) / 2
FOOTER = 104


def daily_page(figures: DailyFigures) -> Page:
    """Laid out from the top; the height follows from how many stages and people there are."""
    funnel = HEAD + funnel_height(figures.funnel) + FOOT
    ranking = HEAD + ranking_height(figures.ranking) + FOOT
    tiles = sum(_tile_heights(figures)) + 2 * style.GAP
    page = Page(HEADER + HERO_HEIGHT + style.GAP + tiles + funnel + style.GAP + ranking + FOOTER)
    _header(page, figures)
    y = HEADER
    _hero(page, y, figures)
    y += HERO_HEIGHT + style.GAP
    _tiles(page, y, figures)
    y += tiles
    _funnel(page, y, funnel, figures)
    y += funnel + style.GAP
    page.card(y, ranking)
    card_title(page, y, "本月签约排名", "完成率" if any(r.target for r in figures.ranking) else "")
    ranking_rows(page, y + HEAD, figures.ranking, "yuan", "本月还没有签约")
    _footer(page, y + ranking, figures)
    return page


def _header(page: Page, figures: DailyFigures) -> None:
    label = "补发日报" if figures.late else "销售日报"
    pill = text_width(label, style.SMALL, style.BOLD) + 56
    end = style.WIDTH - style.MARGIN
    page.box(end - pill, 64, pill, 68, style.AMBER if figures.late else style.BLUE, 34)
    page.text(
        end - pill / 2, 98, label, style.SMALL, colour=style.ON_DEEP, bold=True, align="center"
    )
    room = end - pill - 28 - style.MARGIN
    size = fitting(figures.team, room, style.HEADLINE, style.BOLD)
    page.text(style.MARGIN, 78, figures.team, size, bold=True, width=room)
    page.text(style.MARGIN, 146, words.day_text(figures.day), style.SMALL, colour=style.GREY,
              width=room)  # fmt: skip


def _hero(page: Page, y: int, figures: DailyFigures) -> None:
    sales = figures.sales
    page.glow(y, HERO_HEIGHT)
    page.text(LEFT, y + 64, "本月签约额", style.SMALL, colour=style.ON_DEEP_SOFT)
    _before(page, y + 64, sales)
    room: float = RIGHT - LEFT
    if sales.target:
        done = words.percent(sales.month / sales.target)
        page.text(RIGHT, y + 128, "已完成", style.SMALL, colour=style.ON_DEEP_SOFT, align="right")
        taken = page.text(RIGHT, y + 200, done, style.FIGURE, colour=style.ON_DEEP, bold=True,
                          align="right", width=280)  # fmt: skip
        room -= max(taken, 120) + 40
        _hero_bar(page, y, figures, sales.target)
    else:
        page.text(LEFT, y + 322, "本月未设目标", style.SMALL, colour=style.ON_DEEP_SOFT)
    _big(page, LEFT, y + 172, words.money(sales.month), style.HERO, room, style.ON_DEEP)


def _before(page: Page, middle: float, sales: Progress) -> None:
    if sales.month_before is None:
        return
    moved = words.change(sales.month, sales.month_before)
    text = f"上月同期 {words.money(sales.month_before)}  {moved}".rstrip()
    page.text(RIGHT, middle, text, style.SMALL, colour=style.ON_DEEP_SOFT, align="right",
              width=RIGHT - LEFT - 220)  # fmt: skip


def _hero_bar(page: Page, y: float, figures: DailyFigures, target: int) -> None:
    """The progress bar with a mark where the month itself stands."""
    width = RIGHT - LEFT
    page.bar(LEFT, y + 268, width, figures.sales.month / target, height=24,
             colour=style.ON_DEEP, track=style.ON_DEEP_TRACK)  # fmt: skip
    elapsed = figures.day.day / monthrange(figures.day.year, figures.day.month)[1]
    mark = LEFT + width * elapsed
    page.box(mark - 3, y + 258, 6, 44, style.AMBER, 3)
    missing = target - figures.sales.month
    gap = f"还差 {words.money(missing)}" if missing > 0 else f"超出 {words.money(-missing)}"
    if missing == 0:
        gap = "刚好完成"
    elapsed_text = f"时间已过 {words.percent(elapsed)}"
    taken = page.text(RIGHT, y + 344, elapsed_text, style.SMALL, colour=style.ON_DEEP_SOFT,
                      align="right")  # fmt: skip
    page.box(RIGHT - taken - 22, y + 324, 6, 40, style.AMBER, 3)
    taken += 22
    text = f"目标 {words.money(target)} · {gap}"
    room = width - taken - 24
    page.text(LEFT, y + 344, text, fitting(text, room, style.SMALL), colour=style.ON_DEEP,
              width=room)  # fmt: skip


def _big(
    page: Page, x: float, middle: float, text: str, size: float, room: float, colour: str
) -> None:
    """A figure with its unit set smaller on the same baseline, shrunk into the room."""
    digits, unit = words.amount_parts(text)
    unit_size = max(style.SMALL, size * 0.44)
    needed = text_width(digits, size, style.BOLD) + 10 + text_width(unit, unit_size, style.BOLD)
    if needed > room:
        size *= room / needed
        unit_size *= room / needed
    taken = page.text(x, middle, digits, size, colour=colour, bold=True)
    lower = middle + 0.37 * (size - unit_size)
    page.text(x + taken + 10, lower, unit, unit_size, colour=colour, bold=True)


def _tile_heights(figures: DailyFigures) -> tuple[int, int]:
    """Of both rows: lower where neither figure has a target."""
    money = figures.sales.target or figures.collections.target
    counts = figures.new_deals.target or figures.visits.target
    return (
        TILE_HEIGHT if money else PLAIN_TILE_HEIGHT,
        TILE_HEIGHT if counts else PLAIN_TILE_HEIGHT,
    )


def _tiles(page: Page, y: float, figures: DailyFigures) -> None:
    first, second = _tile_heights(figures)
    lower = y + first + style.GAP
    other = style.MARGIN + TILE_WIDTH + style.GAP
    _tile(page, (style.MARGIN, y, first), "今日签约", figures.sales, "yuan")
    _tile(page, (other, y, first), "今日回款", figures.collections, "yuan")
    _tile(page, (style.MARGIN, lower, second), "新增商机", figures.new_deals, "count", "个")
    _tile(page, (other, lower, second), "今日拜访", figures.visits, "count", "次")


def _tile(
    page: Page, at: tuple[float, float, int], label: str, progress: Progress, unit: Unit,
    counted_in: str = "",
) -> None:  # fmt: skip
    """One figure's card; `at` is its left, top and height."""
    x, y, height = at
    page.card(y, height, x=x, width=TILE_WIDTH)
    left, right = x + TILE_PAD, x + TILE_WIDTH - TILE_PAD
    taken = page.text(left, y + 56, label, style.SMALL, colour=style.GREY)
    _against_yesterday(page, right, y + 56, right - left - taken - 16, progress, unit)
    value = words.value_text(progress.today, unit) + counted_in
    _big(page, left, y + 134, value, style.FIGURE, right - left, style.INK)
    month = words.value_text(progress.month, unit) + counted_in
    share = ""
    if progress.target:
        ratio = progress.month / progress.target
        share = words.percent(ratio)
        page.bar(left, y + 198, right - left, ratio, height=14, colour=style.BLUE)
        month = f"{words.value_text(progress.month, unit)} / "
        month += words.value_text(progress.target, unit) + counted_in
    bottom = y + height - 46
    taken = page.text(right, bottom, share, style.TINY, bold=True, align="right")
    page.text(left, bottom, f"本月 {month}", style.TINY, colour=style.GREY,
              width=right - left - taken - 12)  # fmt: skip


def _against_yesterday(
    page: Page, right: float, middle: float, room: float, progress: Progress, unit: Unit
) -> None:
    moved = progress.today - progress.yesterday
    if not moved:
        page.text(right, middle, "与昨天持平", style.TINY, colour=style.GREY, align="right")
        return
    arrow, colour = ("▲", style.UP) if moved > 0 else ("▼", style.DOWN)
    text = f"{arrow} {words.value_text(abs(moved), unit)}"
    size = fitting(text, room, style.TINY, style.BOLD)
    page.text(right, middle, text, size, colour=colour, bold=True, align="right", width=room)


def _funnel(page: Page, y: float, height: float, figures: DailyFigures) -> None:
    page.card(y, height)
    total = sum(stage.count for stage in figures.funnel)
    amount = sum(stage.amount_fen for stage in figures.funnel)
    aside = f"{words.count(total)} 个 · {words.money(amount)}" if total else ""
    card_title(page, y, "商机漏斗", aside)
    funnel_rows(page, y + HEAD, figures.funnel)


def _footer(page: Page, y: float, figures: DailyFigures) -> None:
    parts = ["▲▼ 比昨天"]
    if figures.as_of:
        parts.append(f"数据截至 {figures.as_of:%m-%d %H:%M}")
    page.text(style.WIDTH / 2, y + FOOTER / 2, " · ".join([*parts, "跟单"]), style.TINY,
              colour=style.GREY, align="center")  # fmt: skip
