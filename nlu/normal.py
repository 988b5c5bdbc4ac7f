"""One spelling for every text: half width, simplified, no invisible characters, exact offsets."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nlu import expressions as re

_GAPS = re.compile(r"[^\S\n]")
_FILLERS = re.compile(
    r"嗯+|呃+|额(?=[\s,，。])|唔+|欸+|诶+|哎(?!呀)|喂(?=[\s,，那嗯我])|哦(?=[\s,，对嗯])"
    r"|(?:那个|这个)(?=[\s,，嗯呃啊]|那个|就是|然后)|就是说|就是(?=就是|嗯|\s)|然后呢"
    r"|[啊嘛呢吧哈呀哇啦](?=[\s,，。!！?？]|嗯|然后|那个|就是|$)"
)


@dataclass(frozen=True, slots=True)
class Normal:
    """The normalised text; `offsets[i]` is the place in the source of its i-th character.

    `offsets` has one entry more than the text has characters: the length of the source.
    """

    text: str
    offsets: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source that `text[start:end]` came from."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


def normalise(text: str) -> Normal:
    """The text in half width and simplified characters, without controls and zero width.

    Punctuation of the full-width block becomes ASCII (，becomes a comma, ： a colon); 。、 and
    the like stay. Line feeds stay, other blanks become spaces. Every character stays one
    character or is dropped, so that offsets are exact.
    """
    changed = text.translate(_table(_is_plain(text)))
    if len(changed) == len(text):
        return Normal(changed, range(len(text) + 1))
    offsets = [place for place, char in enumerate(text) if not _dropped(char)]
    offsets.append(len(text))
    return Normal(changed, offsets)


def find_fillers(text: str) -> list[tuple[int, int]]:
    """Spans of what a speaker says while thinking (嗯, 那个, 就是说), in a normalised text."""
    return [match.span() for match in _FILLERS.finditer(text)]


def _is_plain(text: str) -> bool:
    """Whether GB2312 holds the whole text: then it has no traditional or invisible character."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


class _Table(dict[int, "int | str | None"]):
    """A translation table that learns each character when it is met first."""

    def __init__(self, *, plain: bool) -> None:
        self.plain = plain

    def __missing__(self, code: int) -> int | str | None:
        char = chr(code)
        if _dropped(char):
            target: int | str | None = None
        elif _GAPS.match(char):
            target = " "
        else:
            target = code if code < 0x80 else _folded(char, plain=self.plain)
        self[code] = target
        return target


_TABLES = (_Table(plain=False), _Table(plain=True))


def _table(plain: bool) -> _Table:
    """The table that is safe for the text; the plain one never asks for traditional characters."""
    return _TABLES[plain]


@cache
def _dropped(char: str) -> bool:
    """Whether a reader never sees the character: controls, zero width, bidi, variation marks."""
    if char in "\n\t\v\f\r\x85":
        return char == "\r"
    if unicodedata.category(char) in ("Cc", "Cf", "Cs"):
        return True
    return "\ufe00" <= char <= "\ufe0f" or char == "\u20e3"


def _folded(char: str, *, plain: bool) -> str:
    if "！" <= char <= "～":
        return chr(ord(char) - 0xFEE0)
    if char == "￥":
        return "¥"
    if plain:
        return char
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.digit(char))
    if kind in ("Lo", "Ll", "Lu"):
        same = unicodedata.normalize("NFKC", char)
        char = same if len(same) == 1 else char
        return char if _is_plain(char) else _simplified().get(char, char)
    return char


@cache
def _simplified() -> dict[str, str]:
    """Traditional to simplified, a character each, without those that are simplified as well.

    乾, 著 or 瞭 are in GB2312, that is, also written in simplified texts (names!): they stay.
    """
    from opencc import OpenCC

    chars = [chr(code) for code in range(0x4E00, 0xA000)] + [
        chr(code) for code in range(0x3400, 0x4DC0)
    ]
    chars = [char for char in chars if not _is_plain(char)]
    converted = OpenCC("t2s").convert("\n".join(chars)).split("\n")
    return {
        old: new for old, new in zip(chars, converted, strict=True) if old != new and len(new) == 1
    }
