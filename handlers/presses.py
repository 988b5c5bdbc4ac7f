"""What a pressed button or a short answer in words does to a question that waits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.asking import learn, spoken_of
from handlers.buttons import Choose, Confirm, Dismiss, Press
from handlers.conduct import carry_out
from handlers.context import Context, Heard, HeardLike
from handlers.message import answer_all
from handlers.options import labelled
from handlers.replies import Reply
from handlers.router import Router
from handlers.undoing import closed_card, reverse, taken_up
from nlu import acts
from sales import customers, pendings, undo
from sales.errors import Conflict
from storage.models.process import Pending

router = Router()
_YES = re.compile(r"(确认|是的?|对的?|好的?|可以|没错|确定|嗯+|行|新建)[。.!！]?$")
_NO = re.compile(r"(不对|不是|不用了?|取消|算了|不要|不行|都不是|不是客户|不新建)[。.!！]?$")
_NUMBER = re.compile(r"第?([1-5一二三四五])(?:个|家|位|单)?[。.]?$")
_NUMBERS = "一二三四五"
AGAIN = {
    "customer": "说全称再记一次。", "deal": "说出商机的名字再记一次。",
    "contact": "说全名再记一次。", "user": "说全名再记一次。",
}  # fmt: skip


def worded_press(waiting: Pending, text: str) -> Press | None:
    """The button that a short answer stands for; None where it is none."""
    said = text.strip()
    if _NO.match(said):
        return Dismiss(pending_id=waiting.id)
    if waiting.kind == "confirm":
        return Confirm(pending_id=waiting.id) if _YES.match(said) else None
    if waiting.kind == "offer" and _YES.match(said):
        return Choose(pending_id=waiting.id, option=0)
    number = _NUMBER.match(said)
    if number is None:
        return None
    digit = number[1]
    option = _NUMBERS.index(digit) if digit in _NUMBERS else int(digit) - 1
    return Choose(pending_id=waiting.id, option=option)


@router.on(Confirm)
async def confirm(press: Confirm, context: Context) -> list[Reply]:
    """Do what was shown, unless a record changed meanwhile."""
    context.check_trusted()
    waiting = await pendings.take(context.session, press.pending_id, context.me.id, context.now)
    try:
        await pendings.check_unchanged(context.session, waiting)
    except Conflict:
        waiting.status = "expired"
        words = "确认之前记录被改过了，没有写入。请再说一遍。"
        return [Reply.text(words), *closed_card(context, waiting, "没有写入")]
    again, heard = taken_up(context, waiting)
    updates = []
    replaced = waiting.payload.get("replaces")
    if replaced is not None:
        written = await undo.written_by(context.session, replaced, context.me.id)
        updates = await reverse(context, written, "已改")
    answers = await carry_out(again, heard, confirmed=True)
    return [*answers, *closed_card(context, waiting, "已确认"), *updates]


@router.on(Dismiss)
async def dismiss(press: Dismiss, context: Context) -> list[Reply]:
    """None of it: nothing is written."""
    waiting = await pendings.take(
        context.session, press.pending_id, context.me.id, context.now, to="dismissed"
    )
    return [Reply.text(_nothing_of(waiting)), *closed_card(context, waiting, "已取消")]


def _nothing_of(waiting: Pending) -> str:
    """What became of what was asked about, and what to say next."""
    if waiting.kind == "confirm":
        return "好，没有写入。要改哪里直接说。"
    if waiting.kind == "offer":
        return "好，没有新建，也没有写入。"
    rest = "这一项没有写入，别的已经记了" if waiting.payload["done"] else "没有写入"
    return f"好，{rest}。{AGAIN[waiting.payload['about']]}"


@router.on(Choose)
async def choose(press: Choose, context: Context) -> list[Reply]:
    """Go on with what was asked about."""
    waiting = await pendings.take(context.session, press.pending_id, context.me.id, context.now)
    options = waiting.payload.get("options", [])
    if not 0 <= press.option < len(options):
        raise Conflict("expired")
    if waiting.kind == "offer":
        return await _after_offer(context, waiting, options[press.option])
    return await _after_ask(context, waiting, press.option)


async def _after_offer(context: Context, waiting: Pending, option: dict[str, Any]) -> list[Reply]:
    again, heard = taken_up(context, waiting)
    ids: dict[str, str] = {}
    if "customer" in option:
        ids[option["name"]] = option["customer"]
    async with context.session.begin_nested():
        for name in waiting.payload["names"]:
            if name not in ids:
                made = await customers.create(context.session, name, context.me, context.now)
                ids[name] = str(made.id)
        await spoken_of(context, list(dict.fromkeys(ids.values())))
        ready = [_named(item, ids) for item in heard]
        title = "已记" if "customer" in option else "新客户 · 已记"
        answers = await carry_out(again, ready, title=title, confirmed=True)
    return [*answers, *closed_card(context, waiting, option["label"])]


def _named(item: Heard, ids: Mapping[str, str]) -> Heard:
    """The act with the customer's id in place of its name."""
    name = getattr(item.act, "new_customer", None)
    if name is None or name not in ids:
        return item
    slots = {"customer": ids[name], "new_customer": None}
    return replace(item, act=replace(item.act, **slots))  # type: ignore[arg-type]


async def _after_ask(context: Context, waiting: Pending, option: int) -> list[Reply]:
    """Read the words again with the answer, write what was not written yet, learn the name."""
    if context.answer is None:
        return [Reply.text(f"请回复：第{_NUMBERS[option]}个")]
    again, _ = taken_up(context, waiting)
    understood = await context.answer(waiting.payload["ask"], option)
    done = waiting.payload["done"]
    heard = [item for item in understood if acts.to_json(item.act) not in done]
    chosen = waiting.payload["options"][option]
    labels = await labelled(context, waiting.payload["about"], [chosen])
    note = await learn(context, waiting, chosen)
    # The tap has settled a payment's only doubt; all else that weighs is still shown first.
    paid = bool(heard) and all(isinstance(item.act, acts.Payment) for item in heard)
    answers = await answer_all(again, heard, note=note, confirmed=paid)
    if not answers:
        answers = [Reply.text(note or "好，知道了。")]
    return [*answers, *closed_card(context, waiting, f"已选 {labels[0]}")]


async def settled_in_words(
    context: Context, waiting: Pending | None, understood: Sequence[HeardLike]
) -> tuple[str, list[Reply]]:
    """Close a question that this text has answered by itself: what was learned, its card."""
    if waiting is None or waiting.kind != "ask":
        return "", []
    slot = str(waiting.payload["about"])
    options = waiting.payload["options"]
    named = {getattr(item.act, slot, None) for item in understood}
    chosen = next((option for option in options if option in named), None)
    if chosen is None:
        return "", []
    await pendings.take(context.session, waiting.id, context.me.id, context.now)
    labels = await labelled(context, slot, [chosen])
    note = await learn(context, waiting, chosen)
    return note, closed_card(context, waiting, f"已选 {labels[0]}")
