"""What a measure is told and what it gives back."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CACHE = Path(tempfile.gettempdir()) / "gendan-bench"
"""Where measures keep what is slow to make, out of the repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`seed` decides every random choice; `quick` is for trying a measure out, not for quoting."""

    seed: int
    quick: bool = False
    customers: int = 0
    """For `link`; 0 is a million."""
    cache: Path = CACHE
    world: Path | None = None
    messages: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A bound of DESIGN §9 for one figure."""

    most: float = math.inf
    least: float = -math.inf

    def holds(self, value: float) -> bool:
        return self.least <= value <= self.most

    def __str__(self) -> str:
        return f"≤ {self.most:g}" if math.isfinite(self.most) else f"≥ {self.least:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Figures by key, the bounds they must hold, and how they were taken."""

    name: str
    how: str
    figures: Mapping[str, float]
    goals: Mapping[str, Goal] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    """What tells this line from others of its measure."""


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of values in ascending order."""
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
