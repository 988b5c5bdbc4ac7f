"""WeCom's section of config.toml, and the platform that it describes."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from bot.platforms.contract import Platform, Ports
from bot.platforms.wecom.send import WeComPlatform
from bot.platforms.wecom.settings import (
    API_BASE,
    BOT_PATH,
    CALLBACK_PATH,
    CONTACTS_PATH,
    SOCKET_URL,
    BotSettings,
    ContactsSettings,
    WeComSettings,
)
from bot.sections import ConfigError, Secret, Strict, reveal

AES_KEY_LENGTH = 43
APP_KEYS = ("agent_id", "secret", "token", "aes_key")
BOT_KEYS = {"callback": ("token", "aes_key"), "socket": ("secret",)}


class Group(Strict):
    """A group: a robot's webhook key as a secret, or the chat id of a group of the app's."""

    env: str | None = None
    file: str | None = None
    chatid: str | None = Field(default=None, pattern=r"^[0-9A-Za-z_\-]{1,64}$")

    @model_validator(mode="after")
    def _one(self) -> Group:
        if sum(value is not None for value in (self.env, self.file, self.chatid)) != 1:
            raise ValueError(
                '群机器人写成 {env = "变量名"} 或 {file = "路径"}，'
                '应用建的群写成 {chatid = "群编号"}'
            )
        return self


class Bot(Strict):
    """An AI bot (智能机器人), by callback or by a connection of our own."""

    bot_id: str = Field(min_length=1)
    mode: Literal["callback", "socket"]
    token: Secret | None = None
    aes_key: Secret | None = None
    secret: Secret | None = None
    callback_path: str = Field(default=BOT_PATH, pattern=r"^/")
    socket_url: str = Field(default=SOCKET_URL, pattern=r"^wss?://")

    @model_validator(mode="after")
    def _keys_of_its_mode(self) -> Bot:
        _complain(self, [key for key in BOT_KEYS[self.mode] if getattr(self, key) is None])
        return self


class Contacts(Strict):
    """The callback of the address-book helper (通讯录同步)."""

    token: Secret
    aes_key: Secret
    callback_path: str = Field(default=CONTACTS_PATH, pattern=r"^/")


class Section(Strict):
    """A self-built WeCom app (企业微信自建应用), an AI bot, or both; the company's groups."""

    ids_ignore_case: ClassVar[bool] = True

    corp_id: str = Field(min_length=1)
    agent_id: int | None = Field(default=None, gt=0)
    secret: Secret | None = None
    token: Secret | None = None
    aes_key: Secret | None = None
    api_base: str = API_BASE
    callback_path: str = Field(default=CALLBACK_PATH, pattern=r"^/")
    groups: dict[str, Group] = Field(default_factory=dict)
    bot: Bot | None = None
    contacts: Contacts | None = None

    @model_validator(mode="after")
    def _some_door(self) -> Section:
        """The app's four keys come together; without any there must be a bot."""
        missing = [key for key in APP_KEYS if getattr(self, key) is None]
        if len(missing) == len(APP_KEYS):
            if self.bot is None:
                raise ValueError(
                    "自建应用（agent_id、secret、token、aes_key）和 AI 机器人（[wecom.bot]）"
                    "至少要有一个"
                )
            if any(group.chatid for group in self.groups.values()):
                raise ValueError("[wecom.groups] 里写 chatid 的群要由自建应用来发，请先配置应用")
        else:
            _complain(self, missing)
        return self


def _complain(section: Strict, missing: list[str]) -> None:
    """Raise for keys that lack, each by its name, as pydantic does."""
    if missing:
        lines: list[InitErrorDetails] = [
            {"type": "missing", "loc": (key,), "input": {}} for key in missing
        ]
        raise ValidationError.from_exception_data(type(section).__name__, lines)


def connect(section: Section, ports: Ports) -> Platform:
    """The platform; ConfigError for a secret that is missing or misshapen."""
    return WeComPlatform(settings_of(section), ports.db, now=ports.now, alert=ports.alert)


def settings_of(section: Section) -> WeComSettings:
    """The section with its secrets; raises ConfigError."""
    groups = section.groups.items()
    return WeComSettings(
        corp_id=section.corp_id,
        agent_id=section.agent_id or 0,
        secret=_reveal(section.secret, "wecom.secret"),
        token=_reveal(section.token, "wecom.token"),
        aes_key=_aes_key(section.aes_key, "wecom.aes_key"),
        api_base=section.api_base,
        callback_path=section.callback_path,
        groups={name: _robot_key(name, group) for name, group in groups if not group.chatid},
        chats={name: group.chatid for name, group in groups if group.chatid},
        bot=None if section.bot is None else _bot(section.bot),
        contacts=None if section.contacts is None else _contacts(section.contacts),
    )


def _bot(section: Bot) -> BotSettings:
    """The keys of the other mode are not asked for."""
    by_callback = section.mode == "callback"
    return BotSettings(
        bot_id=section.bot_id,
        mode=section.mode,
        token=_reveal(section.token, "wecom.bot.token") if by_callback else "",
        aes_key=_aes_key(section.aes_key, "wecom.bot.aes_key") if by_callback else "",
        secret="" if by_callback else _reveal(section.secret, "wecom.bot.secret"),
        callback_path=section.callback_path,
        socket_url=section.socket_url,
    )


def _contacts(section: Contacts) -> ContactsSettings:
    return ContactsSettings(
        token=_reveal(section.token, "wecom.contacts.token"),
        aes_key=_aes_key(section.aes_key, "wecom.contacts.aes_key"),
        callback_path=section.callback_path,
    )


def _robot_key(name: str, group: Group) -> str:
    secret = Secret.model_validate(group.model_dump(exclude={"chatid"}))
    return reveal(secret, f"wecom.groups.{name}")


def _reveal(secret: Secret | None, key: str) -> str:
    return "" if secret is None else reveal(secret, key)


def _aes_key(secret: Secret | None, key: str) -> str:
    value = _reveal(secret, key)
    if secret is not None and (len(value) != AES_KEY_LENGTH or not value.isalnum()):
        mend = f"{key}：EncodingAESKey 应是 {AES_KEY_LENGTH} 个字母和数字，请重新复制"
        raise ConfigError(key, [mend])
    return value
