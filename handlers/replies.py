"""What is answered, told alike for every platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a card: what it is about and its value, with the value before if it changed."""

    label: str
    value: str
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button; `press` is a packed value of handlers.buttons."""

    text: str
    press: str
    primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Plain words; no markup is read in them."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card that reads at a glance on a phone.

    `subject` ("approval:7") groups the cards that change together. `note` stands below the
    lines. `hint` says what to answer in words where a platform can't show the buttons.
    `decided` replaces the buttons of a card that is over (已同意 · 王敏 · 14:32).
    """

    title: str
    lines: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()
    subtitle: str = ""
    note: str = ""
    hint: str = ""
    subject: str | None = None
    decided: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture kept as storage Attachment; `alt` says in words what it shows."""

    attachment_id: int
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUpdate:
    """The cards sent before about `subject` (or the one `card_key`) now show `card`."""

    card: Card
    subject: str | None = None
    card_key: str | None = None


Content = Text | Card | Picture | CardUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSender:
    """Back to the chat that the event came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToUser:
    """To a colleague, on the platform that they used last."""

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAccount:
    """To one account of a person who may have others, by the platform's own ids."""

    platform: str
    corp: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToGroup:
    """Into a team's group, by the name it has in the configuration."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAdmins:
    """To everybody who runs the system."""


Recipient = ToSender | ToUser | ToAccount | ToGroup | ToAdmins


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One thing to send."""

    content: Content
    to: Recipient = ToSender()

    @classmethod
    def text(cls, words: str) -> Reply:
        """Words back to the sender."""
        return cls(content=Text(text=words))


ContentKind = Literal["text", "card", "picture", "update"]
_KINDS: dict[ContentKind, type[Any]] = {
    "text": Text, "card": Card, "picture": Picture, "update": CardUpdate,
}  # fmt: skip


def to_json(content: Content) -> dict[str, Any]:
    """The content as a JSON object with its kind."""
    name = next(name for name, kind in _KINDS.items() if isinstance(content, kind))
    return {"content": name, **_plain(content)}


def from_json(value: dict[str, Any]) -> Content:
    """The content that `to_json` wrote."""
    slots = dict(value)
    kind = _KINDS[slots.pop("content")]
    if kind is Card:
        return _card(slots)
    if kind is CardUpdate:
        return CardUpdate(**{**slots, "card": _card(slots["card"])})
    content: Content = kind(**slots)
    return content


def _card(slots: dict[str, Any]) -> Card:
    return Card(
        **{
            **slots,
            "lines": tuple(Line(**line) for line in slots.get("lines", ())),
            "buttons": tuple(Button(**button) for button in slots.get("buttons", ())),
        }
    )


def _plain(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in value.__dataclass_fields__:
        inner = getattr(value, name)
        if isinstance(inner, tuple):
            found[name] = [_plain(item) for item in inner]
        elif isinstance(inner, Card):
            found[name] = _plain(inner)
        else:
            found[name] = inner
    return found
