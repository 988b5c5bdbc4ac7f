"""Of which pieces of text, of one or two characters, every match of an expression holds one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_MOST_STRINGS = 100
"""So many wordings of a stretch are written out; what has more is left open."""
_WIDEST = 80
"""Characters of a range that are told apart."""
_ONE, _USUAL_ONE = 8, 25
"""How much likelier a text holds one character, or one of the commonest, than a given pair."""
_USUAL = frozenset("的了是我他有在个不说要到给去一这来ⒸⓅⒹⒶ,， ")
_ZERO_WIDTH = frozenset({op.AT, op.ASSERT_NOT, op.ASSERT})
_REPEATS = frozenset({op.MAX_REPEAT, op.MIN_REPEAT})
_NOTHING = frozenset([""])
_ODD_CASES = {"i": "İı", "k": "\u212a", "s": "ſ"}
Strings = frozenset[str]
Items = Iterable[tuple[Any, Any]]


def needed(source: str, flags: int = 0) -> Strings | None:
    """The pieces, as few and rare as can be told; None where a match may do without any."""
    parsed = _parser.parse(source, flags)
    pieces = _of_row(parsed)
    if pieces and parsed.state.flags & op.SRE_FLAG_IGNORECASE:
        pieces = frozenset("".join(way) for one in pieces for way in product(*map(_cases, one)))
    return pieces


def _cases(char: str) -> str:
    """A character and those that are the same to an expression that ignores case."""
    return char.lower() + char.upper() + _ODD_CASES.get(char.lower(), "")


def _of_row(items: Items) -> Strings | None:
    """Of all that stands in a row the rarest, as a match holds all of it."""
    found: list[Strings | None] = []
    run = _NOTHING
    for kind, value in items:
        if kind in _ZERO_WIDTH:
            found.append(_of_row(value[1]) if kind is op.ASSERT else None)
            continue
        told = _strings(kind, value)
        both_ends = _strings_repeated(kind, value) if told is None else None
        longer = _joined(run, told or both_ends)
        if longer is None or both_ends:
            found.append(_cut(longer or run))
            run = told or both_ends or _NOTHING
        else:
            run = longer
        if told is None and both_ends is None:
            found.append(_inside(kind, value))
    found.append(_cut(run))
    return min((pieces for pieces in found if pieces), key=_weight, default=None)


def _inside(kind: Any, value: Any) -> Strings | None:
    """What every match of an item holds that can't be written out whole."""
    if kind is op.SUBPATTERN:
        return None if value[1] or value[2] else _of_row(value[3])
    if kind is op.BRANCH:
        rows = [_of_row(row) for row in value[1]]
        return None if None in rows else frozenset().union(*(row for row in rows if row))
    return _of_row(value[2]) if kind in _REPEATS and value[0] > 0 else None


def _strings(kind: Any, value: Any) -> Strings | None:
    """All that an item can match, where that can be written out."""
    if kind is op.LITERAL:
        return frozenset([chr(value)])
    if kind is op.IN:
        return _of_class(value)
    if kind is op.SUBPATTERN:
        return None if value[1] or value[2] else _strings_of_row(value[3])
    if kind is op.BRANCH:
        rows = [_strings_of_row(row) for row in value[1]]
        return None if None in rows else _limited(frozenset().union(*(row for row in rows if row)))
    if kind in _REPEATS and value[0] == 0 and value[1] == 1:
        once = _strings_of_row(value[2])
        return None if once is None else once | _NOTHING
    return None


def _strings_repeated(kind: Any, value: Any) -> Strings | None:
    """What stands at both ends of a repetition, where that can be written out."""
    return _strings_of_row(value[2]) if kind in _REPEATS and value[0] > 0 else None


def _strings_of_row(items: Items) -> Strings | None:
    run = _NOTHING
    for kind, value in items:
        if kind not in _ZERO_WIDTH:
            longer = _joined(run, _strings(kind, value))
            if longer is None:
                return None
            run = longer
    return run


def _of_class(items: list[tuple[Any, Any]]) -> Strings | None:
    chars: set[str] = set()
    for kind, value in items:
        if kind is op.LITERAL:
            chars.add(chr(value))
        elif kind is op.RANGE and value[1] - value[0] < _WIDEST:
            chars.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
    return frozenset(chars)


def _joined(run: Strings, more: Strings | None) -> Strings | None:
    if more is None or len(run) * len(more) > _MOST_STRINGS:
        return None
    return frozenset([before + after for before in run for after in more])


def _limited(strings: Strings) -> Strings | None:
    return strings if len(strings) <= _MOST_STRINGS else None


def _cut(strings: Strings) -> Strings | None:
    """The first pair of each string, or the one character that it is."""
    return None if "" in strings else frozenset([string[:2] for string in strings])


def _weight(pieces: Strings) -> int:
    return sum(
        [1 if len(piece) > 1 else _USUAL_ONE if piece in _USUAL else _ONE for piece in pieces]
    )
