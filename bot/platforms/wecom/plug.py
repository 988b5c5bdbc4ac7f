"""WeCom's section of config.toml, and the platform that it describes."""

from __future__ import annotations

from pydantic import Field

from bot.platforms.contract import Platform, Ports
from bot.platforms.wecom.send import WeComPlatform
from bot.platforms.wecom.settings import API_BASE, CALLBACK_PATH, WeComSettings
from bot.sections import ConfigError, Secret, Strict, reveal

AES_KEY_LENGTH = 43


class Section(Strict):
    """A self-built WeCom app (企业微信自建应用) and the group robots."""

    corp_id: str = Field(min_length=1)
    agent_id: int = Field(gt=0)
    secret: Secret
    token: Secret
    aes_key: Secret
    api_base: str = API_BASE
    callback_path: str = Field(default=CALLBACK_PATH, pattern=r"^/")
    groups: dict[str, Secret] = Field(default_factory=dict)


def connect(section: Section, ports: Ports) -> Platform:
    """The platform; ConfigError for a secret that is missing or misshapen."""
    return WeComPlatform(settings_of(section), ports.db, now=ports.now)


def settings_of(section: Section) -> WeComSettings:
    """The section with its secrets; raises ConfigError."""
    aes_key = reveal(section.aes_key, "wecom.aes_key")
    if len(aes_key) != AES_KEY_LENGTH or not aes_key.isalnum():
        raise ConfigError(
            "wecom.aes_key",
            [f"wecom.aes_key：EncodingAESKey 应是 {AES_KEY_LENGTH} 个字母和数字，请重新复制"],
        )
    return WeComSettings(
        corp_id=section.corp_id,
        agent_id=section.agent_id,
        secret=reveal(section.secret, "wecom.secret"),
        token=reveal(section.token, "wecom.token"),
        aes_key=aes_key,
        api_base=section.api_base,
        callback_path=section.callback_path,
        groups={name: reveal(key, f"wecom.groups.{name}") for name, key in section.groups.items()},
    )
