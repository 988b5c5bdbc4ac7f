"""A DingTalk stand-in, a caller of its API and a bot at each door, for the tests beside."""

import asyncio
import contextlib
import hashlib
import hmac
import io
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import web

from simulator.dingtalk.config import Department, DingTalkConfig, Group, GroupRobot, Member
from simulator.dingtalk.server import DingTalk
from simulator.dingtalk.templates import Template, TemplateButton, standard_template

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
CLIENT, SECRET, CORP = "dingabc", "this is a secret", "dingcorp"
TEAM = "cidTeam=="
TEMPLATE = standard_template().template_id
EVENT_TOKEN, EVENT_KEY = "mryue", "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7"
VOTE = Template(
    template_id="vote.schema",
    variables=frozenset({"question", "mine"}),
    title="${question}",
    state="${mine}",
    private=frozenset({"mine"}),
    buttons=(TemplateButton(id="yes", text="赞成", params={"kind": "vote"}),),
)
DRAFT = Template(template_id="draft.schema", variables=frozenset(), is_published=False)
SUBSCRIPTIONS = [
    {"type": "EVENT", "topic": "*"},
    {"type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get"},
    {"type": "CALLBACK", "topic": "/v1.0/card/instances/callback"},
]
JSON = {"Accept": "application/json"}


def config(**changes: Any) -> DingTalkConfig:
    given: dict[str, Any] = {
        "corp_id": CORP,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "members": (
            Member(userid="lihua", name="李华", dept_ids=(1, 2), leads=(2,)),
            Member(userid="wangmin", name="王敏", role="manager", is_admin=True),
            Member(userid="guest", name="客人", is_outsider=True),
        ),
        "departments": (
            Department(dept_id=2, name="华东"),
            Department(dept_id=3, name="杭州", parent_id=2),
        ),
        "groups": (
            Group(open_conversation_id=TEAM, title="华东销售"),
            Group(open_conversation_id="cidElse==", title="别处", members=("wangmin",)),
            Group(open_conversation_id="cidNoRobot==", title="没有机器人", has_robot=False),
        ),
        "group_robots": (
            GroupRobot(token="signed", open_conversation_id=TEAM, secret="SECdemo"),
            GroupRobot(token="worded", open_conversation_id=TEAM, keywords=("日报",)),
        ),
        "templates": (standard_template(), VOTE, DRAFT),
        "event_token": EVENT_TOKEN,
        "event_aes_key": EVENT_KEY,
    }
    return DingTalkConfig(**(given | changes))


class Client:
    """A bare caller of the stand-in's API, as a stranger would write it."""

    def __init__(self, dingtalk: DingTalk, http: aiohttp.ClientSession) -> None:
        self.dingtalk = dingtalk
        self.http = http

    async def post(
        self, path: str, body: Any, *, method: str = "POST", query: Any = None, **headers: str
    ) -> tuple[int, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"Content-Type": "application/json", **JSON, **headers}
        url = path if path.startswith("http") else self.dingtalk.url + path
        async with self.http.request(method, url, data=raw, params=query, headers=told) as answer:
            return answer.status, await answer.json(content_type=None)

    async def token(self) -> str:
        _, told = await self.post(
            "/v1.0/oauth2/accessToken", {"appKey": CLIENT, "appSecret": SECRET}
        )
        return str(told["accessToken"])

    async def api(self, path: str, body: Any, method: str = "POST") -> tuple[int, Any]:
        headers = {"x-acs-dingtalk-access-token": await self.token()}
        return await self.post(f"/v1.0/{path}", body, method=method, **headers)

    async def old(self, path: str, body: Any) -> Any:
        _, told = await self.post(
            f"/topapi/v2/{path}", body, query={"access_token": await self.token()}
        )
        return told

    async def oto(self, *userids: str, key: str = "sampleText", **param: Any) -> tuple[int, Any]:
        param = param or {"content": "你好"}
        body = {"robotCode": CLIENT, "userIds": list(userids), "msgKey": key}
        return await self.api(
            "robot/oToMessages/batchSend", body | {"msgParam": json.dumps(param)}
        )

    async def to_group(self, chat: str = TEAM, **changes: Any) -> tuple[int, Any]:
        param = json.dumps({"title": "日报", "text": "**签约 50 万**"})
        body = {"robotCode": CLIENT, "openConversationId": chat, "msgKey": "sampleMarkdown"}
        return await self.api("robot/groupMessages/send", body | {"msgParam": param} | changes)

    async def create(self, **changes: Any) -> tuple[int, Any]:
        return await self.api("card/instances/createAndDeliver", card(**changes))

    async def update(self, values: Any, by_key: bool = True, **changes: Any) -> tuple[int, Any]:
        body = {
            "outTrackId": "o1",
            "cardData": {"cardParamMap": values},
            "cardUpdateOptions": {"updateCardDataByKey": by_key},
        }
        return await self.api("card/instances", body | changes, "PUT")

    async def upload(self, kind: str, raw: bytes, name: str = "a.png") -> Any:
        form = aiohttp.FormData()
        form.add_field("type", kind)
        form.add_field("media", io.BytesIO(raw), filename=name, content_type="image/png")
        address = f"{self.dingtalk.url}/media/upload"
        query = {"access_token": await self.token()}
        async with self.http.post(address, params=query, data=form) as answer:
            return await answer.json()

    async def open(self, **changes: Any) -> tuple[int, Any]:
        body = {"clientId": CLIENT, "clientSecret": SECRET, "subscriptions": SUBSCRIPTIONS}
        return await self.post("/v1.0/gateway/connections/open", body | changes)

    async def connect(self, **options: Any) -> aiohttp.ClientWebSocketResponse:
        _, told = await self.open()
        url = f"{told['endpoint']}?ticket={quote(told['ticket'], safe='')}"
        return await self.http.ws_connect(url, **options)


