"""What every HTTP door does before it reads a body's meaning."""

from __future__ import annotations

import asyncio

from aiohttp import ClientPayloadError, web

MAX_BODY_BYTES = 256 * 1024
BODY_SECONDS = 5.0


class Unreadable(Exception):
    """A body such as no platform sends: compressed, big, slow or cut off."""


async def body(request: web.Request, seconds: float = BODY_SECONDS) -> bytes:
    """The body, within size and time; else Unreadable."""
    if "Content-Encoding" in request.headers or (request.content_length or 0) > MAX_BODY_BYTES:
        raise Unreadable
    found = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                found += chunk
                if len(found) > MAX_BODY_BYTES:
                    raise Unreadable
    except (TimeoutError, ClientPayloadError, web.RequestPayloadError, ConnectionError):
        raise Unreadable from None
    return bytes(found)
