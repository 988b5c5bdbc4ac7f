"""The company's AI bot: what members say to it, alone or in a group, and what they then see."""

import itertools
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from simulator.clock import Clock
from simulator.ledger import Callback, Ledger, Message
from simulator.wecom.bot_callbacks import BotCallbacks
from simulator.wecom.bot_phone import BotPhone
from simulator.wecom.bot_uploads import Uploads
from simulator.wecom.config import BotConfig, WeComConfig
from simulator.wecom.directory import Directory
from simulator.wecom.errors import ApiError, error_body
from simulator.wecom.gateway import Gateway
from simulator.wecom.stores import MediaStore


class AiBot:
    """One bot in one of its two modes; `callbacks` or `gateway` is the door that is open.

    `url` is where the company's WeCom listens; it is known once it has started.
    """

    def __init__(
        self,
        config: WeComConfig,
        bot: BotConfig,
        ledger: Ledger,
        clock: Clock,
        directory: Directory,
    ) -> None:
        self.config = bot
        self.url = ""
        self._ledger = ledger
        self._clock = clock
        self._directory = directory
        self._phone = BotPhone(bot, ledger, clock.now)
        self.callbacks: BotCallbacks | None = None
        self.gateway: Gateway | None = None
        if bot.mode == "callback":
            self.callbacks = BotCallbacks(config, bot, ledger, self._phone, clock.now)
        else:
            uploads = Uploads(MediaStore(clock.now), clock.now)
            self.gateway = Gateway(bot, ledger, self._phone, uploads, clock.now, self._spelled)
        self._ids = itertools.count(1)

    def routes(self) -> list[web.RouteDef]:
        """response_url's address, or the WebSocket."""
        if self.gateway is not None:
            return self.gateway.routes()
        return [web.post("/cgi-bin/aibot/response", self._respond)]

    async def start(self, url: str) -> None:
        self.url = url
        await self._door().start()

    async def stop(self) -> None:
        await self._door().stop()

    async def verify(self) -> bool:
        """Whether the bot's service passes the GET check of its callback address."""
        return self.callbacks is not None and await self.callbacks.calls.verify()

    async def say(self, userid: str, text: str, chat: str | None = None) -> str:
        """A member writes to the bot, in a group by an @; returns the callback's id."""
        mention = f"@{self.config.name}"
        words = f"{mention} {text}" if chat and mention not in text else text
        return await self.send(userid, "text", {"content": words}, chat, shown=text)

    async def send(
        self,
        userid: str,
        kind: str,
        content: Mapping[str, Any],
        chat: str | None = None,
        *,
        shown: str = "",
    ) -> str:
        """Another kind: "voice" with {"content": …}, "mixed", "image", "file"."""
        fields = self._fields(userid, chat, kind) | {kind: dict(content)}
        return await self._post(userid, kind, shown, fields, chat)

    async def enter(self, userid: str) -> str:
        """A member opens the bot's chat for the first time today."""
        event = {"eventtype": "enter_chat"}
        fields = self._fields(userid, None, "event", answerable=False) | {"event": event}
        return await self._post(userid, "enter_chat", "", fields, None)

    async def feedback(self, userid: str, feedback_id: str, kind: int = 1) -> str:
        """A member says that an answer was good (1) or bad (2)."""
        event = {
            "eventtype": "feedback_event",
            "feedback_event": {"id": feedback_id, "type": kind},
        }
        fields = self._fields(userid, None, "event", answerable=False) | {"event": event}
        return await self._post(userid, "feedback_event", "", fields, None)

    async def tap(
        self,
        userid: str,
        task_id: str,
        key: str,
        chat: str | None = None,
        *,
        stale: bool = False,
    ) -> str:
        """A member presses a card's button; LookupError when no such live button is shown.

        With `stale` the press goes out all the same.
        """
        card = self._phone.card(chat or userid, task_id)
        live = {button.key: button.text for button in card.buttons} if card else {}
        if key not in live and not stale:
            raise LookupError(f"{userid} sees no button {key!r} on a card {task_id!r}")
        tapped = {"card_type": "button_interaction", "event_key": key, "task_id": task_id}
        event = {"eventtype": "template_card_event", "template_card_event": tapped}
        fields = self._fields(userid, chat, "event") | {"event": event}
        text = live.get(key, key)
        return await self._post(userid, "template_card_event", text, fields, chat)

    async def press(self, userid: str, label: str, chat: str | None = None) -> str:
        """Taps the newest live button that reads `label`."""
        for message in reversed(self.messages(chat or userid)):
            for button in message.buttons:
                if button.text == label and button.key:
                    return await self.tap(userid, message.card_id, button.key, chat)
        raise LookupError(f"{userid} sees no button {label!r}")

    def messages(self, recipient: str) -> list[Message]:
        """What a member, or a group, sees of the bot, oldest first."""
        return self._ledger.bot(recipient)

    async def repeat(self, callback_id: str) -> None:
        """Delivers a message once more."""
        self._door().deliver(self._ledger.callbacks[callback_id])

    def _fields(
        self, userid: str, chat: str | None, kind: str, *, answerable: bool = True
    ) -> dict[str, Any]:
        open_id = self._directory.open_id(userid)
        shown = userid if self.config.by_super_admin else open_id
        fields: dict[str, Any] = {
            "msgid": secrets.token_urlsafe(24),
            "create_time": int(time.time()),
            "aibotid": self.config.bot_id,
            "chattype": "group" if chat else "single",
            "from": {"userid": shown},
            "msgtype": kind,
        }
        if chat:
            fields["chatid"] = chat
        if self.callbacks is not None and answerable:
            fields["response_url"] = self.callbacks.new_url(self.url, chat or userid)
        return fields

    async def _post(
        self, userid: str, kind: str, text: str, fields: dict[str, Any], chat: str | None
    ) -> str:
        if self._directory.spelled(userid) != userid:
            raise LookupError(f"no member {userid!r}")
        if chat and chat not in self.config.chats:
            raise LookupError(f"the bot is in no group {chat!r}")
        callback = Callback(
            id=f"b{next(self._ids)}",
            order=self._ledger.next_order(),
            userid=userid,
            kind=kind,
            text=text,
            fields=fields,
            at=self._clock.now(),
            door="bot",
            chat=chat or "",
        )
        await self._ledger.add_callback(callback)
        self._door().deliver(callback)
        return callback.id

    def _door(self) -> BotCallbacks | Gateway:
        door = self.callbacks or self.gateway
        if door is None:
            raise ValueError(f"mode {self.config.mode!r} is neither callback nor socket")
        return door

    def _spelled(self, userid: str) -> str | None:
        """A plain id in any case, or the encrypted one that this bot was told."""
        for known in self._directory.everybody():
            if userid == self._directory.open_id(known):
                return known
        return self._directory.spelled(userid)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        code = request.query.get("response_code", "")
        outcome = "0"
        try:
            body = await _json_of(request)
            if self.callbacks is None:
                raise ApiError(40058)
            answer: Mapping[str, Any] = await self.callbacks.respond(code, body)
        except ApiError as error:
            outcome, answer = str(error.errcode), error_body(error.errcode, error.detail)
        self._ledger.note_call(self._clock.now(), "aibot/response", outcome)
        return web.json_response(answer)


async def _json_of(request: web.Request) -> dict[str, Any]:
    r"""This address, unlike the app's, takes escapes such as \u4f60."""
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise ApiError(47001) from error
    if not isinstance(body, dict):
        raise ApiError(47001)
    return body
