"""Questions about quotes, contracts and payments."""

from __future__ import annotations

from handlers import wording
from handlers.context import Context
from handlers.lists import listed, narrowing
from handlers.replies import Card, Line, Reply
from handlers.router import Router
from nlu import acts
from sales import access, customers, lists
from storage.models.papers import Quote

router = Router()
MOST = 6


@router.on(acts.Query, where=lambda act: act.about == "quotes")
async def quotes(act: acts.Query, context: Context) -> list[Reply]:
    """Quotes with where their approval stands."""
    access.check_role(context.viewer, access.SELLS)
    found = await lists.quotes(context.session, await narrowing(act, context), MOST + 1)
    if not found:
        return [Reply.text("没有找到报价。")]
    names = await customers.short_names(context.session, [item.customer_id for item in found])
    lines = tuple(
        Line(label=item.number, value=f"{names[item.customer_id]} {quote_text(item)}")
        for item in found[:MOST]
    )
    return [Reply(content=Card(title=listed("报价", "份", len(found), MOST), lines=lines))]


def quote_text(quote: Quote) -> str:
    """138万 八二折 · 待审批"""
    parts = [wording.amount(quote.amount_fen)] if quote.amount_fen is not None else []
    if quote.discount_bp is not None:
        parts.append(wording.discount(quote.discount_bp))
    return f"{' '.join(parts)} · {wording.STATUSES[quote.status]}"


@router.on(acts.Query, where=lambda act: act.about == "contracts")
async def contracts(act: acts.Query, context: Context) -> list[Reply]:
    """Signed contracts."""
    access.check_role(context.viewer, access.KEEPS_MONEY)
    found = await lists.contracts(context.session, await narrowing(act, context), MOST + 1)
    if not found:
        return [Reply.text("没有找到合同。")]
    names = await customers.short_names(context.session, [item.customer_id for item in found])
    lines = tuple(
        Line(
            label=names[item.customer_id],
            value=" · ".join(
                part
                for part in (
                    item.paper_number or "",
                    wording.amount(item.amount_fen),
                    f"{wording.day(item.signed_on, context.today)}签",
                )
                if part
            ),
        )
        for item in found[:MOST]
    )
    return [Reply(content=Card(title=listed("合同", "份", len(found), MOST), lines=lines))]


@router.on(acts.Query, where=lambda act: act.about == "payments")
async def payments(act: acts.Query, context: Context) -> list[Reply]:
    """Money received, then what is promised; of a period with what they come to."""
    access.check_role(context.viewer, access.KEEPS_MONEY)
    wanted = await narrowing(act, context)
    found = await lists.payments(context.session, wanted, MOST + 1)
    if not found:
        return [Reply.text("没有找到回款。")]
    names = await customers.short_names(context.session, [item.customer_id for item in found])
    lines = tuple(
        Line(
            label=names[item.customer_id],
            value=" · ".join(
                part
                for part in (
                    wording.amount(item.amount_fen),
                    wording.day(item.on, context.today) if item.on else "时间未定",
                    "计划" if item.planned else "已到账",
                )
                if part
            ),
        )
        for item in found[:MOST]
    )
    title, note = listed("回款", "笔", len(found), MOST), ""
    if act.period is not None:
        count, received, promised = await lists.payment_totals(context.session, wanted)
        title = f"{wording.date_value(act.period, context.today)}回款 · {count} 笔"
        note = f"已到账 {wording.amount(received)}，计划 {wording.amount(promised)}"
    return [Reply(content=Card(title=title, lines=lines, note=note))]
