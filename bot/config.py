"""What a deployment needs, read once into frozen models; a fault is told in plain words."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from storage.db import async_url


class ConfigError(Exception):
    """The configuration can't be used; `faults` says of each: key, reason, mend."""

    def __init__(self, source: str, faults: list[str]) -> None:
        super().__init__("\n".join([f"配置有误（{source}）：", *(f"  · {f}" for f in faults)]))
        self.faults = faults


class Strict(BaseModel):
    """Unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class Secret(Strict):
    """A secret from an environment variable or a file; never in the configuration itself."""

    env: str | None = None
    file: Path | None = None

    @model_validator(mode="after")
    def _one(self) -> Secret:
        if (self.env is None) == (self.file is None):
            raise ValueError('写成 {env = "变量名"} 或 {file = "路径"}，二选一')
        return self


class WeCom(Strict):
    """A self-built WeCom app (企业微信自建应用) and the group robots."""

    corp_id: str = Field(min_length=1)
    agent_id: int = Field(gt=0)
    secret: Secret
    token: Secret
    aes_key: Secret
    api_base: str = "https://qyapi.weixin.qq.com"
    callback_path: str = Field(default="/wecom/callback", pattern=r"^/")
    groups: dict[str, Secret] = Field(default_factory=dict)


class Config(Strict):
    """The whole of config.toml."""

    company: Company = Company()
    server: Server = Server()
    database: DatabaseSection = DatabaseSection()
    log: Log = Log()
    simulator: Simulator = Simulator()
    wecom: WeCom | None = None

    @model_validator(mode="after")
    def _some_platform(self) -> Config:
        if self.wecom is None and not self.simulator.enabled:
            raise ValueError(
                "没有配置任何平台：填写 [wecom]，或把 [simulator] enabled 设为 true 试用"
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
    try:
        return Config.model_validate(value)
    except ValidationError as error:
        raise ConfigError(source, [_fault(item) for item in error.errors()]) from error


def reveal(secret: Secret, key: str, environ: Mapping[str, str] = os.environ) -> str:
    """The secret's value; raises ConfigError that names the key, never the value."""
    if secret.env is not None:
        value = environ.get(secret.env, "").strip()
        where, mend = f"环境变量 {secret.env}", f"启动前执行 export {secret.env}=…"
    else:
        path = secret.file or Path()
        value = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
        where, mend = f"文件 {path}", "把密钥写进这个文件，并只让运行用户可读"
    if not value:
        raise ConfigError(key, [f"{key}：{where} 是空的或不存在。{mend}"])
    return value


_REASONS = {
    "extra_forbidden": "没有这个配置项，请检查拼写或删掉它（可对照 config.example.toml）",
    "missing": "缺少这一项，请补上（可对照 config.example.toml）",
}


def _fault(item: Any) -> str:
    key = ".".join(str(part) for part in item["loc"]) or "整体"
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
