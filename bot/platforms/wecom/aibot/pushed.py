"""Sending over the AI bot's connection: as an answer while it may be one, else on our own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import assert_never

from bot.platforms.contract import Parcel, Receipt, Refused
from bot.platforms.wecom import render
from bot.platforms.wecom.aibot import parts
from bot.platforms.wecom.aibot.by_app import ByApp
from bot.platforms.wecom.aibot.frames import Body, Connection
from bot.platforms.wecom.aibot.identities import Identities
from bot.platforms.wecom.aibot.route import Route, unpack
from bot.platforms.wecom.aibot.uploads import Uploads
from handlers.replies import Card, CardUpdate, Picture, Text

TOO_LATE = frozenset({846605, 846608})
"""The event can't be answered any more, or not so; the conversation still can be written to."""
KEPT = timedelta(hours=1)
SINGLE, GROUP = 1, 2


class Pushed:
    """Every call may raise a PlatformError."""

    def __init__(
        self,
        uploads: Uploads,
        identities: Identities,
        app: ByApp | None,
        now: Callable[[], datetime],
    ) -> None:
        self._uploads = uploads
        self._identities = identities
        self._app = app
        self._now = now
        self._answered: dict[str, datetime] = {}

    async def send(self, connection: Connection, parcel: Parcel) -> Receipt:
        """Acknowledged by WeCom when it returns."""
        if isinstance(parcel.content, CardUpdate):
            return await self._update(connection, parcel)
        body = await self._body(connection, parcel)
        route = unpack(parcel.address.route)
        if route is not None and self._may_answer(route):
            try:
                await self._answer(connection, route, body, parcel)
            except Refused as error:
                if error.code not in TOO_LATE:
                    raise
            else:
                return Receipt()
        return await self._push(connection, parcel, body)

    async def _update(self, connection: Connection, parcel: Parcel) -> Receipt:
        """By the tap, within its five seconds; Refused where there is none or it is too late."""
        route = unpack(parcel.codes[0]) if parcel.codes else None
        if route is None or not route.request or not route.is_open(self._now()):
            raise Refused("no tap is open that could change the card")
        body = parts.update(parts.of_parcel(parcel))
        await connection.call("aibot_respond_update_msg", body, route.request)
        return Receipt()

    def _may_answer(self, route: Route) -> bool:
        """One answer an event; a tap is answered by the changed card only."""
        now = self._now()
        self._answered = {key: at for key, at in self._answered.items() if now - at < KEPT}
        fresh = route.request not in self._answered
        return bool(route.request) and route.kind != "tap" and route.is_open(now) and fresh

    async def _answer(
        self, connection: Connection, route: Route, body: Body, parcel: Parcel
    ) -> None:
        if route.kind == "entered":
            command, body = "aibot_respond_welcome_msg", parts.welcome(parts.of_parcel(parcel))
        else:
            command = "aibot_respond_msg"
            body = parts.as_stream(route.request, body)
        await connection.call(command, body, route.request)
        self._answered[route.request] = self._now()

    async def _push(self, connection: Connection, parcel: Parcel, body: Body) -> Receipt:
        """Where somebody has written to the bot before; else the app may know them."""
        address = parcel.address
        if address.chat is not None:
            target = {"chatid": address.chat, "chat_type": GROUP}
        elif address.user:
            target = {"chatid": self._identities.as_told(address.user), "chat_type": SINGLE}
        else:
            raise Refused("the address names neither a chat nor a member")
        try:
            await connection.call("aibot_send_msg", target | body)
        except Refused:
            if self._app is None:
                raise
            return await self._app.send(parcel, [parts.of_parcel(parcel)])
        return Receipt()

    async def _body(self, connection: Connection, parcel: Parcel) -> Body:
        """What is sent, as a message of its own."""
        match parcel.content:
            case Text(text=text):
                return parts.markdown(render.bot_words(text))
            case Card() as card if render.is_live(card):
                live = parts.live_card(parts.of_parcel(parcel))
                return {"msgtype": "template_card", "template_card": live}
            case Card() as card:
                return parts.markdown(render.bot_card_words(card))
            case Picture():
                media_id = await self._uploads.media_id(connection, parcel.picture or b"")
                return {"msgtype": "image", "image": {"media_id": media_id}}
            case CardUpdate():
                raise Refused("a changed card is no message")
            case _:
                assert_never(parcel.content)
