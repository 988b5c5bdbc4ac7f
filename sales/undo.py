"""Taking back what an event wrote, by its journal; refused where somebody built on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, inspect, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper

from sales.access import seeing_as
from sales.errors import Conflict, NotFound
from sales.pendings import WRITTEN
from storage.journal import plain
from storage.models.base import Base, Instant
from storage.models.customers import NameKey
from storage.models.journal import Journal
from storage.models.people import User
from storage.models.process import Approval, Pending
from storage.viewer import SYSTEM

DERIVED = {NameKey.__tablename__}
KEPT = ("approval", "approval_step")
"""An approval that was asked for stays on record as withdrawn: cards of it are out there."""


@dataclass(slots=True, kw_only=True)
class Net:
    """What an event did to one record from its first entry to its last."""

    record_type: str
    record_id: str
    created: bool = False
    deleted: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    last_id: int = 0


async def last_written(session: AsyncSession, user_id: int, conversation: str) -> Pending:
    """What this person wrote last in this chat and hasn't taken back; NotFound else."""
    query = (
        select(Pending)
        .where(
            Pending.user_id == user_id,
            Pending.conversation == conversation,
            Pending.kind == WRITTEN,
            Pending.status == "done",
        )
        .order_by(Pending.id.desc())
        .limit(1)
    )
    found = await session.scalar(query)
    if found is None:
        raise NotFound("written")
    return found


async def written_by(session: AsyncSession, event_id: int, user_id: int) -> Pending:
    """What this person wrote by that event; NotFound else."""
    query = select(Pending).where(
        Pending.event_id == event_id, Pending.kind == WRITTEN, Pending.user_id == user_id
    )
    found = await session.scalar(query.order_by(Pending.id.desc()).limit(1))
    if found is None:
        raise NotFound("written")
    return found


async def undo(session: AsyncSession, written: Pending) -> list[Net]:
    """Reverse the event; the records that it had touched, for the answer.

    Raises Conflict where it is undone already, was a decision, or was built upon.
    """
    if written.payload.get("final"):
        raise Conflict("decision")
    taken = (
        update(Pending)
        .where(Pending.id == written.id, Pending.status == "done")
        .values(status="undone")
        .returning(Pending.id)
        .execution_options(synchronize_session=False)
    )
    if await session.scalar(taken) is None:
        raise Conflict("undone")
    await session.refresh(written)
    nets = await _nets(session, written.event_id or 0)
    # What others built on it counts also where the writer may not see it.
    async with seeing_as(session, SYSTEM):
        await _check_nothing_built(session, nets)
    for net in reversed(nets):
        await _reverse(session, net)
    return nets


async def _nets(session: AsyncSession, event_id: int) -> list[Net]:
    """The event's effect on each record, in the order of their first entries."""
    query = select(Journal).where(Journal.event_id == event_id).order_by(Journal.id)
    found: dict[tuple[str, str], Net] = {}
    for row in await session.scalars(query):
        key = (row.record_type, row.record_id)
        fresh = row.operation == "create"
        net = found.setdefault(key, Net(record_type=key[0], record_id=key[1], created=fresh))
        net.deleted = row.operation == "delete"
        net.before = {**_whole(row.before, key[0], net.deleted), **net.before}
        net.after.update(_whole(row.after, key[0], fresh))
        net.last_id = row.id
    return [net for net in found.values() if not (net.created and net.deleted)]


def _whole(values: dict[str, Any], record_type: str, is_whole: bool) -> dict[str, Any]:
    """With the columns that the journal leaves out of a whole record for being empty.

    A deleted record's id may be given again within the event: then it counts as changed.
    """
    if not is_whole:
        return values
    return {**{column.key: None for column in _mapper(record_type).column_attrs}, **values}


async def _check_nothing_built(session: AsyncSession, nets: list[Net]) -> None:
    created = {(net.record_type, net.record_id) for net in nets if net.created}
    for net in nets:
        if net.deleted:
            continue
        record = await _record(session, net)
        if record is None or not _as_left(record, net):
            raise await _built_upon(session, net)
        if net.created and net.record_type not in KEPT:
            await _check_no_dependents(session, net, created)


