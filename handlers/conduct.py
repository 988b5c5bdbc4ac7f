"""One message's acts carried out together: first shown where they weigh, then written, as one
card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import customers, deals, field, papers, pool, replies, subscriptions, tasks, visits
from handlers.buttons import Confirm, Dismiss, Say, UndoEvent, pack
from handlers.context import Context, HeardLike
from handlers.pieces import Piece
from handlers.replies import Button, Card, Line, Reply
from handlers.router import find
from handlers.written import kept_acts, remember
from nlu import acts
from sales import access, pendings
from sales import visits as visits_told
from sales.access import record_number
from sales.customers import short_names
from storage.models.customers import Customer

WRITERS = (
    visits.router, customers.router, deals.router, papers.router, tasks.router, pool.router,
    subscriptions.router, field.router,
)  # fmt: skip
"""The handlers of acts that write, in the order in which they are tried."""
MOST_MISSING = 2
CHANGE = "改一下"
WEIGHTY = (acts.Contract, acts.Payment, acts.Transfer)
"""Written only after a look at what will be written."""
SURE = 0.5
"""How sure a reading must be to be written unseen."""
LIGHT = (acts.Task, acts.Claim)
"""Written at once also where the customer is somebody else's."""


async def carry_out(
    context: Context,
    heard: Sequence[HeardLike],
    *,
    title: str = "已记",
    confirmed: bool = False,
    replaces: int | None = None,
    note: str = "",
    complete: bool = True,
) -> list[Reply]:
    """Write the acts, all or none, or show first what they would write; raises SalesError.

    What lacks is offered where the message is `complete`, not beside a question.
    """
    if not (confirmed and context.trusted) and await _weighs(context, heard):
        return [await _ask_first(context, heard, replaces)]
    pieces = await _run(context, heard)
    if not any(piece.wrote for piece in pieces):
        return [_nothing_written(pieces, title, note), *_others(pieces)]
    missing = [*_missing(pieces), *await _next_steps(context, heard)] if complete else []
    card = replace(
        _card(pieces, title, note, missing),
        buttons=(
            Button(text="撤销", press=pack(UndoEvent(event_id=context.event_id))),
            Button(text=CHANGE, press=pack(Say(words=CHANGE))),
        ),
        hint="不对就回复：撤销，或者直接说要改成什么",
        subject=f"event:{context.event_id}",
    )
    await remember(context, acts=heard, card=card, replaces=replaces)
    return [Reply(content=card), *_others(pieces)]


async def _run(context: Context, heard: Sequence[HeardLike]) -> list[Piece]:
    """Every act's handler in one savepoint: a refusal takes all of them back."""
    pieces = []
    async with context.session.begin_nested():
        for item in heard:
            outcome = await find(WRITERS, item.act).call(item.act, context, item)
            if not isinstance(outcome, Piece):
                raise TypeError(f"the handler of {type(item.act).__name__} must return a piece")
            pieces.append(outcome)
        await context.session.flush()
    return pieces


def is_weighty(act: acts.Act) -> bool:
    """Won or lost, money, contracts and hand-overs, whoever's the record is."""
    return isinstance(act, WEIGHTY) or bool(getattr(act, "outcome", None))


async def _weighs(context: Context, heard: Sequence[HeardLike]) -> bool:
    """Won or lost, money, contracts, hand-overs, records of somebody else, and guesses."""
    if any(item.confidence < SURE for item in heard):
        return True
    if any(is_weighty(item.act) for item in heard):
        return True
    named = {getattr(item.act, "customer", None) for item in heard
             if not isinstance(item.act, LIGHT)}  # fmt: skip
    for reference in named - {None}:
        if record_number(str(reference)) is None:
            continue
        customer = await access.customer_to_read(context.session, str(reference))
        if await access.is_others(context.session, context.viewer, customer):
            return True
    return False


async def _ask_first(
    context: Context,
    heard: Sequence[HeardLike],
    replaces: int | None,
) -> Reply:
    """Write everything, look, take it back: the card shows just what a confirmation writes."""
    trial = replace(context, made={})
    nested = await context.session.begin_nested()
    try:
        pieces = await _run(trial, heard)
    finally:
        await nested.rollback()
    seen = await pendings.seen_now(context.session, _records(heard))
    shown = _card(pieces, "请确认", "", _missing(pieces))
    kept = kept_acts(context, heard)
    pending = await pendings.wait(
        context.session,
        user_id=context.me.id,
        conversation=context.conversation,
        kind="confirm",
        payload={**kept, "card": replies.to_json(shown), "replaces": replaces},
        event_id=context.event_id,
        now=context.now,
        seen=seen,
    )
    card = replace(
        shown,
        buttons=(
            Button(text="确认", press=pack(Confirm(pending_id=pending.id)), primary=True),
            Button(text="不对", press=pack(Dismiss(pending_id=pending.id))),
        ),
        hint="回复：确认 或 不对",
        subject=f"pending:{pending.id}",
    )
    return Reply(content=card)


def _records(heard: Sequence[HeardLike]) -> list[tuple[str, str]]:
    """The records that the acts name: a confirmation dies when one of them changes."""
    found = []
    for item in heard:
        for slot, table in (("customer", Customer.__tablename__), ("deal", "deal")):
            reference = getattr(item.act, slot, None)
            if reference is not None and record_number(reference) is not None:
                found.append((table, reference))
    return found


def _missing(pieces: Sequence[Piece]) -> list[str]:
    return [name for piece in pieces for name in piece.missing]


async def _next_steps(context: Context, heard: Sequence[HeardLike]) -> list[str]:
    """下一步, where a visit was told and nothing is to follow; with the customers of several."""
    told = {
        number
        for item in heard
        if isinstance(item.act, acts.Activity) and not item.act.planned
        if (number := record_number(item.act.customer or "")) is not None
    }
    lacking = await visits_told.without_next_step(context.session, told, context.today)
    if not lacking or len(told) == 1:
        return ["下一步"] * len(lacking)
    names = await short_names(context.session, lacking)
    return [f"{name}的下一步" for name in names.values()]


def _card(pieces: Sequence[Piece], title: str, note: str, missing: Sequence[str] = ()) -> Card:
    """One card of all pieces: a section a customer, the customer in the title where it is one."""
    names = list(dict.fromkeys(piece.customer for piece in pieces if piece.customer))
    heads = list(dict.fromkeys(piece.headline for piece in pieces if piece.headline))
    lines: list[Line] = []
    for name in [*names, ""]:
        own = [line for piece in pieces if piece.customer == name for line in piece.lines]
        if name and own and len(names) > 1:
            lines.append(Line(label="客户", value=name))
        lines += [line for line in own if line not in lines or len(names) > 1]
    notes = [piece.note for piece in pieces if piece.note] + ([note] if note else [])
    if missing:
        notes.append(f"还缺：{'、'.join(list(dict.fromkeys(missing))[:MOST_MISSING])}")
    parts = [title, "、".join(names), *(heads if len(heads) == 1 else [])]
    return Card(
        title=" · ".join(part for part in parts if part),
        lines=tuple(lines),
        note="\n".join(dict.fromkeys(notes)),
    )


def _nothing_written(pieces: Sequence[Piece], title: str, note: str) -> Reply:
    card = _card(pieces, title, note)
    if card.note:
        return Reply.text(card.note)
    return Reply.text("和之前记的一样，没有改动。")


def _others(pieces: Sequence[Piece]) -> list[Reply]:
    return [reply for piece in pieces for reply in piece.others]
