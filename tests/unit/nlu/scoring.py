"""How far a reading agrees with the acts that were wanted: exactly, and without a wrong write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

Act = dict[str, Any]
FREE = frozenset({"what", "comment", "lost_reason", "address", "deal_name", "size"})
"""Told in free words: most of the neighbouring characters must be there."""
WRITE_NOTHING = frozenset({"query", "ask", "help"})


def is_exact(found: list[Act], wanted: list[Act]) -> bool:
    """Whether every act is there, whole, and none besides."""
    left = list(found)
    for act in wanted:
        match = next((one for one in left if _same(one, act)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def writes_wrongly(found: list[Act], wanted: list[Act]) -> bool:
    """Whether anything would be written that isn't wanted: an act, or a value of one."""
    left = list(wanted)
    for act in found:
        if act["type"] in WRITE_NOTHING:
            continue
        fitting = [one for one in left if one["type"] == act["type"] and _within(act, one)]
        if not fitting:
            return True
        left.remove(fitting[0])
    return False


def _same(one: Act, other: Act) -> bool:
    return one["type"] == other["type"] and _within(one, other) and _within(other, one)


def _within(part: Act, whole: Act) -> bool:
    """Whether all that `part` says stands in `whole` too."""
    there = list(_values(whole))
    return all(
        any(slot == named and _alike(slot, value, told) for named, told in there)
        for slot, value in _values(part)
    )


def _values(act: Act, within: str = "") -> Iterator[tuple[str, Any]]:
    """(slot, value) pairs; of a list every item by itself, but for a range of amounts."""
    for slot, value in act.items():
        named = f"{within}{slot}"
        if isinstance(value, dict):
            yield from _values(value, f"{named}.")
        elif isinstance(value, list) and slot != "amount":
            yield from ((named, _plain(item)) for item in value)
        elif slot != "type":
            yield named, _plain(value)


def _plain(value: Any) -> Any:
    """Numbers as numbers, whatever their form; what is compared whole as text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _alike(slot: str, one: Any, other: Any) -> bool:
    if one == other or slot.rpartition(".")[2] not in FREE:
        return bool(one == other)
    left, right = _pairs(one), _pairs(other)
    return 2 * len(left & right) >= 0.4 * (len(left) + len(right))


def _pairs(text: Any) -> set[str]:
    bare = "".join(str(text).strip('"').split())
    return {bare[at : at + 2] for at in range(max(1, len(bare) - 1))}


def share(of: Iterable[bool]) -> float:
    """How many of these hold, as a share."""
    answers = list(of)
    return sum(answers) / len(answers)
