"""What may go wrong in the rules, by what the caller does about it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

What = Literal[
    "customer", "deal", "contact", "task", "approval", "user", "written", "pending", "ticket",
]  # fmt: skip
Forbidden = Literal[
    "unclaimed", "role", "own_request", "not_approver", "assignee", "full", "not_owner",
    "unsigned", "unseen",
]  # fmt: skip
Clash = Literal[
    "decided", "withdrawn", "built_upon", "decision", "changed", "handled", "expired", "undone",
    "duplicate", "closed", "no_approver", "owned", "several", "newer", "ambiguous",
]  # fmt: skip


class SalesError(Exception):
    """A rule refused; nothing may be written.

    SalesError
    ├── NotFound    there is no such record, or the viewer may not see it: told alike
    ├── NotAllowed  the person may not do this
    ├── Conflict    the record's state doesn't allow it (any more)
    └── Invalid     a value is wrong
    """


class NotFound(SalesError):
    """No such record for this viewer; `name` is what was looked for, as said."""

    def __init__(self, what: What, name: str = "") -> None:
        super().__init__(f"no {what} {name!r} for this viewer")
        self.what = what
        self.name = name


class NotAllowed(SalesError):
    """`reason` says which right lacks; `name` is the record's or the person's."""

    def __init__(self, reason: Forbidden, name: str = "") -> None:
        super().__init__(f"not allowed: {reason} {name}")
        self.reason = reason
        self.name = name


class Conflict(SalesError):
    """`reason` says what is in the way; `who` and `at` of the change that was faster."""

    def __init__(
        self,
        reason: Clash,
        name: str = "",
        *,
        who: str = "",
        at: datetime | None = None,
        verdict: str = "",
    ) -> None:
        super().__init__(f"conflict: {reason} {name} {who}")
        self.reason = reason
        self.name = name
        self.who = who
        self.at = at
        self.verdict = verdict


class Invalid(SalesError):
    """`slot` can't take `value`; `allowed` lists what it takes, where that is short."""

    def __init__(self, slot: str, value: object, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(f"{slot} can't be {value!r}")
        self.slot = slot
        self.value = value
        self.allowed = allowed
