"""The app's access token, by WeCom's gettoken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.platforms import shared_token
from bot.platforms.wecom.api import WeComApi
from bot.platforms.wecom.settings import WeComSettings
from storage.db import Database


class Tokens(shared_token.Tokens):
    """Gives the token; `now` is the clock."""

    def __init__(
        self,
        settings: WeComSettings,
        api: WeComApi,
        db: Database,
        now: Callable[[], datetime],
    ) -> None:
        query = {"corpid": settings.corp_id, "corpsecret": settings.secret}

        async def fetch() -> tuple[str, timedelta]:
            answer = await api.get("gettoken", query)
            return str(answer["access_token"]), timedelta(seconds=int(answer["expires_in"]))

        super().__init__(db, f"wecom|{settings.corp_id}|{settings.app}", fetch, now)
