"""Sending by callback: an answer is laid out for WeCom to fetch; else it goes another way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.platforms.contract import Parcel, Receipt, Refused
from bot.platforms.wecom.aibot import parts
from bot.platforms.wecom.aibot.by_app import ByApp
from bot.platforms.wecom.aibot.parts import Part
from bot.platforms.wecom.aibot.receive import Patience
from bot.platforms.wecom.aibot.response import ResponseUrls
from bot.platforms.wecom.aibot.route import Route, unpack
from bot.platforms.wecom.aibot.waiting import Waiting
from handlers.replies import CardUpdate, Picture
from storage import slips
from storage.db import Database


class Fetched:
    """Sends for a bot that WeCom calls back; every call may raise a PlatformError."""

    def __init__(
        self,
        db: Database,
        *,
        app: ByApp | None,
        urls: ResponseUrls,
        waiting: Waiting,
        patience: Patience,
        now: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._app = app
        self._urls = urls
        self._waiting = waiting
        self._patience = patience
        self._now = now

    async def send(self, parcel: Parcel) -> Receipt:
        """Returns once WeCom has fetched it, or it went another way."""
        route, part = _route(parcel), parts.of_parcel(parcel)
        if route is None or not route.slip or not _fits(route, part):
            return await self._otherwise(parcel, route, [part])
        if not route.is_open(self._now()):
            await slips.close(self._db, route.slip, now=self._now())
        put = await slips.put(self._db, route.slip, part.to_json(), now=self._now())
        if put.state in ("more", "taken"):
            return Receipt()
        if put.state == "waiting":
            self._waiting.wake(route.slip)
            if await self._is_fetched(route):
                return Receipt()
        answer = [parts.from_json(each) for each in put.parts]
        receipt = await self._otherwise(parcel, route, answer)
        await slips.spend(self._db, route.slip)
        return receipt

    async def _is_fetched(self, route: Route) -> bool:
        """Whether WeCom asks in time; else nobody is answered with it any more."""
        patience = self._patience
        seconds = patience.fetched if route.kind == "message" else patience.event
        if await self._waiting.taken(route.slip, seconds):
            return True
        return not await slips.close(self._db, route.slip, now=self._now())

    async def _otherwise(
        self, parcel: Parcel, route: Route | None, answer: Sequence[Part]
    ) -> Receipt:
        """By the response_url, which takes one thing; by the app, which takes all."""
        if any(isinstance(part.content, Picture) for part in answer) and self._app is not None:
            return await self._app.send(parcel, answer)
        if route is not None and route.has_url(self._now()):
            try:
                await self._urls.post(route.url, _one(answer))
                return Receipt()
            except Refused:
                if self._app is None:
                    raise
        if self._app is None:
            raise Refused("WeCom doesn't ask for this answer, and no app is configured")
        return await self._app.send(parcel, answer)


def _route(parcel: Parcel) -> Route | None:
    """A card is changed by its tap's route; everything else goes by its address'."""
    if isinstance(parcel.content, CardUpdate):
        return unpack(parcel.codes[0]) if parcel.codes else None
    return unpack(parcel.address.route)


def _fits(route: Route, part: Part) -> bool:
    """A tap's callback takes nothing but the changed card."""
    return (route.kind == "tap") == isinstance(part.content, CardUpdate)


def _one(answer: Sequence[Part]) -> parts.Reply:
    """The whole answer as the one message that a response_url takes."""
    if len(answer) == 1 and parts.is_live(answer[0]):
        return {"msgtype": "template_card", "template_card": parts.live_card(answer[0])}
    words = "\n\n".join(text for text in map(parts.words, answer) if text)
    return parts.markdown(parts.fitting(words))
