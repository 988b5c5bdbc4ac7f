"""What is noted on the road: expenses, service tickets, leads, and the questions about them."""

from __future__ import annotations

from handlers import wording
from handlers.context import Context
from handlers.lists import narrowing
from handlers.pieces import Piece
from handlers.replies import Card, Line, Reply
from handlers.router import Router
from nlu import acts
from sales import access, customers, field, periods
from storage.models.selling import Expense, Lead, Ticket

router = Router()
asked = Router()
MOST = 6
CATEGORIES = {
    "travel": "差旅", "meal": "餐饮", "hotel": "住宿", "gift": "礼品", "transport": "交通",
    "other": "其他",
}  # fmt: skip
_SPENDS = (*access.SELLS, "finance", "admin")


@router.on(acts.Expense)
async def expense(act: acts.Expense, context: Context) -> Piece:
    """Money that the sender spent."""
    access.check_role(context.viewer, _SPENDS)
    session = context.session
    customer = await access.customer_to_read(session, act.customer) if act.customer else None
    on = periods.span(act.date)[1] if act.date else context.today
    spent = await field.spend(
        session, owner=context.me, customer=customer, amount=act.amount, category=act.category,
        on=on, note=context.text, now=context.now,
    )  # fmt: skip
    value = [wording.amount(spent.amount_fen), CATEGORIES[spent.category],
             wording.day(spent.on, context.today)]  # fmt: skip
    return Piece(
        customer=await customers.short_name(session, customer) if customer else "",
        lines=(Line(label="费用", value=" · ".join(value)),),
    )


@router.on(acts.Ticket)
async def ticket(act: acts.Ticket, context: Context) -> Piece:
    """A service request raised, or the one that is over."""
    session = context.session
    customer = await access.customer_to_write(session, context.viewer, act.customer or "")
    if act.status == "closed":
        about = act.what or context.text
        made = await field.close_ticket(session, customer, about, context.now)
    else:
        made = await field.open_ticket(
            session, customer=customer, owner=context.me, what=act.what or context.text,
            urgent=act.urgent, now=context.now,
        )  # fmt: skip
    return Piece(
        customer=await customers.short_name(session, customer),
        lines=(Line(label="工单", value=_ticket(made)),),
    )


def _ticket(one: Ticket) -> str:
    """T-1042 温控报警 · 加急; T-1042 温控报警 · 已关闭."""
    state = ["已关闭"] if one.status == "closed" else ["加急"] if one.urgent else []
    return " · ".join([f"{one.number} {wording.clipped(one.what, 30)}", *state])


@router.on(acts.Lead)
async def lead(act: acts.Lead, context: Context) -> Piece:
    """A company that might become a customer."""
    access.check_role(context.viewer, access.SELLS)
    made = await field.add_lead(
        context.session, owner=context.me, company=act.company, contact=act.contact,
        phone=act.phone, source=act.source, product=act.product, now=context.now,
    )  # fmt: skip
    return Piece(lines=(Line(label="线索", value=_lead(made)),))


def _lead(one: Lead) -> str:
    parts = (one.company, one.contact, one.phone, one.source, one.product)
    return " · ".join(part for part in parts if part)


@asked.on(acts.Query, where=lambda act: act.about == "expenses")
async def expenses(act: acts.Query, context: Context) -> list[Reply]:
    """What was spent."""
    wanted = await narrowing(act, context)
    found = await field.expenses(context.session, wanted, MOST)
    if not found:
        return [Reply.text("没有找到费用。")]
    count, total = await field.expense_total(context.session, wanted)
    numbers = [one.customer_id for one in found if one.customer_id is not None]
    names = await customers.short_names(context.session, numbers)
    lines = tuple(_expense_line(one, names, context) for one in found)
    when = wording.date_value(act.period, context.today) if act.period else ""
    title = f"{when}费用 · {count} 笔 {wording.amount(total)}"
    more = f"还有 {count - MOST} 笔" if count > MOST else ""
    return [Reply(content=Card(title=title, lines=lines, note=more))]


def _expense_line(one: Expense, names: dict[int, str], context: Context) -> Line:
    parts = [wording.amount(one.amount_fen), CATEGORIES[one.category]]
    if one.customer_id in names:
        parts.append(names[one.customer_id])
    return Line(label=wording.day(one.on, context.today), value=" · ".join(parts))


@asked.on(acts.Query, where=lambda act: act.about == "tickets")
async def tickets(act: acts.Query, context: Context) -> list[Reply]:
    """Service tickets, the open ones first."""
    found = await field.tickets(context.session, await narrowing(act, context), MOST)
    if not found:
        return [Reply.text("没有工单。")]
    names = await customers.short_names(context.session, [one.customer_id for one in found])
    lines = tuple(Line(label=names[one.customer_id], value=_ticket(one)) for one in found)
    count = sum(1 for one in found if one.status == "open")
    return [Reply(content=Card(title=f"工单 · {count} 张未关闭", lines=lines))]


@asked.on(acts.Query, where=lambda act: act.about == "leads")
async def leads(act: acts.Query, context: Context) -> list[Reply]:
    """Leads, newest first."""
    found = await field.leads(context.session, await narrowing(act, context), MOST)
    if not found:
        return [Reply.text("没有线索。")]
    lines = tuple(
        Line(
            label=wording.day(periods.day_of(one.created_at, context.zone), context.today),
            value=_lead(one),
        )
        for one in found
    )
    return [Reply(content=Card(title=f"线索 · 最近 {len(found)} 条", lines=lines))]
