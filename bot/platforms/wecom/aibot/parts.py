"""One answer's parts, as slips keep them, and as WeCom's replies to a callback (path/101031)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.platforms.contract import Parcel, Refused
from bot.platforms.cutting import cut_bytes
from bot.platforms.wecom import render
from bot.platforms.wecom.aibot.route import Kind
from bot.platforms.wecom.limits import BOT_MARKDOWN_BYTES, TEXT_BYTES
from bot.platforms.wecom.wording import plain
from handlers import replies
from handlers.replies import Card, CardUpdate, Content, Picture, Text

WAITING = "正在处理…"
NOTHING_MORE = "收到。"
"""What ends an answer that has begun and to which nothing came."""
MOST_PICTURES = 10

Reply = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One content of an answer; `key` is its outbox row's."""

    key: str
    content: Content
    card_key: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As a slip keeps it."""
        content = replies.to_json(self.content)
        return {"key": self.key, "card_key": self.card_key, "content": content}


def of_parcel(parcel: Parcel) -> Part:
    """What a parcel carries."""
    return Part(key=parcel.key, content=parcel.content, card_key=parcel.card_key)


def from_json(value: Mapping[str, Any]) -> Part:
    """The part that `to_json` wrote."""
    content = replies.from_json(value["content"])
    return Part(key=value["key"], content=content, card_key=value["card_key"])


def picture_ids(parts: Sequence[Part]) -> list[int]:
    """The attachments that the parts show."""
    return [p.content.attachment_id for p in parts if isinstance(p.content, Picture)]


def waiting(stream: str) -> Reply:
    """The first frame of an answer that isn't ready."""
    return _stream(stream, WAITING, finish=False)


def ended(stream: str) -> Reply:
    """The last frame of an answer that will not come."""
    return _stream(stream, NOTHING_MORE, finish=True)


def reply(
    kind: Kind,
    stream: str,
    parts: Sequence[Part],
    pictures: Mapping[int, bytes],
    *,
    begun: bool,
) -> Reply | None:
    """The whole answer; `begun` where the stream has been shown, which then must be ended."""
    if kind == "tap":
        return _update(parts)
    card = next((part for part in parts if is_live(part)), None)
    if kind == "entered":
        return _welcome(parts, card)
    said = "\n\n".join(text for text in (_words(part, card) for part in parts) if text)
    images = [_image(pictures[i]) for i in picture_ids(parts)[:MOST_PICTURES] if i in pictures]
    if card is not None and not said and not images and not begun:
        return {"msgtype": "template_card", "template_card": live_card(card)}
    said = said or (_title(card) if card is not None else "")
    answer = _stream(stream, cut_bytes(said, BOT_MARKDOWN_BYTES), finish=True)
    if images:
        answer["stream"]["msg_item"] = images
    if card is not None:
        answer |= {"msgtype": "stream_with_template_card", "template_card": live_card(card)}
    return answer


def live_card(part: Part) -> render.Payload:
    """A card whose buttons work; Refused without a task id."""
    if not isinstance(part.content, Card) or not part.card_key:
        raise Refused("a card with buttons needs its key")
    return render.bot_card(part.content, part.card_key)


def update(part: Part) -> Reply:
    """The card of a tap, as it is now."""
    if not isinstance(part.content, CardUpdate) or not part.card_key:
        raise Refused("an update needs its card's key")
    card = render.bot_card(part.content.card, part.card_key)
    return {"response_type": "update_template_card", "template_card": card}


def markdown(content: str) -> Reply:
    """A message of words."""
    return {"msgtype": "markdown", "markdown": {"content": content}}


def as_stream(stream: str, body: Reply) -> Reply:
    """Words as the whole of a growing answer: what else a message can be stays as it is."""
    if body["msgtype"] != "markdown":
        return body
    return _stream(stream, body["markdown"]["content"], finish=True)


def welcome(part: Part) -> Reply:
    """What greets somebody who opens the chat."""
    return _welcome([part], part if is_live(part) else None)


def words(part: Part) -> str:
    """The part as markdown alone, for where nothing else can go."""
    match part.content:
        case Text(text=text):
            return render.bot_words(text)
        case Card() as card:
            return render.bot_card_words(card)
        case CardUpdate(card=card):
            return render.bot_card_words(card)
        case Picture(alt=alt):
            return render.bot_words(alt)


def fitting(words: str) -> str:
    """Words cut to what one message takes."""
    return cut_bytes(words, BOT_MARKDOWN_BYTES)


def _title(part: Part) -> str:
    """A card's title, for the words that must stand above it."""
    return render.bot_words(part.content.title) if isinstance(part.content, Card) else ""


def _words(part: Part, card: Part | None) -> str:
    """Of everything but pictures and the one card with buttons; a second card tells its hint."""
    shown_otherwise = part is card or isinstance(part.content, Picture)
    return "" if shown_otherwise else words(part)


def is_live(part: Part) -> bool:
    """Whether it is a card on which somebody can still press something."""
    return isinstance(part.content, Card) and render.is_live(part.content)


def _update(parts: Sequence[Part]) -> Reply | None:
    updates = [part for part in parts if isinstance(part.content, CardUpdate)]
    return update(updates[-1]) if updates else None


def _welcome(parts: Sequence[Part], card: Part | None) -> Reply:
    """Plain words: only a greeting is a text, all other words are markdown."""
    if card is not None and len(parts) == 1:
        return {"msgtype": "template_card", "template_card": live_card(card)}
    texts = [
        plain(part.content.text) if isinstance(part.content, Text) else words(part)
        for part in parts
    ]
    return {"msgtype": "text", "text": {"content": cut_bytes("\n\n".join(texts), TEXT_BYTES)}}


def _stream(stream: str, content: str, *, finish: bool) -> Reply:
    return {"msgtype": "stream", "stream": {"id": stream, "finish": finish, "content": content}}


def _image(content: bytes) -> Reply:
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    image = {"base64": base64.b64encode(content).decode(), "md5": digest}
    return {"msgtype": "image", "image": image}
