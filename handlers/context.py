"""What a handler may ask for, by name and type: one documented class."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from nlu.acts import Act
from sales.errors import NotAllowed, NotFound
from sales.periods import day_of
from sales.setup.document import CompanySetup
from storage.db import WriteSession
from storage.models.people import User
from storage.models.selling import Deal
from storage.viewer import Viewer


class HeardLike(Protocol):
    """An act as the words were read: how sure, and from which span of the text each slot came."""

    @property
    def act(self) -> Act:
        """What is to be done."""

    @property
    def confidence(self) -> float:
        """From 0 to 1."""

    @property
    def spans(self) -> Mapping[str, tuple[int, int]]:
        """Slot to (start, end) in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An act that was kept and is taken up again (after a tap, a correction)."""

    act: Act
    confidence: float = 1.0
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)


Answer = Callable[[dict[str, Any], int], Awaitable[Sequence[HeardLike]]]
"""The acts of an earlier text, once its open question (as the conversation's memory kept it) is
answered with the option of that number, from 0."""
Render = Callable[[str, Any], Awaitable[bytes]]
"""A kind of picture and its figures to PNG bytes."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """One event's surroundings; a handler names the fields (or properties) that it needs.

    `sender` is None for what is due. `said_at` is when the words were said, where that was
    before `now` (a question answered later). `made` holds the new deals of this message by
    customer, so that its acts share them. `answer` reads a text again whose question is settled.
    `binding_id` is the account on which the sender speaks. Words that came unsigned are not
    `trusted`: they decide nothing that weighs.
    """

    session: WriteSession
    sender: User | None
    viewer: Viewer
    now: datetime
    zone: ZoneInfo
    event_id: int
    conversation: str
    text: str
    in_group: bool
    setup: CompanySetup
    render: Render
    said_at: datetime | None = None
    answer: Answer | None = None
    made: dict[int, Deal] = field(default_factory=dict)
    binding_id: int | None = None
    trusted: bool = True

    @property
    def me(self) -> User:
        """Who wrote; NotFound for what is due, which nobody wrote."""
        if self.sender is None:
            raise NotFound("user")
        return self.sender

    def check_trusted(self) -> None:
        """NotAllowed where somebody else could have put these words into the sender's mouth."""
        if not self.trusted:
            raise NotAllowed("unsigned")

    @property
    def told(self) -> datetime:
        """When the words were said."""
        return self.said_at or self.now

    @property
    def today(self) -> date:
        """The day on the company's calendar when the words were said."""
        return day_of(self.told, self.zone)
