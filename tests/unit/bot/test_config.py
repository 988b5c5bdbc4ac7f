"""A wrong configuration stops the start and says the key, the reason and the mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.config import load, parse
from bot.platforms import registry
from bot.platforms.wecom import plug
from bot.sections import ConfigError, Secret, reveal

ROOT = Path(__file__).parents[3]
WECOM = {
    "corp_id": "ww1",
    "agent_id": 1000002,
    "secret": {"env": "S"},
    "token": {"env": "T"},
    "aes_key": {"env": "A"},
}
SIMULATED = {"simulator": {"enabled": True}}


def test_the_example_is_complete_and_valid() -> None:
    config = load(ROOT / "config.example.toml")
    assert config.simulator.enabled
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    sections = [config, config.company, config.server, config.database, config.log]
    sections += config.platforms.values()
    fields = {key for section in sections for key in type(section).model_fields}
    keys = sorted(fields - {"platforms"})
    assert set(config.platforms) == set(registry.names())
    assert [key for key in keys if key not in text] == []


@pytest.mark.parametrize(
    ("value", "key", "words"),
    [
        ({**SIMULATED, "databse": {}}, "databse", "没有这个配置项"),
        ({**SIMULATED, "server": {"prot": 1}}, "server.prot", "没有这个配置项"),
        ({"wecom": {**WECOM, "corp_id": ""}}, "wecom.corp_id", "不对"),
        ({"wecom": {k: v for k, v in WECOM.items() if k != "secret"}}, "wecom.secret", "缺少"),
        ({"wecom": {**WECOM, "secret": "abc"}}, "wecom.secret", "不对"),
        ({"wecom": {**WECOM, "secret": {}}}, "wecom.secret", "二选一"),
        ({**SIMULATED, "server": {"port": 70000}}, "server.port", "70000"),
        ({**SIMULATED, "log": {"level": "loud"}}, "log.level", "'loud'"),
        ({**SIMULATED, "company": {"time_zone": "Mars"}}, "company.time_zone", "Asia/Shanghai"),
        ({**SIMULATED, "database": {"url": "mysql://x"}}, "database.url", "postgresql://"),
        ({}, "整体", "没有配置任何平台"),
    ],
)
def test_each_fault_names_key_and_mend(value: dict[str, Any], key: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(value, source="test")
    [fault] = caught.value.faults
    assert fault.startswith(key)
    assert words in fault


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        parse({"a": 1, "b": 2, **SIMULATED}, source="test")
    assert len(caught.value.faults) == 2


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cp config\.example\.toml config\.toml"):
        load(tmp_path / "config.toml")


def test_broken_toml_says_where(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[company\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 1"):
        load(path)


def test_a_missing_secret_names_variable_and_mend() -> None:
    with pytest.raises(ConfigError, match="环境变量 GENDAN_X") as caught:
        reveal(Secret(env="GENDAN_X"), "wecom.secret", environ={})
    assert "export GENDAN_X" in str(caught.value)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("s3cret\n", encoding="utf-8")
    assert reveal(Secret(file=path), "wecom.secret") == "s3cret"
    with pytest.raises(ConfigError, match="不存在"):
        reveal(Secret(file=tmp_path / "none"), "wecom.secret")


def test_a_misshapen_aes_key_is_named_but_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"S": "s", "T": "t", "A": "too-short-key"}.items():
        monkeypatch.setenv(name, value)
    config = parse({"wecom": WECOM}, source="test")
    section = config.platforms["wecom"]
    assert isinstance(section, plug.Section)
    with pytest.raises(ConfigError, match="43") as caught:
        plug.settings_of(section)
    assert "too-short-key" not in str(caught.value)
