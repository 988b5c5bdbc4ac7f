"""Which addresses out of DingTalk's messages may be called: its own, and those configured."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

OURS = (".dingtalk.com",)
FILES = (".dingtalk.com", ".aliyuncs.com")
"""Files lie in Aliyun's object store."""


class Hosts:
    """The allow-list; `configured` are base addresses, trusted with their scheme and port."""

    def __init__(self, configured: Iterable[str]) -> None:
        self._configured = {_origin(base) for base in configured}

    def allows(self, url: str, endings: tuple[str, ...] = OURS) -> bool:
        """Whether the address is a configured one, or HTTPS to a name with such an ending."""
        try:
            parts = urlsplit(url)
            if parts.username is not None or parts.password is not None:
                return False
            if _origin(url) in self._configured:
                return True
            port, host = parts.port, parts.hostname or ""
        except ValueError:
            return False
        return parts.scheme == "https" and port in (None, 443) and host.endswith(endings)

    @property
    def names(self) -> frozenset[str]:
        """The configured hosts' names."""
        return frozenset(host for _, host, _ in self._configured)


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses only, but for the configured names.

    What it gives is what is connected to, so that a name can't point elsewhere in between.
    """

    def __init__(self, exempt: frozenset[str]) -> None:
        self._exempt = exempt
        self._resolver = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """As the system does; OSError where an address is not of the public network."""
        found = await self._resolver.resolve(host, port, family)  # type: ignore[arg-type]
        if host not in self._exempt:
            for each in found:
                if not ipaddress.ip_address(each["host"]).is_global:
                    raise OSError("the name points into a private network")
        return found

    async def close(self) -> None:
        """Nothing is held."""
        await self._resolver.close()


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, (parts.hostname or "").lower(), port
