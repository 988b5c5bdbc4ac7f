"""What the self-built app sends to a member: words, cards, pictures, changed cards."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TypeVar, assert_never

from bot.platforms.contract import Parcel, Receipt, Refused
from bot.platforms.wecom import render
from bot.platforms.wecom.api import Answer, WeComApi
from bot.platforms.wecom.errors import MEDIA_GONE, TOKEN_CODES
from bot.platforms.wecom.media import Media
from bot.platforms.wecom.settings import WeComSettings
from bot.platforms.wecom.tokens import Tokens
from handlers.replies import Card, CardUpdate, Picture, Text

T = TypeVar("T")

VOICE_BYTES = 2 * 1024 * 1024
DUPLICATE_SECONDS = 14400
"""The longest that WeCom offers: what was sent and is tried again shows once."""

_CARD_KEY = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
_USER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@\-]{0,63}")


class App:
    """Sends in the app's name; every call may raise a PlatformError."""

    def __init__(
        self, settings: WeComSettings, api: WeComApi, tokens: Tokens, media: Media
    ) -> None:
        self._settings = settings
        self._api = api
        self._tokens = tokens
        self._media = media

    async def send(self, parcel: Parcel) -> Receipt:
        """To the one member of the parcel's address."""
        user = self._user(parcel)
        match parcel.content:
            case Text(text=text):
                return await self._messages(render.texts(text), user, parcel.key)
            case Card() as card:
                live = render.is_live(card)
                shown = render.live_card(card, _card_key(parcel)) if live else None
                return await self._message(shown or render.still_card(card), user, parcel.key)
            case Picture():
                return await self._picture(parcel, user)
            case CardUpdate() as update:
                return await self._update(parcel, update.card, user)
            case _:
                assert_never(parcel.content)

    async def call(self, path: str, body: render.Payload) -> Answer:
        """POST with the token; a refused one is renewed and the call made once more."""
        return await self._authorised(
            lambda token: self._api.post(path, {"access_token": token}, body)
        )

    async def get(self, path: str, **query: str) -> Answer:
        """GET with the token, as `call`."""
        return await self._authorised(
            lambda token: self._api.get(path, {"access_token": token, **query})
        )

    async def recording(self, media_id: str) -> bytes:
        """A voice message, kept by WeCom for three days (path/90254)."""
        return await self._authorised(
            lambda token: self._api.download(
                "media/get", {"access_token": token, "media_id": media_id}, VOICE_BYTES
            )
        )

    def _user(self, parcel: Parcel) -> str:
        """Refused for another app's member, and for "@all" or "a|b", which reach others."""
        address, ours = parcel.address, self._settings
        if (address.corp, address.app) != (ours.corp_id, ours.app):
            raise Refused("the address is of another app")
        if address.user is None or not _USER.fullmatch(address.user):
            raise Refused("the address is no member's id")
        return address.user

    async def _messages(self, payloads: list[render.Payload], user: str, key: str) -> Receipt:
        receipt = Receipt()
        for number, payload in enumerate(payloads):
            receipt = await self._message(payload, user, f"{key}/{number}" if number else key)
        return receipt

    async def _message(self, payload: render.Payload, user: str, key: str) -> Receipt:
        # Duplicates are equal requests: our key makes two equal texts differ, and a text that is
        # tried again the same.
        body = {
            "touser": user,
            "agentid": self._settings.agent_id,
            **payload,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": DUPLICATE_SECONDS,
            "client_key": key,
        }
        answer = await self.call("message/send", body)
        for name in ("invaliduser", "unlicenseduser"):
            if answer.get(name):
                raise Refused(f"the member is out of the app's reach: {name}")
        return Receipt(
            message_id=answer.get("msgid") or None,
            update_code=answer.get("response_code") or None,
        )

    async def with_picture(self, content: bytes, send: Callable[[str], Awaitable[T]]) -> T:
        """Send by media id; a kept one may have gone: then the picture is uploaded anew, once."""
        kept = self._media.kept(content)
        if kept is not None:
            try:
                return await send(kept)
            except Refused as error:
                if error.code != MEDIA_GONE:
                    raise
        return await send(await self._authorised_upload(content))

    async def _picture(self, parcel: Parcel, user: str) -> Receipt:
        async def send(media_id: str) -> Receipt:
            return await self._message(render.app_image(media_id), user, parcel.key)

        return await self.with_picture(parcel.picture or b"", send)

    async def _authorised_upload(self, content: bytes) -> str:
        answer = await self._authorised(lambda token: self._media.upload(content, token))
        return self._media.keep(content, answer)

    async def _update(self, parcel: Parcel, card: Card, user: str) -> Receipt:
        """With the first code that still works; Refused where none does."""
        card_key = _card_key(parcel)
        refusal = Refused("no update code is left")
        for code in parcel.codes:
            body = render.card_update(card, card_key, code, user)
            body["agentid"] = self._settings.agent_id
            try:
                answer = await self.call("message/update_template_card", body)
            except Refused as error:
                refusal = error
                continue
            if answer.get("invaliduser"):
                raise Refused("the member doesn't have this card")
            return Receipt()
        raise refusal

    async def _authorised(self, call: Callable[[str], Awaitable[T]]) -> T:
        return await self._tokens.authorised(call, TOKEN_CODES)


def _card_key(parcel: Parcel) -> str:
    key = parcel.card_key or ""
    if not _CARD_KEY.fullmatch(key):
        raise Refused(f"card key {key!r}: WeCom takes letters, digits, _, - and @")
    return key
