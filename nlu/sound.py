"""How a name sounds, so that a dictated one finds the written: pinyin without tone, confusions folded."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

import unicodedata
from functools import cache

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))


@cache
def _readings() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT  # 0.2 s: only when a name is first heard

    return dict(PINYIN_DICT)


class _Sounds(dict[str, str]):
    """The folded syllable of each character met so far: a plain lookup for all but the first."""

    def __missing__(self, char: str) -> str:
        reading = _readings().get(ord(char), "")
        self[char] = sound = _folded(reading.split(",", 1)[0]) if reading else ""
        return sound


_SOUNDS = _Sounds()


def warm() -> None:
    """Loads the table of readings, 0.2 s, which is otherwise read when a name is first heard."""
    _readings()


def _folded(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading)
    syllable = "".join(c for c in plain if "a" <= c <= "z")
    for said, folded in _INITIALS:
        if syllable.startswith(said):
            syllable = folded + syllable[len(said) :]
            break
    if syllable.endswith("ng") and syllable[-3:-2] in ("i", "e", "a"):
        syllable = syllable[:-1]
    return syllable


def sounds_of(text: str) -> list[str]:
    """One folded syllable a character, "" where a character has none."""
    return [*map(_SOUNDS.__getitem__, text)]


@cache
def readings_of(char: str) -> tuple[str, ...]:
    """Every folded syllable a character has, the usual one first, three at most."""
    said = _readings().get(ord(char), "").split(",")
    return tuple(dict.fromkeys(_folded(reading) for reading in said[:3] if reading))


def spoken(form: str) -> list[tuple[str, ...]]:
    """The ways to say a form, eight at most; [] where a character has no sound."""
    ways: list[tuple[str, ...]] = [()]
    for char in form:
        ways = [(*way, sound) for way in ways for sound in readings_of(char)][:8]
    return ways
