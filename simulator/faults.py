"""Faults on demand: what the next calls of an API answer instead of the truth."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass

ANY_API = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One wrong answer; exactly one field should be set.

    errcode: answered without doing anything, e.g. 42001, 45009, 60020, -1.
    code: the same in DingTalk's newer API, with the HTTP status that belongs to the code.
    status: an HTTP status such as 500, without doing anything.
    body: this text with status 200 instead of an answer, without doing anything.
    hang_seconds: no answer for so long, then the connection is cut; nothing is done.
    drop: answered as if all were well, but nobody is shown anything.
    lose_reply: done, but the connection is cut instead of an answer.
    undelivered: DingTalk's answer of success whose lists say, for this reason, that nobody
        got it; "flowControlled" is a reason of its own.
    """

    errcode: int | None = None
    code: str | None = None
    status: int | None = None
    body: str | None = None
    hang_seconds: float | None = None
    drop: bool = False
    lose_reply: bool = False
    undelivered: str = ""

    def __post_init__(self) -> None:
        chosen = [self.errcode, self.code, self.status, self.body, self.hang_seconds]
        flags = [self.drop, self.lose_reply, bool(self.undelivered)]
        kinds = sum(value is not None for value in chosen) + sum(flags)
        if kinds != 1:
            raise ValueError("a fault has exactly one kind")


class Faults:
    """Armed faults, taken in order by the calls they wait for."""

    def __init__(self) -> None:
        self._armed: dict[str, deque[Fault]] = defaultdict(deque)
        self.released = asyncio.Event()

    def arm(self, api: str, fault: Fault, *, times: int = 1) -> None:
        """`api` as in its address, "message/send", or "*" for whichever is called next."""
        self._armed[api].extend([fault] * times)

    def clear(self) -> None:
        self._armed.clear()

    def take(self, api: str) -> Fault | None:
        for name in (api, ANY_API):
            if self._armed.get(name):
                return self._armed[name].popleft()
        return None

    async def hang(self, seconds: float) -> None:
        """Sleeps, unless the server is stopped meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                await self.released.wait()
        except TimeoutError:
            return
