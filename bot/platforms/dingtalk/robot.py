"""What a group's custom robot posts through its webhook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from bot.platforms.contract import Parcel, Receipt, Refused
from bot.platforms.dingtalk import render, signing
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.dingtalk.media import Media
from bot.platforms.dingtalk.settings import DingTalkSettings
from handlers.replies import Card, CardUpdate, Picture, Text


class Robot:
    """Posts into the configured groups; the webhook's token and signing key are secrets."""

    def __init__(
        self,
        settings: DingTalkSettings,
        api: DingTalkApi,
        media: Media,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._api = api
        self._media = media
        self._now = now

    async def send(self, parcel: Parcel) -> Receipt:
        """Into the group of the parcel's address; what is tried again shows once (`msgUuid`)."""
        group = self._settings.groups.get(parcel.address.group or "")
        if group is None:
            raise Refused(f"no group robot is configured for {parcel.address.group!r}")
        said = await self._said(parcel)
        stamp = str(int(self._now().timestamp() * 1000))
        query = {
            "access_token": group.token,
            "timestamp": stamp,
            "sign": signing.sign_robot(stamp, group.secret),
        }
        await self._api.post_robot(query, {**said.webhook, "msgUuid": parcel.key})
        return Receipt()

    async def _said(self, parcel: Parcel) -> render.Said:
        """What a group showed can't be changed, so it is told anew."""
        match parcel.content:
            case Text(text=words):
                return render.text(words)
            case Card() as card:
                return render.still_card(card, linked=False)
            case CardUpdate(card=card):
                return render.still_card(card, linked=False)
            case Picture() as picture:
                media_id = await self._media.id_of(parcel.picture or b"")
                return render.group_picture(media_id, picture)
            case _:
                assert_never(parcel.content)
