"""A clock that can be moved on: the played day reaches its evening without waiting for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class TravelClock:
    """The present instant, moved on by what was travelled."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """The instant that the service takes for the present one."""
        return datetime.now(UTC) + self._ahead

    def travel_to(self, then: datetime) -> float:
        """Let it be `then`; the seconds that this was ahead. Raises ValueError for going back."""
        ahead = then - datetime.now(UTC)
        if ahead < self._ahead:
            raise ValueError(f"{then.isoformat()} is over already")
        moved = ahead - self._ahead
        self._ahead = ahead
        return moved.total_seconds()
