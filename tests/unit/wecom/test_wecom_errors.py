"""What each of WeCom's answers means for what is to be sent."""

from __future__ import annotations

import pytest

from bot.platforms.contract import PlatformError, Refused, RetryLater, Unauthorised
from bot.platforms.wecom.check import finding
from bot.platforms.wecom.errors import caller_ip, of_code, of_status
from tests.unit.wecom.envelopes import settings

FROM_IP = "not allow to access from your ip, hint: [17], from ip: 203.0.113.9, more info at x"


@pytest.mark.parametrize(
    ("code", "kind", "seconds"),
    [
        (-1, RetryLater, 5),
        (40014, RetryLater, 30),
        (42001, RetryLater, 30),
        (45009, RetryLater, 60),
        (45033, RetryLater, 5),
        (40001, Unauthorised, None),
        (40013, Unauthorised, None),
        (40056, Unauthorised, None),
        (40125, Unauthorised, None),
        (41001, Unauthorised, None),
        (48002, Unauthorised, None),
        (50003, Unauthorised, None),
        (60020, Unauthorised, None),
        (93000, Unauthorised, None),
        (40003, Refused, None),
        (40007, Refused, None),
        (40058, Refused, None),
        (45002, Refused, None),
        (60011, Refused, None),
        (60111, Refused, None),
        (81013, Refused, None),
        (999999, Refused, None),
    ],
)
def test_codes(code: int, kind: type[PlatformError], seconds: int | None) -> None:
    error = of_code(code, "some words")
    assert type(error) is kind
    assert error.code == code
    if isinstance(error, RetryLater):
        assert error.after.total_seconds() == seconds


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, RetryLater), (429, RetryLater), (500, RetryLater), (502, RetryLater),
        (301, Unauthorised), (403, Unauthorised), (404, Unauthorised),
    ],
)  # fmt: skip
def test_statuses(status: int, kind: type[PlatformError]) -> None:
    assert type(of_status(status)) is kind


@pytest.mark.parametrize(
    ("message", "ip"),
    [
        (FROM_IP, "203.0.113.9"),
        ("from ip: 2001:db8::1, more", "2001:db8::1"),
        ("no address here", "?"),
    ],
)
def test_the_address_that_is_not_trusted(message: str, ip: str) -> None:
    assert caller_ip(message) == ip


def test_an_untrusted_address_is_named() -> None:
    assert "203.0.113.9" in of_code(60020, FROM_IP).reason


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (of_code(60020, FROM_IP), ("203.0.113.9", "企业可信IP")),
        (of_code(40001, "invalid credential"), ("Secret", "应用管理")),
        (of_code(40013, "invalid corpid"), ("企业 ID", "我的企业")),
        (of_code(50003, "disabled"), ("停用", "启用")),
        (of_status(404), ("404", "api_base")),
        (of_status(502), ("连不上", "api_base")),
        (of_code(45009, "freq"), ("45009", "稍后再试")),
        (of_code(40096, "unknown"), ("40096", "错误码")),
    ],
)
def test_an_operator_reads_what_is_wrong_and_how_to_mend_it(
    error: PlatformError, words: tuple[str, str]
) -> None:
    found = finding(error, settings())
    assert not found.ok
    assert found.mend
    for word in words:
        assert word in found.what + found.mend
