"""Keeps what an event wrote, so that it can be taken back or corrected in words later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers import replies
from handlers.context import Context, HeardLike
from handlers.replies import Card
from nlu.acts import to_json
from sales import pendings


def kept_acts(context: Context, acts: Sequence[HeardLike]) -> dict[str, Any]:
    """The acts with their words, as a row keeps them until they are taken up again."""
    return {
        "acts": [to_json(item.act) for item in acts],
        "spans": [{slot: list(span) for slot, span in item.spans.items()} for item in acts],
        "text": context.text,
        "told": context.told.isoformat(),
    }


async def remember(
    context: Context,
    *,
    acts: Sequence[HeardLike],
    card: Card,
    final: bool = False,
    replaces: int | None = None,
) -> None:
    """One row an event: its acts, its words and the card that showed them.

    A `final` one can't be taken back; `replaces` is the event that this one corrected.
    """
    await pendings.keep_written(
        context.session,
        user_id=context.me.id,
        conversation=context.conversation,
        payload={
            **kept_acts(context, acts),
            "card": replies.to_json(card),
            "final": final,
            "replaces": replaces,
        },
        event_id=context.event_id,
        now=context.now,
    )
