"""What members do on their phones: write, send, press."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from simulator.clock import Clock
from simulator.dingtalk.cards import Card, Cards
from simulator.dingtalk.config import DingTalkConfig
from simulator.dingtalk.gate import Quotas
from simulator.dingtalk.inbound import (
    SINGLE_ONLY,
    card_callback,
    frame_headers,
    new_message_id,
    robot_message,
    without_content,
)
from simulator.dingtalk.people import People
from simulator.dingtalk.pushes import Push, Pushes
from simulator.dingtalk.robots import Robots
from simulator.ledger import Button, Callback, Ledger, Message


class Thumbs:
    """Each deed becomes a callback in the ledger and sets out to the bot."""

    def __init__(
        self,
        config: DingTalkConfig,
        ledger: Ledger,
        clock: Clock,
        people: People,
        robots: Robots,
        cards: Cards,
        quotas: Quotas,
        pushes: Pushes,
        base_url: Callable[[], str],
    ) -> None:
        self._config = config
        self._ledger = ledger
        self._now = clock.now
        self._people = people
        self._robots = robots
        self._cards = cards
        self._quotas = quotas
        self._pushes = pushes
        self._base_url = base_url

    async def send(
        self,
        userid: str,
        chat: str,
        own: Mapping[str, Any],
        words: str,
        created_at: float | None = None,
    ) -> str:
        """`own` is msgtype with its text or content; returns the msgId, doesn't wait."""
        sender = self._people.member(userid)
        if chat:
            self._check_group(userid, chat, str(own["msgtype"]))
        created_ms = int((time.time() if created_at is None else created_at) * 1000)
        door, place = ("group", chat) if chat else ("app", userid)
        session, until = self._robots.open_session(door, place, created_ms)
        message_id = new_message_id()
        body = robot_message(
            self._config,
            self._people,
            sender,
            chat=chat,
            created_ms=created_ms,
            own={"msgId": message_id, **own},
            session=(f"{self._base_url()}/robot/sendBySession?session={session}", until),
        )
        if not self._quotas.take_message():
            body = without_content(body)
        callback = self._callback(message_id, userid, str(own["msgtype"]), words, body, chat)
        await self._post(
            Push(kind="robot", callback=callback, payload=body, headers=frame_headers())
        )
        return message_id

    async def tap(
        self,
        userid: str,
        out_track_id: str,
        button: str,
        params: Mapping[str, str] | None,
        *,
        stale: bool,
    ) -> str:
        card = self._cards.find(out_track_id)
        message = self._on_phone(userid, card) if card else None
        live = self._live(userid, card, message) if card and message else {}
        if card is None or message is None or (button not in live and not stale):
            raise LookupError(f"{userid} sees no button {button!r} on a card {out_track_id!r}")
        seen = live.get(button) or _former_button(card, message, button)
        sent = dict(params if params is not None else seen.params if seen else {})
        if self._config.card_callbacks_count:
            self._quotas.take_message()
        space = card.space_of[message.order]
        body = card_callback(self._config, card, userid, space, (button, sent))
        headers = frame_headers()
        words = seen.text if seen else button
        chat = message.recipient if message.door == "group" else ""
        callback = self._callback(headers["messageId"], userid, "card", words, body, chat)
        await self._post(
            Push(kind="card", callback=callback, payload=body, headers=headers, card=card)
        )
        return callback.id

    async def press(self, userid: str, label: str) -> str:
        """The newest live button with these words; a link that sends, sends its words."""
        for message in sorted(self._visible(userid), key=lambda m: -m.order):
            card = self._cards.find(message.card_id) if message.card_id else None
            live = self._live(userid, card, message).values() if card else message.buttons
            for button in live:
                if button.text == label and card:
                    return await self.tap(userid, card.out_track_id, button.key, None, stale=False)
                if button.text == label and (words := _sent_words(button.url)):
                    return await self._say_by_link(userid, message, words)
        raise LookupError(f"{userid} sees no button {label!r}")

    async def _say_by_link(self, userid: str, message: Message, words: str) -> str:
        if message.door == "group":
            raise LookupError("words sent by a link in a group don't @ the robot")
        own = {"msgtype": "text", "text": {"content": words}}
        return await self.send(userid, "", own, words)

    def _check_group(self, userid: str, chat: str, kind: str) -> None:
        group = self._people.group(chat)
        if not self._people.is_in(userid, group) or not group.has_robot:
            raise LookupError(f"{userid} can't @ the robot in {chat!r}")
        if kind in SINGLE_ONLY:
            raise ValueError(f"{kind} reaches the robot in a talk alone only")

    def _visible(self, userid: str) -> list[Message]:
        """All that this member's phone shows: the talk with the robot and its groups."""
        found = self._ledger.messages(userid)
        for chat, group in self._people.groups.items():
            if self._people.is_in(userid, group):
                shown = self._ledger.group(chat)
                found += [m for m in shown if not m.only_for or userid in m.only_for]
        return found

    def _on_phone(self, userid: str, card: Card) -> Message | None:
        found = [m for m in self._visible(userid) if m.card_id == card.out_track_id]
        return found[-1] if found else None

    def _live(self, userid: str, card: Card, message: Message) -> dict[str, Button]:
        if message.state != "shown":
            return {}
        return {button.key: button for button in card.face_for(userid)[0].buttons}

    def _callback(
        self,
        callback_id: str,
        userid: str,
        kind: str,
        words: str,
        body: dict[str, Any],
        chat: str,
    ) -> Callback:
        return Callback(
            id=callback_id,
            order=self._ledger.next_order(),
            userid=userid,
            kind=kind,
            text=words,
            fields=body,
            at=self._now(),
            chat=chat,
        )

    async def _post(self, push: Push) -> None:
        await self._ledger.add_callback(push.callback)
        self._pushes.post(push)


def _former_button(card: Card, message: Message, button: str) -> Button | None:
    """As the phone showed it before the card changed."""
    for version in reversed(message.versions):
        face, _ = card.template.show(version["content"])
        for each in face.buttons:
            if each.key == button:
                return each
    return None


def _sent_words(url: str) -> str:
    """The words of a dtmd link that sends some into the chat, "" for any other address."""
    parts = urlsplit(url)
    if parts.scheme != "dtmd" or parts.path != "/sendMessage":
        return ""
    return parse_qs(parts.query).get("content", [""])[0]
