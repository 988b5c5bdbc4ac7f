"""What a deployment says about its WeCom: the app, its callback and the group robots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

API_BASE = "https://qyapi.weixin.qq.com"
CALLBACK_PATH = "/wecom/callback"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComSettings:
    """One self-built app; `groups` maps a group's name to its robot's webhook key.

    `token` and `aes_key` are the callback's (接收消息), `secret` is the app's.
    """

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    api_base: str = API_BASE
    callback_path: str = CALLBACK_PATH
    groups: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @property
    def app(self) -> str:
        """The app's id as sources and addresses carry it."""
        return str(self.agent_id)
