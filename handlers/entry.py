"""The door to the handlers: words, presses, a person who comes in, a time that has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers import (
    approvals,
    due,
    joining,
    presses,
    rerouting,
    staffing,
    talk,
    tasks,
    undoing,
)
from handlers.buttons import Press, Say
from handlers.conduct import WRITERS
from handlers.context import Context, HeardLike
from handlers.masking import masked
from handlers.message import ANSWERERS, answer_all
from handlers.pieces import Piece
from handlers.refusals import sentence
from handlers.replies import Reply
from handlers.router import Router, find
from sales import pendings
from sales.errors import SalesError

PRESSES: tuple[Router, ...] = (presses.router, undoing.router, approvals.router, tasks.router,
                               staffing.router)  # fmt: skip
ROUTERS: tuple[Router, ...] = (*WRITERS, *ANSWERERS, presses.router)
"""Every router, in the order in which they are tried."""
REROUTES = ("reroute", "orphan")
"""An approval whose approver can't decide any more: with somebody next in line, or without."""


async def on_message(context: Context, understood: Sequence[HeardLike]) -> list[Reply]:
    """Do and answer what was understood of a text."""
    try:
        answers = await _message(context, understood)
    except SalesError as error:
        answers = [refused(context, error)]
    return masked(answers) if context.in_group else answers


async def _message(context: Context, understood: Sequence[HeardLike]) -> list[Reply]:
    people = await _about_people(context)
    if people is not None:
        return people
    waiting = await pendings.latest(
        context.session, context.me.id, context.conversation, context.now
    )
    press = presses.worded_press(waiting, context.text) if waiting else None
    if press is not None and not (understood and waiting and waiting.kind == "ask"):
        return await _press(context, press)
    if not understood:
        return await talk.without_acts(context, context.text, waiting)
    note, updates = await presses.settled_in_words(context, waiting, understood)
    return [*await answer_all(context, understood, note=note), *updates]


async def _about_people(context: Context) -> list[Reply] | None:
    """Words about who may work here, which are no acts of selling."""
    joined = await joining.heard(context, context.text)
    return joined if joined is not None else await staffing.heard(context, context.text)


async def on_press(context: Context, press: Press) -> list[Reply]:
    """Do what a button says; whoever pressed it is checked again by the rules."""
    try:
        answers = await _press(context, press)
    except SalesError as error:
        answers = [refused(context, error)]
    return masked(answers) if context.in_group else answers


async def _press(context: Context, press: Press) -> list[Reply]:
    if isinstance(press, Say):
        return await talk.without_acts(context, press.words)
    async with context.session.begin_nested():
        outcome = await find(PRESSES, press).call(press, context, None)
    if isinstance(outcome, Piece):
        raise TypeError(f"the handler of {type(press).__name__} must return replies")
    return outcome


async def on_entered(context: Context) -> list[Reply]:
    """Somebody opened the chat."""
    return [Reply.text(talk.WELCOME)]


async def on_due(
    context: Context, kind: str, subject_id: int, due_at: datetime, late: bool
) -> list[Reply]:
    """A reminder's or a report's time has come, or an approval waits in vain."""
    if kind == "task":
        return await due.remind(context, subject_id, due_at, late=late)
    if kind == "subscription":
        return await due.report(context, subject_id, due_at, late=late)
    if kind in REROUTES:
        return await rerouting.reroute(context, subject_id)
    raise LookupError(f"nothing is due of kind {kind!r}")


def refused(context: Context, error: SalesError) -> Reply:
    """The refusal in words."""
    return Reply.text(sentence(error, context.zone, context.today))
