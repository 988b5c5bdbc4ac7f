"""Calls in the app's name: with its token, and within what the month still pays for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.platforms import shared_token
from bot.platforms.contract import PlatformError, Ports, RetryLater
from bot.platforms.dingtalk.api import Answer, DingTalkApi
from bot.platforms.dingtalk.errors import QUOTA, QUOTA_CODES, TOKEN_CODES
from bot.platforms.dingtalk.meter import month_of
from bot.platforms.dingtalk.settings import DingTalkSettings

T = TypeVar("T")

LOOK_AGAIN = timedelta(hours=1)
"""How long the month's quota is taken for used up before it is tried again."""
WAIT = timedelta(minutes=1)
CONTACTS_GAP_SECONDS = 0.06
"""Under 20 calls a second."""
USED_UP = (
    "钉钉 {month} 的接口调用额度用完了：卡片和主动提醒先存着等额度恢复，最多存 7 天；"
    "直接回复照常。需要的话请在钉钉后台升级版本。"
)


class Account:
    """One app's calls, each with a token; a refused token is renewed and the call made again."""

    def __init__(self, settings: DingTalkSettings, api: DingTalkApi, ports: Ports) -> None:
        self._settings = settings
        self._api = api
        self._ports = ports
        key = f"dingtalk|{settings.corp_id}|{settings.app}"
        self._tokens = shared_token.Tokens(ports.db, key, self._fetch, ports.now)
        self._used_up_until: datetime | None = None
        self._pace = asyncio.Lock()
        self._paced_at = 0.0

    @property
    def is_used_up(self) -> bool:
        """Whether the month's calls are known to be used up: what is free still goes."""
        until = self._used_up_until
        return until is not None and self._ports.now() < until

    async def call(
        self, path: str, body: Answer, *, method: str = "POST", paid: bool = True
    ) -> Answer:
        """The newer API; raises a PlatformError, at once where the quota is used up."""
        if paid and self.is_used_up:
            raise RetryLater("the month's calls are used up", WAIT, QUOTA)
        try:
            return await self._authorised(
                lambda token: self._api.call(path, body, token, method=method, paid=paid)
            )
        except PlatformError as error:
            if error.code in QUOTA_CODES:
                now = self._ports.now()
                self._used_up_until = now + LOOK_AGAIN
                await self._ports.alert(USED_UP.format(month=month_of(now)))
            raise

    async def contacts(self, path: str, body: Answer) -> Answer:
        """The old API's address book, at its pace; returns `result`."""
        async with self._pace:
            await asyncio.sleep(self._paced_at + CONTACTS_GAP_SECONDS - time.monotonic())
            self._paced_at = time.monotonic()
        answer = await self._authorised(lambda token: self._api.old_call(path, body, token))
        result = answer.get("result")
        return result if isinstance(result, dict) else {"list": result or []}

    async def upload(self, content: bytes, name: str, media_type: str) -> str:
        """A picture's media id."""
        answer = await self._authorised(
            lambda token: self._api.upload(content, name, media_type, token)
        )
        return str(answer.get("media_id", ""))

    async def token(self) -> str:
        """A good token; raises a PlatformError."""
        return await self._tokens.get()

    async def _authorised(self, call: Callable[[str], Awaitable[T]]) -> T:
        return await self._tokens.authorised(call, TOKEN_CODES)

    async def _fetch(self) -> tuple[str, timedelta]:
        body = {"appKey": self._settings.client_id, "appSecret": self._settings.client_secret}
        answer = await self._api.call("oauth2/accessToken", body, paid=False)
        return str(answer["accessToken"]), timedelta(seconds=int(answer["expireIn"]))
