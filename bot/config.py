"""What a deployment needs, read once into frozen models; a fault is told in plain words."""

from __future__ import annotations

import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError, model_validator

from bot.model import ModelSettings
from bot.platforms import registry
from bot.sections import ConfigError, Secret, Strict, reveal
from bot.transcriber import VoiceSettings
from storage.db import async_url


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("没有这个时区，例如应写 Asia/Shanghai") from error
    return name


def _database(url: str) -> str:
    try:
        async_url(url)
    except Exception as error:
        raise ValueError("应写成 sqlite:///路径 或 postgresql://用户@主机/库名") from error
    return url


class Company(Strict):
    """Whose bot this is."""

    name: str = "我的公司"
    time_zone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"


class Server(Strict):
    """Where the service listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8600, ge=0, le=65535)
    shutdown_seconds: float = Field(default=10, gt=0, le=300)


class DatabaseSection(Strict):
    """Where everything is kept."""

    url: Annotated[str, AfterValidator(_database)] = "sqlite:///var/gendan.db"
    upgrade_on_start: bool = True


class Log(Strict):
    """How much is told, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "console"] = "json"


class Simulator(Strict):
    """A WeCom of our own on the loopback, with a page to try everything in."""

    enabled: bool = False
    port: int = Field(default=8601, ge=0, le=65535)


class Model(Strict):
    """A language model with an OpenAI-compatible address, asked where the rules are unsure."""

    base_url: str = Field(pattern=r"^https?://")
    name: str = Field(min_length=1)
    key: Secret | None = None
    seconds: float = Field(default=8, gt=0, le=60)
    daily_calls: int = Field(default=500, ge=0)
    person_daily_calls: int = Field(default=50, ge=0)

    def settings(self) -> ModelSettings:
        """The section with its secret; raises ConfigError."""
        return ModelSettings(
            base_url=self.base_url,
            name=self.name,
            key=reveal(self.key, "model.key") if self.key else "",
            seconds=self.seconds,
            daily_calls=self.daily_calls,
            person_daily_calls=self.person_daily_calls,
        )


class Voice(Strict):
    """Speech recognition with an OpenAI-compatible address, for voice messages to an app."""

    base_url: str = Field(pattern=r"^https?://")
    model: str = Field(min_length=1)
    key: Secret | None = None
    seconds: float = Field(default=20, gt=0, le=60)

    def settings(self) -> VoiceSettings:
        """The section with its secret; raises ConfigError, also where the decoder lacks."""
        if find_spec("av") is None:
            mend = 'voice：还没有装解码器，请先执行 pip install "gendan[voice]"'
            raise ConfigError("voice", [mend])
        return VoiceSettings(
            base_url=self.base_url,
            model=self.model,
            key=reveal(self.key, "voice.key") if self.key else "",
            seconds=self.seconds,
        )


class Config(Strict):
    """The whole of config.toml; `platforms` are the sections that platforms read."""

    company: Company = Company()
    server: Server = Server()
    database: DatabaseSection = DatabaseSection()
    log: Log = Log()
    simulator: Simulator = Simulator()
    model: Model | None = None
    voice: Voice | None = None
    platforms: dict[str, Strict] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _some_platform(self) -> Config:
        if not self.platforms and not self.simulator.enabled:
            sections = " 或 ".join(f"[{name}]" for name in registry.names())
            raise ValueError(
                f"没有配置任何平台：填写 {sections}，或把 [simulator] enabled 设为 true 试用"
            )
        return self


def load(path: Path) -> Config:
    """Read and check a configuration file; raises ConfigError."""
    try:
        with path.open("rb") as file:
            value = tomllib.load(file)
    except FileNotFoundError as error:
        mend = "先复制一份：cp config.example.toml config.toml"
        raise ConfigError(str(path), [f"找不到这个文件。{mend}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), [f"不是有效的 TOML：{error}"]) from error
    return parse(value, source=str(path))


def parse(value: dict[str, Any], *, source: str) -> Config:
    """Check a configuration; raises ConfigError with every fault at once."""
    general = {key: part for key, part in value.items() if key not in registry.names()}
    sections, faults = _sections({key: value[key] for key in value if key not in general})
    if "platforms" in general:
        faults.append(f"platforms：{_REASONS['extra_forbidden']}")
        del general["platforms"]
    try:
        # A section with a fault counts as one: that there is no platform isn't its fault.
        config = Config.model_validate({**general, "platforms": sections})
    except ValidationError as error:
        told = [_fault(item) for item in error.errors() if item["loc"] or not faults]
        raise ConfigError(source, [*told, *faults]) from error
    if faults:
        raise ConfigError(source, faults)
    return config


def _sections(value: dict[str, Any]) -> tuple[dict[str, Strict], list[str]]:
    """The platforms' sections, and what is wrong with those that have a fault."""
    sections, faults = {}, []
    for name, section in value.items():
        try:
            sections[name] = registry.plug(name).Section.model_validate(section)
        except ValidationError as error:
            faults += [_fault(item, name) for item in error.errors()]
    return sections, faults


_REASONS = {
    "extra_forbidden": "没有这个配置项，请检查拼写或删掉它（可对照 config.example.toml）",
    "missing": "缺少这一项，请补上（可对照 config.example.toml）",
}


def _fault(item: Any, *section: str) -> str:
    key = ".".join([*section, *(str(part) for part in item["loc"])]) or "整体"
    reason = _REASONS.get(item["type"])
    if reason is None:
        message = str(item["msg"]).removeprefix("Value error, ")
        reason = message if item["type"] == "value_error" else _expected(item, message)
    return f"{key}：{reason}"


def _expected(item: Any, message: str) -> str:
    limits = item.get("ctx") or {}
    if "expected" in limits:
        return f"只能是 {limits['expected']}，现在是 {item['input']!r}"
    return f"值 {item['input']!r} 不对（{message}）"
