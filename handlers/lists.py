"""Questions that are answered with a list: contacts, tasks, activities."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

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
from storage.models.selling import Activity

router = Router()
MOST = 6
_WHO_DID_NOT = re.compile(r"(?:谁|哪些人|哪几个人?|有没有人|什么人)[^，,。]{0,4}(?:没|未)")


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
    team = await _team_to_see(filters.team, context)
    members = await figures.members(context.session, team)
    return list(await context.session.scalars(select(User).where(User.id.in_(members))))


async def _team_to_see(name: str, context: Context) -> Team:
    team = await context.session.scalar(select(Team).where(Team.name == name))
    if team is None:
        raise NotFound("user", name)
    access.check_may_see_team(context.viewer, team)
    return team


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
    if _WHO_DID_NOT.search(context.text) and context.viewer.role in ("manager", "director"):
        return [await _who_did_nothing(act, context)]
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


async def _who_did_nothing(act: acts.Query, context: Context) -> Reply:
    """东区组 今天没有跟进记录：周二、郑四（3 人中 2 人）"""
    team = (act.filters or acts.Filters()).team
    if team is not None:
        await _team_to_see(team, context)
    period = act.period or context.today.isoformat()
    reps = await lists.reps(context.session, context.viewer.team_ids, team)
    busy = await lists.active_owners(context.session, period)
    idle = [rep.name for rep in reps if rep.id not in busy]
    when = wording.date_value(period, context.today)
    whose = f"{team} " if team else ""
    if not idle:
        return Reply.text(f"{whose}{when}都有跟进记录（{len(reps)} 人）。")
    who = "、".join(idle)
    return Reply.text(f"{whose}{when}没有跟进记录：{who}（{len(reps)} 人中 {len(idle)} 人）")


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
