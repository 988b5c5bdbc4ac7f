"""Approvals: the card that asks, the decision by tap or in words, what everybody is told."""

from __future__ import annotations

from sqlalchemy import select

from handlers import wording
from handlers.buttons import Decide, pack
from handlers.context import Context
from handlers.replies import Button, Card, CardUpdate, Line, Reply, Text, ToUser
from handlers.router import Router
from handlers.written import remember
from nlu import acts
from sales import access, approvals, customers
from sales.approvals import APPROVED, REJECTED, Case
from sales.money import basis_points
from storage.models.customers import Customer
from storage.models.papers import QuoteLine
from storage.models.people import User
from storage.models.selling import Deal

router = Router()
MOST_CHOICES = 5
MOST_WHY = 60
VERBS = {APPROVED: "同意", REJECTED: "驳回"}


async def request_card(context: Context, case: Case, approver: User) -> Card:
    """The card that asks the approver, with what earlier quotes were approved at."""
    lines = [*await case_lines(context, case), *await _comparisons(context, case, approver)]
    if case.quote.reason:
        lines.append(Line(label="说明", value=wording.clipped(case.quote.reason, MOST_WHY)))
    number = case.quote.number
    return Card(
        title=f"报价审批 {number} · {case.requester.name}",
        lines=tuple(lines),
        buttons=tuple(
            Button(text=words, press=_decide(case, verdict), primary=verdict == APPROVED)
            for verdict, words in VERBS.items()
        ),
        hint=f"回复：同意 {number} 或 驳回 {number} 加原因",
        subject=_subject(case),
    )


def _decide(case: Case, verdict: str) -> str:
    return pack(
        Decide(approval_id=case.approval.id, version=case.approval.version, verdict=verdict)
    )


def _subject(case: Case) -> str:
    return f"approval:{case.approval.id}"


async def case_lines(context: Context, case: Case) -> list[Line]:
    """For whom the quote is, and how much."""
    customer = await context.session.scalar(
        select(Customer).where(Customer.id == case.quote.customer_id)
    )
    name = await customers.short_name(context.session, customer) if customer else ""
    deal = None
    if case.quote.deal_id is not None:
        deal = await context.session.scalar(select(Deal).where(Deal.id == case.quote.deal_id))
    value = f"{name} · {deal.name}" if deal else name
    return [Line(label="客户", value=value), Line(label="报价", value=_offer(context, case))]


async def _in_short(context: Context, case: Case) -> str:
    """宏达精密 138万; a quote without a sum by its discount."""
    quote = case.quote
    names = await customers.short_names(context.session, [quote.customer_id])
    offer = wording.amount(quote.amount_fen) if quote.amount_fen is not None else ""
    if not offer and quote.discount_bp is not None:
        offer = wording.discount(quote.discount_bp)
    return " ".join(part for part in (names.get(quote.customer_id, ""), offer) if part)


def _offer(context: Context, case: Case) -> str:
    """138万（八二折，权限九折）"""
    limits, why = context.setup.quotes, case.approval.why.split(",")
    notes = []
    if case.quote.discount_bp is not None:
        notes.append(wording.discount(case.quote.discount_bp))
    if "discount" in why:
        notes.append(f"权限{wording.discount(basis_points(limits.min_discount))}")
    if "amount" in why:
        notes.append(f"金额权限 {wording.amount(limits.max_amount_yuan * 100)}")
    amount = wording.amount(case.quote.amount_fen) if case.quote.amount_fen is not None else ""
    return amount + (f"（{'，'.join(notes)}）" if amount and notes else "，".join(notes))


async def _comparisons(context: Context, case: Case, approver: User) -> list[Line]:
    """What the approver may see of earlier factors: 该客户上次 0.88；同产品近 5 单 0.85–0.90."""
    session = context.session
    viewer = await access.viewer_of(session, approver)
    async with access.seeing_as(session, viewer):
        products = await session.scalars(
            select(QuoteLine.product).where(QuoteLine.quote_id == case.quote.id)
        )
        named = [product for product in products if product]
        last, alike = await approvals.comparable(
            session, case.quote, named, context.setup.quotes.comparable
        )
    parts = []
    if last is not None:
        parts.append(f"该客户上次 {last / 10_000:.2f}")
    if alike:
        low, high = min(alike) / 10_000, max(alike) / 10_000
        factors = f"{low:.2f}" if low == high else f"{low:.2f}–{high:.2f}"
        parts.append(f"同产品近 {len(alike)} 单 {factors}")
    return [Line(label="参考", value="；".join(parts))] if parts else []


