"""What a button carries: typed values packed into a short text and checked when unpacked."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, get_type_hints

LIMIT_BYTES = 200
"""Well under the platforms' limits (WeCom's event key: 1,024 bytes)."""
ORDINALS = "一二三四五"


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoEvent:
    """Take back everything that this event wrote."""

    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """Approve or reject, at the version that the card showed."""

    approval_id: int
    version: int
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """Do what was asked about."""

    pending_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """Take the option with this number (from 0) of an open question."""

    pending_id: int
    option: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss:
    """None of it."""

    pending_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneTask:
    """A task is done."""

    task_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TickTask:
    """A task of the presser's list is done; `number` is its place there, from 1.

    `listed` holds the ids of the list, joined by points: numbers stay while it is worked off.
    """

    task_id: int
    number: int
    listed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetActive:
    """Open ("on") or close ("off") a colleague's access."""

    user_id: int
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """As if the presser had typed these words."""

    words: str


Press = UndoEvent | Decide | Confirm | Choose | Dismiss | DoneTask | TickTask | SetActive | Say
_KINDS: dict[str, type[Any]] = {
    "undo": UndoEvent, "decide": Decide, "confirm": Confirm, "choose": Choose,
    "dismiss": Dismiss, "done": DoneTask, "tick": TickTask, "active": SetActive, "say": Say,
}  # fmt: skip
_NAMES = {kind: name for name, kind in _KINDS.items()}


def pack(press: Press) -> str:
    """`name:value:value`; raises ValueError over LIMIT_BYTES."""
    values = [str(getattr(press, f.name)) for f in fields(press)]
    packed = ":".join([_NAMES[type(press)], *values])
    if len(packed.encode()) > LIMIT_BYTES:
        raise ValueError(f"button data of {len(packed.encode())} bytes, limit {LIMIT_BYTES}")
    return packed


def unpack(packed: str) -> Press:
    """The press that `pack` wrote; ValueError for anything else."""
    name, _, rest = packed.partition(":")
    kind = _KINDS.get(name)
    if kind is None or len(packed.encode()) > LIMIT_BYTES:
        raise ValueError("not a button of ours")
    names = [f.name for f in fields(kind)]
    values = rest.split(":", len(names) - 1)
    if len(values) != len(names):
        raise ValueError("not a button of ours")
    hints = get_type_hints(kind)
    press: Press = kind(**{n: hints[n](v) for n, v in zip(names, values, strict=True)})
    return press


def in_words(press: Press) -> str | None:
    """What may be typed instead, where no button can be shown; None where no words say the same.

    None too for what words would do to the newest record, whichever card they stand on.
    """
    match press:
        case Say(words=words):
            return words
        case Confirm():
            return "确认"
        case Dismiss():
            return "不对"
        case Choose(option=option) if option < len(ORDINALS):
            return f"第{ORDINALS[option]}个"
        case TickTask(number=number):
            return f"完成 {number}"
        case _:
            return None
