"""Who looks at the records; what they see of them is in `storage.narrowing`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Executable

KEY = "viewer"
Selected = TypeVar("Selected", bound=Executable)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person for whom a session reads and writes.

    `role` is one of people.ROLES; `team_ids` are the teams below and with a manager's own.
    """

    user_id: int
    role: str
    team_ids: tuple[int, ...] = ()


SYSTEM = Viewer(user_id=0, role="system")
"""The service itself: schedules, migrations, imports. Sees everything."""

KEPT: dict[Executable, dict[str, Executable]] = {}
"""The statements that are kept, each with its narrowed forms by role."""


def kept(statement: Selected) -> Selected:
    """A module's own statement, made once with parameters: narrowed once for each role too.

    Making and narrowing a statement anew costs two thirds of its time.
    """
    KEPT[statement] = {}
    return statement
