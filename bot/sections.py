"""What sections of config.toml are made of: strict models, secrets, faults in plain words."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator


class ConfigError(Exception):
    """The configuration can't be used; `faults` says of each: key, reason, mend."""

    def __init__(self, source: str, faults: list[str]) -> None:
        super().__init__("\n".join([f"配置有误（{source}）：", *(f"  · {f}" for f in faults)]))
        self.faults = faults


class Strict(BaseModel):
    """Unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Secret(Strict):
    """A secret from an environment variable or a file; never in the configuration itself."""

    env: str | None = None
    file: Path | None = None

    @model_validator(mode="after")
    def _one(self) -> Secret:
        if (self.env is None) == (self.file is None):
            raise ValueError('写成 {env = "变量名"} 或 {file = "路径"}，二选一')
        return self


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
