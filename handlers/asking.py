"""Questions back: which one is meant, whether a customer is new, whether to go ahead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers import replies, wording
from handlers.buttons import Choose, Confirm, Dismiss, Press, pack
from handlers.conduct import carry_out
from handlers.context import Context, HeardLike
from handlers.options import labelled
from handlers.replies import Button, Card, Reply
from handlers.router import Router
from handlers.undoing import closed_card, reverse, taken_up
from handlers.written import kept_acts
from nlu import acts
from sales import customers, duplicates, pendings, undo
from sales.access import customer_to_read, record_number
from sales.errors import Conflict
from storage.models.customers import Customer
from storage.models.process import Pending
from storage.models.service import Conversation

router = Router()
MOST_OPTIONS = 5
NONE = "都不是"
NEW, NOT_NEW = "新建", "不是客户"
_YES = re.compile(r"(确认|是的?|对的?|好的?|可以|没错|确定|嗯+|行)[。.!！]?$")
_NO = re.compile(r"(不对|不是|不用了?|取消|算了|不要|不行|都不是|不是客户)[。.!！]?$")
_NUMBER = re.compile(r"(?:第)?([1-5一二三四五])(?:个|家|号)?[。.]?$")
_NUMBERS = "一二三四五"


async def ask_which(
    context: Context, ask: acts.Ask, done: Sequence[HeardLike], before: Card | None
) -> Reply:
    """One question with a button an option; below `before`, where other acts were written."""
    row = await context.session.get(Conversation, context.conversation)
    open_ask: Mapping[str, Any] = (row.memory.get("ask") if row else None) or {}
    surface = str(open_ask.get("surface") or "")
    labels = await labelled(context, ask.about, ask.options[:MOST_OPTIONS])
    what = {"customer": "哪一家", "deal": "哪一单", "contact": "哪一位", "user": "哪位同事"}
    question = f"是{what[ask.about]}{surface if ask.about == 'customer' else ''}？"
    shown = Card(title=question)
    pending = await pendings.wait(
        context.session, user_id=context.me.id, conversation=context.conversation, kind="ask",
        payload={
            **kept_acts(context, []), "done": [acts.to_json(item.act) for item in done],
            "about": ask.about, "options": list(ask.options[:MOST_OPTIONS]),
            "surface": surface, "ask": dict(open_ask), "card": replies.to_json(shown),
        },
        event_id=context.event_id, now=context.now,
    )  # fmt: skip
    buttons = [
        Button(text=label, press=pack(Choose(pending_id=pending.id, option=number)))
        for number, label in enumerate(labels)
    ]
    buttons.append(Button(text=NONE, press=pack(Dismiss(pending_id=pending.id))))
    hint = "回复第几个也行，例如：第一个"
    if before is None:
        card = Card(title=question, buttons=tuple(buttons), hint=hint,
                    subject=f"pending:{pending.id}")  # fmt: skip
        return Reply(content=card)
    note = "\n".join(part for part in (before.note, question) if part)
    both = (*buttons[:MOST_OPTIONS], *before.buttons[:1])
    return Reply(content=replace(before, note=note, buttons=both, hint=hint))


async def offer_new(context: Context, heard: Sequence[HeardLike], names: list[str]) -> Reply:
    """A customer that nobody knows: its whole note waits for 新建.

    Raises Conflict where somebody else has it already; a customer in sight is offered instead.
    """
    options: list[dict[str, Any]] = []
    for name in names:
        for twin in await duplicates.twins(context.session, context.viewer, name):
            if not twin.visible:
                who = duplicates.masked(twin.owner_name or "")
                raise Conflict("duplicate", f"“{name}”", who=who)
            options.append({"label": f"就是{twin.name}", "customer": str(twin.customer_id),
                            "name": name})  # fmt: skip
    if not options:
        options.append({"label": NEW})
    shown = "、".join(f"“{name}”" for name in names)
    title = f"没有叫{shown}的客户，新建吗？" if "customer" not in options[0] else f"是不是已有的客户？{shown}"
    base = Card(title=title, note="选好后，整条记录一起写入")
    pending = await pendings.wait(
        context.session, user_id=context.me.id, conversation=context.conversation, kind="offer",
        payload={
            **kept_acts(context, heard), "names": names, "options": options,
            "card": replies.to_json(base),
        },
        event_id=context.event_id, now=context.now,
    )  # fmt: skip
    buttons = tuple(
        Button(text=wording.clipped(option["label"], 20),
               press=pack(Choose(pending_id=pending.id, option=number)), primary=number == 0)
        for number, option in enumerate(options[:MOST_OPTIONS])
    )  # fmt: skip
    no = Button(text=NOT_NEW, press=pack(Dismiss(pending_id=pending.id)))
    return Reply(content=replace(
        base, buttons=(*buttons, no), hint=f"回复：{options[0]['label']} 或 {NOT_NEW}",
        subject=f"pending:{pending.id}",
    ))  # fmt: skip


@router.on(Confirm)
async def confirm(press: Confirm, context: Context) -> list[Reply]:
    """Do what was shown, unless a record changed meanwhile."""
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
    words = {
        "confirm": "好，没有写入。要改哪里直接说。",
        "ask": "好，没有写入。说全称再记一次。",
        "offer": "好，没有新建，也没有写入。",
    }[waiting.kind]
    return [Reply.text(words), *closed_card(context, waiting, "已取消")]


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


async def _after_offer(
    context: Context, waiting: Pending, option: dict[str, Any]
) -> list[Reply]:
    again, heard = taken_up(context, waiting)
    ids: dict[str, str] = {}
    if "customer" in option:
        ids[option["name"]] = option["customer"]
    async with context.session.begin_nested():
        for name in waiting.payload["names"]:
            if name not in ids:
                made = await customers.create(context.session, name, context.me, context.now)
                ids[name] = str(made.id)
        ready = [_named(item, ids) for item in heard]
        title = "已记" if "customer" in option else "新客户 · 已记"
        answers = await carry_out(again, ready, title=title)
    return [*answers, *closed_card(context, waiting, option["label"])]


def _named(item: HeardLike, ids: Mapping[str, str]) -> Any:
    """The act with the customer's id in place of its name."""
    name = getattr(item.act, "new_customer", None)
    if name is None or name not in ids:
        return item
    return replace(item, act=replace(item.act, customer=ids[name], new_customer=None))  # type: ignore[type-var]


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
    from handlers.entry import answer_all

    light = all(isinstance(item.act, acts.Payment) or not getattr(item.act, "outcome", None)
                for item in heard if not isinstance(item.act, acts.Contract))  # fmt: skip
    answers = await answer_all(again, heard, note=note, confirmed=light)
    return [*answers, *closed_card(context, waiting, f"已选 {labels[0]}")]
