"""A customer as a whole, before a visit: what was, what is open, what is owed, who decides."""

from __future__ import annotations

from handlers import wording
from handlers.buttons import Say, pack
from handlers.context import Context
from handlers.deals_asked import deal_text
from handlers.lists import activity_text
from handlers.papers_asked import quote_text
from handlers.replies import Button, Card, Line, Reply
from handlers.router import Router
from nlu import acts
from sales import access, customers, lists, pipeline, reminders
from sales.lists import Narrowing
from storage.models.customers import Customer
from storage.models.people import User

router = Router()
MOST_EACH = 2
MOST_TASK = 14
MOST_PEOPLE = 3


@router.on(acts.Query, where=lambda act: act.about == "customer" and act.customer is not None)
async def review(act: acts.Query, context: Context) -> list[Reply]:
    """The customer that was asked about."""
    return await whole(await access.customer_to_read(context.session, act.customer or ""), context)


async def whole(customer: Customer, context: Context) -> list[Reply]:
    """Read before a visit: last times, open deals and tasks, quotes, money, who decides."""
    name = await customers.short_name(context.session, customer)
    lines = [
        *await _history(context, customer),
        *await _deals(context, customer),
        *await _open(context, customer),
        *await _money(context, customer),
        *await _people(context, customer),
    ]
    facts = [customer.industry, customer.region, customer.grade, await _owner(context, customer)]
    subtitle = " · ".join(part for part in facts if part)
    note = "" if lines else "还没有任何记录。"
    if customer.owner_id is None:
        note = f"在公海，说“领取{name}”就归你。"
    buttons = tuple(
        Button(text=label, press=pack(Say(words=f"{name}{words}")))
        for label, words in (("联系人", "有哪些联系人"), ("跟进记录", "的跟进记录"))
    )
    card = Card(
        title=name, subtitle=subtitle, lines=tuple(lines), note=note,
        buttons=buttons if context.viewer.role in access.SELLS else (),
    )  # fmt: skip
    return [Reply(content=card)]


async def _owner(context: Context, customer: Customer) -> str:
    """Whose customer it is, where it isn't the reader's."""
    if customer.owner_id in (None, context.me.id):
        return ""
    owner = await context.session.get(User, customer.owner_id)
    return owner.name if owner else ""


async def _history(context: Context, customer: Customer) -> list[Line]:
    wanted = Narrowing(customer_id=customer.id)
    past = await lists.activities(context.session, wanted, MOST_EACH, planned=False)
    return [
        Line(label="上次" if number == 0 else "再前", value=activity_text(item, context))
        for number, item in enumerate(past)
    ]


async def _deals(context: Context, customer: Customer) -> list[Line]:
    found = await pipeline.open_deals(context.session, customer.id)
    shown = [Line(label="商机", value=deal_text(deal, context)) for deal in found[:MOST_EACH]]
    more = len(found) - len(shown)
    return [*shown, Line(label="商机", value=f"另有 {more} 单")] if more else shown


async def _open(context: Context, customer: Customer) -> list[Line]:
    """What is promised and what is planned, in one line."""
    parts = []
    for task in (await reminders.open_at(context.session, customer.id))[:MOST_EACH]:
        late = reminders.days_late(task, context.today)
        when = f"（已过 {late} 天）" if late > 0 else ""
        if not when and task.due_on:
            when = f"（{wording.day(task.due_on, context.today)}）"
        parts.append(f"{wording.clipped(task.what, MOST_TASK)}{when}")
    ahead = Narrowing(customer_id=customer.id)
    parts += [
        f"{wording.day(item.on, context.today)}{wording.KINDS[item.kind]}"
        for item in await lists.activities(context.session, ahead, 1, planned=True)
        if item.on >= context.today
    ]
    return [Line(label="未了", value="；".join(parts))] if parts else []


async def _money(context: Context, customer: Customer) -> list[Line]:
    """The last quote, what was signed and paid, what is overdue."""
    quotes = await lists.quotes(context.session, Narrowing(customer_id=customer.id), 1)
    lines = [Line(label="报价", value=f"{item.number} {quote_text(item)}") for item in quotes]
    signed, received, promised = await lists.owed(context.session, customer.id)
    if signed or received:
        owed = f"，还差 {wording.amount(signed - received)}" if signed > received else ""
        value = f"{wording.amount(signed)}，已回 {wording.amount(received)}{owed}"
        lines.append(Line(label="合同", value=value))
    if promised is not None and promised.on is not None and promised.on < context.today:
        late = (context.today - promised.on).days
        value = f"{wording.amount(promised.amount_fen)} · 已 {late} 天"
        lines.append(Line(label="逾期", value=value))
    return lines


async def _people(context: Context, customer: Customer) -> list[Line]:
    """王建国 拍板、李卫东 把关; a title where no role is known."""
    people = await customers.people_at(context.session, customer.id)
    shown = [
        f"{person.name} {wording.ROLES[person.role]}"
        if person.role in wording.ROLES
        else wording.person(person)
        for person in sorted(people, key=lambda person: person.role != "decision_maker")
    ]
    more = f" 等 {len(shown)} 人" if len(shown) > MOST_PEOPLE else ""
    value = "、".join(shown[:MOST_PEOPLE]) + more
    return [Line(label="联系人", value=value)] if shown else []
