"""Approvals: when a quote needs one, who decides, and the one decision that counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sales.errors import Conflict, NotAllowed, NotFound
from sales.money import basis_points, fen
from sales.setup.document import QuoteLimits
from storage.models.papers import FIRST_NUMBER, Quote, QuoteLine
from storage.models.people import Team, User
from storage.models.process import Approval, ApprovalStep

DECIDES = ("manager", "director")
APPROVED, REJECTED = "approved", "rejected"


def beyond(quote: Quote, limits: QuoteLimits, role: str) -> tuple[str, ...]:
    """Which limits the quote exceeds: "discount", "amount"; a director has none."""
    if role == "director":
        return ()
    found = []
    if quote.discount_bp is not None and quote.discount_bp < basis_points(limits.min_discount):
        found.append("discount")
    if quote.amount_fen is not None and quote.amount_fen > fen(limits.max_amount_yuan):
        found.append("amount")
    return tuple(found)


async def approver_for(session: AsyncSession, requester: User) -> User:
    """The nearest manager up the team's tree, else a director; never the requester."""
    teams = {team.id: team for team in await session.scalars(select(Team))}
    deciders = list(
        await session.scalars(
            select(User)
            .where(User.role.in_(DECIDES), User.active.is_(True), User.id != requester.id)
            .order_by(User.id)
        )
    )
    team = teams.get(requester.team_id or 0)
    passed: set[int] = set()
    while team is not None and team.id not in passed:
        passed.add(team.id)
        for user in deciders:
            if user.role == "manager" and user.team_id == team.id:
                return user
        team = teams.get(team.parent_id or 0)
    for user in deciders:
        if user.role == "director":
            return user
    raise Conflict("no_approver")


