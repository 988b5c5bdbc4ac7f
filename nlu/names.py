"""Under which keys a customer's name is kept, and which keys a text holds: both meet in one query.

A key is a piece of at most six characters, or "~" and how it sounds. A name gives some ten
keys, a note some hundred; a customer is a candidate when one key is shared.
"""

from __future__ import annotations

import re

from nlu.name_words import COMMON, KINDS, PLACES, TRADES
from nlu.sound import sounds_of, spoken

KEY_CHARS = 6
WEAK = 3
"""The rank of a name's first two characters: a name only where a name may stand."""
_LEGAL = re.compile(
    r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司|分公司|总公司|股份公司|责任公司|公司|集团|股份|总部"
    r"|\(.{0,12}\)|（.{0,12}）)+$"
)
_PLACE_END = re.compile(
    r"^.{2,7}?(?:特别行政区|自治区|自治州|经济开发区|开发区|高新区|新区|省|市|县|区)"
)
_CJK = re.compile(r"[\u4e00-\u9fff]")
_HEARD = re.compile(r"[\u4e00-\u9fff]{2,}")
_PIECES = re.compile(r"[\u4e00-\u9fffA-Za-z0-9&.\-]+")


def keys_of_name(name: str) -> frozenset[str]:
    """The keys under which a name is kept: the whole, its short parts, and how they sound."""
    keys = set()
    for form in short_forms(name):
        keys.add(form[:KEY_CHARS].lower())
        for way in spoken(form[:KEY_CHARS]):
            keys.add("~" + "".join(f"{sound}'" for sound in way))
    return frozenset(keys)


def keys_of_deal(name: str) -> frozenset[str]:
    """The keys under which a deal's name leads to its customer: its beginnings, no sounds."""
    bare = re.sub(r"\s+", "", name).lower()
    return frozenset(bare[:size] for size in range(3, KEY_CHARS + 1) if len(bare) >= size)


def keys_of_text(text: str) -> frozenset[str]:
    """Every piece of two to six characters that the text holds, as written and as heard."""
    keys: set[str] = set()
    for piece in _PIECES.finditer(text.lower()):
        word = piece.group()
        size = len(word)
        for length in range(2, KEY_CHARS + 1):
            keys.update([word[at : at + length] for at in range(size - length + 1)])
    for run in _HEARD.finditer(text):
        _add_heard(keys, [f"{sound}'" if sound else "" for sound in sounds_of(run.group())])
    return frozenset(keys)


def _add_heard(keys: set[str], sounds: list[str]) -> None:
    """The keys of what a run of characters sounds like; one without a sound parts it."""
    size = len(sounds)
    for start in range(size - 1):
        heard = "~" + sounds[start]
        if not sounds[start]:
            continue
        for sound in sounds[start + 1 : start + KEY_CHARS]:
            if not sound:
                break
            heard += sound
            keys.add(heard)


def short_forms(name: str) -> dict[str, int]:
    """The ways to say a registered name or alias, with how far each is from it (0 is itself)."""
    bare = re.sub(r"\s+", "", name)
    forms = {bare: 0}
    plain = _LEGAL.sub("", bare) or bare
    forms.setdefault(plain, 1)
    placeless = without_place(plain)
    forms.setdefault(placeless, 1)
    place = plain[: len(plain) - len(placeless)]
    for core in (cut for cut in (_without(placeless, TRADES), _without(placeless, KINDS)) if cut):
        forms.setdefault(core, 2)
        if place:
            forms.setdefault(place + core, 1)
            forms.setdefault(place.rstrip("省市县区") + core, 1)
    if place:
        forms.setdefault(place.rstrip("省市县区") + placeless, 1)
    if len(placeless) >= 4 and placeless[:2] not in COMMON:
        forms.setdefault(placeless[:2], WEAK)
    common = (*TRADES, *KINDS)
    return {
        form: rank
        for form, rank in forms.items()
        if not rank or (len(form) >= 2 and not is_place(form) and form not in common)
    }


def without_place(name: str) -> str:
    """A name without the place in front, if something of two characters or more is left."""
    rest = name
    for _ in range(3):
        marked = _PLACE_END.match(rest)
        cut = marked.end() if marked and _is_place(marked.group()) else _place_length(rest)
        if not cut or len(rest) - cut < 2 or rest[cut:] in KINDS:
            break
        rest = rest[cut:]
    return rest


def is_place(text: str) -> bool:
    """Whether a word is a Chinese place of prefecture size or more, or a well-known county."""
    return text.rstrip("省市县区") in PLACES or text in PLACES


def _is_place(marked: str) -> bool:
    return marked[:-1] in PLACES or len(marked) <= 4


def _place_length(name: str) -> int:
    for length in (4, 3, 2):
        if name[:length] in PLACES:
            return length + (name[length : length + 1] in ("省", "市"))
    return 0


def _without(name: str, endings: tuple[str, ...]) -> str:
    """The name cut of such endings, "" where nothing of two characters is left or none stood."""
    rest = name
    for _ in range(2):
        ending = next((e for e in endings if rest.endswith(e) and len(rest) - len(e) >= 2), None)
        if ending is None:
            break
        rest = rest[: -len(ending)]
    return rest if rest != name else ""


def is_chinese(char: str) -> bool:
    """Whether a character is a Chinese one of the basic plane."""
    return bool(_CJK.match(char))
