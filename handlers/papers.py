"""Quotes, contracts and payments."""

from __future__ import annotations

import re
from datetime import date

from handlers import wording
from handlers.approvals import request_card
from handlers.context import Context, HeardLike
from handlers.deals import pick_deal
from handlers.pieces import Piece
from handlers.replies import Line, Reply, ToUser
from handlers.router import Router
from nlu import acts
from sales import access, approvals, customers, lists, papers, periods, pipeline
from sales.errors import Invalid
from sales.papers import Position
from storage.models.customers import Customer
from storage.models.papers import Quote

router = Router()
QUOTED = ("amount", "discount", "lines", "valid_until")
_CLAUSES = re.compile(r"[，,。；;！!？?\n]")


@router.on(acts.Quote)
async def make_quote(act: acts.Quote, context: Context, heard: HeardLike) -> Piece:
    """Write the quote; beyond the limit it waits for the manager."""
    session = context.session
    customer = await access.customer_to_write(session, context.viewer, act.customer or "")
    deal, opened = await pick_deal(context, customer, act.deal)
    quote = await papers.quote(
        session,
        customer,
        deal,
        amount=act.amount,
        discount=act.discount,
        positions=tuple(
            Position(product=line.product, quantity=line.quantity, unit_price=line.unit_price)
            for line in act.lines
        ),
        valid_until=act.valid_until,
        reason=_reason(context.text, heard),
        user_id=context.me.id,
        now=context.now,
    )
    opening = (Line(label="商机", value=f"新建 · {deal.name} · {deal.stage}"),) if opened else ()
    lines = (*opening, *_quote_lines(act, quote, context))
    others, lines = await _ask_approval(context, quote, lines)
    return Piece(
        customer=await customers.short_name(session, customer), lines=lines, others=others
    )


def _reason(text: str, heard: HeardLike) -> str:
    """What was said beside the quote itself: 西门子报135万，王总要周五定."""
    spans = [heard.spans[slot] for slot in QUOTED if slot in heard.spans]
    said, start = [], 0
    for part in _CLAUSES.split(text):
        end = start + len(part)
        if part.strip() and not any(first < end and start < last for first, last in spans):
            said.append(part.strip())
        start = end + 1
    return "，".join(said)


def _quote_lines(act: acts.Quote, quote: Quote, context: Context) -> tuple[Line, ...]:
    value = [quote.number]
    if quote.amount_fen is not None:
        value.append(wording.amount(quote.amount_fen))
    if quote.discount_bp is not None:
        value.append(wording.discount(quote.discount_bp))
    lines = [Line(label="报价", value=" · ".join(value))]
    for line in act.lines:
        parts = [line.product or "未写产品"]
        if line.quantity is not None:
            parts.append(f"× {line.quantity:g}")
        if line.unit_price is not None:
            parts.append(f"单价 {line.unit_price:,g} 元")
        lines.append(Line(label="明细", value=" ".join(parts)))
    if quote.valid_until:
        lines.append(Line(label="有效期", value=wording.day(quote.valid_until, context.today)))
    return tuple(lines)


async def _ask_approval(
    context: Context, quote: Quote, lines: tuple[Line, ...]
) -> tuple[tuple[Reply, ...], tuple[Line, ...]]:
    """The card for the approver, where one is needed, and the line that says so to the rep."""
    limits = context.setup.quotes
    reasons = approvals.beyond(quote, limits, context.me.role)
    if not reasons:
        return (), lines
    why = ",".join(reasons)
    approval, approver = await approvals.request(
        context.session, quote, context.me, why, context.now
    )
    case = await approvals.case(context.session, approval.id)
    card = await request_card(context, case, approver)
    waiting = Line(label="审批", value=f"超出权限，已提交{approver.name}")
    return (Reply(content=card, to=ToUser(user_id=approver.id)),), (*lines, waiting)


@router.on(acts.Contract)
async def sign_contract(act: acts.Contract, context: Context) -> Piece:
    """Write the signed contract; it wins its deal."""
    session = context.session
    customer = await access.customer_for_money(session, context.viewer, act.customer or "")
    signed_on = _day(act.signed_on, context)
    deal, opened = await pick_deal(context, customer, act.deal)
    contract = await papers.contract(
        session,
        customer,
        deal,
        amount=act.amount,
        signed_on=signed_on,
        number=act.number,
        user_id=context.me.id,
        now=context.now,
    )
    if contract.amount_fen is not None and deal.status == "open":
        deal.amount_fen, deal.amount_high_fen = contract.amount_fen, None
    before = deal.stage
    pipeline.close(session, deal, context.setup, outcome="won", on=signed_on, now=context.now)
    await session.flush()
    parts = [act.number or "", wording.amount(contract.amount_fen)]
    parts.append(f"{wording.day(signed_on, context.today)}签")
    moved = before != deal.stage and not opened
    stage = Line(label="商机", value=f"{deal.name}：{deal.stage}")
    if moved:
        stage = Line(label="商机", value=deal.stage, before=f"{deal.name}：{before}")
    return Piece(
        customer=await customers.short_name(session, customer),
        lines=(
            Line(label="合同", value=" · ".join(part for part in parts if part)),
            stage,
        ),
        headline=wording.STATUSES["won"],
        missing=() if contract.amount_fen is not None else ("合同金额",),
    )


@router.on(acts.Payment)
async def book_payment(act: acts.Payment, context: Context) -> Piece:
    """Write money received or promised."""
    customer = await access.customer_for_money(context.session, context.viewer, act.customer or "")
    on = None if act.planned and not act.date else _day(act.date, context)
    owed = await _owed(context, customer)
    payment = await papers.payment(
        context.session,
        customer,
        amount=act.amount,
        on=on,
        planned=act.planned,
        user_id=context.me.id,
        now=context.now,
    )
    when = wording.date_value(act.date, context.today) if act.date else _undated(on, context)
    label = "回款计划" if act.planned else "回款"
    value = " · ".join(part for part in (wording.amount(payment.amount_fen), when) if part)
    left, note = _left(owed, await _owed(context, customer))
    return Piece(
        customer=await _name(context, customer),
        lines=(Line(label=label, value=value), *left),
        headline=label,
        missing=("付款时间",) if on is None else (),
        note=note,
    )


async def _owed(context: Context, customer: Customer) -> int | None:
    """What is signed and not yet paid, in fen; None where nothing is signed."""
    signed, received, _ = await lists.owed(context.session, customer.id)
    return signed - received if signed else None


def _left(before: int | None, after: int | None) -> tuple[tuple[Line, ...], str]:
    """未收 20万 → 结清, and a sentence where more came than was owed."""
    if before is None or after is None or before == after:
        return (), ""
    if after < 0:
        return (), f"比合同未收的多 {wording.amount(min(-after, before - after))}，核对一下"
    paid_off = wording.amount(after) if after else "结清"
    return (Line(label="未收", value=paid_off, before=wording.amount(before)),), ""


async def _name(context: Context, customer: Customer) -> str:
    return await customers.short_name(context.session, customer)


def _undated(on: date | None, context: Context) -> str:
    return wording.day(on, context.today) if on else ""


def _day(value: str | None, context: Context) -> date:
    """The day of a paper: today where none was said, or where the period said still runs."""
    if value is None:
        return context.today
    first, last = periods.span(value)
    if first.year < 2000:
        raise Invalid("date", value)
    return context.today if first < context.today < last else last
