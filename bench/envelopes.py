"""Callbacks as WeCom posts them, signed and sealed beforehand, down to the request's bytes."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from simulator.wecom.crypto import WeComCrypto, xml_document, xml_envelope
from simulator.wecom.server import new_secrets

CALLBACK_PATH = "/wecom/callback"


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """One self-built app's identity and secrets."""

    corp_id: str
    agent_id: int
    secret: str
    token: str
    aes_key: str


def new_app() -> App:
    """An app that no other run shares."""
    return App(corp_id=f"ww{secrets.token_hex(8)}", agent_id=1000002, **new_secrets())


class Envelopes:
    """Makes text messages' requests; each has an id of its own."""

    def __init__(self, app: App, port: int) -> None:
        self._app = app
        self._host = f"127.0.0.1:{port}"
        self._crypto = WeComCrypto(app.token, app.aes_key, app.corp_id)
        self._next_id = time.time_ns()

    def request(self, userid: str, text: str) -> bytes:
        """A whole HTTP/1.1 request on a connection that is kept."""
        self._next_id += 1
        created_at = int(time.time())
        message = xml_document(
            {
                "ToUserName": self._app.corp_id,
                "FromUserName": userid,
                "CreateTime": created_at,
                "MsgType": "text",
                "Content": text,
                "MsgId": self._next_id,
                "AgentID": self._app.agent_id,
            }
        )
        sealed = self._crypto.encrypt(message)
        timestamp, nonce = str(created_at), secrets.token_hex(5)
        signature = self._crypto.signature(timestamp, nonce, sealed)
        query = urlencode({"msg_signature": signature, "timestamp": timestamp, "nonce": nonce})
        body = xml_envelope(self._app.corp_id, self._app.agent_id, sealed).encode()
        head = (
            f"POST {CALLBACK_PATH}?{query} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Content-Type: text/xml; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body
