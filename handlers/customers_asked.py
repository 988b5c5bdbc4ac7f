"""Questions about many customers: whose they are, of what grade, when somebody last called."""

from __future__ import annotations

from datetime import date

from handlers import wording
from handlers.context import Context
from handlers.lists import MOST, narrowing
from handlers.replies import Card, Line, Reply
from handlers.router import Router
from nlu import acts
from sales import access, customers, lists
from sales.lists import Narrowing
from storage.models.customers import Customer

router = Router()


@router.on(acts.Query, where=lambda act: act.about == "customer" and act.customer is None)
async def many(act: acts.Query, context: Context) -> list[Reply]:
    """恒通　A · 华东 · 上次 11-20"""
    access.check_role(context.viewer, access.SELLS)
    found = await lists.customers(context.session, await narrowing(act, context), MOST)
    if not found.shown:
        return [Reply.text("没有这样的客户。")]
    names = await _names(found, context)
    lines = tuple(
        Line(label=names[one.id], value=_known(one, last, context)) for one, last in found.shown
    )
    return [Reply(content=_card(f"客户 · {found.count} 家", lines, "最近跟进的在前", found))]


async def quiet_customers(wanted: Narrowing, days: int, context: Context) -> Reply:
    """恒通　32 天没跟进，上次 10-25"""
    found = await lists.customers(context.session, wanted, MOST)
    if not found.shown:
        return Reply.text(f"没有 {days} 天以上没跟进的客户。")
    names = await _names(found, context)
    lines = tuple(
        Line(label=names[one.id], value=_quiet(last, context)) for one, last in found.shown
    )
    title = f"{days} 天以上没跟进的客户 · {found.count} 家"
    return Reply(content=_card(title, lines, "最久的在前", found))


async def _names(found: lists.Customers, context: Context) -> dict[int, str]:
    return await customers.short_names(context.session, [one.id for one, _ in found.shown])


def _card(title: str, lines: tuple[Line, ...], order: str, found: lists.Customers) -> Card:
    more = found.count - len(found.shown)
    return Card(title=title, lines=lines, note=f"{order}，还有 {more} 家" if more else order)


def _known(customer: Customer, last: date | None, context: Context) -> str:
    seen = f"上次 {wording.short_day(last, context.today)}" if last else "还没有跟进过"
    return " · ".join(part for part in (customer.grade, customer.region, seen) if part)


def _quiet(last: date | None, context: Context) -> str:
    if last is None:
        return "还没有跟进过"
    when = wording.short_day(last, context.today)
    return f"{(context.today - last).days} 天没跟进，上次 {when}"
