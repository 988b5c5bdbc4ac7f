"""What a language model proposes, held to the text: a value that can't be traced is dropped.

A proposal is read like anything that comes from outside: a shape that isn't an act, a customer
that the sender can't see, a sum that nobody wrote make nothing. What is left is doubtful by
nature (`CONFIDENCE`), so that whoever carries it out shows it before it is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from nlu.acts import TYPES, Act, from_json
from nlu.known import Known, KnownCustomer, Person
from nlu.normal import normalise
from nlu.parser import Reading, Understood
from nlu.spans import find_all

CONFIDENCE = 0.3
"""Below what a rule's surest doubt has: nothing proposed is written unseen."""
MOST_ACTS = 8
SHORTEST = 5
"""Characters of a text that may be worth asking about."""
_NAMES = frozenset(
    {"new_customer", "name", "title", "phone", "email", "wechat", "number", "company", "contact",
     "source", "deal_name"}
)  # fmt: skip
_WORDS = frozenset({"what", "comment", "lost_reason"})
_DATES = frozenset({"date", "due", "expected_close", "signed_on", "valid_until", "period"})
_SUMS = frozenset({"amount", "unit_price", "quantity", "discount"})
_CHOSEN = {"stage": "stages", "lost_to": "competitors", "product": "products"}
_LISTED = {"products": "products", "competitors": "competitors"}
_USERS = frozenset({"assignee", "from_user", "to_user", "user"})
_AT_CUSTOMER = frozenset(
    {"activity", "deal", "contact", "quote", "contract", "payment", "claim", "release", "ticket"}
)
_NEVER = frozenset(
    {"approve", "reject", "correct", "undo", "help", "ask", "transfer", "subscribe"}
)
"""What a word settles is for the rules alone: a model's guess must not approve or hand over."""
_ENOUGH = 0.6


def is_unsure(reading: Reading, text: str) -> bool:
    """Whether the rules have made too little of a text that seems to say something."""
    if reading.acts:
        return any(understood.confidence < CONFIDENCE for understood in reading.acts)
    said = "".join(text.split())
    return len(said) >= SHORTEST and any("\u4e00" <= char <= "\u9fff" for char in said)


def traced(
    answer: str, text: str, *, at: datetime, sender: Person, known: Known
) -> tuple[Understood, ...]:
    """The acts of a model's answer (a JSON list, or an object with "acts") that the text bears."""
    trace = _Trace(text, at, sender, known)
    found = []
    for proposal in _proposals(answer)[:MOST_ACTS]:
        act = trace.act(proposal)
        if act is not None:
            found.append(Understood(act, CONFIDENCE))
    return tuple(found)


def _proposals(answer: str) -> list[Mapping[str, Any]]:
    try:
        value = json.loads(answer)
    except ValueError:
        return []
    rows = value.get("acts") if isinstance(value, dict) else value
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


