"""Members' ids: a bot that no super administrator made is told encrypted ones (path/101521)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.platforms.contract import PlatformError, RetryLater
from bot.platforms.wecom.app import App

KEPT = timedelta(days=1)
UNKNOWN_KEPT = timedelta(minutes=10)
MOST_KEPT = 10_000
ASK_SECONDS = 2.0
"""A callback must be answered within five."""
AGAIN = timedelta(seconds=2)

_ENCRYPTED = re.compile(r"wo[0-9A-Za-z_\-]{20,62}")

_log = structlog.get_logger(__name__)


class Identities:
    """Turns encrypted ids into plain ones through the app, and back for sending."""

    def __init__(self, app: App | None, now: Callable[[], datetime]) -> None:
        self._app = app
        self._now = now
        self._plain: dict[str, tuple[str, datetime]] = {}
        self._as_told: dict[str, str] = {}

    async def plain(self, told: str) -> str:
        """The member's id; an encrypted one that can't be converted stays what it is.

        Raises RetryLater where the app's API doesn't answer now.
        """
        if not _ENCRYPTED.fullmatch(told):
            return self._remember(told, told)
        known, until = self._plain.get(told, ("", self._now()))
        if until > self._now():
            return self._remember(told, known)
        found = await self._ask(told)
        if len(self._plain) >= MOST_KEPT:
            self._plain.clear()
        kept = UNKNOWN_KEPT if found is None else KEPT
        self._plain[told] = (found or told, self._now() + kept)
        return self._remember(told, found or told)

    def as_told(self, user: str) -> str:
        """The id by which this bot knows a member: our own are folded to lower case."""
        return self._as_told.get(user, user)

    def _remember(self, told: str, plain: str) -> str:
        if len(self._as_told) >= MOST_KEPT:
            self._as_told.clear()
        self._as_told[plain.lower()] = told
        return plain

    async def _ask(self, told: str) -> str | None:
        if self._app is None:
            return None
        try:
            async with asyncio.timeout(ASK_SECONDS):
                answer = await self._app.call(
                    "batch/openuserid_to_userid", {"open_userid_list": [told]}
                )
        except TimeoutError as error:
            raise RetryLater("no answer in time", AGAIN) from error
        except RetryLater:
            raise
        except PlatformError as error:
            _log.warning("wecom.id_not_converted", code=error.code)
            return None
        rows = answer.get("userid_list")
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and row.get("open_userid") == told:
                return str(row.get("userid") or "") or None
        return None
