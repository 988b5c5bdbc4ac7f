"""The AI bot by callback: sealed JSON, answers asked for until they are whole (100719, 101031)."""

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from simulator.ledger import Callback, Ledger
from simulator.wecom.bot_phone import BotPhone, Stream, check_markdown
from simulator.wecom.callbacks import Callbacks, json_wire, open_reply
from simulator.wecom.config import BotConfig, WeComConfig
from simulator.wecom.crypto import WeComCrypto
from simulator.wecom.errors import ApiError


class BotCallbacks:
    """Delivers, reads the answers, and polls; `refused` tells of answers that WeCom wouldn't take.

    Taps are delivered once: WeCom doesn't repeat them.
    """

    def __init__(
        self,
        config: WeComConfig,
        bot: BotConfig,
        ledger: Ledger,
        phone: BotPhone,
        now: Callable[[], float],
    ) -> None:
        self._bot = bot
        self._phone = phone
        self._now = now
        self._crypto = WeComCrypto(bot.token, bot.aes_key, "")
        wire = json_wire(self._crypto, self._read)
        self.calls = Callbacks(config, ledger, wire, bot.callback_url)
        self._polling: set[asyncio.Task[None]] = set()
        self._urls: dict[str, tuple[str, float]] = {}
        self.streams: dict[str, Stream] = {}
        self.polls = 0
        self.polling_stopped = False
        """While set, unfinished answers are not asked for: as when the phone is put away."""
        self.refused: list[str] = []

    async def start(self) -> None:
        await self.calls.start()

    async def stop(self) -> None:
        for task in self._polling:
            task.cancel()
        await asyncio.gather(*self._polling, return_exceptions=True)
        await self.calls.stop()

    def deliver(self, callback: Callback) -> None:
        self.calls.post(callback, once=callback.kind in ("template_card_event", "enter_chat"))

    def new_url(self, base: str, chat: str) -> str:
        """A response_url: it answers one call, for an hour."""
        code = secrets.token_urlsafe(32)
        self._urls[code] = (chat, self._now() + self._bot.url_seconds)
        return f"{base}/cgi-bin/aibot/response?response_code={code}"

    def use_up_urls(self) -> None:
        """No response_url given out so far works any more."""
        self._urls.clear()

    async def respond(self, code: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """aibot/response: markdown or a card."""
        chat, until = self._urls.get(code, ("", 0.0))
        if self._now() > until:
            raise ApiError(40058, "invalid, used or expired response_code")
        self._phone.admit(chat)
        kind = body.get("msgtype")
        if kind == "markdown":
            content = check_markdown(body)
            del self._urls[code]
            await self._phone.show(chat, "markdown", content)
        elif kind == "template_card":
            await self._phone.show_card(chat, body.get("template_card"))
            del self._urls[code]
        else:
            raise ApiError(40008, str(kind))
        return {"errcode": 0, "errmsg": "ok"}

    async def _read(self, callback: Callback, answer: Mapping[str, Any]) -> None:
        try:
            await self._take(callback, answer)
        except ApiError as error:
            self.refused.append(f"{callback.kind}: {error}")

    async def _take(self, callback: Callback, answer: Mapping[str, Any]) -> None:
        chat, kind = callback.chat or callback.userid, answer.get("msgtype")
        if callback.kind == "template_card_event":
            await self._change_card(callback, chat, answer)
        elif callback.kind == "feedback_event":
            raise ApiError(40008, "only an empty answer is taken")
        elif callback.kind == "enter_chat" and kind == "text":
            text = answer.get("text")
            content = text.get("content") if isinstance(text, dict) else None
            await self._phone.show(chat, "text", {"content": str(content or "")})
        elif kind == "template_card":
            self._phone.admit(chat)
            await self._phone.show_card(chat, answer.get("template_card"))
        elif kind in ("stream", "stream_with_template_card") and callback.kind != "enter_chat":
            await self._begin(callback, chat, answer)
        else:
            raise ApiError(40008, str(kind))

    async def _change_card(self, callback: Callback, chat: str, answer: Mapping[str, Any]) -> None:
        tap = callback.fields["event"]["template_card_event"]
        await self._phone.change_card(chat, tap["task_id"], answer)

    async def _begin(self, callback: Callback, chat: str, answer: Mapping[str, Any]) -> None:
        """A repeated delivery that names the same stream goes on with it."""
        fields = answer.get("stream")
        stream_id = fields.get("id") if isinstance(fields, dict) else None
        if not isinstance(stream_id, str) or not stream_id:
            raise ApiError(40058, "stream.id")
        known = stream_id in self.streams
        if not known:
            self._phone.admit(chat)
            until = self._now() + self._bot.stream_seconds
            self.streams[stream_id] = Stream(id=stream_id, chat=chat, until=until)
        stream = self.streams[stream_id]
        await self._frame(stream, answer)
        if not known and not stream.finished:
            task = asyncio.create_task(self._poll(stream, callback))
            self._polling.add(task)
            task.add_done_callback(self._polling.discard)

    async def _frame(self, stream: Stream, answer: Mapping[str, Any]) -> None:
        fields = answer.get("stream")
        await self._phone.show_stream(stream, fields if isinstance(fields, dict) else {})
        if answer.get("msgtype") == "stream_with_template_card" and not stream.has_card:
            stream.has_card = True
            await self._phone.show_card(stream.chat, answer.get("template_card"))

    async def _poll(self, stream: Stream, callback: Callback) -> None:
        """Until it is finished, or six minutes have passed."""
        while not stream.finished and self._now() < stream.until:
            await asyncio.sleep(self._bot.poll_seconds)
            if self.polling_stopped:
                return
            answer = await self._asked(stream, callback)
            if answer is None:
                continue
            try:
                await self._frame(stream, answer)
            except ApiError as error:
                self.refused.append(f"poll: {error}")

    async def _asked(self, stream: Stream, callback: Callback) -> Mapping[str, Any] | None:
        said = callback.fields
        fields = {name: said[name] for name in ("aibotid", "chatid", "chattype", "from")
                  if name in said}  # fmt: skip
        fields |= {"msgid": secrets.token_urlsafe(16), "msgtype": "stream"}
        self.polls += 1
        try:
            text = json.dumps(fields | {"stream": {"id": stream.id}})
            status, reply, nonce = await self.calls.ask(text)
        except (aiohttp.ClientError, TimeoutError):
            return None
        return open_reply(self._crypto, reply, nonce) if status == 200 and reply else None
