"""`python -m simulator CONFIG.json`: a WeCom in a process of its own, driven through /_sim/."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from simulator.wecom.config import Member, WeComConfig
from simulator.wecom.server import WeCom


def read_config(fields: dict[str, Any]) -> WeComConfig:
    """WeComConfig's fields as JSON, members as objects, suggestions as pairs."""
    members = tuple(Member(**member) for member in fields.pop("members", []))
    suggestions = tuple((userid, text) for userid, text in fields.pop("suggestions", []))
    return WeComConfig(members=members, suggestions=suggestions, **fields)


async def _serve(config: WeComConfig, port: int) -> None:
    wecom = WeCom(config)
    await wecom.start(port)
    sys.stdout.write(json.dumps({"url": wecom.url}) + "\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await wecom.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("config", type=Path, help="JSON with the fields of WeComConfig")
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    config = read_config(json.loads(given.config.read_text(encoding="utf-8")))
    try:
        asyncio.run(_serve(config, given.port))
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
