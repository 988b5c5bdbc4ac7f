"""The app's access token, by WeCom's gettoken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.platforms import shared_token
from bot.platforms.wecom.api import WeComApi
from bot.platforms.wecom.settings import WeComSettings
from storage.db import Database


class Tokens:
    """Gives the token; `now` is the clock."""

    def __init__(
        self,
        settings: WeComSettings,
        api: WeComApi,
        db: Database,
        now: Callable[[], datetime],
    ) -> None:
        self._query = {"corpid": settings.corp_id, "corpsecret": settings.secret}
        self._api = api
        key = f"wecom|{settings.corp_id}|{settings.app}"
        self._tokens = shared_token.Tokens(db, key, self._fetch, now)

    async def get(self, refused: str | None = None) -> str:
        """A good token, other than the one that WeCom has refused; raises a PlatformError."""
        return await self._tokens.get(refused)

    async def _fetch(self) -> tuple[str, timedelta]:
        answer = await self._api.get("gettoken", self._query)
        return str(answer["access_token"]), timedelta(seconds=int(answer["expires_in"]))
