"""Taking back and correcting what was written, by button or in words."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from handlers import replies, wording
from handlers.buttons import UndoEvent
from handlers.conduct import carry_out, is_weighty
from handlers.context import Context, Heard
from handlers.replies import Card, CardUpdate, Reply
from handlers.router import Router
from nlu import acts
from sales import pendings, undo
from sales.errors import Conflict, Invalid, NotFound
from sales.undo import Net
from storage.models.papers import FIRST_NUMBER
from storage.models.process import Pending

router = Router()
DATES = ("date", "due", "signed_on", "expected_close")
"""What 日期 may mean, in the order in which an act is looked through."""
DONE_TITLES = ("已记", "已改", "已恢复", "新客户")
HOW = (
    "直接说要改成什么，例如：“金额改成130万”“是周四，不是周三”“客户是另一家”；整条不要就说“撤销”。"
)


@router.on(UndoEvent)
async def undo_event(press: UndoEvent, context: Context) -> list[Reply]:
    """Take back what that event wrote; only its writer may."""
    written = await undo.written_by(context.session, press.event_id, context.me.id)
    return await _take_back(context, written)


@router.on(acts.Undo)
async def undo_last(act: acts.Undo, context: Context) -> list[Reply]:
    """Take back what the sender wrote last in this chat; a question asked since is over."""
    session, chat = context.session, context.conversation
    waiting = await pendings.latest(session, context.me.id, chat, context.now)
    written = await _last_written(context)
    if waiting is not None and _is_newer(waiting, written):
        return await _drop(context, waiting)
    if written is None:
        raise NotFound("written")
    taken = await _take_back(context, written)
    if waiting is not None and waiting.event_id == written.event_id:
        taken += (await _drop(context, waiting))[1:]
    return taken


async def _last_written(context: Context) -> Pending | None:
    try:
        return await undo.last_written(context.session, context.me.id, context.conversation)
    except NotFound:
        return None


def _is_newer(waiting: Pending, written: Pending | None) -> bool:
    """Whether the question came after what was written last, not with it."""
    if written is None:
        return True
    return waiting.id > written.id and waiting.event_id != written.event_id


async def _drop(context: Context, waiting: Pending) -> list[Reply]:
    """What is taken back was only a question yet."""
    await pendings.take(context.session, waiting.id, context.me.id, context.now, to="dismissed")
    return [Reply.text("好，刚才问的作罢，没有写入。"), *closed_card(context, waiting, "已取消")]


async def _take_back(context: Context, written: Pending) -> list[Reply]:
    _check_weight(context, [acts.from_json(item) for item in written.payload["acts"]])
    updates = await reverse(context, written, "已撤销")
    replaced = written.payload.get("replaces")
    if replaced is not None:
        earlier = await undo.written_by(context.session, replaced, context.me.id)
        earlier.status = "done"
        return [_standing_again(earlier), *updates]
    card = replies.from_json(written.payload["card"])
    what = _summary(card) if isinstance(card, Card) else ""
    return [Reply.text(f"已撤销：{what}" if what else "已撤销。"), *updates]


def _standing_again(earlier: Pending) -> Reply:
    """What the correction had replaced stands again, and may be taken back in its turn."""
    card = replies.from_json(earlier.payload["card"])
    if not isinstance(card, Card):
        return Reply.text("修改已撤销，恢复成改之前的。")
    title = " · ".join(("已恢复", *_heads(card)))
    return Reply(content=replace(card, title=title, note="修改已撤销，改之前的照旧"))


async def reverse(context: Context, written: Pending, decided: str) -> list[Reply]:
    """Undo the event; the cards that must change because of it."""
    async with context.session.begin_nested():
        nets = await undo.undo(context.session, written)
    at = wording.clock(context.now, context.zone)
    updates = [_withdrawn(net, context) for net in nets if net.created and _is_approval(net)]
    card = replies.from_json(written.payload["card"])
    if isinstance(card, Card) and card.subject is not None:
        over = replace(card, buttons=(), note="", hint="", decided=f"{decided} · {at}")
        updates.append(Reply(content=CardUpdate(card=over, subject=card.subject)))
    return updates


def _is_approval(net: Net) -> bool:
    return net.record_type == "approval"


def _withdrawn(net: Net, context: Context) -> Reply:
    """The approver's card: nothing is to be decided any more."""
    at = wording.clock(context.now, context.zone)
    subject = f"approval:{net.record_id}"
    card = Card(
        title=f"报价审批 Q-{FIRST_NUMBER + int(net.after['subject_id'])} · {context.me.name}",
        decided=f"已撤回 · {context.me.name} · {at}",
        subject=subject,
    )
    return Reply(content=CardUpdate(card=card, subject=subject))


def _summary(card: Card) -> str:
    """宏达精密（拜访 今天；金额 150万 → 120万；待办 周三 12-02 前给方案）"""
    name = " · ".join(_heads(card))
    parts = [f"{line.label} {_back(line)}" for line in card.lines]
    shown = "；".join(wording.clipped(part, 30) for part in parts[:4])
    return f"{name}（{shown}）" if name and shown else name or shown


def _heads(card: Card) -> list[str]:
    """Whose records they are, and what befell them."""
    return [part for part in card.title.split(" · ") if part not in DONE_TITLES]


