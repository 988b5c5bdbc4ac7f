"""How one event of the AI bot's can be answered; a bearer secret, as Address.route carries it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["message", "tap", "entered"]

STREAM = timedelta(minutes=5, seconds=30)
"""An answer may grow for six minutes from the message; what comes later needs another way."""
EVENT = timedelta(seconds=4.5)
"""A tap or an entry is answered within five seconds."""
URL = timedelta(minutes=55)
"""A response_url works for an hour, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One event that came `at` (seconds): a slip that WeCom asks for, a response_url, a req_id.

    By callback there are `slip` and `url`, by socket there is `request`.
    """

    kind: Kind
    at: float
    slip: str = ""
    url: str = ""
    request: str = ""

    def pack(self) -> str:
        """As a text."""
        return json.dumps(asdict(self), separators=(",", ":"))

    def is_open(self, now: datetime) -> bool:
        """Whether the slip is still asked for, or the request still answered."""
        return self._age(now) < (STREAM if self.kind == "message" else EVENT)

    def has_url(self, now: datetime) -> bool:
        """Whether the response_url still works."""
        return bool(self.url) and self._age(now) < URL

    def until(self) -> datetime:
        """When the last way closes."""
        last = URL if self.url else STREAM if self.kind == "message" else EVENT
        return datetime.fromtimestamp(self.at).astimezone() + last

    def _age(self, now: datetime) -> timedelta:
        return timedelta(seconds=now.timestamp() - self.at)


def unpack(packed: str | None) -> Route | None:
    """The route that `pack` wrote; None for none and for anything else."""
    try:
        return Route(**json.loads(packed or "null"))
    except (ValueError, TypeError):
        return None
