"""Calls to others over HTTP: one pool, limits of time and size, no address in what is raised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aiohttp

CONNECT_SECONDS = 5.0


class Unanswered(Exception):
    """No answer, or none in time; the words name no address, and so no secret of its query."""


class TooLong(Exception):
    """More bytes came than were asked for."""


class Http:
    """Belongs to one event loop; `close` gives its connections back.

    `seconds` is for a whole call; `connector` makes what connects, where aiohttp's own won't do.
    """

    def __init__(
        self,
        seconds: float,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        connector: Callable[[], aiohttp.BaseConnector] | None = None,
    ) -> None:
        self._seconds = seconds
        self._connect_seconds = connect_seconds
        self._connector = connector
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The pool, made when it is first used; keeps no cookies."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector() if self._connector else None,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def request(
        self, method: str, url: str, *, most: int, seconds: float | None = None, **what: Any
    ) -> tuple[int, bytes]:
        """The status and the whole body; Unanswered, or TooLong for more than `most` bytes.

        `what` is aiohttp's: params, data, json, headers. No redirection is followed.
        """
        total = seconds or self._seconds
        timeout = aiohttp.ClientTimeout(total=total, connect=self._connect_seconds)
        try:
            async with self.session.request(
                method, url, timeout=timeout, allow_redirects=False, **what
            ) as response:
                status, raw = response.status, await _read(response, most)
        except TimeoutError:
            failure = "no answer in time"
        except (aiohttp.ClientError, OSError) as error:
            failure = type(error).__name__
        else:
            if raw is None:
                raise TooLong(f"more than {most} bytes")
            return status, raw
        # Raised out here, without its cause: aiohttp puts the whole address, and so the secrets
        # of its query, into some messages.
        raise Unanswered(failure)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body, or None where there is more of it than `most` bytes."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
