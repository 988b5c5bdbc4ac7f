"""Keeps a stand-in to this machine: other names and other sites' requests are refused."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses other names (DNS rebinding) and other sites' requests; hardens every answer."""
    origin = request.headers.get("Origin")
    if not _is_loopback(f"//{request.host}") or (origin and origin != f"http://{request.host}"):
        return web.Response(status=403, text="loopback only")
    response = await handler(request)
    if not response.prepared:
        response.headers.update(_headers(request.host))
    return response


def _is_loopback(url: str) -> bool:
    try:
        return urlsplit(url).hostname in _LOOPBACK
    except ValueError:
        return False


def _headers(host: str) -> dict[str, str]:
    policy = (
        "default-src 'self'; img-src 'self' data: blob:; "
        f"connect-src 'self' ws://{host}; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
