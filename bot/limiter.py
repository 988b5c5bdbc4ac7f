"""Token buckets: a sending waits for its turn, nothing is dropped.

A process keeps its own buckets. Where several processes share an app, each may use the whole
limit; what is then too much is answered by the platform with RetryLater, and waits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.platforms.contract import Bucket

GRAIN = 100
"""Tokens taken within a hundredth of the window come back together, with the last of them."""
SHORTEST_WAIT = 0.001


@dataclass(slots=True)
class _Taken:
    first: float
    last: float
    count: int


@dataclass(slots=True)
class _State:
    taken: deque[_Taken] = field(default_factory=deque)
    count: int = 0


class Limiter:
    """A token comes back a window after it was taken.

    So no window of that length holds more than the limit, wherever it begins; a bucket that
    refills evenly would let through twice as much after a rest. Times are monotonic seconds.
    """

    def __init__(self) -> None:
        self._states: dict[str, _State] = {}

    def take(self, buckets: Sequence[Bucket], now: float) -> float:
        """Take a token of each, or none: then the seconds until it is worth trying again."""
        states = [self._refilled(bucket, now) for bucket in buckets]
        waits = [
            state.taken[0].last + bucket.seconds - now
            for bucket, state in zip(buckets, states, strict=True)
            if state.count >= bucket.limit
        ]
        if waits:
            return max(SHORTEST_WAIT, *waits)
        for bucket, state in zip(buckets, states, strict=True):
            _add(state, bucket, now)
        return 0.0

    def forget(self, now: float, idle_seconds: float) -> None:
        """Drop the buckets that nobody took from lately, so that they do not pile up."""
        for name, state in list(self._states.items()):
            if not state.taken or state.taken[-1].last + idle_seconds < now:
                del self._states[name]

    def _refilled(self, bucket: Bucket, now: float) -> _State:
        state = self._states.setdefault(bucket.name, _State())
        while state.taken and state.taken[0].last + bucket.seconds <= now:
            state.count -= state.taken.popleft().count
        return state


def _add(state: _State, bucket: Bucket, now: float) -> None:
    state.count += 1
    if state.taken and now - state.taken[-1].first < bucket.seconds / GRAIN:
        state.taken[-1].count += 1
        state.taken[-1].last = now
    else:
        state.taken.append(_Taken(first=now, last=now, count=1))
