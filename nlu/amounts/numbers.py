"""Numbers as Chinese says them: 三百二, 二十几, 七八十, 8万5, exactly and without overflow."""

from __future__ import annotations

from functools import lru_cache

DIGITS = {char: value for value, chars in enumerate(
    ("零〇", "一壹幺", "二两贰俩", "三叁仨", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for char in chars}  # fmt: skip
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
SCALES = {
    "百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8, "w": 10**4, "k": 10**3, "十": 10,
    "佰": 10**2, "仟": 10**3,
}  # fmt: skip
HAN = "零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟俩仨"
VAGUE = "几数"
_LONGEST = 40

Number = int | float


@lru_cache(maxsize=4096)
def han_value(text: str) -> int | None:
    """The value of Chinese numerals below ten thousand; 一百二 is 120, 二〇二六 is 2026."""
    if len(text) > _LONGEST:
        return None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text)) if text else None
    total, digit, last, after_zero = 0, 0, 10_000, False
    for char in text:
        if char in UNITS:
            if UNITS[char] >= last:
                return None
            last = UNITS[char]
            total += (digit or 1) * last
            digit, after_zero = 0, False
        elif char not in DIGITS or digit:
            return None
        else:
            digit = DIGITS[char]
            after_zero = after_zero or not digit
    return total + (digit if after_zero else digit * (last // 10))


@lru_cache(maxsize=4096)
def han_range(text: str) -> tuple[int, int] | None:
    """Lowest and highest value of Chinese numerals: 几十 is 10 to 100, 七八十 is 70 to 80."""
    for vague in VAGUE:
        if vague in text:
            return _vague(*text.split(vague, 1))
    for place in range(len(text) - 1):
        first, second = DIGITS.get(text[place], 0), DIGITS.get(text[place + 1], 0)
        if not first or not (second == first + 1 or (first, second) == (3, 5)):
            continue
        if len(text) > 2 and all(char in DIGITS for char in text):
            break
        low = han_value(text[: place + 1] + text[place + 2 :])
        high = han_value(text[:place] + text[place + 1 :])
        return None if low is None or high is None else (low, high)
    value = han_value(text)
    return None if value is None else (value, value)


def _vague(before: str, after: str) -> tuple[int, int] | None:
    """十几 is 10 to 20, 几百 is 100 to 1000."""
    base = han_value(before) if before else 0
    if base is None or (after and after not in UNITS):
        return None
    step = UNITS.get(after, 1)
    low = base if before and not after else base + step
    return low, base + 10 * step


def scaled(digits: str, scale: int) -> Number | None:
    """The number that Arabic digits say times a scale, an int where it is whole."""
    whole, _, part = digits.replace(",", "").partition(".")
    if len(whole) + len(part) > _LONGEST:
        return None
    value = int(whole + part) * scale
    if not part:
        return value
    power = int("1" + "0" * len(part))
    quotient, rest = divmod(value, power)
    return quotient if not rest else value / power


@lru_cache(maxsize=4096)
def small(text: str) -> int | None:
    """A count or calendar number in either script, as a whole number."""
    if text.isascii():
        return int(text) if text.isdigit() and len(text) <= _LONGEST else None
    return han_value(text)


def scale_of(text: str) -> int:
    """The factor that 万, 千万, 亿, w and k say, with 多, 来 and blanks among them."""
    factor = 1
    for char in text.lower():
        factor *= SCALES.get(char, 1)
    return factor