def card(**changes: Any) -> dict[str, Any]:
    values = {
        "title": "报价审批",
        "body": "甲公司 **12.8 万**",
        "b1_text": "同意",
        "b1_press": "approve 42",
        "b1_style": "primary",
        "b2_text": "驳回",
        "b2_press": "reject 42",
        "b2_style": "normal",
        "b3_text": "",
    }
    return {
        "cardTemplateId": TEMPLATE,
        "outTrackId": "o1",
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": values},
        "openSpaceId": "dtv1.card//IM_ROBOT.lihua",
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": CLIENT},
        "imGroupOpenDeliverModel": {"robotCode": CLIENT},
    } | changes


Answerer = Callable[[dict[str, Any]], Any]


class StreamBot:
    """Reads frames, keeps them and acknowledges with what `answer` says; None says nothing."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.answer: Answerer = lambda frame: {"response": None}
        self.code = 200
        self.closed = asyncio.Event()

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(f["data"]) for f in self.frames if f["type"] != "SYSTEM"]

    async def serve(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            frame = json.loads(message.data)
            self.frames.append(frame)
            said = self.answer(frame)
            if said is not None:
                await socket.send_json(ack(frame, said, self.code))
        self.closed.set()


def ack(frame: dict[str, Any], said: Any, code: int = 200) -> dict[str, Any]:
    headers = {
        "contentType": "application/json",
        "messageId": frame["headers"]["messageId"],
    }
    return {"code": code, "headers": headers, "message": "OK", "data": json.dumps(said)}


class HttpBot:
    """Takes POSTs, keeps headers, query and body, answers from a script, then 200 and {}."""

    def __init__(self) -> None:
        self.seen: list[tuple[web.Request, dict[str, Any]]] = []
        self.reply: Callable[[dict[str, Any]], Any] = lambda body: {}
        self.statuses: list[int] = []
        self.hold: asyncio.Event | None = None
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.add_routes([web.post("/", self._receive)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.seen.append((request, body))
        if self.hold:
            await self.hold.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.reply(body), status=status)


Rig = tuple[DingTalk, Client]


@asynccontextmanager
async def open_rig(**changes: Any) -> AsyncIterator[Rig]:
    """A stand-in and a caller of its API; stopped afterwards."""
    dingtalk = DingTalk(config(**changes))
    await dingtalk.start()
    try:
        async with aiohttp.ClientSession() as http:
            yield dingtalk, Client(dingtalk, http)
    finally:
        await dingtalk.stop()


@asynccontextmanager
async def open_bot(client: Client) -> AsyncIterator[StreamBot]:
    """One more Stream connection that acknowledges what it gets."""
    bot = StreamBot()
    before = client.dingtalk.stream.opened
    socket = await client.connect()
    serving = asyncio.create_task(bot.serve(socket))
    await client.dingtalk.wait_for(lambda: client.dingtalk.stream.opened > before)
    try:
        yield bot
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        await socket.close()


@asynccontextmanager
async def open_http_bot() -> AsyncIterator[HttpBot]:
    bot = HttpBot()
    await bot.start()
    try:
        yield bot
    finally:
        await bot.stop()


def signed(key: str, message: str) -> str:
    """Base64 of an HMAC-SHA256, as the sheet describes DingTalk's signatures."""
    return b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()
