"""What a played day wrote, told by names instead of numbers, so that two days can be compared."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from storage.db import Database
from storage.models.base import Base
from storage.models.customers import Contact, Customer, CustomerName
from storage.models.papers import Contract, Payment, Quote
from storage.models.process import Approval, ApprovalStep
from storage.models.selling import Activity, Deal, Task
from storage.models.service import Inbound, Outbound
from storage.viewer import SYSTEM

KINDS: tuple[type[Base], ...] = (
    Customer, CustomerName, Contact, Deal, Activity, Task, Quote, Contract, Payment, Approval,
    ApprovalStep,
)  # fmt: skip
QUIET_SECONDS = 20.0
LOOK_SECONDS = 0.05
MOMENTS = ("_at", "_since")
"""Instants differ from one played day to the next by nature."""
SPOKEN = ("comment",)
"""A reason in words comes with a decision in words, which an unsigned door can't take."""

Rows = dict[str, list[str]]


async def records(db: Database) -> Rows:
    """Every record of selling as a line of its values, by kind, in the order of writing."""
    found: Rows = {}
    async with db.read(SYSTEM) as session:
        for kind in KINDS:
            rows = list(await session.scalars(select(kind)))
            rows.sort(key=lambda row: str(getattr(row, "id", "")).zfill(12))
            found[kind.__tablename__] = [_line(row) for row in rows]
    return found


async def quiet(db: Database) -> None:
    """Return once everything that came in is done and everything that goes out is sent."""
    open_rows = (
        select(func.count()).select_from(Inbound).where(Inbound.state.in_(("new", "working"))),
        select(func.count()).select_from(Outbound).where(Outbound.state.in_(("new", "sending"))),
    )
    async with asyncio.timeout(QUIET_SECONDS):
        while True:
            async with db.read(SYSTEM) as session:
                if not sum([await session.scalar(query) or 0 for query in open_rows]):
                    return
            await asyncio.sleep(LOOK_SECONDS)


def _line(row: Base) -> str:
    values = {
        column.key: getattr(row, column.key)
        for column in type(row).__mapper__.column_attrs
        if not column.key.endswith(MOMENTS) and column.key not in SPOKEN
    }
    return " ".join(f"{name}={value!r}" for name, value in values.items() if value is not None)


def differences(days: Mapping[str, Rows]) -> Sequence[str]:
    """What one day wrote and another did not, a line each; empty where all are alike."""
    (first, expected), *others = days.items()
    told = []
    for title, rows in others:
        for kind, lines in expected.items():
            told += [f"- {kind}：{first} 有而 {title} 没有：{one}"
                     for one in lines if one not in rows[kind]]  # fmt: skip
            told += [f"- {kind}：{title} 有而 {first} 没有：{one}"
                     for one in rows[kind] if one not in lines]  # fmt: skip
    return told


def table_of(days: Mapping[str, Any]) -> Sequence[str]:
    """How many records of each kind stand after each day."""
    kinds = list(next(iter(days.values())))
    head = ["| 入口 | " + " | ".join(kinds) + " |", "|" + " --- |" * (len(kinds) + 1)]
    return head + [
        f"| {title} | " + " | ".join(str(len(rows[kind])) for kind in kinds) + " |"
        for title, rows in days.items()
    ]
