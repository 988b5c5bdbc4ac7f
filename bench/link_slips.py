"""How names come to a bot: dictated with other characters, or with one of them wrong."""

from __future__ import annotations

import random
from functools import cache

SWAPPED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("hu", "f"))
NASAL = (("ang", "an"), ("eng", "en"), ("ing", "in"))
DIALECT = 0.15
"""The share of characters that are heard with a dialect's confusion."""


PARTICLES = frozenset("的了着过吗呢吧啊们是在也就都还又才没不很我你您他她它咱这那和跟与被把")
"""What a recogniser writes only where grammar wants it, so never for a piece of a name."""


@cache
def _common() -> tuple[str, ...]:
    """The characters that are in daily use (GB 2312, first level)."""
    codes = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    chars = (code.decode("gb2312", "ignore") for code in codes)
    return tuple(char for char in chars if char and char not in PARTICLES)


@cache
def _said() -> dict[str, str]:
    from pypinyin import lazy_pinyin

    return dict(zip(_common(), lazy_pinyin(list(_common())), strict=True))


@cache
def _written() -> dict[str, tuple[str, ...]]:
    written: dict[str, list[str]] = {}
    for char, syllable in _said().items():
        written.setdefault(syllable, []).append(char)
    return {syllable: tuple(chars) for syllable, chars in written.items()}


def dictated(name: str, chance: random.Random) -> str:
    """The name with other characters of the same sound, a few of a dialect's."""
    heard = "".join(_heard(char, chance) for char in name)
    return heard if heard != name else dictated(name, chance)


def _heard(char: str, chance: random.Random) -> str:
    syllable = _said().get(char)
    if syllable is None:
        return char
    if chance.random() < DIALECT:
        syllable = _confused(syllable, chance)
    return chance.choice(_written()[syllable])


def _confused(syllable: str, chance: random.Random) -> str:
    ways = [
        other + syllable[len(one) :]
        for pair in SWAPPED
        for one, other in (pair, pair[::-1])
        if syllable.startswith(one)
    ]
    ways += [
        syllable[: -len(one)] + other
        for pair in NASAL
        for one, other in (pair, pair[::-1])
        if syllable.endswith(one)
    ]
    real = [way for way in ways if way in _written()]
    return chance.choice(real) if real else syllable


def miswritten(name: str, chance: random.Random) -> str:
    """The name with one character replaced, left out or doubled, or two that changed places."""
    at = chance.randrange(len(name))
    kind = chance.choice(("replaced", "left out", "doubled", "swapped"))
    if kind == "replaced":
        wrong = name[:at] + chance.choice(_common()) + name[at + 1 :]
    elif kind == "left out":
        wrong = name[:at] + name[at + 1 :]
    elif kind == "doubled":
        wrong = name[:at] + name[at] + name[at:]
    else:
        at = min(at, len(name) - 2)
        wrong = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return wrong if wrong != name else miswritten(name, chance)
