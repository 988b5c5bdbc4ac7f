"""News of customers and of the people there."""

from __future__ import annotations

from typing import Any

from handlers import wording
from handlers.context import Context
from handlers.pieces import Piece
from handlers.replies import Line
from handlers.router import Router
from nlu import acts
from sales import access, customers
from sales.changes import Change

router = Router()


@router.on(acts.CustomerNews)
async def tell_customer(act: acts.CustomerNews, context: Context) -> Piece:
    """Write facts of the customer, custom fields included."""
    customer = await access.customer_to_write(context.session, context.viewer, act.customer or "")
    changes = await customers.set_facts(context.session, customer, act.set, context.setup)
    await context.session.flush()
    return Piece(
        customer=await customers.short_name(context.session, customer),
        lines=tuple(_fact_line(change) for change in changes),
        note="" if changes else "资料和之前一样，没有改动。",
        wrote=bool(changes),
    )


def _fact_line(change: Change) -> Line:
    label = wording.FACTS.get(change.field, change.field)
    if change.field == "tags":
        return Line(label=label, value="＋" + "、".join(change.after))
    before = None if change.before is None else str(change.before)
    return Line(label=label, value=str(change.after), before=before)


@router.on(acts.ContactNews)
async def tell_contact(act: acts.ContactNews, context: Context) -> Piece:
    """Write what is new about a person at a customer."""
    session = context.session
    customer = await access.customer_to_write(session, context.viewer, act.customer or "")
    facts: dict[str, Any] = {
        name: value
        for name in ("title", "phone", "email", "wechat", "role")
        if (value := getattr(act, name)) is not None
    }
    if act.left:
        facts["left"] = True
    contact, changes = await customers.write_contact(session, customer, act.name, facts)
    await session.flush()
    new = any(change.field == "new" for change in changes)
    what = _contact_news(facts if new else {c.field: c.after for c in changes}, new)
    return Piece(
        customer=await customers.short_name(session, customer),
        lines=(Line(label="联系人", value=f"{contact.name}：{what}"),) if what else (),
        wrote=bool(changes),
    )


def _contact_news(facts: dict[str, Any], new: bool) -> str:
    """新增 · 总经理 · 拍板; 已离职."""
    parts = ["新增"] if new else []
    for name, value in facts.items():
        if name == "left":
            parts.append("已离职")
        elif name == "role":
            parts.append(wording.ROLES[value])
        elif name == "title":
            parts.append(value)
        else:
            parts.append(f"{wording.FACTS[name]} {value}")
    return " · ".join(parts)
