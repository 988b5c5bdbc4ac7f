"""The journal's one listener: what a session changes is written down in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, event, insert, inspect, select
from sqlalchemy.orm import Mapper, Session, UOWTransaction

from storage.models.base import Journaled
from storage.models.customers import Customer, CustomerName, NameKey
from storage.models.journal import Journal
from storage.viewer import KEY, Viewer


def plain(value: Any) -> Any:
    """A column's value as JSON can hold it; `restore` in sales.undo reads it back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def record_id(record: Any) -> str:
    """The primary key as text, several columns joined by a colon."""
    return ":".join(str(part) for part in _columns(record).primary_key_from_instance(record))


def _columns(record: Any) -> Mapper[Any]:
    mapper: Mapper[Any] = inspect(record).mapper
    return mapper


def _whole(record: Any) -> dict[str, Any]:
    found = {c.key: plain(getattr(record, c.key)) for c in _columns(record).column_attrs}
    return {key: value for key, value in found.items() if value is not None}


def _changed(record: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = {}, {}
    state = inspect(record)
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if old != new:
            before[column.key], after[column.key] = plain(old), plain(new)
    return before, after


def _entries(session: Session) -> list[dict[str, Any]]:
    changes = [
        *((record, "create", {}, _whole(record)) for record in _journaled(session.new)),
        *((record, "update", *_changed(record)) for record in _journaled(session.dirty)),
        *((record, "delete", _whole(record), {}) for record in _journaled(session.deleted)),
    ]
    return [
        _row(session, record, operation, before, after)
        for record, operation, before, after in changes
        if before or after
    ]


def _journaled(records: Iterable[Any]) -> list[Any]:
    return [record for record in records if isinstance(record, Journaled)]


def _row(
    session: Session, record: Any, operation: str, before: dict[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    viewer: Viewer | None = session.info.get(KEY)
    return {
        "at": session.info.get("now") or datetime.now(UTC),
        "event_id": session.info.get("event_id"),
        "actor_id": viewer.user_id or None if viewer else None,
        "record_type": record.__tablename__,
        "record_id": record_id(record),
        "operation": operation,
        "before": before,
        "after": after,
    }


def _guard(session: Session, *_: Any) -> None:
    """Before a flush: a reading session must not write, and new names get their keys."""
    if session.info.get("read_only") and (session.new or session.dirty or session.deleted):
        raise RuntimeError("a reading session was asked to write: open it with Database.write")


def _write(session: Session, _flush: UOWTransaction) -> None:
    rows = _entries(session)
    if rows:
        session.connection().execute(insert(Journal), rows)
    keys = _name_keys(session)
    if keys:
        session.connection().execute(insert(NameKey), keys)


def _name_keys(session: Session) -> list[dict[str, Any]]:
    """The keys of new and changed names, under the owners that their customers have now."""
    names = [record for record in session.new if isinstance(record, CustomerName)]
    changed = [
        record
        for record in session.dirty
        if isinstance(record, CustomerName) and inspect(record).attrs.text.history.has_changes()
    ]
    if changed:
        ids = [record.id for record in changed]
        session.connection().execute(delete(NameKey).where(NameKey.name_id.in_(ids)))
    names += changed
    if not names:
        return []
    keys_of_name = session.info.get("name_keys")
    if keys_of_name is None:
        raise RuntimeError("a name needs keys: give Database its name_keys")
    owners = _owners(session, {record.customer_id for record in names})
    return [
        {
            "key": key,
            "owner_id": owners.get(record.customer_id) or 0,
            "name_id": record.id,
            "customer_id": record.customer_id,
        }
        for record in names
        for key in sorted(keys_of_name(record.text))
    ]


def _owners(session: Session, ids: set[int]) -> dict[int, int | None]:
    """Who owns these customers; held as they are until the commit, so that keys stay theirs."""
    query = select(Customer.id, Customer.owner_id).where(Customer.id.in_(sorted(ids)))
    rows = session.connection().execute(query.with_for_update(read=True))
    return {row.id: row.owner_id for row in rows}


def install(session_class: type[Session]) -> None:
    """Listen on every session of this class."""
    event.listen(session_class, "before_flush", _guard)
    event.listen(session_class, "after_flush", _write)
