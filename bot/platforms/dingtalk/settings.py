"""What a deployment says about its DingTalk: the app, its robot, its doors and the groups."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

API_BASE = "https://api.dingtalk.com"
OAPI_BASE = "https://oapi.dingtalk.com"
CALLBACK_PATH = "/dingtalk/callback"
CALLS_PER_MONTH = 5000
MESSAGES_PER_MONTH = 3000
ROUTE_KEY = "gendan"
"""Under which the address of card callbacks is registered."""
PLATFORM = "dingtalk"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRobot:
    """A custom robot (自定义机器人) of one group: its webhook's token and its signing key."""

    token: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKeys:
    """What opens events that are pushed over HTTP (事件订阅)."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DingTalkSettings:
    """One internal app with its robot; `groups` maps a group's name to its custom robot.

    `public_url` is where DingTalk reaches us, needed for card callbacks over HTTP. A quota of 0
    is none.
    """

    corp_id: str
    client_id: str
    client_secret: str = field(repr=False)
    robot_code: str
    mode: Literal["stream", "http"] = "stream"
    card_template: str = ""
    api_base: str = API_BASE
    oapi_base: str = OAPI_BASE
    public_url: str = ""
    callback_path: str = CALLBACK_PATH
    events: EventKeys | None = None
    calls_per_month: int = CALLS_PER_MONTH
    messages_per_month: int = MESSAGES_PER_MONTH
    groups: Mapping[str, GroupRobot] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def app(self) -> str:
        """The app's id as sources and addresses carry it."""
        return self.client_id

    @property
    def card_path(self) -> str:
        """Where card callbacks come in HTTP mode."""
        return f"{self.callback_path}/card"

    @property
    def event_path(self) -> str:
        """Where events come in HTTP mode."""
        return f"{self.callback_path}/event"

    @property
    def card_secret(self) -> str:
        """Signs card callbacks; every process derives the same."""
        key, message = self.client_secret.encode(), b"gendan card callbacks"
        return hmac.new(key, message, "sha256").hexdigest()
