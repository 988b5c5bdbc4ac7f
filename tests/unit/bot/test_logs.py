"""Nothing that identifies or authorises reaches a log line."""

from __future__ import annotations

import pytest

from bot.logs import mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打 13900001234 找他", "打 139****1234 找他"),
        ("订单 139000012345", "订单 139000012345"),
        ("GET /send?access_token=AbC-1&x=1", "GET /send?access_token=***&x=1"),
        ("corpsecret=abc", "corpsecret=***"),
        ("webhook/send?key=11-22", "webhook/send?key=***"),
        ("postgresql://user:pw@host/db", "postgresql://***@host/db"),
        ("two\nlines\x1b[31m\u202e", "two lines [31m "),
    ],
)
def test_what_must_not_be_logged_is_masked(text: str, shown: str) -> None:
    assert mask(text) == shown
