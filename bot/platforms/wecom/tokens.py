"""The app's access token: one for all processes, renewed by one of them at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.platforms.contract import PlatformError, RetryLater
from bot.platforms.wecom.api import WeComApi
from bot.platforms.wecom.settings import WeComSettings
from bot.platforms.wecom.shared_token import SharedToken, Token
from storage.db import Database

EARLY = timedelta(minutes=5)
EARLY_AGAIN = timedelta(minutes=1)
LOCK = timedelta(seconds=12)
"""Longer than a call of gettoken may take; a process that dies blocks the others so long."""
FAILED_AGAIN = timedelta(seconds=30)
"""WeCom shuts gettoken for an hour after about 2,000 failing calls in one."""
POLL_SECONDS = 0.1


class Tokens:
    """Gives the token; `now` is the clock."""

    def __init__(
        self,
        settings: WeComSettings,
        api: WeComApi,
        db: Database,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._api = api
        self._shared = SharedToken(db, f"wecom|{settings.corp_id}|{settings.app}")
        self._now = now
        self._turn = asyncio.Lock()
        self._token: Token | None = None
        self._failure: PlatformError | None = None
        self._failed_until: datetime | None = None

    async def get(self, refused: str | None = None) -> str:
        """A good token, other than the one that WeCom has refused; raises a PlatformError."""
        token = self._current(refused)
        if token is None:
            async with self._turn:
                token = await self._find(refused)
        return token.value

    def _current(self, refused: str | None) -> Token | None:
        token = self._token
        good = token is not None and token.value != refused and self._now() < token.renew_at
        return token if good else None

    async def _find(self, refused: str | None) -> Token:
        """From memory, the database or WeCom; the caller holds the turn of this process."""
        for _ in range(int(LOCK.total_seconds() / POLL_SECONDS)):
            if (token := self._current(refused)) is not None:
                return token
            stored = await self._shared.load(EARLY)
            self._token = stored or self._token
            if (token := self._current(refused)) is not None:
                return token
            if (token := await self._renew(stored, refused)) is not None:
                self._token = token
                return token
            await asyncio.sleep(POLL_SECONDS)
        raise RetryLater("another process is fetching the token", FAILED_AGAIN)

    async def _renew(self, stored: Token | None, refused: str | None) -> Token | None:
        """A new token, or the old one while it works; None where another process is at it."""
        now = self._now()
        spare = stored
        if stored is not None and (stored.value == refused or now >= stored.expires_at):
            spare = None
        try:
            self._spare_wecom(now)
            if await self._shared.lock(stored.value if stored else None, now, now + LOCK):
                return await self._fetch(locked=now + LOCK)
        except PlatformError:
            if spare is None:
                raise
        return None if spare is None else replace(spare, renew_at=now + EARLY_AGAIN)

    def _spare_wecom(self, now: datetime) -> None:
        """Raises the last failure again while it is young."""
        if self._failure is not None and self._failed_until is not None:
            if now < self._failed_until:
                raise self._failure.with_traceback(None)
            self._failure = None

    async def _fetch(self, locked: datetime) -> Token:
        """Ask WeCom and store its answer; the caller holds the lock until `locked`."""
        query = {"corpid": self._settings.corp_id, "corpsecret": self._settings.secret}
        try:
            answer = await self._api.get("gettoken", query)
        except BaseException as error:
            await self._shared.unlock(locked)
            if isinstance(error, PlatformError):
                pause = error.after if isinstance(error, RetryLater) else FAILED_AGAIN
                self._failure, self._failed_until = error, self._now() + pause
            raise
        now = self._now()
        expires_at = now + timedelta(seconds=int(answer["expires_in"]))
        # Near its end WeCom gives the same token again: ask again later, not at each sending.
        renew_at = max(expires_at - EARLY, now + EARLY_AGAIN)
        token = Token(str(answer["access_token"]), expires_at, renew_at)
        await self._shared.store(token, locked)
        return token
