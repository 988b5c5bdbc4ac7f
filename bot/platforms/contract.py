"""What a platform is to the rest of the service, and the three kinds of sending error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from aiohttp import web

from bot.events import Event
from handlers.replies import Content
from storage.db import Database

Accept = Callable[[Event], Awaitable[None]]
"""Takes an event; returns once it is durable, raises InboxUnavailable if it can't be."""


class InboxUnavailable(Exception):
    """The event could not be made durable: the platform must be told to deliver it again."""


class PlatformError(Exception):
    """A call to a platform failed; `code` is the platform's own, None where it gave none.

    PlatformError
    ├── RetryLater      try again, after `after`
    ├── Refused         never: the recipient or the content is wrong
    └── Unauthorised    not allowed: secret, permission or trusted IP; an operator must act
    """

    def __init__(self, reason: str, code: int | str | None = None) -> None:
        super().__init__(reason if code is None else f"{reason} ({code})")
        self.reason = reason
        self.code = code


class RetryLater(PlatformError):
    """Try again after `after`."""

    def __init__(self, reason: str, after: timedelta, code: int | str | None = None) -> None:
        super().__init__(reason, code)
        self.after = after


class Refused(PlatformError):
    """Sending the same again can't succeed."""


class Unauthorised(PlatformError):
    """The platform doesn't let us; sending waits until an operator has mended the set-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where on a platform something goes: a person, a chat where they spoke, a configured group.

    `chat` is the platform's id of a group in which `user` wrote; `route` answers one event of
    theirs, until `route_until` (ISO), and says nothing about who or where.
    """

    platform: str
    corp: str = ""
    app: str = ""
    user: str | None = None
    group: str | None = None
    chat: str | None = None
    route: str | None = None
    route_until: str | None = None

    @property
    def lane(self) -> str:
        """Messages of one lane keep their order."""
        whom = f"chat:{self.chat}" if self.chat else self.user or ""
        return f"{self.platform}|{self.corp}|{self.app}|{whom}|{self.group or ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the platform said of a sent message; `update_code` can change a card later, once."""

    message_id: str | None = None
    update_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One thing to send, with all that rendering needs.

    `key` is stable over retries; `card_key` is the card's task id; `picture` holds the bytes of
    a Picture; `codes` are unused update codes for a CardUpdate, newest first.
    """

    key: str
    address: Address
    content: Content
    card_key: str | None = None
    picture: bytes | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bucket:
    """A rate limit that a sending counts against: at most `limit` in `seconds` for `name`."""

    name: str
    limit: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that `gendan check` found: fine, or what is wrong and how to mend it."""

    ok: bool
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """One department of a platform's address book; `parent` is None at the root."""

    id: str
    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in a platform's address book; `leads` are the departments that they lead."""

    user: str
    name: str
    departments: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    title: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressBook:
    """Whom a platform's app may see."""

    corp: str
    departments: tuple[Department, ...]
    members: tuple[Member, ...]


Alert = Callable[[str], Awaitable[None]]
"""Tells the administrators something, once a day for the same words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What the service hands a platform when it is wired."""

    db: Database
    now: Callable[[], datetime]
    alert: Alert


class Platform(Protocol):
    """One platform, as `bot.platforms.registry` finds it: its folder's `plug` module holds
    `Section` (its part of the configuration) and `connect(section, ports)`."""

    name: str

    def routes(self, accept: Accept) -> Sequence[web.RouteDef]:
        """The HTTP doors through which events come."""

    async def run(self, accept: Accept) -> None:
        """Keep connections of our own until cancelled; returns at once where there are none."""

    async def send(self, parcel: Parcel) -> Receipt:
        """Render and send; raises a PlatformError."""

    def buckets(self, address: Address) -> Sequence[Bucket]:
        """The limits that a sending to this address counts against."""

    def elsewhere(self) -> Sequence[str]:
        """Beginnings of the lanes that only another process can send to now."""

    def address_of(self, corp: str, user: str) -> Address:
        """Where a bound person is reached one to one."""

    def group(self, name: str) -> Address | None:
        """Where a configured group is reached; None where this platform has none of that name."""

    async def recording(self, media: str) -> bytes:
        """The voice message of this id; raises a PlatformError."""

    async def address_book(self) -> AddressBook | None:
        """Departments and members that the app may see; None where it is not to be read."""

    async def check(self) -> Sequence[Finding]:
        """Try the credentials without sending anything."""

    async def close(self) -> None:
        """Give connections back."""


@runtime_checkable
class MakesGroups(Protocol):
    """A platform on which the bot can make a group of its own."""

    name: str

    async def create_group(self, name: str, owner: str, members: Sequence[str]) -> str:
        """Make it; returns the id that the configuration wants. Raises a PlatformError."""
