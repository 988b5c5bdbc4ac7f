"""The response_url of an event: one message, within an hour (path/101138)."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from bot.platforms.contract import Refused
from bot.platforms.wecom.api import Answer, WeComApi

_ROOT = "/cgi-bin/"


class ResponseUrls:
    """Posts to WeCom's own address and to nowhere else, whatever an envelope says."""

    def __init__(self, api: WeComApi, api_base: str) -> None:
        self._api = api
        self._base = api_base.rstrip("/") + _ROOT

    async def post(self, url: str, body: Answer) -> None:
        """Raises a PlatformError; Refused once the url has been used, or is not WeCom's."""
        parts = urlsplit(url)
        path = parts.path.rpartition(_ROOT)[2]
        if not url.startswith(self._base) or not path or ".." in path:
            raise Refused("the response_url isn't WeCom's")
        await self._api.post(path, dict(parse_qsl(parts.query)), body)