async def request(
    session: AsyncSession, quote: Quote, requester: User, why: str, now: datetime
) -> tuple[Approval, User]:
    """Ask for a decision on the quote as it is now."""
    approver = await approver_for(session, requester)
    quote.status = "pending"
    approval = Approval(
        subject="quote",
        subject_id=quote.id,
        version=quote.version,
        requester_id=requester.id,
        status="pending",
        why=why,
        created_at=now,
    )
    session.add(approval)
    await session.flush()
    session.add(
        ApprovalStep(
            approval_id=approval.id,
            position=1,
            approver_id=approver.id,
            status="pending",
            comment="",
        )
    )
    await session.flush()
    return approval, approver


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An approval with what it is about and who takes part."""

    approval: Approval
    step: ApprovalStep
    quote: Quote
    requester: User


async def case(session: AsyncSession, approval_id: int) -> Case:
    """The approval with its last step, if its quote is in the viewer's sight; NotFound else."""
    query = (
        select(Approval, ApprovalStep, Quote, User)
        .join(ApprovalStep, ApprovalStep.approval_id == Approval.id)
        .join(Quote, Quote.id == Approval.subject_id)
        .join(User, User.id == Approval.requester_id)
        .where(Approval.id == approval_id, Approval.subject == "quote")
        .order_by(ApprovalStep.position.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(query)).first()
    if row is None:
        withdrawn = await session.get(Approval, approval_id)
        if withdrawn is not None and withdrawn.status == "withdrawn":
            raise Conflict("withdrawn", f"Q-{FIRST_NUMBER + withdrawn.subject_id}")
        raise NotFound("approval")
    approval, step, quote, requester = row
    return Case(approval=approval, step=step, quote=quote, requester=requester)


async def decide(
    session: AsyncSession,
    approval_id: int,
    *,
    version: int | None,
    verdict: str,
    user: User,
    comment: str,
    now: datetime,
) -> Case:
    """Approve or reject, once: of two at the same instant one wins, the other gets Conflict.

    `version` is the one that the card showed, None for a decision in words. Who leaves or loses
    the role at this instant decides no more: both are read under the approval's lock.
    """
    await hold(session, approval_id)
    found = await case(session, approval_id)
    await _check_may_decide(session, found, user.id)
    query = (
        update(Approval)
        .where(
            Approval.id == approval_id,
            Approval.status == "pending",
            Approval.version == (found.approval.version if version is None else version),
        )
        .values(status=verdict, decided_at=now)
        .returning(Approval.id)
        .execution_options(synchronize_session=False)
    )
    if await session.scalar(query) is None:
        raise await _too_late(session, found, version)
    # The same values again through the records, so that the journal sees them.
    found.approval.status, found.approval.decided_at = verdict, now
    found.step.status, found.step.decided_by = verdict, user.id
    found.step.decided_at, found.step.comment = now, comment
    found.quote.status = verdict
    await session.flush()
    return found


async def hold(session: AsyncSession, approval_id: int) -> None:
    """Nobody else decides or re-routes this approval until the transaction ends."""
    query = select(Approval.id).where(Approval.id == approval_id)
    await session.scalar(query.with_for_update())


async def _check_may_decide(session: AsyncSession, found: Case, user_id: int) -> None:
    """By the person's role and team as they are now, not as they were when the turn began."""
    user = await session.get_one(User, user_id, populate_existing=True)
    if found.approval.requester_id == user.id:
        raise NotAllowed("own_request", found.quote.number)
    asked = user.role == "director" or found.step.approver_id == user.id
    if not asked or not await may_decide(session, user, found.requester):
        raise NotAllowed("not_approver", found.quote.number)


async def may_decide(session: AsyncSession, approver: User, requester: User) -> bool:
    """Whether this person can decide for that one: a director, or a manager up the tree."""
    if not approver.active or approver.id == requester.id:
        return False
    if approver.role != "manager":
        return approver.role == "director"
    own = await session.get(Team, approver.team_id) if approver.team_id else None
    asked = await session.get(Team, requester.team_id) if requester.team_id else None
    return own is not None and asked is not None and asked.path.startswith(own.path)


async def _too_late(session: AsyncSession, found: Case, version: int | None) -> Conflict:
    await session.refresh(found.approval)
    await session.refresh(found.step)
    number = found.quote.number
    if found.approval.status == "withdrawn":
        return Conflict("withdrawn", number)
    if found.approval.status == "pending" and version != found.approval.version:
        return Conflict("newer", number)
    by = await session.get(User, found.step.decided_by or 0)
    return Conflict(
        "decided",
        number,
        who=by.name if by else "",
        at=found.approval.decided_at,
        verdict=found.approval.status,
    )


async def waiting_for(session: AsyncSession, user: User) -> list[Case]:
    """What this person is asked to decide, oldest first."""
    query = (
        select(Approval, ApprovalStep, Quote, User)
        .join(ApprovalStep, ApprovalStep.approval_id == Approval.id)
        .join(Quote, Quote.id == Approval.subject_id)
        .join(User, User.id == Approval.requester_id)
        .where(
            Approval.subject == "quote",
            Approval.status == "pending",
            ApprovalStep.approver_id == user.id,
            ApprovalStep.status == "pending",
            Approval.requester_id != user.id,
        )
        .order_by(Approval.id)
    )
    return [
        Case(approval=a, step=s, quote=q, requester=u)
        for a, s, q, u in await session.execute(query)
    ]


async def asked_by(session: AsyncSession, user: User) -> list[Case]:
    """What this person waits for, oldest first."""
    query = (
        select(Approval, ApprovalStep, Quote)
        .join(ApprovalStep, ApprovalStep.approval_id == Approval.id)
        .join(Quote, Quote.id == Approval.subject_id)
        .where(
            Approval.status == "pending",
            ApprovalStep.status == "pending",
            Approval.requester_id == user.id,
        )
        .order_by(Approval.id)
    )
    return [
        Case(approval=a, step=s, quote=q, requester=user)
        for a, s, q in await session.execute(query)
    ]


async def of_number(session: AsyncSession, number: str) -> int:
    """The newest approval of the quote with this number (Q-1042); NotFound else."""
    digits = number.upper().removeprefix("Q").lstrip("-－ ")
    quote_id = int(digits) - FIRST_NUMBER if digits.isascii() and digits.isdigit() else 0
    query = (
        select(Approval.id)
        .join(Quote, Quote.id == Approval.subject_id)
        .where(Approval.subject == "quote", Quote.id == quote_id)
    )
    found = await session.scalar(query.order_by(Approval.id.desc()).limit(1))
    if found is None:
        raise NotFound("approval", number)
    return found


async def comparable(
    session: AsyncSession, quote: Quote, products: list[str], count: int
) -> tuple[int | None, list[int]]:
    """Factors of approved quotes: the customer's last one, and the last ones of the products."""
    approved = select(Quote.discount_bp).where(
        Quote.status == APPROVED, Quote.discount_bp.is_not(None), Quote.id != quote.id
    )
    newest = approved.order_by(Quote.id.desc())
    last = await session.scalar(newest.where(Quote.customer_id == quote.customer_id).limit(1))
    if not products:
        return last, []
    having = select(QuoteLine.quote_id).where(QuoteLine.product.in_(products))
    alike = await session.scalars(newest.where(Quote.id.in_(having)).limit(count))
    return last, [factor for factor in alike if factor is not None]