class _Trace:
    """One text and all that its values may come from."""

    def __init__(self, text: str, at: datetime, sender: Person, known: Known) -> None:
        self._text = normalise(text).text
        self._plain = "".join(self._text.split()).lower()
        found = find_all(self._text, at.replace(tzinfo=None))
        self._dates = {span.value for span in found.dates}
        self._numbers = [span.value for span in found.numbers]
        self._sender = sender
        self._known = known
        self._customers = {c.id: c for c in known.customers if self._names(c)}

    def act(self, proposal: Mapping[str, Any]) -> Act | None:
        """The act with the slots that hold; None where what it needs does not."""
        kind = proposal.get("type")
        if not isinstance(kind, str) or kind not in TYPES or kind in _NEVER:
            return None
        hints = get_type_hints(TYPES[kind])
        slots = {
            name: value
            for name, value in proposal.items()
            if name in hints and _fits(hints[name], value) and self._holds(name, value, proposal)
        }
        if not self._is_whole(kind, slots):
            return None
        try:
            return from_json({"type": kind, **slots})
        except (KeyError, TypeError, ValueError):
            return None

    def _is_whole(self, kind: str, slots: Mapping[str, Any]) -> bool:
        if kind in _AT_CUSTOMER and not {"customer", "new_customer"} & slots.keys():
            return False
        needed = {"task": "what", "expense": "amount", "payment": "amount", "lead": "company",
                  "contact": "name", "customer": "set", "query": "about"}  # fmt: skip
        return needed.get(kind, next(iter(slots), "")) in slots

    def _holds(self, slot: str, value: Any, proposal: Mapping[str, Any]) -> bool:
        if slot == "customer":
            return value in self._customers
        if slot == "deal":
            owner = self._customers.get(str(proposal.get("customer")))
            return value == "new" or (
                owner is not None and any(d.id == value for d in owner.deals)
            )
        if slot in _NAMES:
            return self._says(str(value))
        if slot in _WORDS:
            return self._tells(str(value))
        if slot in _DATES:
            return value in self._dates
        if slot in _SUMS:
            return self._counts(value)
        if slot in _USERS:
            return self._means_user(str(value))
        return self._holds_more(slot, value, proposal)

    def _holds_more(self, slot: str, value: Any, proposal: Mapping[str, Any]) -> bool:
        vocabulary = self._known.vocabulary
        if slot in _CHOSEN:
            return value in getattr(vocabulary, _CHOSEN[slot]) and self._hints_at(value)
        if slot in _LISTED:
            words = getattr(vocabulary, _LISTED[slot])
            return all(word in words and self._hints_at(word) for word in value)
        if slot == "contacts":
            return all(self._means_contact(name, proposal.get("customer")) for name in value)
        if slot in ("set", "filters"):
            return all(self._hints_at(str(inner)) or self._means_user(str(inner))
                       for inner in value.values())  # fmt: skip
        if slot == "lines":
            return all(self._holds(name, inner, proposal)
                       for line in value for name, inner in line.items())  # fmt: skip
        return slot in ("kind", "planned", "outcome", "category", "status", "urgent", "role",
                        "left", "about", "metric", "view", "group_by")  # fmt: skip

    def _names(self, customer: KnownCustomer) -> bool:
        said = (customer.name, *customer.aliases, *customer.learned)
        return any(self._hints_at(name) for name in said)

    def _says(self, words: str) -> bool:
        plain = "".join(words.split()).lower()
        return len(plain) > 0 and plain in self._plain

    def _hints_at(self, word: str) -> bool:
        """The word itself, or a piece of it as long as half."""
        plain = "".join(word.split()).lower()
        size = max(2, (len(plain) + 1) // 2)
        pieces = (plain[i : i + size] for i in range(max(1, len(plain) - size + 1)))
        return bool(plain) and any(piece in self._plain for piece in pieces)

    def _tells(self, words: str) -> bool:
        """Whether the text holds most of the words' neighbouring characters."""
        plain = "".join(words.split()).lower()
        pairs = [plain[i : i + 2] for i in range(max(1, len(plain) - 1))]
        shared = sum(1 for pair in pairs if pair in self._plain)
        return bool(plain) and shared / len(pairs) >= _ENOUGH

    def _counts(self, value: Any) -> bool:
        said = tuple(value) if isinstance(value, list) else value
        return any(_same(said, number) for number in self._numbers)

    def _means_user(self, number: str) -> bool:
        user = next((u for u in self._known.vocabulary.users if u.id == number), None)
        return user is not None and (user.id == self._sender.id or self._hints_at(user.name))

    def _means_contact(self, name: str, customer: Any) -> bool:
        known = self._customers.get(str(customer))
        people = known.contacts if known else ()
        return self._says(name) or any(
            person.name == name and name[:1] in self._plain for person in people
        )


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    return numbers and abs(left - right) < 1e-6 * max(1.0, abs(right))


def _fits(hint: Any, value: Any) -> bool:
    """Whether a JSON value has the shape of a slot: dataclasses check nothing by themselves."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return value in inner if isinstance(value, str) else False
    if origin is tuple:
        if Ellipsis not in inner:
            return isinstance(value, list) and len(value) == len(inner) and _all_fit(value, inner)
        return isinstance(value, list) and _all_fit(value, (inner[0],) * len(value))
    if inner and (origin is Union or origin is type(int | str)):
        return any(_fits(each, value) for each in inner)
    if origin is dict:
        return isinstance(value, dict) and all(isinstance(key, str) for key in value)
    if hint in (int, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint in (str, bool):
        return isinstance(value, hint)
    return isinstance(value, dict) and _is_part(hint, value)


def _all_fit(values: Iterable[Any], hints: Iterable[Any]) -> bool:
    return all(_fits(hint, value) for hint, value in zip(hints, values, strict=True))


def _is_part(kind: Any, value: Mapping[str, Any]) -> bool:
    """A part of an act (filters, a quote's line) with slots that fit."""
    if not hasattr(kind, "__dataclass_fields__"):
        return False
    hints = get_type_hints(kind)
    names = {field.name for field in fields(kind)}
    return set(value) <= names and all(_fits(hints[name], value[name]) for name in value)
