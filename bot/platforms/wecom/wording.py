"""Words as WeCom may show them: nothing in them becomes markup, a link or a mention."""

from __future__ import annotations

import re

from bot.platforms.cutting import visible

_TAG = re.compile(r"<(?=\s*[/@!?a-zA-Z])")
_MARKUP = str.maketrans("*`[]", "＊｀［］")
_LINE_MARK = re.compile(r"^(\s*)([#>])", re.MULTILINE)
_WIDE = {"#": "＃", ">": "＞"}


def plain(text: str) -> str:
    """For text and cards: no control and direction marks; `<a href` and `<@user` are not live.

    A comparison such as "<0.9" stays as it is.
    """
    return _TAG.sub("＜", visible(text))


def markdown(text: str) -> str:
    """As `plain`; what would mark up becomes full width, for WeCom's markdown has no escapes."""
    return _LINE_MARK.sub(_widen, plain(text).translate(_MARKUP))


def _widen(mark: re.Match[str]) -> str:
    return mark[1] + _WIDE[mark[2]]
