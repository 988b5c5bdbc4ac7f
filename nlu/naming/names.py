"""Under which keys a customer's name is kept, and which keys a text holds: both meet in one query.

A key is a piece of two to four characters, "~" and how such a piece sounds, or "^" and its
characters in order whatever their places. Where one character of a firm's own word is wrong, the
piece without it is still there: "ab_de" and "ab_d" are kept as "abde" and "abd". "=" and the
whole name finds it among any number of namesakes. A name gives some twenty keys, a usual note
some three hundred.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from nlu.naming.name_words import COMMON, KINDS, NEVER_NAMES, PLACES, TRADES
from nlu.naming.sound import sounds_of, spoken
from nlu.normal import normalise

KEY_CHARS = 4
WHOLE_CHARS = 76
MOST_NAME_KEYS = 48
MOST_TEXT_KEYS = 6_000
"""Of a text of many pages; exact pieces come first, wrong characters are looked for last."""
WEAK = 3
"""The rank of a name's first two characters: a name only where a name may stand."""
_WAYS = 4
"""How many readings of one piece are kept."""
_LEGAL = re.compile(
    r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司|分公司|总公司|股份公司|责任公司|公司|集团|股份|总部"
    r"|\(.{0,12}\)|（.{0,12}）)+$"
)
_PLACE_END = re.compile(
    r"^.{2,7}?(?:特别行政区|自治区|自治州|经济开发区|开发区|高新区|新区|省|市|县|区)"
)
_FORM = re.compile(
    "(?P<legal>(?:股份|集团)?有限(?:责任)?公司|股份公司|集团|公司)|医院|大学|学院|研究院|检测中心"
)
MOST_FORMS = 20
LONGEST_WHOLE = 16
_HEARD = re.compile(f"(?:(?![{NEVER_NAMES}])[\u4e00-\u9fff]){{2,}}")
_PIECES = re.compile(r"[\u4e00-\u9fffA-Za-z0-9&.\-]{2,}")
_GAPS = re.compile(r"\s+")
_PLACE_TAIL = "省市县区"


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A name's parts: 苏州市 (place), 恒达 (core), 恒达精密机械 (own); 有限公司 is gone."""

    bare: str
    plain: str
    place: str
    own: str
    core: str
    """Its own word alone, "" where no line of business or kind was found behind it."""

    @property
    def stem(self) -> str:
        """The place as people say it, without 省, 市, 县, 区."""
        return self.place.rstrip(_PLACE_TAIL)


@lru_cache(maxsize=4096)
def anatomy(name: str) -> Anatomy:
    """The parts of a registered name or an alias."""
    bare = _GAPS.sub("", normalise(name).text)
    plain = _LEGAL.sub("", bare) or bare
    own = without_place(plain)
    core = _without(own, _TRADES) or _without(own, _KINDS)
    return Anatomy(bare, plain, plain[: len(plain) - len(own)], own, core)


def keys_of_name(name: str) -> frozenset[str]:
    """The keys under which a name is kept: its forms, how they sound, and with one wrong."""
    parts = anatomy(name.lower())
    pieces = dict.fromkeys(form[:KEY_CHARS] for form in _unplaced(parts))
    for place in _places(parts):
        pieces[(place[-2:] + parts.own)[:KEY_CHARS]] = None
    if len(parts.core) > KEY_CHARS:
        pieces[parts.own[2 : 2 + KEY_CHARS]] = None
    keys = dict.fromkeys(["=" + parts.plain[:WHOLE_CHARS]])
    keys |= dict.fromkeys(piece for piece in pieces if len(piece) > 1)
    keys |= dict.fromkeys(_wrong(parts))
    for piece in list(pieces):
        if len(piece) > 1:
            keys |= dict.fromkeys("~" + "'".join(way) for way in spoken(piece)[:_WAYS])
    return frozenset(list(keys)[:MOST_NAME_KEYS])


def _unplaced(parts: Anatomy) -> Iterable[str]:
    """The forms that don't begin with a place, or that are nothing else."""
    forms = short_forms(parts.bare)
    return [f for f in forms if not parts.place or not f.startswith((parts.place, parts.stem))]


def _places(parts: Anatomy) -> Iterable[str]:
    return dict.fromkeys((parts.place, parts.stem)) if parts.place else ()


def _wrong(parts: Anatomy) -> Iterable[str]:
    """Keys that hold though a character of the firm's own word is wrong, left out or moved."""
    own = parts.own
    if len(own) < KEY_CHARS:
        return
    for at in range(min(len(parts.core or own), KEY_CHARS)):
        for place in _places(parts):
            window = (place[-2:] + own)[at : at + 5]
            if len(window) == 5:
                yield window[:2] + window[3:]
        yield own[:at] + own[at + 1 : KEY_CHARS]
    for place in _places(parts):
        window = place[-2:] + own[:2]
        yield window[1:]
        yield window[0] + window[2:]
        yield "^" + "".join(sorted(window))
    yield "^" + "".join(sorted(own[:KEY_CHARS]))


def keys_of_deal(name: str) -> frozenset[str]:
    """The keys under which a deal's name leads to its customer: its beginnings, no sounds."""
    bare = _GAPS.sub("", normalise(name).text).lower()
    return frozenset(bare[:size] for size in range(3, KEY_CHARS + 1) if len(bare) >= size)


