"""What members and groups see of their AI bot: answers that grow, cards, pictures (101031)."""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.ledger import Ledger, Message
from simulator.limits import Window
from simulator.wecom.cards import check_card
from simulator.wecom.config import BotConfig
from simulator.wecom.errors import ApiError
from simulator.wecom.faces import face_of
from simulator.wecom.messages import is_picture

CONTENT_BYTES = 20480
IMAGE_BYTES = 10 * 1024 * 1024
_MOST_IMAGES = 10


@dataclass(slots=True, kw_only=True)
class Stream:
    """An answer that may still grow; `chat` is where it shows."""

    id: str
    chat: str
    until: float
    message: Message | None = None
    finished: bool = False
    has_card: bool = False
    frames: list[str] = field(default_factory=list)


class BotPhone:
    """Shows and changes the bot's messages; what WeCom refuses is an ApiError."""

    def __init__(self, config: BotConfig, ledger: Ledger, now: Callable[[], float]) -> None:
        self._ledger = ledger
        self._now = now
        self._minute = Window(config.per_minute, 60.0, now)
        self._hour = Window(config.per_hour, 3600.0, now)
        self._task_ids: set[str] = set()

    def admit(self, chat: str) -> None:
        """Counts a sending; 45009 where the conversation has had its share."""
        if not (self._minute.has_room(chat) and self._hour.has_room(chat)):
            raise ApiError(45009)
        self._minute.take(chat)
        self._hour.take(chat)

    async def show_stream(self, stream: Stream, fields: Mapping[str, Any]) -> None:
        """The next frame of an answer: its whole content so far, pictures with the last one."""
        content, finish = fields.get("content", ""), fields.get("finish") is True
        if not isinstance(content, str) or len(content.encode()) > CONTENT_BYTES:
            raise ApiError(45002, "stream.content")
        pictures = _pictures(fields, finish)
        if stream.finished:
            raise ApiError(846608)
        stream.finished = finish
        stream.frames.append(content)
        shown = {"id": stream.id, "content": content, "finish": finish}
        if stream.message is None:
            stream.message = await self.show(stream.chat, "stream", shown)
        else:
            stream.message.change(shown, face_of("stream", shown), "")
            await self._ledger.changed(stream.message)
        for raw in pictures:
            await self.show(stream.chat, "image", {"filename": ""}, attachment=raw)

    async def show_card(self, chat: str, card: object) -> Message:
        """A template card; its task id may be used once."""
        warnings = check_card(card, lengths=BOT_LENGTHS)
        if not isinstance(card, dict):
            raise ApiError(40058, "template_card")
        task_id = str(card.get("task_id") or "")
        if task_id in self._task_ids:
            raise ApiError(40058, "template_card.task_id is not unique")
        self._task_ids.add(task_id)
        shown = await self.show(chat, "template_card", dict(card), card_id=task_id)
        shown.warnings += warnings
        return shown

    async def change_card(self, chat: str, task_id: str, update: Mapping[str, Any]) -> None:
        """Shows another card in its place; the bot's cards know no greyed buttons."""
        card = update.get("template_card")
        if update.get("response_type") != "update_template_card" or not isinstance(card, dict):
            raise ApiError(40058, "response_type or template_card")
        check_card(card, update=True, lengths=BOT_LENGTHS)
        if card.get("task_id") != task_id:
            raise ApiError(40058, "template_card.task_id is not the event's")
        message = self.card(chat, task_id)
        if message is not None:
            message.change(dict(card), face_of("template_card", card), "")
            await self._ledger.changed(message)

    async def show(
        self,
        chat: str,
        kind: str,
        content: dict[str, Any],
        *,
        card_id: str = "",
        attachment: bytes = b"",
    ) -> Message:
        """Any message, as it is."""
        message = Message(
            msg_id=secrets.token_urlsafe(24),
            order=self._ledger.next_order(),
            door="bot",
            recipient=chat,
            kind=kind,
            content=content,
            at=self._now(),
            face=face_of(kind, content),
            card_id=card_id,
            attachment=attachment,
        )
        await self._ledger.add_message(message)
        return message

    def card(self, chat: str, task_id: str) -> Message | None:
        found = [m for m in self._ledger.bot(chat) if m.card_id == task_id]
        return found[-1] if found else None


BOT_LENGTHS = {"title": 26, "desc": 30, "keyname": 5, "value": 26, "button": 10}
"""What the bot's cards show whole (101032); the app's cards show a little more."""


def check_markdown(body: Mapping[str, Any]) -> dict[str, Any]:
    """A markdown message's content."""
    content = body.get("markdown")
    text = content.get("content") if isinstance(content, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise ApiError(44004, "markdown")
    if len(text.encode()) > CONTENT_BYTES:
        raise ApiError(45002, "markdown.content")
    return {"content": text}


def _pictures(fields: Mapping[str, Any], finish: bool) -> list[bytes]:
    items = fields.get("msg_item") or []
    if not isinstance(items, list) or len(items) > _MOST_IMAGES or (items and not finish):
        raise ApiError(40058, "stream.msg_item: at most 10, and with finish only")
    return [_picture(item) for item in items]


def _picture(item: object) -> bytes:
    image = item.get("image") if isinstance(item, dict) else None
    try:
        raw = base64.b64decode(image["base64"], validate=True)  # type: ignore[index]
        digest = str(image["md5"]).lower()  # type: ignore[index]
    except (TypeError, KeyError, ValueError, binascii.Error) as error:
        raise ApiError(40058, "msg_item.image") from error
    if hashlib.md5(raw).hexdigest() != digest:  # noqa: S324 - WeCom's protocol
        raise ApiError(301019)
    if len(raw) > IMAGE_BYTES or not is_picture(raw):
        raise ApiError(40009)
    return raw
