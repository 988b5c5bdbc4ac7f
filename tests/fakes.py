"""What we don't own, made simple: a platform that keeps what it was given."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from aiohttp import web

from bot.platforms.contract import Accept, Address, AddressBook, Bucket, Finding, Parcel, Receipt

Answer = Receipt | Exception


class FakePlatform:
    """Answers each sending with the next of `answers`, then with an empty receipt.

    `limits` are the buckets of every address; `groups` the names it knows; `called` is set by the
    first sending; while `hold` is cleared, sendings wait.
    """

    def __init__(
        self,
        *answers: Answer,
        name: str = "fake",
        limits: Sequence[Bucket] = (),
        groups: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.answers = list(answers)
        self.limits = list(limits)
        self.groups = set(groups)
        self.closed: list[str] = []
        self.heard = b""
        self.book: AddressBook | None = None
        self.sent: list[Parcel] = []
        self.tried: list[Parcel] = []
        self.called = asyncio.Event()
        self.hold = asyncio.Event()
        self.hold.set()

    def routes(self, accept: Accept) -> Sequence[web.RouteDef]:
        """None: tests hand events to the inbox."""
        return []

    async def run(self, accept: Accept) -> None:
        """It has no connection of its own."""

    def elsewhere(self) -> Sequence[str]:
        """Every process can send."""
        return self.closed

    async def recording(self, media: str) -> bytes:
        """One recording, whatever is asked for."""
        return self.heard

    async def address_book(self) -> AddressBook | None:
        """The one that the test has set."""
        return self.book

    async def send(self, parcel: Parcel) -> Receipt:
        """Note the parcel and give the next answer."""
        self.tried.append(parcel)
        self.called.set()
        await self.hold.wait()
        answer = self.answers.pop(0) if self.answers else Receipt()
        if isinstance(answer, Exception):
            raise answer
        self.sent.append(parcel)
        return answer

    def buckets(self, address: Address) -> Sequence[Bucket]:
        """The same for every address."""
        return self.limits

    def address_of(self, corp: str, user: str) -> Address:
        """A person."""
        return Address(platform=self.name, corp=corp, app="app", user=user)

    def group(self, name: str) -> Address | None:
        """A group, if known."""
        if name not in self.groups:
            return None
        return Address(platform=self.name, corp="corp", app="app", group=name)

    async def check(self) -> Sequence[Finding]:
        """All is well."""
        return [Finding(ok=True, what="fake")]

    async def close(self) -> None:
        """Nothing is open."""


class FakeClock:
    """A clock that stands until it is moved; it serves as instant and as monotonic seconds."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._start = now

    def __call__(self) -> datetime:
        """The instant."""
        return self.now

    def seconds(self) -> float:
        """Seconds since it was made."""
        return (self.now - self._start).total_seconds()

    def move(self, **parts: float) -> None:
        """Forward by these parts of a timedelta."""
        self.now += timedelta(**parts)
