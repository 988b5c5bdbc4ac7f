"""A wrong configuration stops the start and says the key, the reason and the mend."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from bot.config import Voice, load, parse
from bot.platforms import registry
from bot.platforms.wecom import plug
from bot.sections import ConfigError, Secret, Strict, reveal

ROOT = Path(__file__).parents[3]
WECOM = {
    "corp_id": "ww1",
    "agent_id": 1000002,
    "secret": {"env": "S"},
    "token": {"env": "T"},
    "aes_key": {"env": "A"},
}
BOT = {"bot_id": "aib1", "mode": "socket", "secret": {"env": "B"}}
MUTE = {"bot_id": "aib1", "mode": "socket"}
SIMULATED = {"simulator": {"enabled": True}}


def test_the_example_is_complete_and_valid() -> None:
    config = load(ROOT / "config.example.toml")
    assert config.simulator.enabled
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    sections = [config, config.company, config.server, config.database, config.log]
    sections += [*config.platforms.values(), plug.Bot, plug.Contacts, Voice]
    fields = {key for section in sections for key in _keys_of(section)}
    keys = sorted(fields - {"platforms"})
    assert set(config.platforms) == set(registry.names())
    assert [key for key in keys if key not in text] == []


def _keys_of(section: Strict | type[Strict]) -> Iterable[str]:
    """Of a section that the example uses, or of the kind of one that it only shows."""
    return (section if isinstance(section, type) else type(section)).model_fields


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
        ({"wecom": {"corp_id": "ww1"}}, "wecom", "至少要有一个"),
        ({"wecom": {"corp_id": "ww1", "bot": {**BOT, "mode": "x"}}}, "wecom.bot.mode", "'x'"),
        ({"wecom": {"corp_id": "ww1", "bot": MUTE}}, "wecom.bot.secret", "缺少"),
        (
            {"wecom": {**WECOM, "bot": {**BOT, "mode": "callback", "token": {"env": "T"}}}},
            "wecom.bot.aes_key",
            "缺少",
        ),
        (
            {
                "wecom": {
                    "corp_id": "ww1",
                    "bot": BOT,
                    "token": {"env": "T"},
                    "secret": {"env": "S"},
                    "agent_id": 7,
                }
            },
            "wecom.aes_key",
            "缺少",
        ),
        (
            {"wecom": {"corp_id": "ww1", "bot": BOT, "groups": {"群": {"chatid": "c"}}}},
            "wecom",
            "chatid",
        ),
        (
            {"wecom": {**WECOM, "groups": {"群": {"chatid": "c", "env": "G"}}}},
            "wecom.groups.群",
            "chatid",
        ),
        (
            {"wecom": {**WECOM, "groups": {"群": {"chatid": "有空 格"}}}},
            "wecom.groups.群.chatid",
            "不对",
        ),
        ({**SIMULATED, "voice": {"base_url": "whisper", "model": "m"}}, "voice.base_url", "不对"),
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


def test_a_bot_without_an_app_and_a_group_of_each_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("S", "T", "B", "G"):
        monkeypatch.setenv(name, name.lower())
    monkeypatch.setenv("A", "a" * 43)
    alone = parse({"wecom": {"corp_id": "ww1", "bot": BOT}}, source="test").platforms["wecom"]
    assert isinstance(alone, plug.Section)
    settings = plug.settings_of(alone)
    assert not settings.has_app
    assert settings.bot is not None
    assert (settings.bot.secret, settings.bot.app) == ("b", "aibot:aib1")
    groups = {"群": {"chatid": "wr1"}, "机器人": {"env": "G"}}
    both = parse({"wecom": {**WECOM, "groups": groups}}, source="test").platforms["wecom"]
    assert isinstance(both, plug.Section)
    settings = plug.settings_of(both)
    assert (dict(settings.chats), dict(settings.groups)) == ({"群": "wr1"}, {"机器人": "g"})


def test_voice_without_its_decoder_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.config.find_spec", lambda _name: None)
    with pytest.raises(ConfigError, match=r"gendan\[voice\]"):
        Voice(base_url="http://127.0.0.1/v1", model="m").settings()
