"""What one act adds to the answer; the pieces of a message become one card."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.replies import Line, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What was written for one act.

    `headline` goes into the title (赢单). `missing` names facts that lack and matter. `others`
    go to colleagues. `note` is a sentence below the lines.
    """

    customer: str = ""
    lines: tuple[Line, ...] = ()
    headline: str = ""
    missing: tuple[str, ...] = ()
    note: str = ""
    others: tuple[Reply, ...] = ()
    wrote: bool = True


Outcome = Piece | list[Reply]
"""A handler that writes returns its piece, one that answers its replies."""
