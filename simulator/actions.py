"""Things to do to a stand-in, as JSON addresses: shared by the platforms' control routes."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Action = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def json_action(act: Action) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            return web.json_response({"error": "application/json expected"}, status=415)
        try:
            body = await request.json()
            return web.json_response(await act(body))
        except (ValueError, TypeError, RuntimeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        except LookupError as error:
            return web.json_response({"error": str(error)}, status=404)

    return answer


def text_field(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is missing")
    return value
