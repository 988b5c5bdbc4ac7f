"""WeCom's error codes as the service's three kinds (path/90313)."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.platforms.contract import PlatformError, Refused, RetryLater, Unauthorised
from bot.platforms.wecom.limits import MINUTE_BLOCK_SECONDS

TOKEN_CODES = frozenset({40001, 40014, 42001})
"""The token is no longer good: worth one new token and one more try."""
MEDIA_GONE = 40007

SOON = timedelta(seconds=5)

_LATER = {
    -1: SOON,
    40014: timedelta(seconds=30),
    42001: timedelta(seconds=30),
    45009: timedelta(seconds=MINUTE_BLOCK_SECONDS),
    45033: SOON,
}
_NOT_ALLOWED = frozenset(
    {
        40001, 40013, 40056, 40082, 40125, 41001, 48002, 50001, 50003, 60020, 93000, 93019,
        853000,
    }
)  # fmt: skip
_ADDRESS = re.compile(r"from ip:\s*([0-9a-fA-F.:]+[0-9a-fA-F])")
_MESSAGE_CHARACTERS = 300


def of_code(code: int, message: str) -> PlatformError:
    """The error for an errcode other than 0; a code we don't know is never tried again.

    WeCom says that only -1 and time-outs are to be repeated blindly.
    """
    reason = message[:_MESSAGE_CHARACTERS] or "no reason given"
    if code in _LATER:
        return RetryLater(reason, _LATER[code], code)
    if code == 60020:
        return Unauthorised(f"IP {caller_ip(message)} is not trusted: {reason}", code)
    if code in _NOT_ALLOWED:
        return Unauthorised(reason, code)
    return Refused(reason, code)


def of_status(status: int) -> PlatformError:
    """The error for an answer that isn't WeCom's JSON: a proxy's, or a wrong address."""
    if status == 429:
        return RetryLater(f"HTTP {status}", timedelta(seconds=MINUTE_BLOCK_SECONDS))
    if status >= 500 or status == 200:
        return RetryLater(f"HTTP {status} without an answer", SOON)
    return Unauthorised(f"HTTP {status}: is api_base WeCom's address?")


def caller_ip(message: str) -> str:
    """Our address as WeCom sees it, out of an errmsg; "?" where it isn't told."""
    found = _ADDRESS.search(message)
    return found[1] if found else "?"
