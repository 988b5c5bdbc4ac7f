"""Who looks: narrows every SELECT of a session to what its viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, event, false, or_, select, true
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.util import LoaderCriteriaOption

from storage.models import all as _every_model  # noqa: F401 (a class not yet loaded is not narrowed)
from storage.models.base import OfCustomer
from storage.models.customers import Customer, CustomerShare
from storage.models.papers import Contract, Payment
from storage.models.people import User
from storage.models.selling import Expense, Lead, Task

KEY = "viewer"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person for whom a session reads and writes.

    `role` is one of people.ROLES; `team_ids` are the teams below and with a manager's own.
    """

    user_id: int
    role: str
    team_ids: tuple[int, ...] = ()


SYSTEM = Viewer(user_id=0, role="system")
"""The service itself: schedules, migrations, imports. Sees everything."""


def _owners(viewer: Viewer) -> ColumnElement[bool]:
    """Whose customers the viewer sees, as a condition on Customer."""
    if viewer.role in ("director", "system"):
        return true()
    if viewer.role in ("rep", "manager"):
        shared = select(CustomerShare.customer_id).where(CustomerShare.user_id == viewer.user_id)
        mine: ColumnElement[bool] = Customer.owner_id == viewer.user_id
        if viewer.role == "manager":
            team = select(User.id).where(User.team_id.in_(viewer.team_ids))
            mine = or_(mine, Customer.owner_id.in_(team))
        return or_(mine, Customer.owner_id.is_(None), Customer.id.in_(shared))
    return false()


def _customers(viewer: Viewer) -> ColumnElement[bool]:
    """As `_owners`, but finance sees the names behind the contracts of all."""
    return true() if viewer.role == "finance" else _owners(viewer)


def _tasks(viewer: Viewer) -> ColumnElement[bool]:
    """Whose tasks the viewer sees; a task need not belong to a customer."""
    if viewer.role in ("director", "system"):
        return true()
    own = or_(Task.owner_id == viewer.user_id, Task.created_by == viewer.user_id)
    if viewer.role == "manager":
        team = select(User.id).where(User.team_id.in_(viewer.team_ids))
        return or_(own, Task.owner_id.in_(team))
    return own


def _own(viewer: Viewer, kind: type[Any]) -> ColumnElement[bool]:
    """Expenses and leads: one's own, a manager's team's; finance sees everybody's expenses."""
    if viewer.role in ("director", "system") or (viewer.role == "finance" and kind is Expense):
        return true()
    own: ColumnElement[bool] = kind.owner_id == viewer.user_id
    if viewer.role == "manager":
        team = select(User.id).where(User.team_id.in_(viewer.team_ids))
        return or_(own, kind.owner_id.in_(team))
    return own


def _papers(viewer: Viewer, kind: type[Any]) -> ColumnElement[bool]:
    """Contracts and payments: finance sees those of all."""
    if viewer.role in ("director", "system", "finance"):
        return true()
    visible = select(Customer.id).where(_owners(viewer))
    condition: ColumnElement[bool] = kind.customer_id.in_(visible)
    return condition


def _of_customer(viewer: Viewer, kind: type[Any]) -> ColumnElement[bool]:
    if kind in (Contract, Payment):
        return _papers(viewer, kind)
    if viewer.role in ("director", "system"):
        return true()
    visible = select(Customer.id).where(_owners(viewer))
    condition: ColumnElement[bool] = kind.customer_id.in_(visible)
    return condition


class Narrowing(LoaderCriteriaOption):
    """A loader criterion that reckons its part of a statement's cache key once.

    SQLAlchemy walks the condition anew for every statement, 0.4 ms for all of a rep's; it is the
    same each time, and so are the bound values that it adds.
    """

    _cache_key_traversal = LoaderCriteriaOption._traverse_internals
    _reckoned: tuple[tuple[Any, ...], list[BindParameter[Any]]] | None = None

    def _gen_cache_key(
        self, anon_map: Any, bindparams: list[BindParameter[Any]]
    ) -> tuple[Any, ...] | None:
        if self._reckoned is None:
            own: list[BindParameter[Any]] = []
            key = super()._gen_cache_key(type(anon_map)(), own)
            if key is None:
                return None
            self._reckoned = (key, own)
        key, own = self._reckoned
        bindparams.extend(own)
        return key


@lru_cache(maxsize=512)
def _conditions(viewer: Viewer) -> tuple[Any, ...]:
    """What this viewer's statements get; made once, for making them costs more than the query."""
    kinds = [mapper.class_ for mapper in Customer.registry.mappers]
    return (
        Narrowing(Customer, _customers(viewer), include_aliases=True),
        Narrowing(Task, _tasks(viewer), include_aliases=True),
        *(Narrowing(kind, _own(viewer, kind), include_aliases=True) for kind in (Expense, Lead)),
        *(
            Narrowing(kind, _of_customer(viewer, kind), include_aliases=True)
            for kind in kinds
            if issubclass(kind, OfCustomer)
        ),
    )


def narrow(state: ORMExecuteState) -> None:
    """Add the viewer's conditions to an ORM SELECT; a session without a viewer is an error."""
    if not state.is_select or state.is_column_load or state.is_relationship_load:
        return
    viewer = state.session.info.get(KEY)
    if viewer is None:
        raise RuntimeError("this session has no viewer: open it with Database.read or write")
    if viewer.role == "system":
        return
    if not state.is_orm_statement:
        raise RuntimeError("select mapped classes, not tables: only those are narrowed")
    state.statement = state.statement.options(*_conditions(viewer))


def install(session_class: type[Session]) -> None:
    """Listen on every session of this class."""
    event.listen(session_class, "do_orm_execute", narrow)
