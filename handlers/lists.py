"""Questions that are answered with a list: deals, contacts, tasks, activities."""

from __future__ import annotations

from sqlalchemy import select

from handlers import wording
from handlers.context import Context
from handlers.replies import Card, Line, Reply
from handlers.router import Router
from handlers.tasks import my_tasks
from nlu import acts
from sales import access, customers, lists, reminders
from sales.lists import Narrowing
from storage.models.people import User
from storage.models.selling import Activity, Deal

router = Router()
MOST = 6


async def narrowing(act: acts.Query, context: Context) -> Narrowing:
    """Which records a question means: whose, of which customer, from when."""
    filters = act.filters or acts.Filters()
    customer = (
        await access.customer_to_read(context.session, act.customer) if act.customer else None
    )
    user = await access.user_by(context.session, filters.user) if filters.user else None
    return Narrowing(
        customer_id=customer.id if customer else None,
        owner_id=user.id if user else None,
        team=filters.team,
        stage=filters.stage,
        product=filters.product,
        region=filters.region,
        industry=filters.industry,
        grade=filters.grade,
        period=act.period,
    )


@router.on(acts.Query, where=lambda act: act.about in ("deals", "stalled"))
async def deals(act: acts.Query, context: Context) -> list[Reply]:
    """Open deals, the largest first; one deal where one was named."""
    if act.about == "deals" and act.customer and act.deal:
        return [await _one_deal(act, context)]
    wanted = await narrowing(act, context)
    found = await lists.deals(context.session, wanted, MOST + 1)
    if act.about == "stalled":
        found.sort(key=lambda deal: deal.stage_since)
    if not found:
        return [Reply.text("没有进行中的商机。")]
    count, total = await lists.deal_totals(context.session, wanted)
    names = await customers.short_names(context.session, [deal.customer_id for deal in found])
    lines = tuple(
        Line(label=names[deal.customer_id], value=deal_text(deal, context))
        for deal in found[:MOST]
    )
    stalled = "停得最久的" if act.about == "stalled" else ""
    title = f"{stalled}商机 · {count} 单 {wording.amount(total)}"
    more = f"还有 {count - MOST} 单" if count > MOST else ""
    return [Reply(content=Card(title=title, lines=lines, note=more))]


def deal_text(deal: Deal, context: Context) -> str:
    """二期 150万 · 方案呈现 9 天"""
    days = (context.now - deal.stage_since).days
    amount = wording.amount(deal.amount_fen, deal.amount_high_fen)
    return f"{deal.name} {amount} · {deal.stage} {days} 天"


async def _one_deal(act: acts.Query, context: Context) -> Reply:
    customer = await access.customer_to_read(context.session, act.customer or "")
    deal = await access.deal_of(context.session, customer, act.deal or "")
    lines = [Line(label="阶段", value=f"{deal.stage} {(context.now - deal.stage_since).days} 天")]
    lines.append(Line(label="金额", value=wording.amount(deal.amount_fen, deal.amount_high_fen)))
    if deal.expected_close:
        when = wording.date_value(deal.expected_close, context.today)
        lines.append(Line(label="预计成交", value=when))
    if deal.competitors:
        lines.append(Line(label="对手", value="、".join(deal.competitors)))
    wanted = Narrowing(customer_id=customer.id)
    past = await lists.activities(context.session, wanted, 1, planned=False)
    lines += [Line(label="上次", value=activity_text(activity, context)) for activity in past]
    name = await customers.short_name(context.session, customer)
    return Reply(content=Card(title=f"{name} · {deal.name}", lines=tuple(lines)))


@router.on(acts.Query, where=lambda act: act.about == "contacts")
async def contacts(act: acts.Query, context: Context) -> list[Reply]:
    """Who works at a customer, and what they decide."""
    customer = await access.customer_to_read(context.session, act.customer or "")
    await _check_sells(context)
    name = await customers.short_name(context.session, customer)
    people = await customers.people_at(context.session, customer.id)
    if not people:
        return [Reply.text(f"{name}还没有联系人。说“{name}王总电话13…”就记下。")]
    lines = tuple(
        Line(
            label=wording.person(person),
            value=" · ".join(
                part
                for part in (
                    wording.ROLES.get(person.role or "", ""),
                    _phone(person.phone, context),
                    person.email or "",
                    f"微信 {person.wechat}" if person.wechat else "",
                )
                if part
            )
            or "没有联系方式",
        )
        for person in people[:MOST]
    )
    return [Reply(content=Card(title=f"{name} · 联系人 {len(people)} 位", lines=lines))]


def _phone(phone: str | None, context: Context) -> str:
    """In a group a phone number is masked: others read along."""
    if phone and context.in_group and len(phone) >= 7:
        return f"{phone[:3]}****{phone[-4:]}"
    return phone or ""


async def _check_sells(context: Context) -> None:
    access.check_role(context.viewer, access.SELLS)


@router.on(acts.Query, where=lambda act: act.about == "tasks")
async def tasks(act: acts.Query, context: Context) -> list[Reply]:
    """My tasks; a manager's question about somebody or the team, theirs."""
    filters = act.filters or acts.Filters()
    owners = [context.me.id]
    if filters.user is not None:
        owners = [(await access.user_by(context.session, filters.user)).id]
    elif filters.team is not None and context.viewer.role in ("manager", "director"):
        query = select(User.id).where(User.active.is_(True))
        if context.viewer.role == "manager":
            query = query.where(User.team_id.in_(context.viewer.team_ids))
        owners = list(await context.session.scalars(query))
    if act.customer is not None:
        return [await _tasks_at(act.customer, context)]
    return [await my_tasks(context, owners, mine=owners == [context.me.id])]


async def _tasks_at(reference: str, context: Context) -> Reply:
    customer = await access.customer_to_read(context.session, reference)
    name = await customers.short_name(context.session, customer)
    found = await reminders.open_at(context.session, customer.id)
    if not found:
        return Reply.text(f"{name}没有未完成的待办。")
    lines = tuple(
        Line(
            label=wording.day(task.due_on, context.today) if task.due_on else "未定",
            value=task.what,
        )
        for task in found[:MOST]
    )
    return Reply(content=Card(title=f"{name} · 待办 {len(found)} 条", lines=lines))


@router.on(acts.Query, where=lambda act: act.about == "activities")
async def activities(act: acts.Query, context: Context) -> list[Reply]:
    """What was done, newest first."""
    wanted = await narrowing(act, context)
    found = await lists.activities(context.session, wanted, MOST, planned=None)
    if not found:
        return [Reply.text("没有找到跟进记录。")]
    names = await customers.short_names(context.session, [item.customer_id for item in found])
    lines = tuple(
        Line(label=names[item.customer_id], value=activity_text(item, context)) for item in found
    )
    return [Reply(content=Card(title=f"跟进记录 · 最近 {len(found)} 条", lines=lines))]


def activity_text(activity: Activity, context: Context) -> str:
    """周四 11-12 拜访 王建国：嫌交期长，要看案例"""
    when = wording.day(activity.on, context.today)
    kind = ("计划" if activity.planned else "") + wording.KINDS[activity.kind]
    met = f" {'、'.join(activity.contacts)}" if activity.contacts else ""
    note = f"：{wording.clipped(activity.note, 40)}" if activity.note else ""
    return f"{when} {kind}{met}{note}"
