"""One message, one answer: acts that write become one card, questions are answered after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import (
    approvals,
    customers_asked,
    deals_asked,
    field,
    figures,
    lists,
    papers_asked,
    pool,
    questions,
    talk,
    undoing,
)
from handlers.asking import ask_which, offer_new
from handlers.conduct import carry_out
from handlers.context import Context, HeardLike
from handlers.pieces import Piece
from handlers.replies import Card, Reply
from handlers.router import Router, find
from nlu import acts

ANSWERERS: tuple[Router, ...] = (
    approvals.router, undoing.router, pool.router, lists.router, customers_asked.router,
    deals_asked.router,
    papers_asked.router, field.asked, questions.router, figures.router, talk.router,
)  # fmt: skip
"""The handlers of acts that are answered; what they write, they write by themselves."""
_ANSWERED = (acts.Query, acts.Help, acts.Approve, acts.Reject, acts.Undo, acts.Correct)


async def answer_all(
    context: Context,
    heard: Sequence[HeardLike],
    *,
    note: str = "",
    confirmed: bool = False,
) -> list[Reply]:
    """Carry out what was understood; raises SalesError where a rule refuses."""
    asks = [item.act for item in heard if isinstance(item.act, acts.Ask)]
    told = [item for item in heard if isinstance(item.act, _ANSWERED)]
    writes = [item for item in heard if not isinstance(item.act, (acts.Ask, *_ANSWERED))]
    replies: list[Reply] = []
    unknown = _unknown(writes)
    if unknown:
        return [await offer_new(context, writes, unknown)]
    if writes:
        replies += await carry_out(
            context, writes, note=note, confirmed=confirmed, complete=not asks
        )
    for ask in asks[:1]:
        card = replies[0].content if replies else None
        below = card if isinstance(card, Card) and not _waits(card) else None
        question = await ask_which(context, ask, writes, below)
        replies = [question, *replies[1:]] if below else [*replies, question]
    for item in told:
        replies += await _answered(context, item)
    return replies if writes or not note else _noted(replies, note)


def _noted(answers: list[Reply], note: str) -> list[Reply]:
    """With a sentence below the answer's card, else after it."""
    for at, reply in enumerate(answers):
        if isinstance(reply.content, Card):
            both = "\n".join(part for part in (reply.content.note, note) if part)
            card = replace(reply.content, note=both)
            return [*answers[:at], replace(reply, content=card), *answers[at + 1 :]]
    return [*answers, Reply.text(note)]


def _unknown(writes: Sequence[HeardLike]) -> list[str]:
    """Customers named that nobody has told of before."""
    names = [getattr(item.act, "new_customer", None) for item in writes]
    return list(dict.fromkeys(name for name in names if name))


def _waits(card: Card) -> bool:
    return card.subject is not None and card.subject.startswith("pending:")


async def _answered(context: Context, item: HeardLike) -> list[Reply]:
    outcome = await find(ANSWERERS, item.act).call(item.act, context, item)
    if isinstance(outcome, Piece):
        raise TypeError(f"the handler of {type(item.act).__name__} must return replies")
    return outcome
