"""Groups that the app itself has made: what is sent into them, and making one (path/90244)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from bot.platforms.contract import Parcel, Receipt, Refused
from bot.platforms.wecom import render
from bot.platforms.wecom.app import App
from bot.platforms.wecom.settings import WeComSettings
from handlers.replies import Card, CardUpdate, Picture, Text

NAME_CHARACTERS = 50
FEWEST_MEMBERS = 2
MOST_MEMBERS = 2000
FIRST_WORDS = "群建好了。日报等会发到这里。"
"""A new group shows on members' phones with its first message."""


class AppChat:
    """Sends into the configured chats and makes new ones; nobody is heard in them."""

    def __init__(self, settings: WeComSettings, app: App) -> None:
        self._settings = settings
        self._app = app

    async def send(self, parcel: Parcel) -> Receipt:
        """Into the group of the parcel's address; raises a PlatformError."""
        chat = self._settings.chats.get(parcel.address.group or "")
        if chat is None:
            raise Refused(f"no chat is configured for {parcel.address.group!r}")
        match parcel.content:
            case Text(text=text):
                for payload in render.texts(text):
                    await self._post(chat, payload)
            case Card() as card:
                await self._post(chat, render.chat_card(card))
            case CardUpdate(card=card):
                await self._post(chat, render.chat_card(card))
            case Picture():
                await self._picture(chat, parcel.picture or b"")
            case _:
                assert_never(parcel.content)
        return Receipt()

    async def create(self, name: str, owner: str, members: Sequence[str]) -> str:
        """Make a group and say a first word in it; returns its chat id."""
        everybody = list(dict.fromkeys([owner, *members]))
        if not 0 < len(name) <= NAME_CHARACTERS:
            raise Refused(f"a group's name has 1 to {NAME_CHARACTERS} characters")
        if not FEWEST_MEMBERS <= len(everybody) <= MOST_MEMBERS:
            raise Refused(f"a group has {FEWEST_MEMBERS} to {MOST_MEMBERS} members")
        body = {"name": name, "owner": owner, "userlist": everybody}
        answer = await self._app.call("appchat/create", body)
        chat = str(answer["chatid"])
        for payload in render.texts(FIRST_WORDS):
            await self._post(chat, payload)
        return chat

    async def _picture(self, chat: str, content: bytes) -> None:
        async def post(media_id: str) -> None:
            await self._post(chat, render.app_image(media_id))

        await self._app.with_picture(content, post)

    async def _post(self, chat: str, payload: render.Payload) -> None:
        await self._app.call("appchat/send", {"chatid": chat, **payload})
