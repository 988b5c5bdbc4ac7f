"""One-time codes by which a person's account on another platform becomes theirs here too."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.customers import Customer
from storage.models.papers import Contract, Payment, Quote
from storage.models.people import Binding, JoinCode, Stranger, User
from storage.models.process import Approval, ApprovalStep
from storage.models.selling import Activity, Deal, Task

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Characters that nobody mistakes for one another when reading a code aloud."""
CODE_LENGTH = 8
LIVES = timedelta(minutes=10)
MOST_TRIES = 5
BLOCKED = timedelta(hours=1)
_PAPERS = (Quote, Contract, Payment)
_CODE = re.compile(rf"[{ALPHABET}]{{{CODE_LENGTH}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person's id on one platform of one company."""

    platform: str
    corp: str
    user: str

    def __str__(self) -> str:
        return f"{self.user}@{self.platform}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Whose the account is now, and on which account they made the code."""

    user: User
    made_on: Account


def read_code(text: str) -> str | None:
    """The code that a text is, however it was spaced; None where it is none."""
    code = re.sub(r"[\s\-－]", "", text[:40]).upper()
    return code if _CODE.fullmatch(code) else None


async def make(session: AsyncSession, binding: Binding, now: datetime) -> str:
    """A new code for this person, good until LIVES from now; earlier ones are void."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    await session.execute(
        delete(JoinCode).where(JoinCode.user_id == binding.user_id, JoinCode.used_at.is_(None))
    )
    session.add(
        JoinCode(
            code_hash=_hash(code),
            user_id=binding.user_id,
            platform=binding.platform,
            corp=binding.corp,
            platform_user=binding.platform_user,
            expires_at=now + LIVES,
        )
    )
    await session.flush()
    return code


async def join(session: AsyncSession, account: Account, code: str, now: datetime) -> Joined | None:
    """Bind an account to the code's maker, once; None where the code doesn't do that.

    It doesn't for a wrong, used or expired one, for a maker who is disabled, nor on the account
    on which it was made. An account that somebody works with already keeps its user.
    """
    made = await _valid(session, account, code, now)
    bound = await _binding(session, account)
    if made is None or (bound is not None and not await _is_unused(session, bound)):
        return None
    take = update(JoinCode).where(JoinCode.id == made.id, JoinCode.used_at.is_(None))
    taken = take.values(used_at=now).returning(JoinCode.id)
    if await session.scalar(taken.execution_options(synchronize_session=False)) is None:
        return None
    if bound is None:
        _bind(session, account, made.user_id, now)
    else:
        (await session.get_one(User, bound.user_id)).active = False
        bound.user_id = made.user_id
    await session.execute(delete(Stranger).where(*_is(Stranger, account)))
    await session.flush()
    made_on = Account(platform=made.platform, corp=made.corp, user=made.platform_user)
    return Joined(user=await session.get_one(User, made.user_id), made_on=made_on)


def _bind(session: AsyncSession, account: Account, user_id: int, now: datetime) -> None:
    session.add(
        Binding(
            platform=account.platform,
            corp=account.corp,
            platform_user=account.user,
            user_id=user_id,
            last_seen_at=now,
        )
    )


async def _valid(
    session: AsyncSession, account: Account, code: str, now: datetime
) -> JoinCode | None:
    query = (
        select(JoinCode)
        .join(User, User.id == JoinCode.user_id)
        .where(
            JoinCode.code_hash == _hash(code),
            JoinCode.used_at.is_(None),
            JoinCode.expires_at > now,
            User.active.is_(True),
        )
    )
    found: JoinCode | None = await session.scalar(query)
    if found is None:
        return None
    same = (found.platform, found.corp, found.platform_user)
    return None if same == (account.platform, account.corp, account.user) else found


async def _binding(session: AsyncSession, account: Account) -> Binding | None:
    found: Binding | None = await session.scalar(select(Binding).where(*_is(Binding, account)))
    return found


async def _is_unused(session: AsyncSession, bound: Binding) -> bool:
    """Whether nobody has worked yet as this account's user, who has no other account."""
    number = bound.user_id
    traces = (
        select(Binding.id).where(Binding.user_id == number, Binding.id != bound.id),
        select(Customer.id).where(Customer.owner_id == number),
        select(Deal.id).where(Deal.owner_id == number),
        select(Activity.id).where(Activity.owner_id == number),
        select(Task.id).where((Task.owner_id == number) | (Task.created_by == number)),
        *(select(paper.id).where(paper.owner_id == number) for paper in _PAPERS),
        select(Approval.id).where(Approval.requester_id == number),
        select(ApprovalStep.id).where(ApprovalStep.approver_id == number),
    )
    for query in traces:
        if await session.scalar(query.limit(1)) is not None:
            return False
    return (await session.get_one(User, number)).role == "rep"


async def count_wrong(session: AsyncSession, account: Account, now: datetime) -> Stranger | None:
    """Note a stranger's wrong try; the stranger, where that was one too many."""
    mine = _is(Stranger, account)
    count = update(Stranger).where(*mine).values(tries=Stranger.tries + 1)
    tries = await session.scalar(
        count.returning(Stranger.tries).execution_options(synchronize_session=False)
    )
    if tries is None or tries < MOST_TRIES:
        return None
    stranger = await session.scalar(
        select(Stranger).where(*mine).execution_options(populate_existing=True)
    )
    if stranger is not None:
        stranger.tries, stranger.blocked_until = 0, now + BLOCKED
        await session.flush()
    return stranger


async def is_blocked(session: AsyncSession, account: Account, now: datetime) -> bool:
    """Whether this stranger tried too often within the last hour."""
    until = await session.scalar(select(Stranger.blocked_until).where(*_is(Stranger, account)))
    return until is not None and until > now


def _is(kind: type[Binding] | type[Stranger], account: Account) -> tuple[Any, ...]:
    return (
        kind.platform == account.platform,
        kind.corp == account.corp,
        kind.platform_user == account.user,
    )


def _hash(code: str) -> str:
    return hashlib.sha256(f"join:{code}".encode()).hexdigest()