def _back(line: replies.Line) -> str:
    """A change as it looks when it is taken back: 150万 → 120万, －西门子."""
    if line.before:
        return f"{line.value}{wording.ARROW}{line.before}"
    return f"－{line.value[1:]}" if line.value.startswith("＋") else line.value


@router.on(acts.Correct)
async def correct(act: acts.Correct, context: Context) -> list[Reply]:
    """Take back the last record and write it again with the right values."""
    if not act.set:
        return [Reply.text(HOW)]
    session, chat = context.session, context.conversation
    waiting = await pendings.latest(session, context.me.id, chat, context.now)
    written = await _last_written(context)
    if waiting is not None and _is_newer(waiting, written):
        return await _correct_question(context, waiting, act)
    if written is None:
        raise NotFound("written")
    if written.payload.get("final"):
        raise Conflict("decision")
    again, kept = _again(context, written, act)
    _check_weight(context, [item.act for item in kept])
    async with context.session.begin_nested():
        updates = await _unwound(context, written)
        answers = await carry_out(
            again, kept, title="已改", confirmed=True, replaces=written.event_id
        )
    return [*answers, *updates]


async def _unwound(context: Context, written: Pending) -> list[Reply]:
    """Take back a record with all that it had corrected: else its first wording stands again."""
    updates = await reverse(context, written, "已改")
    while (replaced := written.payload.get("replaces")) is not None:
        written = await undo.written_by(context.session, replaced, context.me.id)
        written.status = "done"
        await context.session.flush()
        updates += await reverse(context, written, "已改")
    return updates


def _check_weight(context: Context, written: list[acts.Act]) -> None:
    """What weighs is taken back or changed by words of the writer's own only."""
    if any(is_weighty(act) for act in written):
        context.check_trusted()


async def _correct_question(context: Context, waiting: Pending, act: acts.Correct) -> list[Reply]:
    """What was not confirmed yet is asked again with the right values."""
    if waiting.kind != "confirm":
        return [Reply.text("上面的问题还没选，没有改。先选一个，再说要改什么。")]
    again, kept = _again(context, waiting, act)
    await pendings.take(context.session, waiting.id, context.me.id, context.now, to="dismissed")
    return [*await carry_out(again, kept), *closed_card(context, waiting, "已改")]


def closed_card(context: Context, waiting: Pending, decided: str) -> list[Reply]:
    """The question's card shows that it is over; a note's card that held it shows the note."""
    card = replies.from_json(waiting.payload["card"])
    if not isinstance(card, Card):
        return []
    if card.subject is not None:
        return [Reply(content=CardUpdate(card=card, subject=card.subject))]
    at = wording.clock(context.now, context.zone)
    subject = f"pending:{waiting.id}"
    over = replace(
        card, buttons=(), note="", hint="", subject=subject, decided=f"{decided} · {at}"
    )
    return [Reply(content=CardUpdate(card=over, subject=subject))]


def _again(context: Context, kept: Pending, act: acts.Correct) -> tuple[Context, list[Heard]]:
    """The earlier words' surroundings and acts, corrected."""
    again, heard = taken_up(context, kept)
    ready = [item.act for item in heard]
    for slot, value in act.set.items():
        ready = _corrected(ready, slot, value)
    return again, [replace(item, act=new) for item, new in zip(heard, ready, strict=True)]


def taken_up(context: Context, kept: Pending) -> tuple[Context, list[Heard]]:
    """What was said then, as if it were said in this event."""
    payload = kept.payload
    spans = payload.get("spans") or [{} for _ in payload["acts"]]
    heard = [
        Heard(act=acts.from_json(item), spans={s: (v[0], v[1]) for s, v in span.items()})
        for item, span in zip(payload["acts"], spans, strict=True)
    ]
    told = datetime.fromisoformat(payload["told"])
    return replace(context, text=payload["text"], said_at=told, made={}), heard


def _corrected(kept: list[acts.Act], slot: str, value: Any) -> list[acts.Act]:
    """The acts with the slot's right value where it was filled, else where it fits first."""
    names = (slot, *(name for name in DATES if slot in DATES and name != slot))
    for name in names:
        filled = [act for act in kept if getattr(act, name, None) not in (None, (), {}, "")]
        if len({repr(getattr(act, name)) for act in filled}) > 1:
            raise Conflict("ambiguous", wording.FACTS.get(slot, slot))
        if filled:
            return [_with(act, name, value) if act in filled else act for act in kept]
    for name in names:
        for act in kept:
            if name in {field.name for field in fields(act)}:
                return [_with(item, name, value) if item is act else item for item in kept]
    for act in kept:
        if isinstance(act, acts.CustomerNews):
            changed = replace(act, set={**act.set, slot: value})
            return [changed if item is act else item for item in kept]
    raise Invalid("corrected", wording.FACTS.get(slot, slot))


def _with(act: acts.Act, slot: str, value: Any) -> acts.Act:
    ready = tuple(value) if isinstance(value, list) else value
    changes: dict[str, Any] = {slot: ready}
    if slot == "customer" and hasattr(act, "new_customer"):
        changes["new_customer"] = None
    changed: acts.Act = replace(act, **changes)
    return changed
