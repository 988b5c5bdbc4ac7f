"""Acts in the making: slots with the spans they came from, until the whole note is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nlu.acts import TYPES, Act, Filters, QuoteLine
from nlu.scene import Mention

Span = tuple[int, int]


@dataclass(eq=False)
class Draft:
    """An act to be: its type, slots, spans and where in the text it begins."""

    kind: str
    at: int
    slots: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    confidence: float = 0.9

    def put(self, slot: str, value: Any, source: Mention | Span | None = None) -> None:
        """Sets a slot; an empty value changes nothing."""
        if value is None or value in ("", (), [], {}):
            return
        self.slots[slot] = value
        if isinstance(source, Mention):
            self.spans[slot] = (source.start, source.end)
        elif source is not None:
            self.spans[slot] = source

    def add(self, slot: str, value: str, source: Mention | Span | None = None) -> None:
        """Adds to a list slot, each value once."""
        if value not in self.slots.get(slot, []):
            self.put(slot, [*self.slots.get(slot, []), value], source)

    def act(self) -> Act:
        """The finished act."""
        slots = {name: _frozen(name, value) for name, value in self.slots.items()}
        act: Act = TYPES[self.kind](**slots)
        return act


def _frozen(name: str, value: Any) -> Any:
    """The value as acts hold it; `from_json` resolves types anew each time, 0.2 ms an act."""
    if name == "lines":
        return tuple(QuoteLine(**line) for line in value)
    if name == "filters":
        return Filters(**value)
    return tuple(value) if isinstance(value, list) else value
