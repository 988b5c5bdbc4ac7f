"""HTTP calls to a platform: bot.http's, with the contract's errors and no secret in them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from io import BytesIO
from typing import Any

from bot.http import Http, TooLong, Unanswered
from bot.platforms.contract import Refused, RetryLater

CALL_SECONDS = 10.0
UPLOAD_SECONDS = 15.0
AFTER_TIMEOUT = timedelta(seconds=5)
MOST_BYTES = 4 * 1024 * 1024


class Calls(Http):
    """One connection pool; `close` gives it back."""

    async def send(
        self, told: str, method: str, url: str, *, most: int = MOST_BYTES, **what: Any
    ) -> tuple[int, bytes]:
        """As `request`; RetryLater without an answer, Refused for one too long.

        `told` stands for the address in their words.
        """
        try:
            return await self.request(method, url, most=most, **what)
        except Unanswered as error:
            raise RetryLater(f"{told}: {error}", AFTER_TIMEOUT) from None
        except TooLong as error:
            raise Refused(f"{told}: {error}") from None


def json_body(body: dict[str, Any]) -> BytesIO:
    """UTF-8 as it is: WeCom refuses escapes such as \\u4f60 with 40033."""
    return BytesIO(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())


def without(secrets: Iterable[str], text: str) -> str:
    """The text with every secret blackened."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return text
