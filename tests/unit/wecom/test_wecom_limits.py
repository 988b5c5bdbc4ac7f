"""The limits that hold for an address."""

from __future__ import annotations

from bot.platforms.contract import Address
from bot.platforms.wecom.limits import buckets
from tests.unit.wecom.envelopes import CORP, settings

GROUPS = {"华东": "webhook-key-1", "华东销售": "webhook-key-1", "华南": "webhook-key-2"}


def member(user: str) -> Address:
    """A member's chat."""
    return Address(platform="wecom", corp=CORP, app="218", user=user)


def group(name: str) -> Address:
    """A group's robot."""
    return Address(platform="wecom", group=name)


def test_a_member() -> None:
    found = buckets(member("lihua"), settings())
    assert [(b.limit, b.seconds) for b in found] == [(30, 60), (1000, 3600)]
    assert {b.name for b in found}.isdisjoint(b.name for b in buckets(member("w"), settings()))


def test_a_robot_has_one_limit_whatever_its_groups_are_called() -> None:
    configured = settings(groups=GROUPS)
    east, same, south = (buckets(group(name), configured) for name in GROUPS)
    assert [(b.limit, b.seconds) for b in east] == [(20, 60)]
    assert east == same != south
    assert "webhook-key" not in east[0].name


def test_secrets_are_not_shown() -> None:
    shown = repr(settings(groups=GROUPS))
    for secret in ("s3cret", "QDG6eK", "jWmYm7qr5nMo", "webhook-key"):
        assert secret not in shown
