"""Pictures for a turn, drawn outside its transaction so that nobody waits for the database."""

from __future__ import annotations

import pickle
from collections.abc import Awaitable, Callable
from typing import Any

Render = Callable[[str, Any], Awaitable[bytes]]


class DrawFirst(Exception):
    """A handler needs a picture that is not drawn yet: leave the transaction, draw, come again."""

    def __init__(self, kind: str, figures: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.figures = figures


class Easel:
    """One turn's pictures: the first asking raises DrawFirst, the next one has the picture."""

    def __init__(self, render: Render) -> None:
        self._render = render
        self._drawn: dict[bytes, bytes] = {}

    async def picture(self, kind: str, figures: Any) -> bytes:
        """The PNG of these figures; raises DrawFirst where it must be drawn before."""
        key = pickle.dumps((kind, figures))
        if key not in self._drawn:
            raise DrawFirst(kind, figures)
        return self._drawn[key]

    async def draw(self, wanted: DrawFirst) -> None:
        """Draw what was asked for; raises what the renderer raises."""
        key = pickle.dumps((wanted.kind, wanted.figures))
        self._drawn[key] = await self._render(wanted.kind, wanted.figures)
