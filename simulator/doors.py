"""A door to the bot as the page shows it: whose phones, which groups, what a thumb does there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from simulator.ledger import Button, Callback, Ledger, Message


class Owner(Protocol):
    """Somebody with a phone, on either platform."""

    @property
    def userid(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def colour(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One way to the bot; several doors may share a ledger.

    alone, together: the ledger's names for a talk alone and for a group's, "" where this door has
    none. groups: id → name. say(userid, text, group's id or None), enter(userid) and
    press(userid, message, button) do what a member does.
    """

    id: str
    platform: str
    title: str
    subtitle: str
    ledger: Ledger
    alone: str
    together: str
    owners: Sequence[Owner]
    say: Callable[[str, str, str | None], Awaitable[object]]
    press: Callable[[str, Message, Button], Awaitable[object]]
    enter: Callable[[str], Awaitable[object]] | None = None
    groups: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    can_write_together: bool = False

    def place(self, item: Callback | Message) -> tuple[bool, str] | None:
        """Whether it is a group's, and whose; None for what isn't of this door."""
        if isinstance(item, Callback):
            if item.door != self.alone:
                return None
            return bool(item.chat), item.chat or item.userid
        if item.door == self.together and item.recipient in self.groups:
            return True, item.recipient
        return (False, item.recipient) if item.door == self.alone else None
