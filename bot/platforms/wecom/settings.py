"""What a deployment says about its WeCom: the app, the AI bot, the address book, the groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

API_BASE = "https://qyapi.weixin.qq.com"
CALLBACK_PATH = "/wecom/callback"
BOT_PATH = "/wecom/bot"
CONTACTS_PATH = "/wecom/contacts"
SOCKET_URL = "wss://openws.work.weixin.qq.com"


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSettings:
    """One AI bot (智能机器人): by callback it has `token` and `aes_key`, by socket a `secret`."""

    bot_id: str
    mode: Literal["callback", "socket"]
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    callback_path: str = BOT_PATH
    socket_url: str = SOCKET_URL

    @property
    def app(self) -> str:
        """The bot's id as sources and addresses carry it."""
        return f"aibot:{self.bot_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsSettings:
    """The callback of the address-book helper (通讯录同步), which tells who comes and leaves."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    callback_path: str = CONTACTS_PATH


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComSettings:
    """One company's doors; without an app (`agent_id` 0) it has an AI bot.

    `token` and `aes_key` are the app's callback's (接收消息), `secret` is the app's. `groups`
    maps a group's name to its robot's webhook key, `chats` to the chat id of an app's group.
    """

    corp_id: str
    agent_id: int = 0
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    api_base: str = API_BASE
    callback_path: str = CALLBACK_PATH
    groups: Mapping[str, str] = field(default_factory=_nothing, repr=False)
    chats: Mapping[str, str] = field(default_factory=_nothing)
    bot: BotSettings | None = None
    contacts: ContactsSettings | None = None

    @property
    def has_app(self) -> bool:
        """Whether there is a self-built app."""
        return self.agent_id > 0

    @property
    def app(self) -> str:
        """The app's id as sources and addresses carry it."""
        return str(self.agent_id)
