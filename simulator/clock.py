"""The platform's clock: the real one, moved on by tests that can't wait three days."""

import time


def now_ms() -> int:
    """The real time in milliseconds, as DingTalk stamps and signs with it."""
    return time.time_ns() // 1_000_000


class Clock:
    """Seconds since the epoch, plus what somebody has advanced it by."""

    def __init__(self) -> None:
        self._ahead_seconds = 0.0

    def now(self) -> float:
        return time.time() + self._ahead_seconds

    def advance(self, seconds: float) -> None:
        """Moves limits and expiries on; callbacks stay signed with the real time."""
        self._ahead_seconds += seconds