def keys_of_text(text: str) -> frozenset[str]:
    """Every piece that the text holds, as written, as heard, and without one character."""
    plain = normalise(text).text.lower()
    keys: dict[str, None] = {}
    for piece in _PIECES.findall(plain):
        for length in range(2, KEY_CHARS + 1):
            keys |= dict.fromkeys([piece[i : i + length] for i in range(len(piece) - length + 1)])
    keys |= dict.fromkeys(_whole(plain))
    runs = _HEARD.findall(plain)
    for run in runs:
        keys |= dict.fromkeys(_heard(run))
    for run in runs:
        keys |= dict.fromkeys(_with_one_wrong(run))
    return frozenset(list(keys)[:MOST_TEXT_KEYS] if len(keys) > MOST_TEXT_KEYS else keys)


def _whole(text: str) -> Iterable[str]:
    """What may be a whole name before each legal form; of many a name's parts say too little."""
    for ending in islice(_FORM.finditer(text), MOST_FORMS):
        stop = ending.start() if ending["legal"] else ending.end()
        for size in range(3, min(LONGEST_WHOLE, stop) + 1):
            yield "=" + text[stop - size : stop]


def _heard(run: str) -> list[str]:
    """How the pieces of a run of Chinese characters sound; one without a sound is in none."""
    sounds = sounds_of(run)
    keys = []
    for at, first in enumerate(sounds[:-1]):
        heard = "~" + first
        for sound in sounds[at + 1 : at + KEY_CHARS]:
            if not sound or not first:
                break
            heard += "'" + sound
            keys.append(heard)
    return keys


def _with_one_wrong(run: str) -> list[str]:
    """What names are kept under for a wrong character, of each place in a run."""
    size = len(run)
    keys = [run[i] + run[i + 2 : i + 4] for i in range(size - 3)]
    keys += [run[i : i + 2] + run[i + 3] for i in range(size - 3)]
    keys += [run[i : i + 2] + run[i + 3 : i + 5] for i in range(size - 4)]
    keys += ["^" + "".join(sorted(run[i : i + KEY_CHARS])) for i in range(size - 3)]
    return keys


@lru_cache(maxsize=4096)
def short_forms(name: str) -> dict[str, int]:
    """The ways to say a registered name or alias, with how far each is from it (0 is itself).

    Shared: not to be changed.
    """
    parts = anatomy(name)
    place, own, stem = parts.place, parts.own, parts.stem
    forms = {parts.bare: 0}
    forms.setdefault(parts.plain, 1)
    forms.setdefault(own, 1)
    for core in (cut for cut in (_without(own, _TRADES), _without(own, _KINDS)) if cut):
        forms.setdefault(core, 2)
        if place:
            forms.setdefault(place + core, 1)
            forms.setdefault(stem + core, 1)
    if place:
        forms.setdefault(stem + own, 1)
    if len(own) >= 4 and own[:2] not in COMMON:
        forms.setdefault(own[:2], WEAK)
    if len(own) >= 5 and not parts.core and own[:3] not in COMMON:
        forms.setdefault(own[:3], WEAK)
    return {
        form: rank
        for form, rank in forms.items()
        if not rank or (len(form) >= 2 and not is_place(form) and form not in _GENERIC)
    }


@lru_cache(maxsize=4096)
def without_place(name: str) -> str:
    """A name without the place in front, if something of two characters or more is left."""
    rest = name
    for _ in range(3):
        marked = _PLACE_END.match(rest)
        cut = marked.end() if marked and _is_place(marked.group()) else _place_length(rest)
        if not cut or len(rest) - cut < 2 or _is_generic(rest[cut:]):
            break
        rest = rest[cut:]
    return rest


def _is_generic(rest: str) -> bool:
    """Whether a place cut off would leave a kind alone, or a line of business with a scrap."""
    return rest in _KINDS or (len(rest) > 2 and len(rest) - len(_tail(rest)) < 2)


def _tail(name: str) -> str:
    sizes = range(min(_LONGEST, len(name)), 1, -1)
    return next((name[-size:] for size in sizes if name[-size:] in _GENERIC), "")


def is_place(text: str) -> bool:
    """Whether a word is a Chinese place of prefecture size or more, or a well-known county."""
    return text.rstrip(_PLACE_TAIL) in PLACES or text in PLACES


def _is_place(marked: str) -> bool:
    return marked[:-1] in PLACES or len(marked) <= 4


def _place_length(name: str) -> int:
    for length in (4, 3, 2):
        if name[:length] in PLACES:
            return length + (name[length : length + 1] in ("省", "市"))
    return 0


_TRADES = frozenset(TRADES)
_KINDS = frozenset(KINDS)
_GENERIC = _TRADES | _KINDS
_LONGEST = max(map(len, _GENERIC))


def ending_of(name: str) -> str:
    """The line of business or kind of organisation that a name ends with, "" for none."""
    sizes = range(min(_LONGEST, len(name) - 2), 0, -1)
    return next((name[-size:] for size in sizes if name[-size:] in _GENERIC), "")


def _without(name: str, endings: frozenset[str]) -> str:
    """The name cut of such endings, "" where nothing of two characters is left or none stood."""
    rest = name
    for _ in range(2):
        sizes = range(min(_LONGEST, len(rest) - 2), 0, -1)
        cut = next((size for size in sizes if rest[-size:] in endings), 0)
        if not cut:
            break
        rest = rest[:-cut]
    return rest if rest != name else ""
