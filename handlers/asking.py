"""Questions back: which one is meant, whether a customer is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from handlers import replies, wording
from handlers.buttons import Choose, Dismiss, pack
from handlers.context import Context, HeardLike
from handlers.options import labelled
from handlers.replies import Button, Card, Reply
from handlers.written import kept_acts
from nlu import acts
from sales import customers, duplicates, pendings
from sales.access import customer_to_read, record_number
from sales.errors import Conflict
from storage import conversations
from storage.models.process import Pending
from storage.models.selling import Deal

MOST_OPTIONS = 5
NONE = "都不是"
NEW, NOT_NEW = "新建", "不是客户"


async def ask_which(
    context: Context, ask: acts.Ask, done: Sequence[HeardLike], before: Card | None
) -> Reply:
    """One question with a button an option; below `before`, where other acts were written."""
    memory = await conversations.memory_of(context.session, context.conversation)
    open_ask: Mapping[str, Any] = (memory or {}).get("ask") or {}
    surface = str(open_ask.get("surface") or "")
    labels = await labelled(context, ask.about, ask.options[:MOST_OPTIONS])
    what = {"customer": "哪家", "deal": "哪一单", "contact": "哪一位", "user": "哪位同事"}
    whose = await _whose_deals(context, ask) if ask.about == "deal" else ""
    question = f"{whose}是{what[ask.about]}{surface if ask.about == 'customer' else ''}？"
    shown = before or Card(title=question)
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


async def _whose_deals(context: Context, ask: acts.Ask) -> str:
    """The customer whose deals are the options, by name; "" where they are of several."""
    numbers = [number for option in ask.options if (number := record_number(option)) is not None]
    query = select(Deal.customer_id).where(Deal.id.in_(numbers)).distinct()
    names = await customers.short_names(context.session, await context.session.scalars(query))
    return next(iter(names.values())) if len(names) == 1 else ""


async def spoken_of(context: Context, customer_ids: Sequence[str]) -> None:
    """他们 means these customers from now on in this chat."""
    memory = await conversations.memory_of(context.session, context.conversation)
    if memory is not None:
        earlier = [one for one in memory.get("customers", []) if one not in customer_ids]
        told = {**memory, "customers": [*customer_ids, *earlier], "deal": None}
        await conversations.remember(
            context.session, context.conversation, told, context.event_id, context.now
        )


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
    title = (
        f"没有叫{shown}的客户，新建吗？"
        if "customer" not in options[0]
        else f"是不是已有的客户？{shown}"
    )
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


async def learn(context: Context, waiting: Pending, chosen: str) -> str:
    """Remember the short word for the chosen customer as this person's; what to say of it."""
    surface = str(waiting.payload.get("surface") or "").strip()
    if waiting.payload.get("about") != "customer" or len(surface) < 2:
        return ""
    customer = await customer_to_read(context.session, chosen)
    name = await customers.short_name(context.session, customer)
    if surface in (name, customer.name):
        return ""
    if not await customers.learn(context.session, customer, surface, context.me.id):
        return ""
    return f"{surface} = {name}，记住了（说“忘掉{surface}”可取消）"
