"""What comes by itself: a task's reminder, a report into a group."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from handlers import wording
from handlers.buttons import DoneTask, Say, pack
from handlers.context import Context
from handlers.daily import daily_picture
from handlers.replies import Button, Card, Line, Reply, ToGroup, ToUser
from sales import access, customers, pipeline, visits
from sales.access import seeing_as
from storage.models.customers import Customer
from storage.models.people import User
from storage.models.selling import Task
from storage.models.service import Subscription

MOST_NOTE = 40
MOST_TITLE = 20


async def remind(context: Context, task_id: int, due_at: datetime, *, late: bool) -> list[Reply]:
    """The task's card to its owner; nothing where it is done or moved meanwhile."""
    task = await context.session.scalar(select(Task).where(Task.id == task_id))
    if task is None or task.done_at is not None or task.due_at != due_at:
        return []
    owner = await context.session.get(User, task.owner_id)
    if owner is None or not owner.active:
        return []
    # The title says it where it fits.
    lines = [Line(label="待办", value=task.what)] if len(task.what) > MOST_TITLE else []
    buttons = [Button(text="完成", press=pack(DoneTask(task_id=task.id)), primary=True)]
    async with seeing_as(context.session, await access.viewer_of(context.session, owner)):
        customer = await _customer(context, task)
        if customer is not None:
            name = await customers.short_name(context.session, customer)
            lines += await _review(context, customer, name)
            buttons.append(Button(text="看客户", press=pack(Say(words=f"{name}什么情况"))))
    at = f"（原定 {wording.moment(due_at, context.zone, context.today)}）" if late else ""
    card = Card(
        title=f"提醒{at} · {wording.clipped(task.what, MOST_TITLE)}",
        lines=tuple(lines),
        buttons=tuple(buttons),
        hint="做完了就说：我的待办，再点完成",
        subject=f"task:{task.id}",
    )
    return [Reply(content=card, to=ToUser(user_id=owner.id))]


async def _customer(context: Context, task: Task) -> Customer | None:
    found: Customer | None = await context.session.scalar(
        select(Customer).where(Customer.id == task.customer_id)
    )
    return found


async def _review(context: Context, customer: Customer, name: str) -> list[Line]:
    """Whose task it is about, and where things stand there."""
    lines = [Line(label="客户", value=name)]
    for activity in await visits.latest(context.session, customer.id, 1):
        when = wording.day(activity.on, context.today)
        note = wording.clipped(activity.note, MOST_NOTE)
        lines.append(Line(label="上次", value=f"{when} {wording.KINDS[activity.kind]}：{note}"))
    for deal in (await pipeline.open_deals(context.session, customer.id))[:1]:
        amount = wording.amount(deal.amount_fen, deal.amount_high_fen)
        lines.append(Line(label="商机", value=f"{deal.name} {amount} · {deal.stage}"))
    return lines


async def report(
    context: Context, subscription_id: int, due_at: datetime, *, late: bool
) -> list[Reply]:
    """The day's picture to its group or reader."""
    found = await context.session.get(Subscription, subscription_id)
    if found is None or not found.active or found.report != "daily":
        return []
    to: ToGroup | ToUser
    if found.group_name is not None:
        to = ToGroup(name=found.group_name)
    elif found.user_id is not None:
        to = ToUser(user_id=found.user_id)
    else:
        return []
    picture = await daily_picture(
        context, team_id=found.team_id, user_id=found.user_id, due_at=due_at, late=late
    )
    replies = [Reply(content=picture, to=to)]
    if late:
        when = wording.moment(due_at, context.zone, context.today)
        words = f"日报来晚了：原定 {when}，当时服务没有运行。"
        replies.insert(0, Reply(content=Reply.text(words).content, to=to))
    return replies
