"""Regular expressions that are tried only on texts that hold what every match of them holds.

A message is asked some hundred expressions a clause, nearly all in vain. From each we derive
pieces of one or two characters of which every match has at least one (`nlu.pieces`); a `Text`
knows which of them it holds, found out once, so that most searches cost the test of one bit.
Imported in place of `re`, whose interface it keeps as far as the grammar uses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache, reduce
from operator import or_
from re import ASCII, IGNORECASE, I, Match, escape
from sys import maxsize
from threading import RLock
from typing import Any, ClassVar, Generic, TypeVar

from nlu.pieces import needed

__all__ = [
    "ASCII", "IGNORECASE", "I", "Match", "Pattern", "Text", "compile", "escape", "findall",
    "fullmatch", "match", "once", "prepare", "search", "split", "sub",
]  # fmt: skip
S = TypeVar("S", bound=str)
once = re.compile
"""Of an expression that is made for one text, and so not worth a bit."""
_MOST = 2048
"""Expressions beyond so many are tried always."""
_LATER = [(1 << _MOST) - (1 << count) for count in range(_MOST + 1)]
"""What a text must be taken to hold for the expressions made after so many."""
_MARKS = "□☎\x00，"
"""What stands for a piece of a text that was read already, or joins two texts."""
_LOCK = RLock()


class _Told:
    """What is known of the expressions made so far, a bit each."""

    count = 0
    marked = 0
    """Those that a mark may let match."""
    ones: ClassVar[dict[str, int]] = {}
    """Those that a character lets match that is a piece of theirs."""
    pairs: ClassVar[dict[str, dict[str, int]]] = {}
    """Those that a pair lets match, by its first character and then its second."""
    waiting: ClassVar[list[Pattern[str]]] = []


class Text(str):
    """A text that knows which expressions may match in it or in a part of it."""

    __slots__ = ("may",)
    may: int

    def __new__(cls, text: str) -> Text:
        """The text together with what it holds; expressions made later than it may match."""
        if _Told.waiting:
            prepare()
        may, later = 0, _LATER[_Told.count]
        made = super().__new__(cls, text)
        one, pairs = _Told.ones.get, _Told.pairs.get
        after: dict[str, int] | None = None
        for char in text:
            if after and char in after:
                may |= after[char]
            alone = one(char)
            if alone:
                may |= alone
            after = pairs(char)
        made.may = may | later
        return made

    def strip(self, chars: str | None = None, /) -> Text:
        """As of any text, and it still knows what it holds."""
        cut = super().strip(chars)
        if len(cut) == len(self):
            return self
        made = super().__new__(Text, cut)
        made.may = self.may
        return made

    @classmethod
    def marked(cls, text: str, whole: Text) -> Text:
        """A text with marks over pieces of it, taken to hold all that it holds without them."""
        made = super().__new__(cls, text)
        made.may = whole.may | _Told.marked
        return made

    @classmethod
    def joined(cls, texts: Collection[Text]) -> Text:
        """Texts with a comma between them."""
        made = super().__new__(cls, "，".join(texts))
        made.may = reduce(or_, (text.may for text in texts), _Told.marked)
        return made


class Pattern(Generic[S]):
    """As `re.Pattern`, and quick to say no to a `Text`."""

    __slots__ = (
        "findall", "finditer", "flags", "fullmatch", "groups", "match", "pattern", "search",
        "split", "sub",
    )  # fmt: skip

    def __init__(self, source: str, flags: int = 0) -> None:
        plain = re.compile(source, flags)
        self.pattern, self.flags, self.groups = source, flags, plain.groups
        self.search: _Find = plain.search
        self.match: _Find = plain.match
        self.fullmatch: _Find = plain.fullmatch
        self.finditer: Callable[..., Iterator[Match[str]]] = plain.finditer
        self.findall: Callable[..., list[Any]] = plain.findall
        self.split: Callable[..., list[Any]] = plain.split
        self.sub: Callable[..., str] = plain.sub

    def guard(self) -> None:
        """Gives it a bit of its own, unless it must be tried always."""
        pieces = needed(self.pattern, self.flags) if _Told.count < _MOST else None
        if pieces is None:
            return
        bit = 1 << _Told.count
        for piece in pieces:
            known = _Told.pairs.setdefault(piece[0], {}) if len(piece) > 1 else _Told.ones
            known[piece[-1]] = known.get(piece[-1], 0) | bit
        if any(mark in piece for mark in _MARKS for piece in pieces):
            _Told.marked |= bit
        _Told.count += 1
        self.search = _found(self.search, bit)
        self.match = _found(self.match, bit)
        self.fullmatch = _found(self.fullmatch, bit)
        self.finditer = _each(self.finditer, bit)
        self.sub = _changed(self.sub, bit)


_Find = Callable[..., Match[str] | None]


def prepare() -> None:
    """Derives the pieces of all expressions made so far, 0.2 s for the whole grammar."""
    with _LOCK:
        while _Told.waiting:
            _Told.waiting[-1].guard()
            _Told.waiting.pop()


def _found(find: _Find, bit: int) -> _Find:
    def found(text: str, start: int = 0, end: int = maxsize) -> Match[str] | None:
        if type(text) is Text and not text.may & bit:
            return None
        return find(text, start, end)

    return found


def _each(
    find: Callable[..., Iterator[Match[str]]], bit: int
) -> Callable[..., Iterator[Match[str]]]:
    def each(text: str, start: int = 0, end: int = maxsize) -> Iterator[Match[str]]:
        if type(text) is Text and not text.may & bit:
            return iter(())
        return find(text, start, end)

    return each


def _changed(change: Callable[..., str], bit: int) -> Callable[..., str]:
    def changed(by: Any, text: str, count: int = 0) -> str:
        if type(text) is Text and not text.may & bit:
            return text
        return change(by, text, count)

    return changed


@lru_cache(maxsize=2048)
def compile(source: str, flags: int = 0) -> Pattern[str]:
    """As `re.compile`."""
    made: Pattern[str] = Pattern(source, flags)
    _Told.waiting.append(made)
    return made


def search(source: str, text: str) -> Match[str] | None:
    """As `re.search`."""
    return compile(source).search(text)


def match(source: str, text: str) -> Match[str] | None:
    """As `re.match`."""
    return compile(source).match(text)


def fullmatch(source: str, text: str) -> Match[str] | None:
    """As `re.fullmatch`."""
    return compile(source).fullmatch(text)


def sub(source: str, by: Any, text: str) -> str:
    """As `re.sub`."""
    return compile(source).sub(by, text)


def findall(source: str, text: str) -> list[Any]:
    """As `re.findall`."""
    return compile(source).findall(text)


def split(source: str, text: str) -> list[Any]:
    """As `re.split`."""
    return compile(source).split(text)
