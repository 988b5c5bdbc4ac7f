"""Questions that are answered with a list: deals, contacts, tasks, activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from handlers import wording
from handlers.context import Context
from handlers.replies import Card, Line, Reply
from handlers.router import Router
from handlers.tasks import MY_TASKS, task_card
from nlu import acts
from reports import figures
from sales import access, customers, lists, periods, reminders
from sales.errors import NotFound
from sales.lists import Narrowing
from storage.models.people import Team, User
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
    if user is not None:
        access.check_may_see(context.viewer, user)
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
        zone=context.zone,
        closed=filters.stage in (context.setup.pipeline.won, context.setup.pipeline.lost),
    )


@router.on(acts.Query, where=lambda act: act.about == "deals")
async def deals(act: acts.Query, context: Context) -> list[Reply]:
    """Open deals, the largest first, or what was won or lost; one deal where one was named."""
    access.check_role(context.viewer, access.SELLS)
    if act.customer and act.deal:
        return [await _one_deal(act, context)]
    wanted = await narrowing(act, context)
    found = await lists.deals(context.session, wanted, MOST)
    if wanted.closed:
        when = wording.date_value(act.period, context.today) if act.period else ""
        if not found.shown:
            return [Reply.text(f"{when}没有{wanted.stage}的商机。")]
        return [await _deal_card(found, f"{when}{wanted.stage}", context)]
    if not found.shown:
        return [Reply.text("没有进行中的商机。")]
    return [await _deal_card(found, "商机", context)]


@router.on(acts.Query, where=lambda act: act.about == "stalled")
async def stalled(act: acts.Query, context: Context) -> list[Reply]:
    """Open deals that stand still, the longest first."""
    access.check_role(context.viewer, access.SELLS)
    days = context.setup.pipeline.stalled_days
    wanted = replace(await narrowing(act, context), still_since=context.now - timedelta(days=days))
    if "客户" in context.text:
        return [await _quiet_customers(wanted, days, context)]
    found = await lists.deals(context.session, wanted, MOST)
    if not found.shown:
        return [Reply.text(f"没有停滞的商机：{days} 天内都有动静。")]
    return [await _deal_card(found, "停滞的商机", context, f"{days} 天以上没推进也没跟进")]


async def _quiet_customers(wanted: Narrowing, days: int, context: Context) -> Reply:
    """恒通　32 天没跟进，上次 10-25"""
    found = await lists.quiet_customers(context.session, wanted, MOST)
    if not found.shown:
        return Reply.text(f"没有 {days} 天以上没跟进的客户。")
    names = await customers.short_names(context.session, [one.id for one, _ in found.shown])
    lines = tuple(
        Line(label=names[customer.id], value=_quiet(last, context))
        for customer, last in found.shown
    )
    more = f"，还有 {found.count - MOST} 家" if found.count > MOST else ""
    title = f"{days} 天以上没跟进的客户 · {found.count} 家"
    return Reply(content=Card(title=title, lines=lines, note=f"最久的在前{more}"))


def _quiet(last: date | None, context: Context) -> str:
    if last is None:
        return "还没有跟进过"
    when = wording.short_day(last, context.today)
    return f"{(context.today - last).days} 天没跟进，上次 {when}"


async def _deal_card(found: lists.Deals, title: str, context: Context, note: str = "") -> Reply:
    ids = [deal.customer_id for deal in found.shown]
    names = await customers.short_names(context.session, ids)
    lines = tuple(
        Line(label=names[deal.customer_id], value=deal_text(deal, context)) for deal in found.shown
    )
    more = f"还有 {found.count - MOST} 单" if found.count > MOST else ""
    card = Card(
        title=f"{title} · {found.count} 单 {wording.amount(found.total_fen)}",
        lines=lines,
        note="，".join(part for part in (note, more) if part),
    )
    return Reply(content=card)


def deal_text(deal: Deal, context: Context) -> str:
    """二期 150万 · 方案呈现 9 天; 二期 150万 · 周一 11-23 · 输给 瑞鼎 · 价格"""
    days = (context.now - deal.stage_since).days
    amount = wording.amount(deal.amount_fen, deal.amount_high_fen)
    if deal.closed_on is not None:
        rival = f"输给 {deal.lost_to}" if deal.lost_to else ""
        when = wording.short_day(deal.closed_on, context.today)
        told = (f"{deal.name} {amount}", when, rival, deal.lost_reason or "")
        return " · ".join(part for part in told if part)
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
                    person.phone or "",
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


async def _check_sells(context: Context) -> None:
    access.check_role(context.viewer, access.SELLS)


@router.on(acts.Query, where=lambda act: act.about == "tasks")
async def tasks(act: acts.Query, context: Context) -> list[Reply]:
    """My tasks; what is to do at a customer; a manager's question about somebody or a team."""
    filters = act.filters or acts.Filters()
    if act.customer is not None:
        customer = await access.customer_to_read(context.session, act.customer)
        title = f"{await customers.short_name(context.session, customer)} · 待办"
        found = await reminders.open_at(context.session, customer.id)
    else:
        people = await _people(filters, context)
        title = _whose_tasks(filters, people, context)
        found = await reminders.open_tasks(context.session, [user.id for user in people])
    if act.period is not None:
        last = periods.span(act.period)[1]
        found = [task for task in found if task.due_on is not None and task.due_on <= last]
    if not found:
        whose = title.removesuffix(" · 待办").removesuffix("待办").removesuffix("的")
        return [Reply.text(f"{'' if whose == '我' else whose}没有未完成的待办。")]
    owners = await _owners({task.owner_id for task in found}, context)
    return [Reply(content=await task_card(context, found, title, owners=owners))]


async def _people(filters: acts.Filters, context: Context) -> list[User]:
    """Whose tasks are asked for."""
    if filters.user is not None:
        user = await access.user_by(context.session, filters.user)
        access.check_may_see(context.viewer, user)
        return [user]
    if filters.team is None or context.viewer.role not in ("manager", "director"):
        return [context.me]
    team = await context.session.scalar(select(Team).where(Team.name == filters.team))
    if team is None:
        raise NotFound("user", filters.team)
    access.check_may_see_team(context.viewer, team)
    members = await figures.members(context.session, team)
    return list(await context.session.scalars(select(User).where(User.id.in_(members))))


def _whose_tasks(filters: acts.Filters, people: Sequence[User], context: Context) -> str:
    if [user.id for user in people] == [context.me.id]:
        return MY_TASKS
    return f"{people[0].name}的待办" if filters.user is not None else f"{filters.team}待办"


async def _owners(numbers: set[int | None], context: Context) -> dict[int, str]:
    """Names, where not all is one person's."""
    if len(numbers) == 1:
        return {}
    query = select(User.id, User.name).where(User.id.in_(numbers))
    return {number: name for number, name in await context.session.execute(query)}


@router.on(acts.Query, where=lambda act: act.about == "activities")
async def activities(act: acts.Query, context: Context) -> list[Reply]:
    """What was done, newest first."""
    access.check_role(context.viewer, access.SELLS)
    wanted = await narrowing(act, context)
    found = await lists.activities(context.session, wanted, MOST + 1, planned=None)
    if not found:
        return [Reply.text("没有找到跟进记录。")]
    shown = found[:MOST]
    names = await customers.short_names(context.session, [item.customer_id for item in shown])
    owners = await _owners({item.owner_id for item in shown}, context)
    lines = tuple(
        Line(label=names[item.customer_id], value=activity_text(item, context, owners))
        for item in shown
    )
    return [Reply(content=Card(title=listed("跟进记录", "条", len(found), MOST), lines=lines))]


def listed(what: str, counted: str, found: int, most: int) -> str:
    """合同 · 2 份; 合同 · 最近 6 份 where there are more."""
    return f"{what} · {found} {counted}" if found <= most else f"{what} · 最近 {most} {counted}"


def activity_text(
    activity: Activity, context: Context, owners: Mapping[int, str] | None = None
) -> str:
    """周四 11-12 拜访 王建国：嫌交期长，要看案例; with who did it, where it is one of several."""
    when = wording.day(activity.on, context.today)
    who = (owners or {}).get(activity.owner_id or 0, "")
    kind = ("计划" if activity.planned else "") + wording.KINDS[activity.kind]
    met = f" {'、'.join(activity.contacts)}" if activity.contacts else ""
    # The note of a plan is the sentence that said it.
    told = activity.note and not activity.planned
    note = f"：{wording.clipped(activity.note, 40)}" if told else ""
    return f"{when} {who}{kind}{met}{note}"
