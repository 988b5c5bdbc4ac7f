"""Words as DingTalk may show them: nothing in them becomes markup, a link or a mention."""

from __future__ import annotations

import re

from bot.platforms.cutting import visible

_TAG = re.compile(r"<(?=\s*[/@!?a-zA-Z])")
_MARKUP = str.maketrans("*`[]~|", "＊｀［］～｜")
_EMPHASIS = re.compile(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_SCHEME = re.compile(r"(?<=[a-zA-Z])://")
_LINE_START = re.compile(r"^[ \t]*(?:([#>])|([+\-=])(?=[\s+\-=]|$))?", re.MULTILINE)
_WIDE = str.maketrans("#>+-=", "＃＞＋－＝")
_MENTION = re.compile(r"(?<![0-9A-Za-z._-])@(?=\S)")
_BREAK = re.compile(r" *\n")


def plain(text: str) -> str:
    """For texts: no control and direction marks, no live tag.

    Nobody is mentioned by a text of ours: that takes a field of its own, which is never sent.
    """
    return _TAG.sub("＜", visible(text))


def markdown(text: str) -> str:
    """As `plain`; what would mark up, link or mention becomes full width.

    DingTalk's markdown has no escapes that every client knows.
    """
    words = plain(text).translate(_MARKUP)
    words = _SCHEME.sub("：//", _EMPHASIS.sub("＿", words))
    return _MENTION.sub("＠", _LINE_START.sub(_widen, words))


def broken(text: str) -> str:
    """Line breaks as DingTalk's markdown wants them: two spaces before each."""
    return _BREAK.sub("  \n", text)


def _widen(start: re.Match[str]) -> str:
    """Without the indent, which would make code of four spaces."""
    return (start[1] or start[2] or "").translate(_WIDE)
