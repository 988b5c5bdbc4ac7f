"""What the robot says to a person or in a chat: by the route of their message, else by API."""

from __future__ import annotations

import json
import re
from typing import Any, assert_never

from bot.platforms.contract import (
    Address,
    Alert,
    Parcel,
    PlatformError,
    Receipt,
    Refused,
    RetryLater,
)
from bot.platforms.dingtalk import mends, render
from bot.platforms.dingtalk.account import Account
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.dingtalk.cards import MADE, Cards
from bot.platforms.dingtalk.errors import (
    MINUTE,
    PERMISSION_CODES,
    QUOTA_CODES,
    SESSION_GONE,
    TEMPLATE_CODES,
)
from bot.platforms.dingtalk.media import Media
from bot.platforms.dingtalk.routes import Routes
from bot.platforms.dingtalk.settings import DingTalkSettings
from handlers.replies import Card, CardUpdate, Picture, Text

_CARD_KEY = re.compile(r"[0-9A-Za-z_\-]{16,80}")
_USER = re.compile(r"[0-9A-Za-z_.@$:\-]{1,64}")
_CHAT = re.compile(r"[0-9A-Za-z+/=_\-]{1,128}")
"""Neither holds a semicolon, which would name a second place for a card."""


class Talk:
    """Sends one message for one parcel; every call may raise a PlatformError."""

    def __init__(
        self,
        settings: DingTalkSettings,
        api: DingTalkApi,
        account: Account,
        cards: Cards,
        routes: Routes,
        media: Media,
        alert: Alert,
    ) -> None:
        self._settings = settings
        self._api = api
        self._account = account
        self._cards = cards
        self._routes = routes
        self._alert = alert
        self._media = media

    async def send(self, parcel: Parcel) -> Receipt:
        """To the person, or into the chat, of the parcel's address."""
        address = self._checked(parcel.address)
        match parcel.content:
            case Text(text=words):
                return await self._say(render.text(words), address)
            case Card() as card:
                return await self._card(parcel, card)
            case Picture():
                return await self._picture(parcel.picture or b"", address)
            case CardUpdate() as update:
                return await self._update(parcel, update)
            case _:
                assert_never(parcel.content)

    def _checked(self, address: Address) -> Address:
        """Refused for another app's, and for ids that would reach others."""
        ours = self._settings
        if (address.corp, address.app) != (ours.corp_id, ours.app):
            raise Refused("the address is of another app")
        if address.chat is not None and not _CHAT.fullmatch(address.chat):
            raise Refused("the address is no conversation's id")
        if address.chat is None and not _USER.fullmatch(address.user or ""):
            raise Refused("the address is no member's id")
        return address

    async def _card(self, parcel: Parcel, card: Card) -> Receipt:
        """By the template; without one, or where it fails, as words with what to answer."""
        address = parcel.address
        live = render.is_live(card) and parcel.card_key is not None
        if live and self._settings.card_template:
            _check_key(parcel)
            try:
                return await self._cards.deliver(parcel, card)
            except PlatformError as error:
                if not await self._gives_way(error, address):
                    raise
        said = render.still_card(card, linked=address.chat is None)
        receipt = await self._say(said, address)
        return MADE if live and not self._settings.card_template else receipt

    async def _gives_way(self, error: PlatformError, address: Address) -> bool:
        """Whether the card goes out as words: the template's fault, or words are still free."""
        if error.code in QUOTA_CODES:
            return self._routes.any_of(address) is not None
        if error.code not in TEMPLATE_CODES | PERMISSION_CODES:
            return False
        what, mend = mends.of(error)
        await self._alert(f"钉钉：{what}，卡片先以文字发出。{mend}。")
        return True

    async def _update(self, parcel: Parcel, update: CardUpdate) -> Receipt:
        """A card that went out as words can't be changed, and is not told again: words that
        answer it find its state, and a message of its own would cost a call."""
        if not self._settings.card_template:
            return Receipt()
        _check_key(parcel)
        return await self._cards.update(parcel.card_key or "", update.card)

    async def _picture(self, content: bytes, address: Address) -> Receipt:
        said = render.picture(await self._media.id_of(content))
        route = self._routes.any_of(address) if self._account.is_used_up else None
        if route is not None:
            await self._api.post_webhook(route, said.webhook)
            return Receipt()
        return await self._by_api(said, address)

    async def _say(self, said: render.Said, address: Address) -> Receipt:
        route = self._routes.own(address)
        if route is None and self._account.is_used_up:
            route = self._routes.any_of(address)
        if route is not None:
            try:
                await self._api.post_webhook(route, said.webhook)
            except Refused as error:
                if error.code not in SESSION_GONE:
                    raise
            else:
                return Receipt()
        return await self._by_api(said, address)

    async def _by_api(self, said: render.Said, address: Address) -> Receipt:
        body: dict[str, Any] = {
            "robotCode": self._settings.robot_code,
            "msgKey": said.key,
            "msgParam": json.dumps(said.param, ensure_ascii=False),
        }
        if address.chat is not None:
            body["openConversationId"] = address.chat
            answer = await self._account.call("robot/groupMessages/send", body)
        else:
            body["userIds"] = [address.user]
            answer = await self._account.call("robot/oToMessages/batchSend", body)
            _check_reached(answer)
        return Receipt(message_id=str(answer.get("processQueryKey") or "")[:100] or None)


def _check_reached(answer: dict[str, Any]) -> None:
    """200 may still mean that nobody got it."""
    if answer.get("invalidStaffIdList"):
        raise Refused("no such member, or out of the app's visible range")
    if answer.get("flowControlledStaffIdList"):
        raise RetryLater("the member gets too many messages", MINUTE, "flowControlled")


def _check_key(parcel: Parcel) -> None:
    if not _CARD_KEY.fullmatch(parcel.card_key or ""):
        raise Refused("the card's key is none of ours")
