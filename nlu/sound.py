"""How a name sounds, so that a dictated one finds the written: pinyin without tone, confusions folded."""

from __future__ import annotations

import unicodedata
from functools import cache

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))


@cache
def _readings() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT  # 0.2 s: only when a name is first heard

    return dict(PINYIN_DICT)


@cache
def sound_of(char: str) -> str:
    """The folded syllable of a character, "" for one that has none."""
    reading = _readings().get(ord(char), "")
    if not reading:
        return ""
    plain = unicodedata.normalize("NFD", reading.split(",", 1)[0])
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
    return [sound_of(char) for char in text]
