"""The AI bot's WebSocket: one live connection, commands answered one by one (101463)."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from simulator.faults import Faults
from simulator.ledger import Callback, Ledger
from simulator.wecom.bot_phone import BotPhone, Stream, check_markdown
from simulator.wecom.bot_uploads import Uploads
from simulator.wecom.config import BotConfig
from simulator.wecom.errors import ApiError, error_body

PATH = "/aibot"
_REPLY_SECONDS = 86400.0
_MESSAGE_BYTES = 1024 * 1024
_MEDIA = ("image", "voice", "video", "file")
_EVENTS = ("enter_chat", "template_card_event", "feedback_event")

Body = Mapping[str, Any]
Command = Callable[[str, Body], Awaitable[dict[str, Any]]]


@dataclass(slots=True)
class Request:
    """A callback that may be answered; `answered` once something other than a stream was."""

    callback: Callback
    at: float
    stream: Stream | None = None
    answered: bool = False


class Gateway:
    """One bot's gateway; `subscriptions` counts the connections that got in.

    While `frozen` nothing is answered or delivered, though the connection stands.
    """

    def __init__(
        self,
        bot: BotConfig,
        ledger: Ledger,
        phone: BotPhone,
        uploads: Uploads,
        now: Callable[[], float],
        spelled: Callable[[str], str | None],
    ) -> None:
        self._bot = bot
        self._ledger = ledger
        self._phone = phone
        self._uploads = uploads
        self._now = now
        self._spelled = spelled
        self._live: web.WebSocketResponse | None = None
        self._transports: dict[web.WebSocketResponse, asyncio.Transport | None] = {}
        self._requests: dict[str, Request] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self.talked: set[str] = set()
        self.subscriptions = 0
        self.pings = 0
        self.frozen = False
        self.faults = Faults()
        self._commands: dict[str, Command] = {
            "aibot_respond_msg": self._respond,
            "aibot_respond_welcome_msg": self._welcome,
            "aibot_respond_update_msg": self._update,
            "aibot_send_msg": self._send_msg,
            "aibot_upload_media_init": self._uploads.begin,
            "aibot_upload_media_chunk": self._uploads.chunk,
            "aibot_upload_media_finish": self._uploads.finish,
        }

    @property
    def is_connected(self) -> bool:
        return self._live is not None

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self._connect)]

    async def start(self) -> None:
        """Nothing: the bot comes to us."""

    async def stop(self) -> None:
        self.faults.released.set()
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        for socket in list(self._transports):
            await socket.close()

    async def drop_connection(self) -> None:
        """The network fails: the live connection is cut without a word."""
        transport = self._transports.get(self._live) if self._live is not None else None
        if transport is not None:
            transport.abort()

    def deliver(self, callback: Callback) -> None:
        """Without a connection what members do is lost."""
        task = asyncio.create_task(self._deliver(callback))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, callback: Callback) -> None:
        live, request_id = self._live, secrets.token_urlsafe(16)
        self._requests[request_id] = Request(callback, self._now())
        if callback.kind not in _EVENTS:
            self.talked.add(callback.chat or callback.userid)
        command = "aibot_event_callback" if callback.kind in _EVENTS else "aibot_msg_callback"
        frame = {
            "cmd": command, "headers": {"req_id": request_id}, "body": dict(callback.fields),
        }  # fmt: skip
        sent = live is not None and not self.frozen and await _sent(live, frame)
        callback.state = "acked" if sent else "lost"
        callback.acked_at = self._now() if sent else None
        await self._ledger.changed(callback)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=_MESSAGE_BYTES)
        await socket.prepare(request)
        self._transports[socket] = request.transport
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT and not self.frozen:
                    await self._frame(socket, message.data)
        finally:
            self._transports.pop(socket, None)
            if self._live is socket:
                self._live = None
        return socket

    async def _frame(self, socket: web.WebSocketResponse, raw: str) -> None:
        try:
            frame = json.loads(raw)
            command, request_id = frame["cmd"], frame["headers"]["req_id"]
            body = frame.get("body") or {}
        except (ValueError, KeyError, TypeError):
            await socket.close()
            return
        if command != "aibot_subscribe" and self._live is not socket:
            await socket.close()
            return
        fault = self.faults.take(command)
        if fault is not None and fault.hang_seconds is not None:
            return
        outcome, answer = await self._answered(socket, command, request_id, body, fault)
        self._ledger.note_call(self._now(), command, outcome)
        if fault is None or not fault.lose_reply:
            await _sent(socket, {"headers": {"req_id": request_id}} | answer)

    async def _answered(
        self,
        socket: web.WebSocketResponse,
        command: str,
        request_id: str,
        body: Body,
        fault: Any,
    ) -> tuple[str, dict[str, Any]]:
        if fault is not None and fault.errcode is not None:
            return str(fault.errcode), error_body(fault.errcode)
        try:
            answer = await self._done(socket, command, request_id, body)
        except ApiError as error:
            return str(error.errcode), error_body(error.errcode, error.detail)
        return "0", {"errcode": 0, "errmsg": "ok"} | ({"body": answer} if answer else {})

    async def _done(
        self, socket: web.WebSocketResponse, command: str, request_id: str, body: Body
    ) -> dict[str, Any]:
        if command == "aibot_subscribe":
            return await self._subscribe(socket, body)
        if command == "ping":
            self.pings += 1
            return {}
        if command not in self._commands:
            raise ApiError(40008, command)
        return await self._commands[command](request_id, body)

    async def _subscribe(self, socket: web.WebSocketResponse, body: Body) -> dict[str, Any]:
        """A new connection pushes the old one out."""
        if body.get("bot_id") != self._bot.bot_id:
            raise ApiError(93019)
        if body.get("secret") != self._bot.secret:
            raise ApiError(853000)
        old, self._live = self._live, socket
        self.subscriptions += 1
        if old is not None and old is not socket:
            await _sent(old, self._disconnected())
            await old.close()
        return {}

    def _disconnected(self) -> dict[str, Any]:
        event = {"eventtype": "disconnected_event", "disconnected_event": {}}
        body = {
            "msgid": secrets.token_urlsafe(16),
            "aibotid": self._bot.bot_id,
            "create_time": int(self._now()),
            "msgtype": "event",
            "event": event,
        }
        headers = {"req_id": secrets.token_urlsafe(16)}
        return {"cmd": "aibot_event_callback", "headers": headers, "body": body}

    def _request(self, request_id: str, kinds: tuple[str, ...], seconds: float) -> Request:
        """The callback that a command answers; 846605 for the wrong kind, or too late."""
        request = self._requests.get(request_id)
        if request is None or request.answered or self._now() - request.at > seconds:
            raise ApiError(846605)
        kind = request.callback.kind
        if not (kind in kinds if kinds else kind not in _EVENTS):
            raise ApiError(846605)
        return request

    async def _respond(self, request_id: str, body: Body) -> dict[str, Any]:
        request = self._request(request_id, (), _REPLY_SECONDS)
        chat, kind = request.callback.chat or request.callback.userid, body.get("msgtype")
        if kind == "stream":
            await self._stream(request, chat, body)
            return {}
        if request.stream is not None:
            raise ApiError(846605, "a stream has been begun")
        await self._show(chat, body)
        request.answered = True
        return {}

    async def _stream(self, request: Request, chat: str, body: Body) -> None:
        fields = body.get("stream")
        if not isinstance(fields, dict) or not isinstance(fields.get("id"), str):
            raise ApiError(40058, "stream.id")
        if fields.get("msg_item"):
            raise ApiError(40058, "stream.msg_item")
        if request.stream is None:
            self._phone.admit(chat)
            until = request.at + self._bot.stream_seconds
            request.stream = Stream(id=fields["id"], chat=chat, until=until)
        if request.stream.id != fields["id"]:
            raise ApiError(846605)
        if self._now() > request.stream.until:
            raise ApiError(846608)
        await self._phone.show_stream(request.stream, fields)

    async def _welcome(self, request_id: str, body: Body) -> dict[str, Any]:
        request = self._request(request_id, ("enter_chat",), self._bot.event_seconds)
        chat, text = request.callback.userid, body.get("text")
        if body.get("msgtype") == "text" and isinstance(text, dict):
            await self._phone.show(chat, "text", {"content": str(text.get("content", ""))})
        else:
            await self._phone.show_card(chat, body.get("template_card"))
        request.answered = True
        return {}

    async def _update(self, request_id: str, body: Body) -> dict[str, Any]:
        request = self._request(request_id, ("template_card_event",), self._bot.event_seconds)
        callback = request.callback
        tap = callback.fields["event"]["template_card_event"]
        await self._phone.change_card(callback.chat or callback.userid, tap["task_id"], body)
        request.answered = True
        return {}

    async def _send_msg(self, request_id: str, body: Body) -> dict[str, Any]:
        """Only where somebody has talked to the bot before."""
        chat = str(body.get("chatid") or "")
        groups = self._bot.chats if body.get("chat_type", 0) in (0, 2) else {}
        found = chat if chat in groups else self._spelled(chat)
        if found is None or (found not in self.talked and found not in self._bot.chats):
            raise ApiError(93006)
        await self._show(found, body)
        return {}

    async def _show(self, chat: str, body: Body) -> None:
        kind = body.get("msgtype")
        self._phone.admit(chat)
        if kind == "markdown":
            await self._phone.show(chat, "markdown", check_markdown(body))
        elif kind == "template_card":
            await self._phone.show_card(chat, body.get("template_card"))
        elif kind in _MEDIA:
            media = self._uploads.media(str(kind), body.get(str(kind)))
            content = {"filename": media.filename}
            await self._phone.show(chat, str(kind), content, attachment=media.raw)
        else:
            raise ApiError(40008, str(kind))


async def _sent(socket: web.WebSocketResponse, frame: Body) -> bool:
    try:
        await socket.send_json(frame)
    except (ConnectionError, RuntimeError):
        return False
    return True
