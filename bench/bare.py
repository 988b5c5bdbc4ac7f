"""What the service is compared to: aiohttp that verifies as we do, keeps nothing, answers."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

from aiohttp import web

from bench.envelopes import CALLBACK_PATH, App
from bot.platforms.envelope import EnvelopeCrypto, Forged, Stamp
from bot.platforms.wecom.decode import envelope


def application(app: App) -> web.Application:
    crypto = EnvelopeCrypto(app.token, app.aes_key, app.corp_id)

    async def receive(request: web.Request) -> web.Response:
        query = request.query
        try:
            stamp = Stamp(query["msg_signature"], query["timestamp"], query["nonce"])
            crypto.open(envelope(await request.read()), stamp, datetime.now(UTC))
        except (Forged, KeyError):
            return web.Response(status=403)
        return web.Response()

    bare = web.Application()
    bare.router.add_post(CALLBACK_PATH, receive)
    return bare


if __name__ == "__main__":
    web.run_app(
        application(App(**json.loads(os.environ["BENCH_APP"]))),
        host="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        access_log=None,
        print=None,
    )
