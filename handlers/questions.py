"""A customer as a whole, before a visit: what was, what is open, what is owed, who decides."""

from __future__ import annotations

from handlers import wording
from handlers.buttons import Say, pack
from handlers.context import Context
from handlers.lists import activity_text, deal_text
from handlers.papers_asked import quote_text
from handlers.replies import Button, Card, Line, Reply
from handlers.router import Router
from nlu import acts
from sales import access, customers, lists, pipeline, reminders
from sales.lists import Narrowing
from storage.models.customers import Customer

router = Router()
MOST_EACH = 2


@router.on(acts.Query, where=lambda act: act.about == "customer")
async def review(act: acts.Query, context: Context) -> list[Reply]:
    """Read before a visit: last times, open deals and tasks, quotes, money, who decides."""
    customer = await access.customer_to_read(context.session, act.customer or "")
    name = await customers.short_name(context.session, customer)
    lines = [
        *await _history(context, customer),
        *await _open(context, customer),
        *await _papers(context, customer),
        *await _people(context, customer),
    ]
    facts = " · ".join(
        part for part in (customer.industry, customer.region, customer.grade) if part
    )
    note = "" if lines else "还没有任何记录。"
    if customer.owner_id is None:
        note = f"在公海，说“领取{name}”就归你。"
    buttons = tuple(
        Button(text=label, press=pack(Say(words=f"{name}{words}")))
        for label, words in (("联系人", "有哪些联系人"), ("跟进记录", "的跟进记录"))
    )
    card = Card(
        title=name, subtitle=facts, lines=tuple(lines), note=note,
        buttons=buttons if context.viewer.role in access.SELLS else (),
    )  # fmt: skip
    return [Reply(content=card)]


async def _history(context: Context, customer: Customer) -> list[Line]:
    wanted = Narrowing(customer_id=customer.id)
    past = await lists.activities(context.session, wanted, MOST_EACH, planned=False)
    coming = await lists.activities(context.session, wanted, 1, planned=True)
    lines = [
        Line(label="上次" if number == 0 else "再前", value=activity_text(item, context))
        for number, item in enumerate(past)
    ]
    ahead = [item for item in coming if item.on >= context.today]
    return lines + [Line(label="计划", value=activity_text(item, context)) for item in ahead]


async def _open(context: Context, customer: Customer) -> list[Line]:
    deals = await pipeline.open_deals(context.session, customer.id)
    lines = [Line(label="商机", value=deal_text(deal, context)) for deal in deals[:MOST_EACH]]
    for task in (await reminders.open_at(context.session, customer.id))[:MOST_EACH]:
        late = reminders.days_late(task, context.today)
        when = f"（已过 {late} 天）" if late > 0 else ""
        if not when and task.due_on:
            when = f"（{wording.day(task.due_on, context.today)}）"
        lines.append(Line(label="未了", value=f"{task.what}{when}"))
    return lines


async def _papers(context: Context, customer: Customer) -> list[Line]:
    quotes = await lists.quotes(context.session, Narrowing(customer_id=customer.id), 1)
    lines = [Line(label="报价", value=f"{item.number} {quote_text(item)}") for item in quotes]
    signed, received, promised = await lists.owed(context.session, customer.id)
    if signed or received:
        value = f"合同 {wording.amount(signed)}，已回 {wording.amount(received)}"
        if signed > received:
            value += f"，还差 {wording.amount(signed - received)}"
        if promised is not None and promised.on is not None and promised.on < context.today:
            value += f"，逾期 {(context.today - promised.on).days} 天"
        lines.append(Line(label="钱", value=value))
    return lines


async def _people(context: Context, customer: Customer) -> list[Line]:
    people = await customers.people_at(context.session, customer.id)
    shown = [
        wording.person(person)
        + (f" {wording.ROLES[person.role]}" if person.role in wording.ROLES else "")
        for person in sorted(people, key=lambda person: person.role != "decision_maker")[:4]
    ]
    return [Line(label="联系人", value="、".join(shown))] if shown else []
