"""Money, discounts and quantities in a normalised text: one scan of its numbers, three readings.

The text is expected normalised (nlu.normal) and, where dates or telephone numbers may stand
in it, masked by nlu.spans. An amount is in units of its currency, yuan unless said otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.amounts.measures import CURRENCIES
from nlu.amounts.numbers import UNITS, Number
from nlu.amounts.scan import Said, numbers_of

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

_PAID = re.compile(r"(?:面价|原价|目录价|列表价|标价|报价|总价|正价|官价)的? ?$|打到 ?$|打 ?$")
_OFF = re.compile(
    r"(?:让利?|降价?|优惠|便宜|下浮|减免?|扣|打?折让|折扣|让价|再少|少|下调|下降)"
    r"(?:[了过给到再价]){0,3}(?:大概|差不多|最多|至少|约)? ?$"
)
_LEVEL = re.compile(
    r"(?:违约金|利率|税率|税点|首付|预付|定金|尾款|质保金|比例|误差|合格率|毛利|费率|占比|成本|返点|份额|损耗)[^,，。]{0,8}$"
    r"|(?:降|下调|减|扣)[了]?到[^,，。]{0,3}$"
)
"""To what something fell, or a share of something else than the price, is no discount."""
_OFF_AFTER = re.compile(r" ?的?(?:优惠|折扣|让利|折让|降幅|降价| ?off)")
_IDIOM = re.compile("十万火急|一分(?!钱)|一毛(?!钱)|一块(?!钱|[一二三四五六七八九])")
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


def find_numbers(text: str) -> list[NumberSpan]:
    """Every number of the text that says money, a discount, a share or a quantity, in order."""
    spans: list[NumberSpan] = []
    for said in numbers_of(text):
        span = _span(text, said)
        if span is not None:
            spans.append(span)
    return spans


def _span(text: str, said: Said) -> NumberSpan | None:
    if said.kind == "discount":
        return _folded(said)
    if said.kind == "share":
        return _share(text, said)
    if _in_a_code(text, said):
        return None
    if said.kind == "count" and _is_each(text, said):
        return None
    if said.kind == "count":
        if said.han and said.high <= 1 and said.unit in "个次下家位天年周种点轮批人条张本单":
            return None
        if said.han and text[said.start] in "百千" and not _a_sum(text, said):
            return None
        if (said.low, said.high) == (1, 10):
            return None
        if said.unit in "月号日时" or (said.unit == "年" and said.low > 1900):
            return None
        return QuantitySpan(said.start, said.end, said.value, said.unit)
    if said.kind == "bare" and not said.money and not _may_be_money(text, said):
        return None
    if said.unit == "块" and text.startswith("每块", said.end):
        return QuantitySpan(said.start, said.end, said.value, said.unit)
    if _IDIOM.match(text, said.start):
        return None
    unit = said.unit or said.money
    return AmountSpan(
        said.start, said.end, said.value, bool(unit) or said.scale > 1,
        CURRENCIES.get(unit, "CNY"),
    )  # fmt: skip


def _is_each(text: str, said: Said) -> bool:
    """The 一袋 of 108块一袋 and of 一袋98 says what the price is for."""
    if text[said.start] != "一" or said.end - said.start > 3:
        return False
    before, after = text[said.start - 1 : said.start], text[said.end : said.end + 1]
    return before in tuple("元块毛角分万") or before.isdigit() or after.isdigit()


def _in_a_code(text: str, said: Said) -> bool:
    """Whether the number is part of a model, an ordinal or a longer code."""
    before = text[said.start - 1] if said.start else ""
    after = text[said.end] if said.end < len(text) else ""
    if before == "第" or (before.isascii() and before.isalnum()) or before in ("_", "."):
        return not said.money
    if said.kind == "bare" and said.scale == 1 and re.match("[A-Za-z_]", after):
        return True
    return before == "-" and said.start > 1 and text[said.start - 2].isalnum()


def _may_be_money(text: str, said: Said) -> bool:
    """Whether a number without a unit can be a sum: 150, 两千三, 上百万, but not 一 or 千万别."""
    first = text[said.start]
    after = text[said.end : said.end + 1]
    if said.han and text[said.start] in "百千" and said.end == said.start + 1:
        return _a_sum(text, said)
    if said.han:
        if said.scale > 1 or said.high != said.low:
            if first in "百千":
                return said.scale > 1 and _a_sum(text, said)
            return said.scale > 1 or said.high >= 100
        return said.low >= 20 and any(char in UNITS for char in text[said.start : said.end])
    if said.scale > 1:
        return True
    if first == "0" and text[said.start + 1 : said.start + 2].isdigit():
        return False
    if after and after in "月号日时年期:/*x×":
        return False
    if said.end - said.start > 10:
        return False
    at_line = said.start == 0 or text[said.start - 1] in "\n ;。:"
    return not (at_line and said.end - said.start <= 2 and _LIST_MARK.match(text, said.end))


def _a_sum(text: str, said: Said) -> bool:
    """Whether 百万 or 千万 without a figure is a sum: 上千万, 百万级, not 千万别."""
    before, after = text[said.start - 1 : said.start], text[said.end : said.end + 1]
    return before in tuple("上近过约小好超") or after in tuple("级元块左以量")


def _folded(said: Said) -> DiscountSpan | None:
    """八五折 and 85折 are 0.85, 9.5折 is 0.95, 九折 is 0.9."""
    value = float(said.low)
    if said.low != said.high or not 0 < value < 100:
        return None
    factor = value if value < 1 else value / 10 if value <= 10 else value / 100
    return DiscountSpan(said.start, said.end, round(factor, 4))


def _share(text: str, said: Said) -> NumberSpan | None:
    """A share that was taken off or is paid is a discount, any other a quantity in %."""
    before = text[max(0, said.start - 12) : said.start]
    if said.han and said.low == 1 and said.unit == "点":
        return None
    if said.low == said.high and 0 < said.low < 100:
        share = said.low / 100
        off = None if _LEVEL.search(before) else _OFF.search(before)
        if off is not None or _OFF_AFTER.match(text, said.end):
            return DiscountSpan(said.start, said.end, round(1 - share, 4))
        if _PAID.search(before) and said.unit == "%":
            return DiscountSpan(said.start, said.end, round(share, 4))
    if said.unit == "点":
        return None
    return QuantitySpan(said.start, said.end, said.value, "%")
