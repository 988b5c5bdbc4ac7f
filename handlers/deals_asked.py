"""Questions about deals: open ones, one of them, what was won or lost, what stands still."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers import wording
from handlers.context import Context
from handlers.customers_asked import quiet_customers
from handlers.lists import MOST, activity_text, narrowing
from handlers.replies import Card, Line, Reply
from handlers.router import Router
from nlu import acts
from sales import access, customers, lists
from sales.lists import Narrowing
from storage.models.selling import Deal

router = Router()


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
        return [await quiet_customers(wanted, days, context)]
    found = await lists.deals(context.session, wanted, MOST)
    if not found.shown:
        return [Reply.text(f"没有停滞的商机：{days} 天内都有动静。")]
    return [await _deal_card(found, "停滞的商机", context, f"{days} 天以上没推进也没跟进")]


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
