"""Who writes next: in order, arrivals first, nobody's turn lost, over two event loops."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from storage.turnstile import Turnstile

SECONDS = 5.0


class Line:
    """People who go through one turnstile and write down that they did."""

    def __init__(self, turnstile: Turnstile) -> None:
        self.turnstile = turnstile
        self.passed: list[str] = []

    async def go(self, name: str, *, first: bool = False) -> None:
        async with self.turnstile.turn(first=first):
            self.passed.append(name)
            await asyncio.sleep(0)

    async def queue(self, name: str, *, first: bool = False) -> asyncio.Task[None]:
        """Somebody who waits already when this returns."""
        task = asyncio.create_task(self.go(name, first=first))
        await asyncio.sleep(0)
        return task


@pytest.fixture
def line() -> Line:
    return Line(Turnstile())


async def test_the_order_of_coming_is_kept(line: Line) -> None:
    async with line.turnstile.turn():
        tasks = [await line.queue(name) for name in "abcd"]
        assert line.passed == []
    await asyncio.gather(*tasks)
    assert line.passed == ["a", "b", "c", "d"]


async def test_an_arrival_goes_before_all_who_wait(line: Line) -> None:
    async with line.turnstile.turn():
        tasks = [await line.queue("a"), await line.queue("b")]
        tasks.append(await line.queue("arrival", first=True))
    await asyncio.gather(*tasks)
    assert line.passed == ["arrival", "a", "b"]


async def test_one_alone_inside_whoever_fails(line: Line) -> None:
    with pytest.raises(RuntimeError):
        async with line.turnstile.turn():
            raise RuntimeError
    async with asyncio.timeout(SECONDS):
        await line.go("next")
    assert line.passed == ["next"]


async def test_who_gives_up_waiting_keeps_nobody_waiting(line: Line) -> None:
    async with line.turnstile.turn():
        tasks = [await line.queue(name) for name in "abc"]
        tasks[1].cancel()
        await asyncio.wait([tasks[1]])
    async with asyncio.timeout(SECONDS):
        await asyncio.gather(tasks[0], tasks[2])
    assert line.passed == ["a", "c"]
    assert tasks[1].cancelled()


@pytest.mark.parametrize("rounds_until_cancelled", range(4))
async def test_a_turn_granted_to_somebody_who_is_cancelled_goes_on(
    line: Line, rounds_until_cancelled: int
) -> None:
    """Cancelled as it is called, as it is granted, as it enters and inside: the next has it."""
    async with line.turnstile.turn():
        tasks = [await line.queue("a"), await line.queue("b")]
    for _ in range(rounds_until_cancelled):
        await asyncio.sleep(0)
    tasks[0].cancel()
    async with asyncio.timeout(SECONDS):
        await asyncio.wait(tasks)
        await line.go("c")
    assert line.passed[-2:] == ["b", "c"]


def in_a_loop_of_its_own(work: Callable[[], Awaitable[None]]) -> threading.Thread:
    async def main() -> None:
        await work()

    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    return thread


def test_two_loops_take_turns_and_are_never_inside_together() -> None:
    """Each counts up by reading and writing, which loses counts where two are inside."""
    turnstile, counted = Turnstile(), [0]

    async def count() -> None:
        for _ in range(300):
            async with turnstile.turn():
                before = counted[0]
                await asyncio.sleep(0)
                counted[0] = before + 1

    async def several() -> None:
        await asyncio.gather(count(), count())

    threads = [in_a_loop_of_its_own(several) for _ in range(2)]
    for thread in threads:
        thread.join(30)
    assert counted == [1200]


def test_who_gives_up_in_one_loop_hands_on_to_the_other() -> None:
    """Cancelled at every moment of the grant, while the other loop waits too."""
    turnstile, passed = Turnstile(), [0, 0]

    async def gives_up_often() -> None:
        for number in range(200):
            waiting = asyncio.create_task(Line(turnstile).go("perhaps"))
            for _ in range(number % 5):
                await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait([waiting])
            passed[0] += 1

    async def goes_on() -> None:
        for _ in range(200):
            async with turnstile.turn():
                passed[1] += 1
                await asyncio.sleep(0)

    threads = [in_a_loop_of_its_own(work) for work in (gives_up_often, goes_on)]
    for thread in threads:
        thread.join(30)
    assert passed == [200, 200]
