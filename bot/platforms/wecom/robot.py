"""What a group robot posts through its webhook (path/99110)."""

from __future__ import annotations

from typing import assert_never

from bot.platforms.contract import Parcel, Receipt, Refused
from bot.platforms.wecom import render
from bot.platforms.wecom.api import WeComApi
from bot.platforms.wecom.media import robot_picture
from bot.platforms.wecom.settings import WeComSettings
from handlers.replies import Card, CardUpdate, Content, Picture, Text


class Robot:
    """Posts into the configured groups; the webhook's key is a secret."""

    def __init__(self, settings: WeComSettings, api: WeComApi) -> None:
        self._settings = settings
        self._api = api

    async def send(self, parcel: Parcel) -> Receipt:
        """Into the group of the parcel's address; raises a PlatformError."""
        key = self._settings.groups.get(parcel.address.group or "")
        if key is None:
            raise Refused(f"no group robot is configured for {parcel.address.group!r}")
        for payload in _payloads(parcel.content, parcel.picture or b""):
            await self._api.post("webhook/send", {"key": key}, payload)
        return Receipt()


def _payloads(content: Content, picture: bytes) -> list[render.Payload]:
    """What is posted, in order; what a group showed can't be changed, so it is told anew."""
    match content:
        case Text(text=text):
            return render.texts(text)
        case Card() as card:
            return [render.group_card(card)]
        case CardUpdate(card=card):
            return [render.group_card(card)]
        case Picture():
            return [render.group_image(robot_picture(picture))]
        case _:
            assert_never(content)
