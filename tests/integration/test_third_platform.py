"""A third platform is one folder: its people, a note, a card and a tap through a whole service."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from click.testing import CliRunner
from sqlalchemy import select

from bot import platforms
from bot.__main__ import main
from bot.app import Service
from bot.config import Config, load
from bot.people import roster
from bot.platforms import registry
from bot.sections import ConfigError
from sales.setup import document
from storage.db import Database
from storage.models.papers import Quote
from storage.models.people import User
from storage.models.process import Approval
from storage.models.selling import Activity
from storage.viewer import SYSTEM
from tests.builders import make_customer, make_deal

THIRD = Path(__file__).parent.parent / "third"
SECRET = b"coo"
PATIENCE = 10
BIRDS = {
    "perches": [{"id": "1", "name": "鸽舍"}, {"id": "2", "name": "东一组", "parent": "1"}],
    "birds": [
        {"id": "Lin", "name": "林一", "perch": "2"},
        {"id": "wu", "name": "吴三", "perch": "2", "leads": True},
    ],
}
_ids = count(1)


@dataclass
class Loft:
    """The platform's own side: keeps each bird's letters, knows the birds."""

    letters: defaultdict[str, asyncio.Queue[dict[str, Any]]] = field(
        default_factory=lambda: defaultdict(asyncio.Queue)
    )
    birds: dict[str, Any] = field(default_factory=lambda: BIRDS)
    url: str = ""

    async def post(self, request: web.Request) -> web.Response:
        body = await request.read()
        if request.headers["X-Pigeon"] != _sign(body):
            return web.Response(status=403)
        if request.path == "/birds":
            return web.json_response(self.birds)
        letter = json.loads(body)
        await self.letters[letter["to"]].put(letter)
        return web.json_response({})

    async def next(self, to: str) -> dict[str, Any]:
        """This bird's next letter."""
        return await asyncio.wait_for(self.letters[to].get(), PATIENCE)


def _sign(body: bytes) -> str:
    return str(registry.plug("pigeon").sign(SECRET, body))  # type: ignore[attr-defined]


@pytest.fixture
async def loft(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Loft]:
    """The folder beside the others, and its platform up."""
    monkeypatch.setattr(platforms, "__path__", [*platforms.__path__, str(THIRD)])
    monkeypatch.setenv("PIGEON_SECRET", SECRET.decode())
    made = Loft()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.post)
    async with TestServer(app) as server:
        made.url = str(server.make_url("")).rstrip("/")
        yield made


@pytest.fixture
def config(loft: Loft, db_url: str, tmp_path: Path) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(
        f'[server]\nport = 0\n[database]\nurl = "{db_url}"\n'
        f'[pigeon]\ncorp_id = "loft"\nloft = "{loft.url}"\nsecret = {{env = "PIGEON_SECRET"}}\n',
        encoding="utf-8",
    )
    return load(path)


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[Service]:
    service = Service(config)
    await service.start()
    work = asyncio.create_task(service.run())
    yield service
    service.stop()
    await work


async def fly(service: Service, sender: str, **told: Any) -> int:
    """An event at the platform's own door; the answer's status."""
    body = json.dumps(
        {"from": sender, "id": f"f{next(_ids)}", "at": 1_795_000_000, **told}
    ).encode()
    async with (
        ClientSession() as session,
        session.post(
            f"{service.url}/pigeon", data=body, headers={"X-Pigeon": _sign(body)}
        ) as answer,
    ):
        return answer.status


async def fill(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        rep = await session.scalar(select(User).where(User.name == "林一"))
        customer = await make_customer(session, "恒通机床有限公司", owner=rep, short="恒通")
        await make_deal(session, customer, name="二期产线", amount_fen=120_000_000)


async def gendan(tmp_path: Path, *words: str) -> list[str]:
    """A command, in a thread, for it has an event loop of its own; its lines."""
    path = str(tmp_path / "config.toml")
    result = await asyncio.to_thread(
        CliRunner().invoke, main, [*words, "--config", path], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


async def test_one_folder_is_a_whole_platform(
    loft: Loft, config: Config, db: Database, tmp_path: Path
) -> None:
    """Its address book opens the bot, its door takes a note, its buttons decide."""
    async with db.write(SYSTEM) as session:
        rules = {"auto_open": True, "roles": [{"leads": True, "role": "manager"}]}
        await document.save(session, "people", rules)
    seen = await gendan(tmp_path, "people", "sync", "--dry-run")
    done = await gendan(tmp_path, "people", "sync")
    assert seen == [*done, "  （只是看看，什么都没有改）"]
    assert done == [
        "pigeon 通讯录：2 个部门，2 人",
        "  新增团队 鸽舍",
        "  新增团队 东一组",
        "  开通 林一（销售，东一组）",
        "  开通 吴三（经理，东一组）",
    ]
    async with running(config) as service:
        await fill(service.db)
        note = "今天拜访了恒通，二期产线报价38万，八二折"
        assert await fly(service, "LIN", text=note) == 204
        assert (await loft.next("lin"))["title"].startswith("已记 · 恒通")
        card = await loft.next("wu")
        assert card["title"] == "报价审批 Q-1001 · 林一"
        pressed = {"card": card["card"], "press": card["buttons"]["同意"]}
        assert await fly(service, "lin", **pressed) == 204  # the requester presses it first
        assert "不是发给你的" in (await loft.next("lin"))["text"]
        assert await fly(service, "wu", **pressed) == 204
        update = await loft.next("wu")
        assert (update["card"], update["update"]) == (card["card"], True)
        assert update["decided"].startswith("已同意 · 吴三 · ")
        told = (await loft.next("lin"))["text"]
        assert told == "Q-1001 吴三已同意（恒通 38万），可以发给客户了。"
    async with db.read(SYSTEM) as session:
        assert await session.scalar(select(Approval.status)) == "approved"
        assert await session.scalar(select(Quote.status)) == "approved"
        assert await session.scalar(select(Activity.kind)) == "visit"


async def test_it_is_added_by_code_and_refuses_what_is_not_signed(
    loft: Loft, config: Config, db: Database
) -> None:
    async with running(config) as service:
        async with ClientSession() as session:
            forged = await session.post(
                f"{service.url}/pigeon", data=b"{}", headers={"X-Pigeon": "0" * 64}
            )
            assert forged.status == 403
        assert await fly(service, "wu", text="我的待办") == 204
        code = (await loft.next("wu"))["text"].removeprefix("你还没有开通。请把编号 ")[:6]
        assert "吴三" in await roster.add(config, code, name="吴三", role="manager")
        assert await fly(service, "wu", text="我的待办") == 204
        assert "待办" in (await loft.next("wu"))["text"]


async def test_its_section_is_checked_like_any_other(loft: Loft, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('[pigeon]\ncorp_id = "loft"\nnest = "x"\nsecret = {env = "S"}\n')
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert any(fault.startswith("pigeon.loft：缺少这一项") for fault in caught.value.faults)
    assert any(fault.startswith("pigeon.nest：没有这个配置项") for fault in caught.value.faults)


def test_nothing_else_knows_of_it() -> None:
    """Outside of its folder and this test the name occurs nowhere."""
    root = THIRD.parent.parent
    found = subprocess.run(
        ["grep", "-rlw", "--include=*.py", "--include=*.toml", "pigeon",
         *(name for name in ("bot", "handlers", "sales", "storage", "nlu", "reports"))],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.stdout == ""
