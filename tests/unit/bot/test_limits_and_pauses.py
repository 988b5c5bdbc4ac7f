"""Token buckets and pauses, by the clock that they are handed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.gate import Gate, pause_after
from bot.limiter import Limiter
from bot.platforms.contract import Bucket, RetryLater, Unauthorised
from tests.builders import NOW


def test_no_window_holds_more_than_the_limit_wherever_it_begins() -> None:
    """A try every tenth of a second for ten minutes, at a bucket of 20 a minute."""
    limiter, bucket = Limiter(), Bucket("b", 20, 60)
    tries = (tenth / 10 for tenth in range(6000))
    taken = [at for at in tries if limiter.take([bucket], at) == 0]
    for start in taken:
        assert sum(start <= at < start + 60 for at in taken) <= 20
    assert len(taken) >= 190


def test_a_token_is_taken_of_every_bucket_or_of_none() -> None:
    limiter = Limiter()
    person, app = Bucket("person", 1, 60), Bucket("app", 2, 60)
    assert limiter.take([person, app], 0) == 0
    assert limiter.take([person, app], 10) == 50
    assert limiter.take([app], 10) == 0
    assert limiter.take([app], 20) == 40


@pytest.mark.parametrize(
    ("times", "seconds"), [(1, 5), (2, 10), (3, 20), (5, 80), (6, 120), (400, 120)]
)
def test_pauses_grow(times: int, seconds: int) -> None:
    found = pause_after(times, timedelta(seconds=5), timedelta(seconds=120))
    assert found == timedelta(seconds=seconds)


def test_an_operator_is_told_once_for_each_cause() -> None:
    """And again after it has worked in between."""
    gate, at = Gate(), NOW
    told = []
    for code in (60020, 60020, 40001, 60020):
        told.append(gate.failed("app", Unauthorised("no", code), at))
        at += timedelta(minutes=10)
    assert told == [True, False, True, False]
    assert gate.succeeded("app")
    assert gate.failed("app", Unauthorised("no", 60020), at)


def test_failures_of_sendings_already_on_their_way_count_once() -> None:
    """Thirty at once must not lengthen the pause thirtyfold."""
    gate = Gate()
    for _ in range(30):
        gate.failed("app", RetryLater("reset", timedelta(seconds=1)), NOW)
    assert gate.closed_until("app", NOW) == NOW + timedelta(seconds=5)
    assert gate.closed_until("another app", NOW) is None


def test_idle_buckets_are_forgotten() -> None:
    limiter, bucket = Limiter(), Bucket("b", 1, 60)
    assert limiter.take([bucket], 0) == 0
    limiter.forget(30, idle_seconds=60)
    assert limiter.take([bucket], 30) == 30
    limiter.forget(500, idle_seconds=60)
    assert limiter.take([bucket], 500) == 0
