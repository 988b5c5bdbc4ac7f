"""Every code of DingTalk's as what the sender does about it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.platforms.contract import Address, PlatformError, Refused, RetryLater, Unauthorised
from bot.platforms.dingtalk import limits, mends
from bot.platforms.dingtalk.errors import of_code, of_status
from tests.unit.dingtalk.samples import SETTINGS

F = "Forbidden.AccessDenied."


@pytest.mark.parametrize(
    ("code", "kind", "after"),
    [
        (F + "QpsLimitForAppkeyAndApi", RetryLater, 1),
        (F + "QpsLimitForApi", RetryLater, 1),
        (F + "QpmLimitForAppkeyAndApi", RetryLater, 60),
        (90018, RetryLater, 1),
        (90002, RetryLater, 1),
        (F + "ApiCountLimitForOrg", RetryLater, 60),
        (90020, RetryLater, 60),
        (-1, RetryLater, 5),
        ("system.error", RetryLater, 5),
        ("system.busy", RetryLater, 5),
        ("send.too.fast", RetryLater, 60),
        (410100, RetryLater, 600),
        (130101, RetryLater, 600),
        ("x5", RetryLater, 300),
        ("InvalidAuthentication", RetryLater, 30),
        (40014, RetryLater, 30),
        (42001, RetryLater, 30),
        (F + "IpNotInWhiteList", Unauthorised, None),
        (60020, Unauthorised, None),
        (F + "AccessTokenPermissionDenied", Unauthorised, None),
        (60011, Unauthorised, None),
        ("invalidClientIdOrSecret", Unauthorised, None),
        ("invalidParameter.robotCode.notExsit", Unauthorised, None),
        ("bot.stopped", Unauthorised, None),
        (310000, Unauthorised, None),
        ("staffId.notExisted", Refused, None),
        ("contain.unsafe.url", Refused, None),
        ("invalidParameter.msgParam.tooLong", Refused, None),
        ("param.cardNotExist", Refused, None),
        (400013, Refused, None),
        (430104, Refused, None),
        ("something.new", Refused, None),
    ],
)
def test_each_code(code: int | str, kind: type[PlatformError], after: int | None) -> None:
    error = of_code(code, "m")
    assert type(error) is kind
    assert error.code == code
    if isinstance(error, RetryLater):
        assert after is not None
        assert timedelta(seconds=after) <= error.after <= timedelta(seconds=after * 1.5)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(429, RetryLater), (500, RetryLater), (503, RetryLater), (200, RetryLater),
     (404, Unauthorised), (302, Unauthorised)],
)  # fmt: skip
def test_answers_that_are_no_answers(status: int, kind: type[PlatformError]) -> None:
    assert type(of_status(status)) is kind


def test_the_white_list_error_names_the_address_and_the_mend() -> None:
    error = of_code(F + "IpNotInWhiteList", "request ip=203.0.113.9 not in whitelist")
    what, mend = mends.of(error)
    assert "203.0.113.9" in error.reason
    assert "203.0.113.9" in what
    assert "203.0.113.9" in mend


def test_the_permission_error_names_the_right() -> None:
    error = of_code(
        F + "AccessTokenPermissionDenied", "应用尚未开通所需的权限：[Card.Instance.Write]"
    )
    assert "Card.Instance.Write" in mends.of(error)[1]


def test_a_group_robot_has_its_own_minute_and_no_name_tells_its_token() -> None:
    person = limits.buckets(Address(platform="dingtalk", user="a"), SETTINGS)
    group = limits.buckets(Address(platform="dingtalk", group="销售群"), SETTINGS)
    assert [(b.limit, b.seconds) for b in person] == [(20, 1)]
    assert [(b.limit, b.seconds) for b in group] == [(20, 1), (20, 60)]
    assert "hook-token" not in str(group)
    assert "s3cret" not in repr(SETTINGS)
