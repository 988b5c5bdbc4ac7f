"""What a conversation remembers between two messages: one JSON-able value, kept by the caller."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

RECENT = 8
"""How many customers and people are remembered; older ones would mislead 他们 and 他."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAsk:
    """A question that waits: the text it is about, what was settled, what may be chosen."""

    about: str
    options: tuple[str, ...]
    text: str
    at: str
    surface: str
    settled: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Customers (latest first), person, the last written acts, the last question, the open ask."""

    customers: tuple[str, ...] = ()
    deal: str | None = None
    person: str | None = None
    written: tuple[dict[str, Any], ...] = ()
    queries: tuple[dict[str, Any], ...] = ()
    ask: OpenAsk | None = None

    @property
    def customer_ids(self) -> frozenset[str]:
        """The customers that `Known` must hold beside those that the text's keys name."""
        return frozenset(self.customers)

    def spoken_of(self, customers: tuple[str, ...]) -> Memory:
        """With these customers in front of the others."""
        kept = [c for c in self.customers if c not in customers]
        return replace(self, customers=(*dict.fromkeys(customers), *kept)[:RECENT])

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads."""
        ask = self.ask
        return {
            "customers": list(self.customers),
            "deal": self.deal,
            "person": self.person,
            "written": list(self.written),
            "queries": list(self.queries),
            "ask": None
            if ask is None
            else {
                "about": ask.about, "options": list(ask.options), "text": ask.text,
                "at": ask.at, "surface": ask.surface, "settled": ask.settled,
            },
        }  # fmt: skip

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Memory:
        """The memory that `to_json` wrote; keys that lack are empty."""
        ask = value.get("ask")
        return cls(
            customers=tuple(value.get("customers", ())),
            deal=value.get("deal"),
            person=value.get("person"),
            written=tuple(value.get("written", ())),
            queries=tuple(value.get("queries", ())),
            ask=OpenAsk(**{**ask, "options": tuple(ask["options"])}) if ask else None,
        )
