"""A WeCom app of the published vectors, and callbacks signed and sealed for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.platforms.envelope import EnvelopeCrypto, Stamp
from bot.platforms.wecom.settings import WeComSettings

TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP = "wx5823bf96d3bd56c7"
AGENT = 218
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
NONCE = "263014780"


def settings(**changes: Any) -> WeComSettings:
    """The app of the published vectors."""
    given: dict[str, Any] = {
        "corp_id": CORP, "agent_id": AGENT, "secret": "s3cret", "token": TOKEN,
        "aes_key": AES_KEY,
    }  # fmt: skip
    return WeComSettings(**(given | changes))


def crypto(corp: str = CORP) -> EnvelopeCrypto:
    """Its envelope; with another corp, another company's that shares the keys."""
    return EnvelopeCrypto(TOKEN, AES_KEY, corp)


def inner(**fields: str) -> str:
    """A text message's XML; a field of "" is left out."""
    given = {
        "ToUserName": CORP, "FromUserName": "LiHua", "CreateTime": str(int(NOW.timestamp())),
        "MsgType": "text", "Content": "今天拜访了客户", "MsgId": "4561255354251345929",
        "AgentID": str(AGENT),
    } | fields  # fmt: skip
    parts = [f"<{name}><![CDATA[{value}]]></{name}>" for name, value in given.items() if value]
    return f"<xml>{''.join(parts)}</xml>"


def event(name: str, **fields: str) -> str:
    """An event's XML."""
    return inner(**({"MsgType": "event", "Event": name, "Content": "", "MsgId": ""} | fields))


def outer(encrypted: str) -> bytes:
    """The XML around a sealed message."""
    return f"<xml><ToUserName>{CORP}</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode()


def sealed(message: str, *, at: datetime = NOW, corp: str = CORP) -> tuple[dict[str, str], bytes]:
    """Query and body of a callback that WeCom would send."""
    timestamp = str(int(at.timestamp()))
    encrypted, signature = crypto(corp).seal(message, timestamp, NONCE)
    return query(Stamp(signature, timestamp, NONCE)), outer(encrypted)


def signed(encrypted: str, *, at: datetime = NOW) -> Stamp:
    """A right signature over whatever stands in the envelope."""
    timestamp = str(int(at.timestamp()))
    return Stamp(crypto().sign(encrypted, timestamp, NONCE), timestamp, NONCE)


def query(stamp: Stamp) -> dict[str, str]:
    """A stamp as it stands in the address."""
    return {
        "msg_signature": stamp.signature,
        "timestamp": stamp.timestamp,
        "nonce": stamp.nonce,
    }
