"""Approvals whose approver can't decide any more go to the next in line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from sales.approvals import Case, approver_for, case, hold, may_decide
from sales.errors import Conflict
from storage.models.people import User
from storage.models.process import Approval, ApprovalStep

REROUTED = "rerouted"
_APPROVER, _REQUESTER = aliased(User), aliased(User)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A pending approval, the step that waits in vain, and who could take it over, if anybody."""

    approval: Approval
    step: ApprovalStep
    successor: User | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerouted:
    """What became of a stuck approval; `successor` is None where nobody can decide it."""

    case: Case
    before: User
    successor: User | None


async def stuck(session: AsyncSession, approval_id: int | None = None) -> list[Stuck]:
    """Pending approvals whose approver left, was disabled, or lost the role or the team."""
    query = (
        select(Approval, ApprovalStep, _APPROVER, _REQUESTER)
        .join(ApprovalStep, ApprovalStep.approval_id == Approval.id)
        .join(_APPROVER, _APPROVER.id == ApprovalStep.approver_id)
        .join(_REQUESTER, _REQUESTER.id == Approval.requester_id)
        .where(Approval.status == "pending", ApprovalStep.status == "pending")
        .order_by(Approval.id)
    )
    if approval_id is not None:
        query = query.where(Approval.id == approval_id)
    rows = (await session.execute(query)).all()
    return [
        Stuck(approval=approval, step=step, successor=await _successor(session, asker))
        for approval, step, decider, asker in rows
        if not await may_decide(session, decider, asker)
    ]


async def _successor(session: AsyncSession, requester: User) -> User | None:
    try:
        return await approver_for(session, requester)
    except Conflict:
        return None


async def reroute(session: AsyncSession, approval_id: int, now: datetime) -> Rerouted | None:
    """Give a stuck approval to the next in line; None where it isn't stuck (any more)."""
    await hold(session, approval_id)
    found = await stuck(session, approval_id)
    if not found:
        return None
    step, successor = found[0].step, found[0].successor
    before = await session.get_one(User, step.approver_id)
    if successor is not None:
        step.status, step.decided_at = REROUTED, now
        session.add(
            ApprovalStep(
                approval_id=approval_id,
                position=step.position + 1,
                approver_id=successor.id,
                status="pending",
                comment="",
            )
        )
        await session.flush()
    return Rerouted(case=await case(session, approval_id), before=before, successor=successor)
