"""Dates in a normalised text: phrases of date words, with the value that was said."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from nlu.calendar import periods
from nlu.calendar.grammar import FOLLOWERS, IMPLICIT, VAGUE, Setting, compose, floats
from nlu.calendar.periods import Period
from nlu.calendar.tokens import Token, tokens_of

Tense = Literal["past", "plan"]
Bound = Literal["before", "after", "within"]


class Phrase(NamedTuple):
    """Date words that belong together, read against a moment; `until` is the end of a range."""

    tokens: tuple[Token, ...]
    now: datetime
    until: tuple[Token, ...] = ()
    previous: Period | None = None
    near: bool = False
    whole_week: bool = False


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in a text, its value as in the schema of acts (2026-11-25, 2026-W49, a/b).

    `floating`: the words leave the year, month or week open (周三, 8号), so that `resolve` gives
    another value for another tense. `implicit`: only a part of the day or a clock time was said
    (上午, 下午三点, 刚才); the day is today unless the sentence's own day is another.
    `weak`: it may be a name as well (一号); a known name over it wins. `bound` is what stands at
    it: 周三前, 十号之后, 三天内.
    """

    start: int
    end: int
    value: str
    floating: bool = False
    implicit: bool = False
    weak: bool = False
    bound: Bound | None = None
    phrase: Phrase | None = field(default=None, repr=False, compare=False)

    def resolve(self, tense: Tense | None) -> str:
        """The value where the clause tells of the past, or of what is planned."""
        if not self.floating or self.phrase is None:
            return self.value
        period = _settle(self.phrase, tense)
        return period.text if period else self.value


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A clock time without its day, as HH:MM."""

    start: int
    end: int
    value: str


_GAP = re.compile(r" ?的? ?")
_BESIDE = re.compile(r" ?[的(（]?(?:也就是|就是|即)? ?")
_RANGE = re.compile(r" ?(?:-+|~|—+|–|到|至|起至|起到|直到|一直到) ?")
_LIST = re.compile(r" ?(?:[、,，和跟与及]|以及|还有) ?")
_BOUND = re.compile(
    r"(?:[)）] ?)?(?:(之?前|以前)|(之后|以后|后(?![天来续面台])|起)|(以内|之内|内(?![部容外])))"
)
_TO_DATE = re.compile(r"起?(?:以来|至今|到(?:现在|今天|目前)(?:为止)?)")
_THAT_WEEK = re.compile(
    r"(?:的?那(?:一|个)?(?:周|星期|礼拜)|所在(?:的)?(?:周|星期)|当周)(?![一二三四五六日天])"
)
_LATEST = re.compile(r"(?:最晚|最迟|截至|截止到?|不晚于|赶在|不超过) ?$")
_EVENT = re.compile(
    r"(?:[后起期货收票订约装付完]|签订|验收|合格|安装|调试|交付|生效|到账|收到.{0,6})"
    r"(?:之?后)?(?:的|第)? ?$"
)
_WHOLE = re.compile("(?<![周期拜])[一整每]$")
_OFF_POINT = re.compile(r"[让降涨返扣减涨]了?利?(?:到|个)? ?$")
_NO_FESTIVAL_DAY = re.compile(
    r"(?:节|假期|放假)*(?:以后|之后|过后|后)|(?:节|期间|假期|长假|放假|里|之?前){1,2}(?=[0-9]{1,2} ?[月号日]|[一二三十]{1,3}[月号日])"
)
"""国庆后 is no day, and 国庆期间10月4号 is the day that is said with it."""
_NAMED = re.compile(
    r"(?:那|这)?(?:单|标(?![书准])|项目|楼|线|机|馆|院|店|厂|门|桥|库|仓|地块|标段|车|站|井|矿|炉|会议室|文件|室|"
    r"公寓|公馆|广场|大院|路|街|码头|基地|车间|样|料|桌|柜|位|球|字|召|称|令|角)"
)
_ENTITY_LEFT = re.compile(
    r"[\w)）」》】](?<![在于到约从至和与及就定等前后了要我他她们是改月份号日:的]|那|这|初)$"
)
_POINTS = re.compile(
    r"(?:击|评|名|检|心|子|位|餐|赞|对点|要求|建议|意见|内容|说明|情况|需求|问题|原因|区别|好处)"
)
_LITTLE = re.compile(
    r"(?:有|早|晚|快|慢|多|少|差|一|高|低|便宜|贵|大|小|好|"
    r"说|提|讲|谈|这|那|第|[让降涨返扣减]了?) ?$"
)
_PAST = re.compile(
    r"[了过]|(?:[见去签跑打聊谈拜来到收发寄送付开]\w{0,2}的)|到的?账|补[记录]|来电|打来|已经|上次|拜访的|见的|去的"
)
_PLAN = re.compile(
    r"之?前(?![天台期])|[约要将会得]|预计|计划|打算|准备|再[去来]|提醒|争取|之内|以内|最[晚迟]|下[单周月]|待办|安排|记得|答应"
)
_STOP = re.compile("[,。;!?\n]")


def find_dates(
    text: str, now: datetime, *, tense: Tense | None = None, vague: bool = False
) -> list[DateSpan]:
    """Dates of a normalised text, in order, without overlap.

    With no tense the words around a floating date decide (见了, 前, 约), and where nothing
    speaks it is the next one; a month or a month's day is this year's. With `vague` also 现在 and
    最近, which no record wants.
    """
    moment = now.replace(tzinfo=None)
    spans: list[DateSpan] = []
    previous: Period | None = None
    phrases = list(_phrases(text))
    place = 0
    while place < len(phrases):
        tokens = phrases[place]
        place += 1
        if _rejected(text, tokens):
            continue
        until: tuple[Token, ...] = ()
        if place < len(phrases) and _RANGE.fullmatch(
            text, tokens[-1].end, phrases[place][0].start
        ):
            until = phrases[place]
        if tokens[0].kind in VAGUE and not until and not vague:
            continue
        listed = bool(spans) and _is_listed(text, spans[-1], tokens)
        phrase = Phrase(tokens, moment, until, previous, near=listed)
        found = _span(text, phrase, tense)
        if found is None and until:
            found = _span(text, Phrase(tokens, moment, (), previous, near=listed), tense)
        elif until:
            place += 1
        if found is not None:
            span, previous = found
            spans.append(span)
    return spans


def find_times(text: str) -> list[TimeSpan]:
    """Clock times of a normalised text with their part of the day, also of 每天下午6点."""
    spans = []
    day = datetime(2024, 1, 10)  # noqa: DTZ001 - any day: only the clock is read
    for tokens in _phrases(text):
        clock = tuple(token for token in tokens if token.kind in ("noon", "clock"))
        said = [token for token in tokens if token.kind == "rday" and token.word]
        if not clock or clock[-1].kind != "clock" or _rejected(text, clock):
            continue
        try:
            period = compose((*said[:1], *clock), Setting(day, day.date()))
        except ValueError:
            continue
        if period.at is not None:
            spans.append(TimeSpan(clock[0].start, clock[-1].end, f"{period.at:%H:%M}"))
    return spans


def _phrases(text: str) -> Iterator[tuple[Token, ...]]:
    """Neighbouring tokens that read on as one phrase (明年 + 3月 + 中旬)."""
    phrase: list[Token] = []
    for token in tokens_of(text):
        if phrase and _reads_on(text, phrase[-1], token):
            phrase.append(token)
            continue
        if phrase:
            yield tuple(phrase)
        phrase = [token]
    if phrase:
        yield tuple(phrase)


def _reads_on(text: str, last: Token, token: Token) -> bool:
    if token.kind not in FOLLOWERS.get(last.kind, ()):
        return False
    if token.kind == "weekday" and token.b != 99:
        return False
    gap = _BESIDE if token.kind in ("weekday", "month", "md") else _GAP
    return last.end == token.start or gap.fullmatch(text, last.end, token.start) is not None


def _rejected(text: str, tokens: tuple[Token, ...]) -> bool:
    """Whether the words name no date here: 每周一, 一点 (a little), 3号楼, 验收后30天内."""
    first, last = tokens[0], tokens[-1]
    if first.kind == "every":
        return True
    if first.kind == "noon" and _WHOLE.search(text[max(0, first.start - 2) : first.start]):
        return True
    if text[first.end : first.end + 1] == "、" and text[first.end - 1] not in "号日":
        return text[max(0, first.start - 1) : first.start] in (*";。:\n ", "")
    if first.kind == "nth" and len(tokens) == 1 and text[first.start] in "前后":
        before = text[max(0, first.start - 1) : first.start]
        return before not in ("", " ", ",", "。", "\n", "在", ";")
    if first.kind == "offset" and len(tokens) == 1:
        before = text[max(0, first.start - 10) : first.start]
        return _EVENT.search(before) is not None
    if first.kind == "clock" and first.c != 1 and len(tokens) == 1:
        return _is_no_clock(text, first)
    if (
        last.kind == "day"
        and _NAMED.match(text, last.end)
        and "日" not in text[last.start : last.end]
    ):
        return True
    if first.kind in ("festival", "edge") and last is first:
        return first.kind == "festival" and _NO_FESTIVAL_DAY.match(text, first.end) is not None
    return False


def _is_no_clock(text: str, token: Token) -> bool:
    before = text[max(0, token.start - 4) : token.start]
    if _POINTS.match(text, token.end) or _OFF_POINT.search(before):
        return True
    if token.c == 2 and token.end > 1 and text[token.end - 1] == "点":
        return (token.a <= 2 and text[token.start] in "一两1") or _LITTLE.search(
            before
        ) is not None
    return False


def _is_listed(text: str, last: DateSpan, tokens: tuple[Token, ...]) -> bool:
    """Whether the phrase goes on with the month of the one before: 9月10号,11号."""
    return tokens[0].kind == "day" and _LIST.fullmatch(text, last.end, tokens[0].start) is not None


def _span(text: str, phrase: Phrase, tense: Tense | None) -> tuple[DateSpan, Period] | None:
    first, last = phrase.tokens[0], (phrase.until or phrase.tokens)[-1]
    start, end = first.start, last.end
    bound = _bound(text, start, end, first)
    week = _THAT_WEEK.match(text, end) if not phrase.until else None
    if week is not None:
        phrase = Phrase(
            phrase.tokens, phrase.now, (), phrase.previous, phrase.near, whole_week=True
        )
        end = week.end()
    floating = bool(floats(phrase.tokens)) and not phrase.near
    chosen = tense or (_tense_around(text, start, end, bound) if floating else None)
    period = _settle(phrase, chosen)
    if period is None:
        return None
    to_date = _TO_DATE.match(text, end) if not phrase.until else None
    if to_date is not None and period.first <= phrase.now.date():
        period = periods.days(period.first, phrase.now.date())
        end, floating = to_date.end(), False
    only = all(token.kind in IMPLICIT for token in phrase.tokens)
    weak = len(phrase.tokens) == 1 and _may_be_a_name(text, first)
    span = DateSpan(start, end, period.text, floating, only, weak, bound, phrase)
    return span, period


def _bound(text: str, start: int, end: int, first: Token) -> Bound | None:
    match = _BOUND.match(text, end)
    if match is not None:
        return "before" if match[1] else "after" if match[2] else "within"
    if first.kind == "offset" and first.word.endswith(("内", "里")):
        return "within"
    return "before" if _LATEST.search(text[max(0, start - 5) : start]) else None


def _may_be_a_name(text: str, token: Token) -> bool:
    """Whether a bare 二号 or 五一 may be the end of a name (…二号)."""
    if token.kind != "day" or not token.start:
        return False
    return _ENTITY_LEFT.search(text[token.start - 1 : token.start]) is not None


def _tense_around(text: str, start: int, end: int, bound: Bound | None) -> Tense | None:
    """What the words of the same clause say of the time, the nearest after the date first."""
    if bound == "before":
        return "plan"
    stop = _STOP.search(text, end, end + 14)
    after = text[end : stop.start() if stop else end + 14]
    before = _STOP.split(text[max(0, start - 8) : start])[-1]
    for words in (after, before):
        plan, past = _PLAN.search(words), _PAST.search(words)
        if plan and past:
            return "plan" if plan.start() < past.start() else "past"
        if plan or past:
            return "plan" if plan else "past"
    return None


def _settle(phrase: Phrase, tense: Tense | None) -> Period | None:
    """The period of a phrase in a tense; None where the calendar has none."""
    period = _settled(phrase.tokens, phrase, tense)
    if period is None or not phrase.until:
        return periods.week(period.first) if period and phrase.whole_week else period
    for tokens in _inherited(phrase.tokens, phrase.until):
        last = _from(tokens, phrase, period)
        if last is not None:
            try:
                return periods.between(period, last)
            except ValueError:
                continue
    return None


def _settled(tokens: tuple[Token, ...], phrase: Phrase, tense: Tense | None) -> Period | None:
    today = phrase.now.date()
    unit = floats(tokens)
    if phrase.near and phrase.previous:
        return _from(tokens, phrase, phrase.previous)
    if not unit:
        return _try(tokens, phrase, today)
    kind = tokens[0].kind
    if tense is None and unit == "year" and kind != "festival":
        return _this_year(tokens, phrase)
    steps = (0, -1, -2, -3, -4) if tense == "past" else (0, 1, 2, 3, 4)
    for step in steps:
        period = _try(tokens, phrase, _shifted(today, unit, step))
        if period is None:
            continue
        if period.first <= today if tense == "past" else period.last >= today:
            return period
    return None


def _this_year(tokens: tuple[Token, ...], phrase: Phrase) -> Period | None:
    """This year's, but for the turn of the year: 1月5号 said in December is the next one's."""
    today = phrase.now.date()
    period = _try(tokens, phrase, today)
    if period is None:
        return _settled(tokens, phrase, "plan")
    if tokens[0].kind in ("quarter", "half"):
        return period
    away = (period.first - today).days
    step = -1 if away > 330 else 1 if away < -270 else 0
    return (_try(tokens, phrase, _shifted(today, "year", step)) or period) if step else period


def _from(tokens: tuple[Token, ...], phrase: Phrase, start: Period) -> Period | None:
    """The first such period that doesn't begin before another."""
    unit = floats(tokens)
    for step in (0, 1) if unit else (0,):
        period = _try(tokens, phrase, _shifted(start.first, unit, step), start)
        if period is not None and (not unit or period.first >= start.first):
            return period
    return None


def _inherited(one: tuple[Token, ...], other: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """The end of a range with the part of the day that it shares: 下午3点到6点."""
    if other[0].kind in VAGUE:
        other = (other[0]._replace(kind="just"),)
    parts = [token for token in one if token.kind == "noon"]
    if parts and other[0].kind == "clock" and not other[0].word:
        yield (parts[-1], *other)
    yield other
    if len(other) == 1 and other[0].kind == "clock" and other[0].a < 12:
        yield (other[0]._replace(a=other[0].a + 12),)


def _try(
    tokens: tuple[Token, ...], phrase: Phrase, anchor: date, previous: Period | None = None
) -> Period | None:
    try:
        return compose(tokens, Setting(phrase.now, anchor, previous or phrase.previous))
    except (ValueError, OverflowError):
        return None


def _shifted(on: date, unit: str, step: int) -> date:
    if unit == "week":
        return on + timedelta(days=7 * step)
    if unit == "year":
        return periods.add_months(on.replace(day=1), 12 * step)
    return periods.add_months(on.replace(day=1), step) if unit == "month" else on
