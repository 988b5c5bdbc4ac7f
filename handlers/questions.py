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
        *await _deals(context, customer),
        *await _open(context, customer),
        *await _money(context, customer),
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
    return [
        Line(label="上次" if number == 0 else "再前", value=activity_text(item, context))
        for number, item in enumerate(past)
    ]


async def _deals(context: Context, customer: Customer) -> list[Line]:
    found = await pipeline.open_deals(context.session, customer.id)
    shown = [deal_text(deal, context) for deal in found[:MOST_EACH]]
    more = [f"另有 {len(found) - MOST_EACH} 单"] if len(found) > MOST_EACH else []
    return [Line(label="商机", value="；".join([*shown, *more]))] if shown else []


async def _open(context: Context, customer: Customer) -> list[Line]:
    """What is promised and what is planned, in one line."""
    parts = []
    for task in (await reminders.open_at(context.session, customer.id))[:MOST_EACH]:
        late = reminders.days_late(task, context.today)
        when = f"（已过 {late} 天）" if late > 0 else ""
        if not when and task.due_on:
            when = f"（{wording.day(task.due_on, context.today)}）"
        parts.append(f"{task.what}{when}")
    ahead = Narrowing(customer_id=customer.id)
    parts += [
        f"{wording.day(item.on, context.today)}{wording.KINDS[item.kind]}"
        for item in await lists.activities(context.session, ahead, 1, planned=True)
        if item.on >= context.today
    ]
    return [Line(label="未了", value="；".join(parts))] if parts else []


async def _money(context: Context, customer: Customer) -> list[Line]:
    quotes = await lists.quotes(context.session, Narrowing(customer_id=customer.id), 1)
    parts = [f"报价 {item.number} {quote_text(item)}" for item in quotes]
    signed, received, promised = await lists.owed(context.session, customer.id)
    if signed or received:
        parts.append(f"合同 {wording.amount(signed)}，已回 {wording.amount(received)}")
    if signed > received:
        parts[-1] += f"，还差 {wording.amount(signed - received)}"
    if promised is not None and promised.on is not None and promised.on < context.today:
        late = (context.today - promised.on).days
        parts.append(f"{wording.amount(promised.amount_fen)}逾期 {late} 天")
    return [Line(label="钱", value="；".join(parts))] if parts else []


async def _people(context: Context, customer: Customer) -> list[Line]:
    people = await customers.people_at(context.session, customer.id)
    shown = [
        wording.person(person)
        + (f" {wording.ROLES[person.role]}" if person.role in wording.ROLES else "")
        for person in sorted(people, key=lambda person: person.role != "decision_maker")[:4]
    ]
    return [Line(label="联系人", value="、".join(shown))] if shown else []