@router.on(Decide)
async def tap_decision(press: Decide, context: Context) -> list[Reply]:
    """Approve or reject by the card's button; the changed card is the answer."""
    if press.verdict not in VERBS:
        return [Reply.text("这个按钮已失效，请直接回复同意或驳回。")]
    case = await approvals.decide(
        context.session, press.approval_id, version=press.version, verdict=press.verdict,
        user=context.me, comment="", now=context.now,
    )  # fmt: skip
    return await _decided(context, case, press.verdict, "")


@router.on(acts.Approve)
async def approve(act: acts.Approve, context: Context) -> list[Reply]:
    """同意 Q-1042, or the only one that waits."""
    return await _decide_in_words(context, act, APPROVED)


@router.on(acts.Reject)
async def reject(act: acts.Reject, context: Context) -> list[Reply]:
    """驳回 Q-1042, or the only one that waits."""
    return await _decide_in_words(context, act, REJECTED)


async def _decide_in_words(
    context: Context, act: acts.Approve | acts.Reject, verdict: str
) -> list[Reply]:
    context.check_trusted()
    if act.target in ("expense", "contract"):
        kind = {"expense": "费用", "contract": "合同"}[act.target]
        return [Reply.text(f"{kind}审批还没有开通，没有写入。报价可以说“同意 Q-编号”。")]
    if act.number:
        chosen = await approvals.of_number(context.session, act.number)
    else:
        waiting = await approvals.waiting_for(context.session, context.me)
        if act.customer is not None:
            customer = await access.customer_to_read(context.session, act.customer)
            waiting = [case for case in waiting if case.quote.customer_id == customer.id]
        if len(waiting) != 1:
            return [await _which(context, waiting, verdict)]
        chosen = waiting[0].approval.id
    case = await approvals.decide(
        context.session, chosen, version=None, verdict=verdict, user=context.me,
        comment=act.comment or "", now=context.now,
    )  # fmt: skip
    told = f"{case.quote.number} 已{VERBS[verdict]}，已告诉{case.requester.name}。"
    return [Reply.text(told), *await _decided(context, case, verdict, act.comment or "")]


async def _which(context: Context, waiting: list[Case], verdict: str) -> Reply:
    if not waiting:
        return Reply.text("没有等你审批的报价。")
    return Reply(
        content=Card(
            title=f"{VERBS[verdict]}哪一个？",
            lines=tuple([await _waiting_line(context, case) for case in waiting[:MOST_CHOICES]]),
            buttons=tuple(
                Button(text=case.quote.number, press=_decide(case, verdict))
                for case in waiting[:MOST_CHOICES]
            ),
            hint=f"回复：{VERBS[verdict]} {waiting[0].quote.number}",
        )
    )


async def _waiting_line(context: Context, case: Case) -> Line:
    customer, offer = await case_lines(context, case)
    return Line(
        label=case.quote.number,
        value=f"{case.requester.name} · {customer.value} · {offer.value}",
    )


async def _decided(context: Context, case: Case, verdict: str, comment: str) -> list[Reply]:
    """Every card of the approval shows who decided; the requester is told."""
    verb, by = VERBS[verdict], context.me.name
    at = wording.clock(context.now, context.zone)
    card = Card(
        title=f"报价审批 {case.quote.number} · {case.requester.name}",
        lines=tuple(await case_lines(context, case)),
        decided=f"已{verb} · {by} · {at}",
        subject=_subject(case),
    )
    await remember(context, acts=[], card=card, final=True)
    words = f"{case.quote.number} {by}已{verb}（{await _in_short(context, case)}）"
    if comment:
        words += f"：{comment}。"
    elif verdict == APPROVED:
        words += "，可以发给客户了。"
    else:
        words += "，调整后可以再报。"
    told = Reply(content=Text(text=words), to=ToUser(user_id=case.requester.id))
    return [Reply(content=CardUpdate(card=card, subject=_subject(case))), told]


@router.on(acts.Query, where=lambda act: act.about == "approvals")
async def waiting(act: acts.Query, context: Context) -> list[Reply]:
    """What waits for me, with buttons for the first; else what I wait for."""
    mine = await approvals.waiting_for(context.session, context.me)
    if mine:
        first = await request_card(context, mine[0], context.me)
        rest = tuple([await _waiting_line(context, case) for case in mine[1:MOST_CHOICES]])
        if not rest:
            return [Reply(content=first)]
        card = Card(
            title=f"待你审批 · {len(mine)} 个",
            lines=(await _waiting_line(context, mine[0]), *rest),
            hint="回复：同意 或 驳回，加编号",
        )
        return [Reply(content=card)]
    asked = await approvals.asked_by(context.session, context.me)
    if not asked:
        return [Reply.text("没有等你审批的，你也没有在等的审批。")]
    lines = tuple([await _waiting_line(context, case) for case in asked[:MOST_CHOICES]])
    return [Reply(content=Card(title=f"你提交的审批 · {len(asked)} 个在等", lines=lines))]
