"""Numbers of a text as they are written and said: figures, scale, unit, nothing decided yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from nlu.amounts.measures import (
    CURRENCIES,
    EACH,
    MEASURES,
    MONEY_UNITS,
    NOT_A_TAIL,
    PREFIX_CURRENCIES,
)
from nlu.amounts.numbers import (
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
    rf"[1-9](?![0-9.]|{NOT_A_TAIL})|[二三四五六七八九](?=一{EACH})|[二三四五六七八九](?!{_HAN}|{NOT_A_TAIL})|"
    r"一(?=$|[\s,，。;；、!！?？)）~]|左右|上下|元|块|的))"
)
_SMALL = r"[0-9]|[一二两三四五六七八九]"
_CHANGE = (
    rf"(?:(?:{_SMALL})[毛角](?:(?:{_SMALL})分?)?|零?(?:{_SMALL})分(?!钟|之|期)|"
    rf"(?:{_SMALL})(?=一{EACH})|(?:{_SMALL})(?![0-9.]|{_HAN}|{NOT_A_TAIL}))"
)
_SCANNER = re.compile(
    rf"(?P<money>{PREFIX_CURRENCIES} ?)?"
    rf"(?P<first>{_NUMBER})(?P<scale>{_SCALE})?"
    rf"(?(scale)(?P<more>(?:{_NUMBER}{_SCALE})*(?:{_TAIL})?))"
    rf"(?:[多来余]|出头)?"
    rf"(?P<unit> ?(?:{MONEY_UNITS}|%|个?百分点|个?点(?=$|[^半0-9一二三四五六七八九钟整])|折|"
    rf"[毛角分](?![利坯总钟之店公部行析期销校批公])|{MEASURES}))?"
)
_HAN_RUN = re.compile(f"{_HAN}+")
_TERM = re.compile(rf"({_NUMBER})({_SCALE})|({_NUMBER})")
_CHANGES = re.compile(rf"({_SMALL})([毛角分])?")
_RANGE = re.compile(r" ?(?:[-~–—〜]+|到|至|或者?) ?")
_START = re.compile(rf"[0-9{HAN}{VAGUE}半¥$€£A-Zr美港欧英人]")
_PERCENT = re.compile(
    rf"(?:百分之|百分)(?P<value>[0-9]+(?:\.[0-9]+)?|[{HAN}]+(?:点[零一二三四五六七八九]+)?)"
)


@dataclass(slots=True)
class Said:
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
    def value(self) -> Number | tuple[Number, Number]:
        return self.low if self.low == self.high else (self.low, self.high)


def numbers_of(text: str) -> list[Said]:
    """Every number of a text, ranges put together (130-150万, 二百到三百万)."""
    return _joined(text, _scanned(text))


def _scanned(text: str) -> list[Said]:
    """The numbers of the text; linear, for every run of digits is consumed whole."""
    found: list[Said] = []
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


def _percent(match: re.Match[str]) -> Said | None:
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
    return Said(match.start(), match.end(), value, value, 1, "%", "", False, "share")


def _with_decimals(whole: int, part: str) -> Number | None:
    return scaled(f"{whole}." + "".join(str(DIGITS[char]) for char in part), 1) if part else whole


def _said(text: str, match: re.Match[str]) -> Said | None:
    """The value of one match, or None where it is part of a word, a code or a date."""
    first, more = match["first"], match["more"]
    scale = scale_of(match["scale"]) if match["scale"] else 1
    values = _values(first, scale)
    if values is None:
        return None
    end = match.end()
    if "几" in (match["scale"] or ""):
        values = (values[0], values[1] + 10 * scale)
    if more:
        values = _added(values, scale, more)
        if values is None:
            return None
    low, high = values
    unit = (match["unit"] or "").strip()
    kind = _kind(unit)
    said = Said(
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


def _added(values: tuple[Number, Number], scale: int, more: str) -> tuple[Number, Number] | None:
    """What follows the first scale: 1亿2千万, 一万二千, the omitted unit of 8w5, 三十五万八."""
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


def _add_change(text: str, said: Said) -> None:
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


def _joined(text: str, numbers: list[Said]) -> list[Said]:
    """Ranges put together: 130-150万, 二百到三百万, 95万到100万."""
    joined: list[Said] = []
    for said in numbers:
        before = joined[-1] if joined else None
        if (
            before is not None
            and said.start - before.end <= 4
            and before.kind in ("bare", said.kind)
            and _RANGE.fullmatch(text, before.end, said.start)
            and not _is_step(text, before.start, text[before.end : said.start])
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


_STEP = re.compile(r"(?:追加|下调|上调|[加涨降减砍提压升多少扣])(?:了|价)? ?$")


def _is_step(text: str, start: int, joint: str) -> bool:
    """加十万到一百零八万 says by how much and to what, and is no range."""
    return joint.strip() in ("到", "至") and bool(_STEP.search(text[max(0, start - 4) : start]))


def _last_unit(text: str, said: Said) -> str:
    """The unit that the right side of 三到五百 ends with."""
    digits = _HAN_RUN.match(text, said.start)
    return digits.group()[-1] if digits else ""


def _whole(value: Number) -> Number:
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded
