"""Brings what members do to the bot by its door, as often as that kind is worth."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from simulator.dingtalk.card_api import CardApi, read_options
from simulator.dingtalk.cards import Card, Cards
from simulator.dingtalk.config import DingTalkConfig
from simulator.dingtalk.errors import NewError
from simulator.dingtalk.http_door import HttpDoor
from simulator.dingtalk.stream import CARD_TOPIC, ROBOT_TOPIC, Ack, Stream
from simulator.ledger import Attempt, Callback, Ledger

_FAILURE_TOAST = "操作失败，请稍后重试"


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A callback with what it takes to send it, and to send it again.

    payload: the frame's data. headers: the frame's own, messageId and an event's.
    """

    kind: Literal["robot", "event", "card"]
    callback: Callback
    payload: dict[str, Any]
    headers: dict[str, str]
    card: Card | None = None


class Pushes:
    """`robot_url` and `event_url` choose HTTP instead of Stream; a card chooses by itself."""

    def __init__(
        self, config: DingTalkConfig, ledger: Ledger, http: HttpDoor, cards: Cards, api: CardApi
    ) -> None:
        self._config = config
        self._ledger = ledger
        self._http = http
        self._cards = cards
        self._card_api = api
        self.robot_url = config.robot_url
        self.event_url = config.event_url
        self._stream: Stream | None = None
        self._pushes: dict[str, Push] = {}
        self._by_message_id: dict[str, Push] = {}
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._running: set[asyncio.Task[None]] = set()

    def use(self, stream: Stream) -> None:
        self._stream = stream

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def post(self, push: Push) -> None:
        """Starts its deliveries; the callback's state tells how they ended."""
        self._pushes[push.callback.id] = push
        self._by_message_id[push.headers["messageId"]] = push
        deliver = {"robot": self._robot, "event": self._event, "card": self._card}[push.kind]
        task = asyncio.create_task(deliver(push))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def repeat(self, callback_id: str) -> None:
        """Raises KeyError for a callback that never was."""
        self.post(self._pushes[callback_id])

    async def probe_events(self) -> bool:
        """The check_url that the console sends when the address is saved."""
        ack = await self._http.event(self.event_url, {"EventType": "check_url"})
        return ack.code == 200

    async def answered_late(self, message_id: str, ack: Ack) -> None:
        """A message got there after all; a tap's answer is of no use any more."""
        push = self._by_message_id.get(message_id)
        if push is None or push.kind == "card" or ack.code != 200:
            return
        if push.callback.acked_at is None:
            _acked(push.callback)
            await self._ledger.changed(push.callback)

    async def _robot(self, push: Push) -> None:
        """Fire and forget, unless the configuration wants one more try."""
        good = await self._attempt(push, self._send_robot)
        if not good and self._config.robot_repush_seconds is not None:
            await asyncio.sleep(self._config.robot_repush_seconds)
            if push.callback.acked_at is None:
                good = await self._attempt(push, self._send_robot)
        await self._settle(push, good)

    async def _event(self, push: Push) -> None:
        """At least once: again and again until it is acknowledged or its gaps are used up."""
        good = await self._attempt(push, self._send_event)
        for gap in self._config.event_retry_gaps:
            if good or push.callback.acked_at is not None:
                break
            await asyncio.sleep(gap)
            good = await self._attempt(push, self._send_event)
        await self._settle(push, good)

    async def _card(self, push: Push) -> None:
        """One shot: a late or wrong answer shows a failure toast and changes nothing."""
        card = push.card
        if card is None:
            raise ValueError("a tap needs its card")
        card.waiting_taps += 1
        answers: list[Ack] = []

        async def send(tap: Push) -> Ack:
            answers.append(await self._send_card(tap, card))
            return answers[-1]

        try:
            good = await self._attempt(push, send)
        finally:
            card.waiting_taps -= 1
        if good:
            good = await self._apply(push, card, answers[-1])
        if not good:
            push.callback.toast = _FAILURE_TOAST
        await self._settle(push, good)

    async def _send_robot(self, push: Push) -> Ack:
        if self.robot_url:
            async with self._turns[push.callback.userid]:
                return await self._http.robot(self.robot_url, push.payload)
        return await self._over_stream("CALLBACK", ROBOT_TOPIC, push)

    async def _send_event(self, push: Push) -> Ack:
        if not self.event_url:
            ack = await self._over_stream("EVENT", "*", push)
            later = isinstance(ack.data, dict) and ack.data.get("status") == "LATER"
            return Ack(code=503, via=ack.via, error="LATER") if later else ack
        flat = {
            "EventType": push.headers["eventType"],
            "EventTime": int(push.headers["eventBornTime"]),
            "CorpId": push.headers["eventCorpId"],
            "BizId": push.callback.id,
            "eventId": push.headers["eventId"],
        }
        return await self._http.event(self.event_url, flat | push.payload)

    async def _send_card(self, push: Push, card: Card) -> Ack:
        if not card.has_callback:
            return Ack(error="the card was created without a callbackType")
        if not card.route_key:
            return await self._over_stream("CALLBACK", CARD_TOPIC, push)
        url, secret = self._card_api.callback_urls[card.route_key]
        return await self._http.card(url, secret, push.payload)

    async def _over_stream(self, kind: str, topic: str, push: Push) -> Ack:
        if self._stream is None:
            raise RuntimeError("the stand-in hasn't been started")
        seconds = self._config.stream_timeout_seconds
        if push.kind == "card":
            seconds = self._config.card_timeout_seconds
        return await self._stream.push(kind, topic, push.payload, push.headers, seconds)

    async def _attempt(self, push: Push, send: Callable[[Push], Awaitable[Ack]]) -> bool:
        attempt = Attempt(at=time.time(), took_seconds=0.0, status=None)
        push.callback.attempts.append(attempt)
        started = time.perf_counter()
        ack = await send(push)
        attempt.took_seconds = time.perf_counter() - started
        attempt.status, attempt.error, attempt.via = ack.code, ack.error, ack.via
        await self._ledger.changed(push.callback)
        return ack.code == 200

    async def _settle(self, push: Push, good: bool) -> None:
        callback = push.callback
        if good and callback.acked_at is None:
            _acked(callback)
        elif callback.acked_at is None:
            callback.state = "lost"
        await self._ledger.changed(callback)

    async def _apply(self, push: Push, card: Card, ack: Ack) -> bool:
        """Changes the card as the answer says; False if it can't be read."""
        response = ack.data.get("response") if isinstance(ack.data, dict) else None
        if not isinstance(response, dict):
            return response is None
        userid = push.callback.userid
        public, own = response.get("cardData"), response.get("userPrivateData")
        try:
            values = None if public is None else self._cards.check_values(public)
            private = {} if own is None else {userid: self._cards.check_values(own)}
        except NewError as error:
            push.callback.attempts[-1].error = error.message
            return False
        if values or private:
            by_key = read_options(response.get("cardUpdateOptions"))
            await self._cards.change(card, values, private, by_key=by_key)
        return True


def _acked(callback: Callback) -> None:
    callback.state, callback.acked_at = "acked", time.time()
