"""How a name sounds, so that a dictated one finds the written: no tone, confusions folded.

Folded are those of many dialects: zh and z, n and l, hu- and f-, -ng and -n.
"""

from __future__ import annotations

import os
import unicodedata
from functools import cache

_BOTH_WAYS = "长重行乐朝单曾盛厦都藏传车参柏宿蚌六会观露卡相种转调和"
_EVER_BOTH = frozenset(_BOTH_WAYS)
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))


@cache
def _readings() -> dict[int, str]:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # 43 MB that nobody here reads
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


def _syllable(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading)
    return "".join(c for c in plain if "a" <= c <= "z")


def _folded(reading: str) -> str:
    syllable = _syllable(reading)
    for said, folded in _INITIALS:
        if syllable.startswith(said):
            syllable = folded + syllable[len(said) :]
            break
    if syllable.startswith("hu"):
        syllable = "f" + (syllable[2:] or "u")
    if syllable.endswith("ng") and syllable[-3:-2] in ("i", "e", "a"):
        syllable = syllable[:-1]
    return syllable


@cache
def _unfolded(char: str) -> frozenset[str]:
    return frozenset(_syllable(said) for said in _readings().get(ord(char), "").split(","))


def same_syllables(said: str, written: str) -> bool:
    """Whether two pieces of equal length can be read alike with no confusion folded."""
    return all(
        a == b or not _unfolded(a).isdisjoint(_unfolded(b))
        for a, b in zip(said, written, strict=True)
    )


def sounds_of(text: str) -> list[str]:
    """One folded syllable a character, "" where a character has none."""
    return [*map(_SOUNDS.__getitem__, text)]


@cache
def readings_of(char: str) -> tuple[str, ...]:
    """Its folded syllable, of the few characters that names have both ways the two usual ones."""
    said = _readings().get(ord(char), "").split(",")[: 2 if char in _BOTH_WAYS else 1]
    return tuple(dict.fromkeys(_folded(reading) for reading in said if reading))


def spoken(form: str) -> list[tuple[str, ...]]:
    """The ways to say a form, eight at most; [] where a character has no sound."""
    if _EVER_BOTH.isdisjoint(form):
        sounds = tuple(sounds_of(form))
        return [sounds] if all(sounds) else []
    ways: list[tuple[str, ...]] = [()]
    for char in form:
        ways = [(*way, sound) for way in ways for sound in readings_of(char)][:8]
    return ways
