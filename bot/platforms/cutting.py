"""Texts made to fit, whatever the platform: nothing hidden in them, nothing torn apart."""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_BREAK = re.compile(r"\s*[\n\t\u2028\u2029]\s*")
_JOINER = "\u200d"
_MODIFIERS = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)


def visible(text: str) -> str:
    """Without control and direction marks; lines end in one way."""
    return _HIDDEN.sub("", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Breaks as a blank."""
    return _BREAK.sub(" ", text).strip()


def cut(text: str, characters: int) -> str:
    """At most so many characters, the last one an ellipsis where something is missing."""
    if len(text) <= characters:
        return text
    return text[: _whole(text, characters - 1)].rstrip() + ELLIPSIS


def cut_bytes(text: str, limit: int) -> str:
    """As `cut`, by bytes of UTF-8."""
    if len(text.encode()) <= limit:
        return text
    room = limit - len(ELLIPSIS.encode())
    return text[: _fitting(text, room)].rstrip() + ELLIPSIS


def split_bytes(text: str, limit: int, most: int) -> list[str]:
    """Parts of at most `limit` bytes, broken between lines where there is one; `most` parts."""
    parts: list[str] = []
    while len(text.encode()) > limit and len(parts) < most - 1:
        end = _fitting(text, limit)
        line_end = text.rfind("\n", 0, end + 1)
        end = line_end if line_end > end // 2 else end
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip("\n")
    return [*parts, cut_bytes(text, limit)]


def _fitting(text: str, limit: int) -> int:
    """How many characters fit into `limit` bytes, none of what reads as one torn apart."""
    end = len(text.encode()[:limit].decode(errors="ignore"))
    return _whole(text, end)


def _whole(text: str, end: int) -> int:
    """The last place at or before `end` that is not inside an accent, an emoji or a flag."""
    start = end
    while 0 < end < len(text) and _sticks(text, end):
        end -= 1
    return end or start


def _sticks(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it."""
    after, before = text[at], text[at - 1]
    if after == _JOINER or before == _JOINER or ord(after) in _MODIFIERS:
        return True
    if ord(after) in _FLAGS:
        flags = 0
        while flags < at and ord(text[at - 1 - flags]) in _FLAGS:
            flags += 1
        return flags % 2 == 1
    return unicodedata.category(after) in ("Mn", "Me", "Mc")
