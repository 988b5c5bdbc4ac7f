"""DingTalk's signatures: HMAC-SHA256 over a time in milliseconds; the body is in none of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

MAX_SKEW = timedelta(hours=1)
CARD_MAX_SKEW = timedelta(minutes=5)
"""A tap is pushed once and at once."""

_MOST_DIGITS = 15


def sign_robot(timestamp_ms: str, secret: str) -> str:
    """Of a robot message (the app's secret) and of a custom robot's webhook (its own)."""
    return _signed(secret, f"{timestamp_ms}\n{secret}")


def sign_card(timestamp_ms: str, secret: str) -> str:
    """Of a card callback, with the secret that it was registered with."""
    return _signed(secret, timestamp_ms)


def genuine_robot(timestamp_ms: str, sign: str, secret: str, now: datetime) -> bool:
    """Whether the headers of a robot message are DingTalk's, and of this hour."""
    expected = sign_robot(timestamp_ms, secret)
    return _same(expected, sign) & _is_fresh(timestamp_ms, now, MAX_SKEW)


def genuine_card(timestamp_ms: str, sign: str, secret: str, now: datetime) -> bool:
    """Whether the headers of a card callback are DingTalk's, and of now."""
    return _same(sign_card(timestamp_ms, secret), sign) & _is_fresh(
        timestamp_ms, now, CARD_MAX_SKEW
    )


def skew_seconds(timestamp_ms: str, now: datetime) -> int | None:
    """How far the sender's clock is ahead; None where there is no time in it."""
    if not (timestamp_ms.isascii() and timestamp_ms.isdecimal()):
        return None
    if len(timestamp_ms) > _MOST_DIGITS:
        return None
    return int(timestamp_ms) // 1000 - int(now.timestamp())


def _is_fresh(timestamp_ms: str, now: datetime, most: timedelta) -> bool:
    skew = skew_seconds(timestamp_ms, now)
    return skew is not None and abs(skew) <= most.total_seconds()


def _signed(key: str, message: str) -> str:
    digest = hmac.new(_raw(key), _raw(message), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(_raw(expected), _raw(given))


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
