"""What a rule changed of a record, so that old and new can be shown beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of a record: its value before (None: there was none) and after."""

    field: str
    before: Any
    after: Any


def put(record: object, field: str, value: Any) -> list[Change]:
    """Set the field; the change made, or nothing where it had that value already."""
    before = getattr(record, field)
    if before == value:
        return []
    setattr(record, field, value)
    return [Change(field=field, before=before, after=value)]


def add_words(record: object, field: str, words: tuple[str, ...]) -> list[Change]:
    """Add words to a list that has them once each; the words that are new."""
    before: list[str] = getattr(record, field)
    new = [word for word in dict.fromkeys(words) if word not in before]
    if not new:
        return []
    setattr(record, field, [*before, *new])
    return [Change(field=field, before=None, after=new)]
