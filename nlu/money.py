"""Money, discounts and quantities in a normalised text: one scan of its numbers, three readings.

The text is expected normalised (nlu.normal) and, where dates or telephone numbers may stand
in it, masked by nlu.spans. An amount is in units of its currency, yuan unless said otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from nlu.measures import CURRENCIES, MEASURES, MONEY_UNITS, NOT_A_TAIL, PREFIX_CURRENCIES
from nlu.numbers import (
    DIGITS,
    HAN,
    UNITS,
    VAGUE,
    Number,
    han_range,
    han_value,
    scale_of,
    scaled,
)

Amount = Number | tuple[Number, Number]


@dataclass(frozen=True, slots=True)
class AmountSpan:
    """A sum; `unit_said` is False for a bare number (报了150), where the caller decides."""

    start: int
    end: int
    value: Amount
    unit_said: bool
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class DiscountSpan:
    """A discount as the factor paid: 八五折 is 0.85."""

    start: int
    end: int
    value: float


@dataclass(frozen=True, slots=True)
class QuantitySpan:
    """A counted thing, 2台, or a share, 30%; `unit` is the measure word as said."""

    start: int
    end: int
    value: Amount
    unit: str


NumberSpan = AmountSpan | DiscountSpan | QuantitySpan

_HAN = f"[{HAN}{VAGUE}]"
_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
_CHINESE = rf"(?:{_HAN}+(?:点[零〇一二三四五六七八九]+(?=[万亿千百折倍块个%]))?|半(?=个亿|个万))"
_NUMBER = rf"(?:{_ARABIC}|{_CHINESE})"
_SCALE = (
    r" ?(?:[多来余几]?个?(?:万亿|[千百十]?万|[千百]?亿)|[千百十][多来余]?万|[多来]?[千百仟佰]|"
    r"[wWkK](?![A-Za-z]))"
)
_TAIL = (
    rf"(?:零{_HAN}+|{_HAN}*[十百千]{_HAN}*|[0-9]{{3,4}}(?![0-9.])|"
    rf"[1-9](?![0-9.]|{NOT_A_TAIL})|[二三四五六七八九](?!{_HAN}|{NOT_A_TAIL})|"
    r"一(?=$|[\s,，。;；、!！?？)）~]|左右|上下|元|块|的))"
)
_SMALL = r"[0-9]|[一二两三四五六七八九]"
_CHANGE = (
    rf"(?:(?:{_SMALL})[毛角](?:(?:{_SMALL})分?)?|零?(?:{_SMALL})分(?!钟|之|期)|"
    rf"(?:{_SMALL})(?![0-9.]|{_HAN}|{NOT_A_TAIL}))"
)
_SCANNER = re.compile(
    rf"(?P<money>{PREFIX_CURRENCIES} ?)?"
    rf"(?P<first>{_NUMBER})(?P<scale>{_SCALE})?"
    rf"(?(scale)(?P<more>(?:{_NUMBER}{_SCALE})*(?:{_TAIL})?))"
    rf"(?:[多来余]|出头)?"
    rf"(?P<unit> ?(?:{MONEY_UNITS}|%|个?百分点|个?点(?=$|[^半0-9一二三四五六七八九钟整])|折|[毛角分]"
    rf"(?![利坯总钟之店公部行析期销校批公])|{MEASURES}))?"
)
_HAN_RUN = re.compile(f"{_HAN}+")
_TERM = re.compile(rf"({_NUMBER})({_SCALE})|({_NUMBER})")
_CHANGES = re.compile(rf"({_SMALL})([毛角分])?")
_RANGE = re.compile(r" ?(?:[-~–—〜]+|到|至|或者?) ?")
_START = re.compile(rf"[0-9{HAN}{VAGUE}半¥$€£A-Zr美港欧英人]")
_PERCENT = re.compile(
    rf"(?:百分之|百分)(?P<value>[0-9]+(?:\.[0-9]+)?|[{HAN}]+(?:点[零一二三四五六七八九]+)?)"
)
_PAID = re.compile(r"(?:面价|原价|目录价|列表价|标价|报价|总价|正价|官价)的? ?$|打到 ?$|打 ?$")
_OFF = re.compile(
    r"(?:让利?|降价?|优惠|便宜|下浮|减免?|扣|打?折让|折扣|让价|再少|少|下调|下降)"
    r"(?:[了过]|给|我们|他们?|她|客户|到|再|价)*(?:大概|差不多|最多|至少|约)? ?$"
)
_OFF_AFTER = re.compile(r" ?的?(?:优惠|折扣|让利|折让|降幅|降价| ?off)")
_LIST_MARK = re.compile(r"[.、)）:](?![0-9])")


def find_amounts(text: str) -> list[AmountSpan]:
    """Sums of money and bare numbers that may be one, in order."""
    return [span for span in find_numbers(text) if isinstance(span, AmountSpan)]


def find_discounts(text: str) -> list[DiscountSpan]:
    """Discounts (八五折, 让5个点, 优惠10%, 按面价的85%) as factors."""
    return [span for span in find_numbers(text) if isinstance(span, DiscountSpan)]


def find_quantities(text: str) -> list[QuantitySpan]:
    """Counted things, durations and shares, in order."""
    return [span for span in find_numbers(text) if isinstance(span, QuantitySpan)]


@dataclass(slots=True)
class _Said:
    """A number as scanned, before its neighbours decide what it is."""

    start: int
    end: int
    low: Number
    high: Number
    scale: int
    unit: str
    money: str
    han: bool
    kind: Literal["money", "share", "discount", "count", "bare"]

    @property
    def value(self) -> Amount:
        return self.low if self.low == self.high else (self.low, self.high)


def find_numbers(text: str) -> list[NumberSpan]:
    """Every number of the text that says money, a discount, a share or a quantity, in order."""
    spans: list[NumberSpan] = []
    for said in _joined(text, _scan(text)):
        span = _span(text, said)
        if span is not None:
            spans.append(span)
    return spans


def _scan(text: str) -> list[_Said]:
    """The numbers of the text; linear, for every run of digits is consumed whole."""
    found: list[_Said] = []
    place, length = 0, len(text)
    while place < length:
        begin = _START.search(text, place)
        if begin is None:
            break
        place = begin.start()
        match = _PERCENT.match(text, place) or _SCANNER.match(text, place)
        if match is None:
            place += 1
            continue
        said = _percent(match) if match.re is _PERCENT else _said(text, match)
        place = match.end()
        if said is not None:
            place = said.end
            found.append(said)
    return found


def _percent(match: re.Match[str]) -> _Said | None:
    digits = match["value"]
    whole, _, part = digits.partition("点")
    value: Number | None
    if digits.isascii():
        value = scaled(digits, 1)
    else:
        base = han_value(whole)
        value = _with_decimals(base, part) if base is not None else None
    if value is None:
        return None
    return _Said(match.start(), match.end(), value, value, 1, "%", "", False, "share")


def _with_decimals(whole: int, part: str) -> Number | None:
    return scaled(f"{whole}." + "".join(str(DIGITS[char]) for char in part), 1) if part else whole


def _said(text: str, match: re.Match[str]) -> _Said | None:
    """The value of one match, or None where it is part of a word, a code or a date."""
    first, more = match["first"], match["more"]
    scale = scale_of(match["scale"]) if match["scale"] else 1
    values = _values(first, scale)
    if values is None:
        return None
    end = match.end()
    if more:
        values = _added(values, scale, more)
        if values is None:
            return None
    low, high = values
    unit = (match["unit"] or "").strip()
    kind = _kind(unit)
    said = _Said(
        match.start(), end, low, high, scale, unit, (match["money"] or "").strip(),
        not first[0].isascii(), kind,
    )  # fmt: skip
    if kind == "money" or (unit and unit in "毛角分"):
        _add_change(text, said)
    return said


def _values(digits: str, scale: int) -> tuple[Number, Number] | None:
    if digits[0].isascii():
        value = scaled(digits, scale)
        return None if value is None else (value, value)
    if digits == "半":
        return scale // 2, scale // 2
    whole, _, part = digits.partition("点")
    if part:
        base = han_value(whole)
        exact = None if base is None else _with_decimals(base, part)
        value = None if exact is None else scaled(str(exact), scale)
        return None if value is None else (value, value)
    both = han_range(whole)
    return None if both is None else (both[0] * scale, both[1] * scale)


def _added(
    values: tuple[Number, Number], scale: int, more: str
) -> tuple[Number, Number] | None:
    """What follows the first scale: 1亿2千万, 一万二千, and the omitted unit of 8w5, 三十五万八."""
    low, high = values
    for number, said_scale, tail in _TERM.findall(more):
        step = scale_of(said_scale) if said_scale else 1
        if step >= scale > 1:
            return None
        if tail and len(tail) == 1 and tail not in UNITS:
            step = max(scale // 10, 1)
        part = _values(number or tail, step)
        if part is None:
            return None
        low, high = low + part[0], high + part[1]
        scale = step
    return low, high


def _kind(unit: str) -> Literal["money", "share", "discount", "count", "bare"]:
    if not unit:
        return "bare"
    if unit in CURRENCIES or unit in "毛角分":
        return "money"
    if unit == "折":
        return "discount"
    if unit in ("%", "点", "个点", "百分点", "个百分点"):
        return "share"
    return "count"


def _add_change(text: str, said: _Said) -> None:
    """毛 and 分 after or instead of 元: 五元三毛, 九块九, 两毛五."""
    cents = {"毛": 10, "角": 10, "分": 1}
    fen = said.low * 100
    step = 100
    if said.unit in cents:
        step = cents[said.unit]
        fen = said.low * step
    elif said.unit not in ("元", "块"):
        return
    change = _CHANGE_MATCH(text, said.end) if step > 1 else None
    if change is not None:
        for digit, unit in _CHANGES.findall(change.group()):
            step = cents.get(unit, step // 10)
            fen += (han_value(digit) or 0) * step if not digit.isascii() else int(digit) * step
        said.end = change.end()
    elif said.unit not in cents:
        return
    value = fen / 100
    said.low = said.high = int(value) if value == int(value) else value
    tail = _CURRENCY_AFTER(text, said.end)
    said.end = tail.end() if tail else said.end


_CHANGE_MATCH = re.compile(_CHANGE).match
_CURRENCY_AFTER = re.compile(r"钱|人民币|RMB|rmb|CNY").match


def _joined(text: str, numbers: list[_Said]) -> list[_Said]:
    """Ranges put together: 130-150万, 二百到三百万, 95万到100万."""
    joined: list[_Said] = []
    for said in numbers:
        before = joined[-1] if joined else None
        if (
            before is not None
            and said.start - before.end <= 4
            and before.kind in ("bare", said.kind)
            and _RANGE.fullmatch(text, before.end, said.start)
        ):
            low = before.low
            if before.han and said.han and low < 10 <= said.low // max(said.scale, 1):
                low *= UNITS.get(_last_unit(text, said), 1)
            if before.scale == 1 and said.scale > 1 and low * said.scale <= said.low:
                low = _whole(low * said.scale)
            if low <= said.low:
                said.low, said.start = low, before.start
                said.han = said.han and before.han
                said.money = said.money or before.money
                joined[-1] = said
                continue
        joined.append(said)
    return joined


def _last_unit(text: str, said: _Said) -> str:
    """The unit that the right side of 三到五百 ends with."""
    digits = _HAN_RUN.match(text, said.start)
    return digits.group()[-1] if digits else ""


def _whole(value: Number) -> Number:
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def _span(text: str, said: _Said) -> NumberSpan | None:
    if said.kind == "discount":
        return _folded(said)
    if said.kind == "share":
        return _share(text, said)
    if _in_a_code(text, said):
        return None
    if said.kind == "count":
        if said.han and said.high <= 1 and said.unit in "个次下家位天年周种点轮批人条张本":
            return None
        if said.unit in "月号日时" or (said.unit == "年" and said.low > 1900):
            return None
        return QuantitySpan(said.start, said.end, said.value, said.unit)
    if said.kind == "bare" and not said.money and not _may_be_money(text, said):
        return None
    unit = said.unit or said.money
    return AmountSpan(
        said.start, said.end, said.value, bool(unit) or said.scale > 1,
        CURRENCIES.get(unit, "CNY"),
    )  # fmt: skip


def _in_a_code(text: str, said: _Said) -> bool:
    """Whether the number is part of a model, an ordinal or a longer code."""
    before = text[said.start - 1] if said.start else ""
    after = text[said.end] if said.end < len(text) else ""
    if before == "第" or (before.isascii() and before.isalnum()) or before in ("_", "."):
        return not said.money
    if said.kind == "bare" and said.scale == 1 and after.isascii() and (after.isalpha() or after == "_"):
        return True
    return before == "-" and said.start > 1 and text[said.start - 2].isalnum()


def _may_be_money(text: str, said: _Said) -> bool:
    """Whether a number without a unit can be a sum: 150, 两千三, 上百万, but not 一 or 千万别."""
    first = text[said.start]
    after = text[said.end : said.end + 1]
    if said.han:
        if said.scale > 1 or said.high != said.low:
            return first not in "百千" or said.scale > 1 and _a_sum(text, said)
        return said.low >= 20 and any(char in UNITS for char in text[said.start : said.end])
    if said.scale > 1:
        return True
    if after and after in "月号日时年:/*x×":
        return False
    if said.end - said.start > 10:
        return False
    at_line = said.start == 0 or text[said.start - 1] in "\n "
    return not (at_line and said.end - said.start <= 2 and _LIST_MARK.match(text, said.end))


def _a_sum(text: str, said: _Said) -> bool:
    """Whether 百万 or 千万 without a figure is a sum: 上千万, 百万级, not 千万别."""
    before, after = text[said.start - 1 : said.start], text[said.end : said.end + 1]
    return before in tuple("上近过约小好超") or after in tuple("级元块左以量")


def _folded(said: _Said) -> DiscountSpan | None:
    """八五折 and 85折 are 0.85, 9.5折 is 0.95, 九折 is 0.9."""
    value = float(said.low)
    if said.low != said.high or not 0 < value < 100:
        return None
    factor = value if value < 1 else value / 10 if value <= 10 else value / 100
    return DiscountSpan(said.start, said.end, round(factor, 4))


def _share(text: str, said: _Said) -> NumberSpan | None:
    """A share that was taken off or is paid is a discount, any other a quantity in %."""
    before = text[max(0, said.start - 12) : said.start]
    if said.low == said.high and 0 < said.low < 100:
        share = said.low / 100
        off = _OFF.search(before)
        if off is not None or _OFF_AFTER.match(text, said.end):
            return DiscountSpan(said.start, said.end, round(1 - share, 4))
        if _PAID.search(before) and said.unit == "%":
            return DiscountSpan(said.start, said.end, round(share, 4))
    return QuantitySpan(said.start, said.end, said.value, "%")
