"""Stream's frames and their acknowledgements; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.platforms.dingtalk.decode import Fields, fields_of

ROBOT_TOPIC = "/v1.0/im/bot/messages/get"
CARD_TOPIC = "/v1.0/card/instances/callback"
SUBSCRIPTIONS = (
    {"type": "EVENT", "topic": "*"},
    {"type": "CALLBACK", "topic": ROBOT_TOPIC},
    {"type": "CALLBACK", "topic": CARD_TOPIC},
)

OK, UNKNOWN = 200, 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What came; `raw` is the JSON text inside it, `data` that text read."""

    kind: str
    topic: str
    message_id: str
    headers: Mapping[str, str]
    raw: str
    data: Fields


def read(text: str) -> Frame:
    """A frame; ValueError for what is none. One official sample spells headers "header"."""
    outer = fields_of(text)
    given = outer.get("headers", outer.get("header"))
    if not isinstance(given, dict):
        raise ValueError("no headers")
    headers = {str(name): str(value) for name, value in given.items()}
    raw = outer.get("data")
    raw = raw if isinstance(raw, str) else json.dumps(raw if raw is not None else {})
    return Frame(
        kind=str(outer.get("type", "")),
        topic=headers.get("topic", ""),
        message_id=headers.get("messageId", ""),
        headers=headers,
        raw=raw,
        data=fields_of(raw or "{}"),
    )


def ack(frame: Frame, answer: Mapping[str, Any], code: int = OK) -> str:
    """The acknowledgement of a frame; what is answered goes in as a JSON text."""
    return json.dumps(
        {
            "code": code,
            "headers": {"contentType": "application/json", "messageId": frame.message_id},
            "message": "OK" if code == OK else "FAILED",
            "data": json.dumps(answer, ensure_ascii=False),
        },
        ensure_ascii=False,
    )
