"""News of deals: opened, moved, changed, won, lost."""

from __future__ import annotations

from handlers import wording
from handlers.context import Context
from handlers.pieces import Piece
from handlers.replies import Line
from handlers.router import Router
from nlu import acts
from sales import access, customers, periods, pipeline
from sales.changes import Change
from sales.errors import Conflict
from sales.pipeline import News
from storage.models.customers import Customer
from storage.models.selling import Deal

router = Router()


@router.on(acts.DealNews)
async def tell_deal(act: acts.DealNews, context: Context) -> Piece:
    """Write what is told of a deal, old and new value beside each other."""
    session = context.session
    customer = await access.customer_to_write(session, context.viewer, act.customer or "")
    deal, opened = await pick_deal(context, customer, act.deal, act.deal_name, act)
    news = News(
        stage=None if opened else act.stage,
        amount=act.amount,
        expected_close=act.expected_close,
        products=act.products,
        competitors=act.competitors,
    )
    told = act.outcome is None or news != News(stage=news.stage)
    changes = []
    if deal.status == "open" and told:
        changes = pipeline.change(session, deal, news, context.setup, context.now)
    elif act.outcome is None:
        pipeline.check_open(deal)
    if act.outcome is not None:
        changes += _close(context, deal, act)
    await session.flush()
    return Piece(
        customer=await customers.short_name(session, customer),
        lines=tuple(_lines(deal, changes, context, opened=opened)),
        headline=wording.STATUSES[act.outcome] if act.outcome else "",
        missing=_missing(deal),
        wrote=bool(changes) or opened,
    )


async def pick_deal(
    context: Context,
    customer: Customer,
    reference: str | None,
    name: str | None = None,
    act: acts.DealNews | None = None,
) -> tuple[Deal, bool]:
    """The deal that is meant, and whether it was opened just now for this act."""
    if reference is not None and reference != "new":
        return await access.deal_of(context.session, customer, reference), False
    if customer.id in context.made:
        return context.made[customer.id], False
    if reference is None:
        known = await pipeline.open_deals(context.session, customer.id)
        if len(known) == 1:
            return known[0], False
        if known:
            raise Conflict("several", await customers.short_name(context.session, customer))
    products = "、".join(act.products) if act else ""
    deal = await pipeline.open_deal(
        context.session,
        customer,
        context.setup,
        name=name or products or None,
        stage=act.stage if act else None,
        now=context.now,
    )
    context.made[customer.id] = deal
    return deal, True


def _close(context: Context, deal: Deal, act: acts.DealNews) -> list[Change]:
    return pipeline.close(
        context.session,
        deal,
        context.setup,
        outcome=act.outcome or "",
        on=periods.day_of(context.told, context.zone),
        now=context.now,
        reason=act.lost_reason,
        lost_to=act.lost_to,
    )


def _lines(deal: Deal, changes: list[Change], context: Context, *, opened: bool) -> list[Line]:
    lines = []
    if opened:
        lines.append(Line(label="商机", value=f"新建 · {deal.name} · {deal.stage}"))
    elif changes:
        lines.append(Line(label="商机", value=deal.name))
    return lines + [change_line(change, context) for change in changes]


def change_line(change: Change, context: Context) -> Line:
    """One change of a deal, old → new."""
    match change.field:
        case "amount":
            before = wording.amount(*change.before) if change.before else None
            return Line(label="金额", value=wording.amount(*change.after), before=before)
        case "expected_close":
            before = wording.date_value(change.before, context.today) if change.before else None
            value = wording.date_value(change.after, context.today)
            return Line(label="预计成交", value=value, before=before)
        case "products":
            return Line(label="产品", value="＋" + "、".join(change.after))
        case "competitors":
            return Line(label="对手", value="＋" + "、".join(change.after))
    labels = {"stage": "阶段", "lost_reason": "输单原因", "lost_to": "输给"}
    return Line(label=labels[change.field], value=str(change.after), before=change.before)


def _missing(deal: Deal) -> tuple[str, ...]:
    """What an open deal lacks that its forecast needs."""
    if deal.status != "open":
        return ()
    lacks = []
    if deal.amount_fen is None:
        lacks.append("金额")
    if deal.expected_close is None:
        lacks.append("预计成交时间")
    return tuple(lacks)
