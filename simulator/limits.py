"""Limits of the kind "so many in any stretch of so many seconds"."""

from collections import deque
from collections.abc import Callable


class Window:
    """At most so many in any stretch of so many seconds, for each key."""

    def __init__(self, most: int, seconds: float, now: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._now = now
        self._taken: dict[str, deque[float]] = {}

    def has_room(self, key: str) -> bool:
        taken = self._taken.setdefault(key, deque())
        while taken and taken[0] <= self._now() - self._seconds:
            taken.popleft()
        return len(taken) < self._most

    def take(self, key: str) -> None:
        self._taken.setdefault(key, deque()).append(self._now())
