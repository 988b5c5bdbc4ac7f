"""`python -m simulator CONFIG.json`: a WeCom or DingTalk of its own, driven through /_sim/."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from simulator.dingtalk import config as dingtalk_config
from simulator.dingtalk.server import DingTalk
from simulator.wecom import config as wecom_config
from simulator.wecom.server import WeCom

_WECOM_ROWS = {"members": wecom_config.Member, "departments": wecom_config.Department}
_WECOM_PARTS: dict[str, Any] = {
    "bot": wecom_config.BotConfig,
    "contacts": wecom_config.ContactsConfig,
}
_DINGTALK_ROWS = {
    "members": dingtalk_config.Member,
    "departments": dingtalk_config.Department,
    "groups": dingtalk_config.Group,
    "group_robots": dingtalk_config.GroupRobot,
}


def make_wecom(fields: dict[str, Any]) -> WeCom:
    """WeComConfig's fields as JSON; members, departments, the bot and the helper as objects."""
    rows: dict[str, Any] = {
        name: tuple(kind(**_frozen(row)) for row in fields.pop(name))
        for name, kind in _WECOM_ROWS.items()
        if name in fields
    }
    parts: dict[str, Any] = {
        name: kind(**_frozen(fields.pop(name)))
        for name, kind in _WECOM_PARTS.items()
        if name in fields
    }
    return WeCom(wecom_config.WeComConfig(**rows, **parts, **_frozen(fields)))


def make_dingtalk(fields: dict[str, Any]) -> DingTalk:
    """DingTalkConfig's fields as JSON, its rows as objects; the template is the standard one."""
    rows: dict[str, Any] = {
        name: tuple(kind(**_frozen(row)) for row in fields.pop(name, []))
        for name, kind in _DINGTALK_ROWS.items()
    }
    return DingTalk(dingtalk_config.DingTalkConfig(**rows, **_frozen(fields)))


def _frozen(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: _tuple(value) for name, value in fields.items()}


def _tuple(value: Any) -> Any:
    return tuple(_tuple(each) for each in value) if isinstance(value, list) else value


async def _serve(platform: WeCom | DingTalk, port: int) -> None:
    await platform.start(port)
    sys.stdout.write(json.dumps({"url": platform.url}) + "\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await platform.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    words = 'JSON with the fields of WeComConfig, or of DingTalkConfig and "platform": "dingtalk"'
    parser.add_argument("config", type=Path, help=words)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    fields = json.loads(given.config.read_text(encoding="utf-8"))
    make = make_dingtalk if fields.pop("platform", "wecom") == "dingtalk" else make_wecom
    try:
        asyncio.run(_serve(make(fields), given.port))
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
