"""DingTalk's error codes as the service's three kinds; a code we don't know is never tried again.

The newer API answers an HTTP status with {"code", "message"}, the old one 200 with an errcode.
"""

from __future__ import annotations

import random
import re
from datetime import timedelta

from bot.platforms.contract import PlatformError, Refused, RetryLater, Unauthorised

Code = int | str

_FORBIDDEN = "Forbidden.AccessDenied."
QUOTA = f"{_FORBIDDEN}ApiCountLimitForOrg"
NOT_IN_WHITE_LIST = f"{_FORBIDDEN}IpNotInWhiteList"
NO_PERMISSION = f"{_FORBIDDEN}AccessTokenPermissionDenied"
BAD_CREDENTIALS = "invalidClientIdOrSecret"
PUNISHED = "x5"
"""Our address called too often, whatever the API: everything is refused for five minutes."""

QUOTA_CODES: frozenset[Code] = frozenset({QUOTA, 90020})
TOKEN_CODES: frozenset[Code] = frozenset({"InvalidAuthentication", 40014, 42001})
"""The token is no longer good: worth one new token and one more try."""
WHITE_LIST_CODES: frozenset[Code] = frozenset({NOT_IN_WHITE_LIST, 60020})
PERMISSION_CODES: frozenset[Code] = frozenset({NO_PERMISSION, 60011})
CREDENTIAL_CODES: frozenset[Code] = frozenset({BAD_CREDENTIALS, "authFailed", 40089})
ROBOT_CODES: frozenset[Code] = frozenset(
    {
        "invalidParameter.robotCode.auth", "invalidParameter.robotCode.notExsit",
        "invalidParameter.robotCode.invalid", "resource.not.found", "resource.unavailable",
        "bot.stopped",
    }
)  # fmt: skip
TEMPLATE_CODES: frozenset[Code] = frozenset(
    {
        "param.templateNotExist", "param.templateUnpublished", "param.cardTemplateIdEmpty",
        "param.cardPublicDataEmpty", "param.invalid",
    }
)  # fmt: skip
CARD_EXISTS: frozenset[Code] = frozenset({"param.cardAlreadyExist"})
SESSION_GONE: frozenset[Code] = frozenset(
    {300001, 400101, "session.expired", "session.notExisted"}
)
"""The address for answers is no longer good, sooner than it said."""
UNCOUNTED: frozenset[Code] = (
    QUOTA_CODES | TOKEN_CODES | WHITE_LIST_CODES | PERMISSION_CODES | CREDENTIAL_CODES
)
"""Answers of the gate before the API: the month's quota isn't spent on them."""

SECOND = timedelta(seconds=1)
SOON = timedelta(seconds=5)
MINUTE = timedelta(minutes=1)
BAN = timedelta(minutes=5)
ROBOT_BLOCK = timedelta(minutes=10)

_LATER: dict[Code, timedelta] = {
    -1: SOON, 90018: SECOND, 90002: SECOND, 130101: ROBOT_BLOCK, 410100: ROBOT_BLOCK,
    "send.too.fast": MINUTE, "send.byToken.tooFast": MINUTE, "too.many.group": MINUTE,
    "too.many.people": MINUTE, "flowControlled": MINUTE,
    "system.error": SOON, "system.busy": SOON, PUNISHED: BAN,
    "InvalidAuthentication": timedelta(seconds=30), 40014: timedelta(seconds=30),
    42001: timedelta(seconds=30),
}  # fmt: skip
_QPS = tuple(_FORBIDDEN + name for name in ("QpsLimit", "QpmLimit"))
_NOT_ALLOWED: frozenset[Code] = (
    WHITE_LIST_CODES | PERMISSION_CODES | CREDENTIAL_CODES | ROBOT_CODES | {310000, 400102}
)
_ADDRESS = re.compile(
    r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-fA-F]{1,4}:+){2,}[0-9a-fA-F]{1,4})(?![\w.])"
)
_MESSAGE_CHARACTERS = 300


def of_code(code: Code, message: str) -> PlatformError:
    """The error for a code of either API. A quota that is used up comes back next month."""
    reason = message[:_MESSAGE_CHARACTERS] or "no reason given"
    if isinstance(code, str) and code.startswith(_QPS):
        wait = MINUTE if "Qpm" in code else SECOND
        return RetryLater(reason, _spread(wait), code)
    if code in QUOTA_CODES:
        return RetryLater(reason, MINUTE, code)
    if code in _LATER:
        return RetryLater(reason, _spread(_LATER[code]), code)
    if code in WHITE_LIST_CODES:
        return Unauthorised(f"our IP is not on the white list: {reason}", code)
    if code in _NOT_ALLOWED:
        return Unauthorised(reason, code)
    return Refused(reason, code)


def of_status(status: int) -> PlatformError:
    """The error for an answer that isn't DingTalk's JSON: a proxy's, or a wrong address."""
    if status == 429:
        return RetryLater(f"HTTP {status}", MINUTE)
    if status >= 500 or status == 200:
        return RetryLater(f"HTTP {status} without an answer", SOON)
    return Unauthorised(f"HTTP {status}: are api_base and oapi_base DingTalk's addresses?")


def caller_ip(message: str) -> str:
    """Our address as DingTalk sees it, out of a message; "" where it isn't told."""
    found = _ADDRESS.search(message)
    return found[1] if found else ""


def _spread(wait: timedelta) -> timedelta:
    """Up to half as long again, so that what was refused at one instant comes back spread out."""
    return wait * random.uniform(1.0, 1.5)  # noqa: S311 (jitter, no secret)