def _as_left(record: Any, net: Net) -> bool:
    """Whether the record's columns still have the values that the event gave them."""
    return all(plain(getattr(record, key)) == value for key, value in net.after.items())


async def _check_no_dependents(
    session: AsyncSession, net: Net, created: set[tuple[str, str]]
) -> None:
    """Conflict where a later record refers to one that would vanish."""
    for table in Base.metadata.sorted_tables:
        if table.name in DERIVED:
            continue
        for key in table.foreign_keys:
            if key.column.table.name != net.record_type:
                continue
            query = select(*table.primary_key.columns).where(key.parent == int(net.record_id))
            for row in await session.execute(query):
                if (table.name, ":".join(str(part) for part in row)) not in created:
                    raise await _built_upon(session, net, table.name, row)


async def _built_upon(
    session: AsyncSession, net: Net, table: str | None = None, row: Any = None
) -> Conflict:
    """The refusal, with who changed it and when."""
    record = (table, ":".join(str(part) for part in row)) if table else None
    query = (
        select(Journal.at, User.name)
        .join(User, User.id == Journal.actor_id, isouter=True)
        .where(
            Journal.record_type == (record[0] if record else net.record_type),
            Journal.record_id == (record[1] if record else net.record_id),
            Journal.id > (0 if record else net.last_id),
        )
        .order_by(Journal.id.desc())
        .limit(1)
    )
    last = (await session.execute(query)).first()
    who, at = (last.name or "", last.at) if last else ("", None)
    return Conflict("built_upon", record[0] or "" if record else net.record_type, who=who, at=at)


async def _reverse(session: AsyncSession, net: Net) -> None:
    mapper = _mapper(net.record_type)
    if net.record_type == Approval.__tablename__ and net.created:
        await _withdraw(session, int(net.record_id))
        return
    if net.record_type in KEPT and net.created:
        return
    if net.deleted:
        session.add(mapper.class_(**_restored(mapper, net.before)))
        await session.flush()
        return
    record = await _record(session, net)
    if net.created:
        await session.delete(record)
    else:
        for key, value in _restored(mapper, net.before).items():
            setattr(record, key, value)
    await session.flush()


async def _withdraw(session: AsyncSession, approval_id: int) -> None:
    """Nobody may decide any more; Conflict where somebody was faster."""
    approval = await session.get(Approval, approval_id)
    query = (
        update(Approval)
        .where(Approval.id == approval_id, Approval.status == "pending")
        .values(status="withdrawn")
        .returning(Approval.id)
        .execution_options(synchronize_session=False)
    )
    if approval is None or await session.scalar(query) is None:
        raise Conflict("decision")
    approval.status = "withdrawn"
    await session.flush()


async def _record(session: AsyncSession, net: Net) -> Any:
    mapper = _mapper(net.record_type)
    identity = tuple(
        _of_type(column, part)
        for column, part in zip(mapper.primary_key, net.record_id.split(":"), strict=True)
    )
    return await session.get(mapper.class_, identity if len(identity) > 1 else identity[0])


def _mapper(record_type: str) -> Mapper[Any]:
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        if isinstance(table, Table) and table.name == record_type:
            return mapper
    raise NotFound("written", record_type)


def _of_type(column: Any, value: Any) -> Any:
    """A journal's plain value as the column takes it."""
    if isinstance(value, str):
        kind = column.type
        if isinstance(kind, Instant):
            return datetime.fromisoformat(value)
        if kind.python_type is date:
            return date.fromisoformat(value)
        if kind.python_type is int:
            return int(value)
    return value


def _restored(mapper: Mapper[Any], values: dict[str, Any]) -> dict[str, Any]:
    columns = {c.key: c.columns[0] for c in inspect(mapper.class_).column_attrs}
    return {key: _of_type(columns[key], value) for key, value in values.items()}
