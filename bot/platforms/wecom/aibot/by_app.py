"""The last way to whoever asked the AI bot: the company's app writes to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.platforms.contract import Address, Parcel, Receipt, Refused
from bot.platforms.wecom.aibot import parts
from bot.platforms.wecom.aibot.parts import Part
from bot.platforms.wecom.app import App
from bot.platforms.wecom.settings import WeComSettings
from handlers.replies import Card, CardUpdate, Picture
from storage import slips
from storage.db import Database


class ByApp:
    """Sends an answer of the bot's in the app's name, one to one."""

    def __init__(self, settings: WeComSettings, app: App, db: Database) -> None:
        self._settings = settings
        self._app = app
        self._db = db

    async def send(self, parcel: Parcel, answer: Sequence[Part]) -> Receipt:
        """To the user of the parcel's address; as words where there would be buttons.

        A card of the app's belongs to the app: its taps would not be this conversation's.
        """
        user, ours = parcel.address.user, self._settings
        if user is None:
            raise Refused("the address names nobody whom the app could reach")
        platform = parcel.address.platform
        address = Address(platform=platform, corp=ours.corp_id, app=ours.app, user=user)
        pictures = await slips.pictures(self._db, parts.picture_ids(answer))
        receipt = Receipt()
        for part in answer:
            content = part.content
            if isinstance(content, CardUpdate):
                content = content.card
            if isinstance(content, Card):
                content = replace(content, buttons=())
            found = pictures.get(content.attachment_id) if isinstance(content, Picture) else None
            one = Parcel(key=part.key, address=address, content=content, picture=found)
            receipt = await self._app.send(one)
        return receipt
