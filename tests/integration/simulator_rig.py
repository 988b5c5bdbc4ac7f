"""A WeCom stand-in, a caller of its API and a bot that it calls back, for the tests beside."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
from aiohttp import web
from defusedxml import ElementTree

from simulator.wecom.config import Member, WeComConfig
from simulator.wecom.crypto import WeComCrypto
from simulator.wecom.server import WeCom

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP = "wx5823bf96d3bd56c7"


def config(**changes: Any) -> WeComConfig:
    given: dict[str, Any] = {
        "corp_id": CORP,
        "agent_id": 1000002,
        "secret": "s3cret",
        "token": TOKEN,
        "aes_key": AES_KEY,
        "members": (Member(userid="lihua", name="李华"), Member(userid="WangMin", name="王敏")),
        "groups": {"team-key": "华东销售"},
        "retry_gap_seconds": 0.0,
    }
    return WeComConfig(**(given | changes))


Rig = tuple["WeCom", "Client", "Bot"]


class Client:
    """A bare caller of the stand-in's API, as a stranger would write it."""

    def __init__(self, wecom: WeCom, http: aiohttp.ClientSession) -> None:
        self.wecom = wecom
        self.http = http

    async def get(self, api: str, **query: str) -> dict[str, Any]:
        async with self.http.get(f"{self.wecom.url}/cgi-bin/{api}", params=query) as answer:
            return dict(await answer.json())

    async def token(self) -> str:
        answer = await self.get("gettoken", corpid=CORP, corpsecret="s3cret")
        return str(answer["access_token"])

    async def post(self, api: str, body: Any, **query: str) -> dict[str, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        address = f"{self.wecom.url}/cgi-bin/{api}"
        async with self.http.post(address, params=query, data=raw) as answer:
            return dict(await answer.json(content_type=None))

    async def send(self, kind: str, content: Any, **changes: Any) -> dict[str, Any]:
        body = {"touser": "lihua", "agentid": 1000002, "msgtype": kind, kind: content} | changes
        return await self.post("message/send", body, access_token=await self.token())

    async def text(self, words: str, **changes: Any) -> dict[str, Any]:
        return await self.send("text", {"content": words}, **changes)

    async def update(self, code: str, **changes: Any) -> dict[str, Any]:
        body = {"userids": ["lihua"], "agentid": 1000002, "response_code": code} | changes
        token = await self.token()
        return await self.post("message/update_template_card", body, access_token=token)

    async def upload(self, kind: str, raw: bytes, name: str = "a.png") -> dict[str, Any]:
        form = aiohttp.FormData()
        form.add_field("media", raw, filename=name, content_type="image/png")
        query = {"access_token": await self.token(), "type": kind}
        address = f"{self.wecom.url}/cgi-bin/media/upload"
        async with self.http.post(address, params=query, data=form) as answer:
            return dict(await answer.json())

    async def robot(self, kind: str, content: Any, key: str = "team-key") -> dict[str, Any]:
        return await self.post("webhook/send", {"msgtype": kind, kind: content}, key=key)


class Bot:
    """Answers callbacks with a script of statuses, then 200; keeps what it could read."""

    def __init__(self) -> None:
        self.crypto = WeComCrypto(TOKEN, AES_KEY, CORP)
        self.statuses: list[int] = []
        self.reply = b""
        self.seen: list[dict[str, str]] = []
        self.hold: asyncio.Event | None = None
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        app = web.Application()
        app.add_routes([web.post("/cb", self._receive), web.get("/cb", self._verify)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/cb"

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    def _open(self, request: web.Request, encrypted: str) -> str:
        query = request.query
        signature, stamp, nonce = (query[n] for n in ("msg_signature", "timestamp", "nonce"))
        assert self.crypto.verify(signature, stamp, nonce, encrypted)
        return self.crypto.decrypt(encrypted)

    async def _verify(self, request: web.Request) -> web.Response:
        return web.Response(text=self._open(request, request.query["echostr"]))

    async def _receive(self, request: web.Request) -> web.Response:
        outer = ElementTree.fromstring(await request.text())
        assert (outer.findtext("ToUserName"), outer.findtext("AgentID")) == (CORP, "1000002")
        inner = ElementTree.fromstring(self._open(request, outer.findtext("Encrypt") or ""))
        self.seen.append({node.tag: node.text or "" for node in inner})
        if self.hold:
            await self.hold.wait()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200, body=self.reply)


@asynccontextmanager
async def open_rig(**changes: Any) -> AsyncIterator[Rig]:
    """A stand-in, a caller of its API and a bot that it calls back; stopped afterwards."""
    bot = Bot()
    await bot.start()
    wecom = WeCom(config(**changes))
    wecom.callback_url = bot.url
    await wecom.start()
    try:
        async with aiohttp.ClientSession() as http:
            yield wecom, Client(wecom, http), bot
    finally:
        await wecom.stop()
        await bot.stop()


@contextmanager
def in_thread(**changes: Any) -> Iterator[WeCom]:
    """A stand-in with a loop of its own, for what runs a loop itself."""
    loop, wecom = asyncio.new_event_loop(), WeCom(config(**changes))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(wecom.start(), loop).result(10)
        yield wecom
    finally:
        asyncio.run_coroutine_threadsafe(wecom.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def card(task_id: str = "t1", **changes: Any) -> dict[str, Any]:
    buttons = [
        {"text": "同意", "style": 1, "key": "yes"},
        {"text": "驳回", "style": 3, "key": "no"},
    ]
    return {
        "card_type": "button_interaction",
        "main_title": {"title": "报价审批"},
        "horizontal_content_list": [{"keyname": "客户", "value": "甲公司"}],
        "task_id": task_id,
        "button_list": buttons,
    } | changes
