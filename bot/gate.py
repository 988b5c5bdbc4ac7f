"""When a platform fails or does not let us: how long its sendings wait, and what resumes them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.platforms.contract import Address, PlatformError, RetryLater, Unauthorised

OPENS_AFTER = 5
"""Failures of the transport in a row, after which everything of this scope waits."""
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=2)
FIRST_REFUSED_PAUSE = timedelta(seconds=30)
LONGEST_REFUSED_PAUSE = timedelta(minutes=5)


@dataclass(slots=True)
class _State:
    failures: int = 0
    refusals: int = 0
    until: datetime | None = None
    told: set[str] = field(default_factory=set)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


def scope_of(address: Address) -> str:
    """What fails together: one app, or one group's robot."""
    return f"{address.platform}|{address.corp}|{address.app}|{address.group or ''}"


def pause_after(times: int, first: timedelta, longest: timedelta) -> timedelta:
    """Doubling from `first`, for the first, second, … time in a row."""
    return min(first * float(2 ** min(times - 1, 20)), longest)


class Gate:
    """One process' knowledge of which scopes answer; sendings go singly while one recovers."""

    def __init__(self) -> None:
        self._states: dict[str, _State] = defaultdict(_State)

    def closed_until(self, scope: str, now: datetime) -> datetime | None:
        """When a sending of this scope may be tried; None: now."""
        until = self._states[scope].until
        return until if until is not None and until > now else None

    def recovering(self, scope: str) -> asyncio.Lock | None:
        """The lock under which a scope that failed is tried one sending at a time."""
        state = self._states[scope]
        return None if state.until is None else state.lock

    def succeeded(self, scope: str) -> bool:
        """The platform took one; True where it had been given up before."""
        state = self._states[scope]
        mended = state.until is not None
        state.failures = state.refusals = 0
        state.until = None
        state.told.clear()
        return mended

    def failed(self, scope: str, error: PlatformError, now: datetime) -> bool:
        """Count a failure; True where an operator should be told, once for each cause."""
        state = self._states[scope]
        if state.until is not None and state.until > now:
            return False  # one of several that were on their way when it closed
        if isinstance(error, Unauthorised):
            state.refusals += 1
            state.until = now + pause_after(
                state.refusals, FIRST_REFUSED_PAUSE, LONGEST_REFUSED_PAUSE
            )
            return self._first(state, error)
        if not _transport(error):
            return False
        state.failures += 1
        if state.failures < OPENS_AFTER:
            return False
        times = state.failures - OPENS_AFTER + 1
        state.until = now + pause_after(times, FIRST_PAUSE, LONGEST_PAUSE)
        return times == 1

    @staticmethod
    def _first(state: _State, error: PlatformError) -> bool:
        cause = error.reason if error.code is None else str(error.code)
        new = cause not in state.told
        state.told.add(cause)
        return new


def _transport(error: PlatformError) -> bool:
    """Whether the platform itself failed: an error code of its own is an answer."""
    return isinstance(error, RetryLater) and error.code is None
