"""The newest address for answers of each chat: it is free, also once the calls are used up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.events import Message
from bot.platforms.contract import Address

MOST_KEPT = 10_000

Place = tuple[str, str]


class Routes:
    """In memory only: they are bearer secrets, and the events hold them for as long as needed."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._kept: dict[Place, tuple[str, datetime]] = {}

    def remember(self, message: Message) -> None:
        """The route of a message that came."""
        if message.route is None or message.route_until is None:
            return
        place = (message.chat or "", "" if message.chat else message.source.sender)
        self._kept.pop(place, None)
        while len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[place] = (message.route, message.route_until)

    def own(self, address: Address) -> str | None:
        """The route of the message that is answered, while it lives."""
        if address.route is None or address.route_until is None:
            return None
        lives = self._now() < datetime.fromisoformat(address.route_until)
        return address.route if lives else None

    def any_of(self, address: Address) -> str | None:
        """A living route into this chat, whichever message it came with."""
        place = (address.chat or "", "" if address.chat else address.user or "")
        route, until = self._kept.get(place, ("", self._now()))
        return self.own(address) or (route if self._now() < until else None)
