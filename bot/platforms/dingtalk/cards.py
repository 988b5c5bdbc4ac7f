"""Interactive cards by the company's template: made, changed by key, changed in a tap's answer."""

from __future__ import annotations

import json
from typing import Any

from bot.platforms.contract import Address, Parcel, PlatformError, Receipt, Refused, RetryLater
from bot.platforms.dingtalk import render
from bot.platforms.dingtalk.account import Account
from bot.platforms.dingtalk.errors import CARD_EXISTS, MINUTE
from bot.platforms.dingtalk.settings import ROUTE_KEY, DingTalkSettings
from bot.platforms.dingtalk.taps import Taps
from handlers.replies import Card
from storage.models.service import LASTING

BY_KEY = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
"""Without it the values that are not sent are lost."""
MADE = Receipt(update_code=LASTING)


class Cards:
    """`outTrackId` is our card key: a random name that only the card's viewers' phones know."""

    def __init__(self, settings: DingTalkSettings, account: Account, taps: Taps) -> None:
        self._settings = settings
        self._account = account
        self._taps = taps

    async def deliver(self, parcel: Parcel, card: Card) -> Receipt:
        """A new card; one that is there already was made by an earlier try of the same sending."""
        body = self._new(parcel, card)
        try:
            answer = await self._account.call("card/instances/createAndDeliver", body)
        except PlatformError as error:
            if error.code in CARD_EXISTS:
                return MADE
            raise
        result = answer.get("result")
        outcomes = result.get("deliverResults") if isinstance(result, dict) else None
        if answer.get("success") is False or not outcomes:
            raise Refused("the card was not delivered")
        for outcome in outcomes:
            _check(outcome)
        return MADE

    async def update(self, card_key: str, card: Card) -> Receipt:
        """In the answer to a tap that waits for it, else by a call."""
        values = render.variables(card)
        if not await self._taps.answer(card_key, values):
            body = {"outTrackId": card_key, "userIdType": 1, **change(values)}
            await self._account.call("card/instances", body, method="PUT")
        return Receipt()

    def _new(self, parcel: Parcel, card: Card) -> dict[str, Any]:
        callback = {"callbackType": "STREAM"}
        if self._settings.mode == "http":
            callback = {"callbackType": "HTTP", "callbackRouteKey": ROUTE_KEY}
        return {
            "cardTemplateId": self._settings.card_template,
            "outTrackId": parcel.card_key,
            "userIdType": 1,
            **callback,
            "cardData": {"cardParamMap": render.variables(card)},
            **self._space(parcel.address, render.preview(card)),
        }

    def _space(self, address: Address, preview: str) -> dict[str, Any]:
        """Where it is shown; a card is not to be forwarded, for its buttons are one person's."""
        model = {
            "supportForward": False,
            "lastMessageI18n": {"ZH_CN": preview},
            "searchSupport": {
                "searchDesc": preview,
                "searchTypeName": json.dumps({"ZH_CN": "卡片"}, ensure_ascii=False),
            },
            "notification": {"alertContent": preview, "notificationOff": False},
        }
        if address.chat is not None:
            return {
                "openSpaceId": f"dtv1.card//IM_GROUP.{address.chat}",
                "imGroupOpenSpaceModel": model,
                "imGroupOpenDeliverModel": {"robotCode": self._settings.robot_code},
            }
        return {
            "openSpaceId": f"dtv1.card//IM_ROBOT.{address.user}",
            "imRobotOpenSpaceModel": model,
            "imRobotOpenDeliverModel": {
                "spaceType": "IM_ROBOT",
                "robotCode": self._settings.robot_code,
            },
        }


def change(values: render.Variables) -> dict[str, Any]:
    """The card's new values, for a call and for the answer to a tap alike."""
    return {"cardUpdateOptions": BY_KEY, "cardData": {"cardParamMap": values}}


def _check(outcome: object) -> None:
    """The outer answer may say success where nobody got the card."""
    if not isinstance(outcome, dict) or outcome.get("success") is not True:
        told = outcome.get("errorMsg") if isinstance(outcome, dict) else ""
        if told == "flowControlled":
            raise RetryLater("the card was held back", MINUTE, "flowControlled")
        raise Refused(f"the card was not delivered: {str(told)[:200]}")
