"""DingTalk's section of config.toml, and the platform that it describes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.platforms.contract import Platform, Ports
from bot.platforms.dingtalk.send import DingTalkPlatform
from bot.platforms.dingtalk.settings import (
    API_BASE,
    CALLBACK_PATH,
    CALLS_PER_MONTH,
    MESSAGES_PER_MONTH,
    OAPI_BASE,
    DingTalkSettings,
    EventKeys,
    GroupRobot,
)
from bot.sections import ConfigError, Secret, Strict, reveal

AES_KEY_LENGTH = 43
Quota = Annotated[int, Field(ge=0)]


class RobotSection(Strict):
    """A group's custom robot (自定义机器人)."""

    token: Secret
    secret: Secret


class Section(Strict):
    """An internal app with a robot (钉钉企业内部应用 + 机器人), and the groups' robots."""

    corp_id: str = Field(min_length=1)
    client_id: str = Field(min_length=1)
    client_secret: Secret
    robot_code: str = ""
    mode: Literal["stream", "http"] = "stream"
    card_template: str = ""
    public_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    callback_path: str = Field(default=CALLBACK_PATH, pattern=r"^/")
    event_token: Secret | None = None
    event_aes_key: Secret | None = None
    calls_per_month: Quota = CALLS_PER_MONTH
    messages_per_month: Quota = MESSAGES_PER_MONTH
    api_base: str = API_BASE
    oapi_base: str = OAPI_BASE
    groups: dict[str, RobotSection] = Field(default_factory=dict)


def connect(section: Section, ports: Ports) -> Platform:
    """The platform; ConfigError for a secret that is missing or misshapen."""
    return DingTalkPlatform(settings_of(section), ports)


def settings_of(section: Section) -> DingTalkSettings:
    """The section with its secrets; raises ConfigError."""
    if section.mode == "http" and section.card_template and not section.public_url:
        raise ConfigError(
            "dingtalk.public_url",
            ["dingtalk.public_url：HTTP 模式下卡片要回调，请填公网地址，例如 https://你的域名"],
        )
    return DingTalkSettings(
        corp_id=section.corp_id,
        client_id=section.client_id,
        client_secret=reveal(section.client_secret, "dingtalk.client_secret"),
        robot_code=section.robot_code or section.client_id,
        mode=section.mode,
        card_template=section.card_template,
        api_base=section.api_base,
        oapi_base=section.oapi_base,
        public_url=section.public_url,
        callback_path=section.callback_path,
        events=_events(section),
        calls_per_month=section.calls_per_month,
        messages_per_month=section.messages_per_month,
        groups={name: _robot(name, robot) for name, robot in section.groups.items()},
    )


def _events(section: Section) -> EventKeys | None:
    """Both keys or none; only HTTP mode needs them."""
    token, aes_key = section.event_token, section.event_aes_key
    if token is None and aes_key is None:
        return None
    if token is None or aes_key is None:
        raise ConfigError(
            "dingtalk.event_token",
            ["dingtalk.event_token 和 event_aes_key：要么都填，要么都不填"],
        )
    key = reveal(aes_key, "dingtalk.event_aes_key")
    if len(key) != AES_KEY_LENGTH or not key.isalnum():
        raise ConfigError(
            "dingtalk.event_aes_key",
            [f"dingtalk.event_aes_key：应是 {AES_KEY_LENGTH} 个字母和数字，请重新复制"],
        )
    return EventKeys(token=reveal(token, "dingtalk.event_token"), aes_key=key)


def _robot(name: str, section: RobotSection) -> GroupRobot:
    return GroupRobot(
        token=reveal(section.token, f"dingtalk.groups.{name}.token"),
        secret=reveal(section.secret, f"dingtalk.groups.{name}.secret"),
    )
