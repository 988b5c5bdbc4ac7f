"""Narrows every SELECT of a session to what its viewer may see."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Executable,
    bindparam,
    event,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.util import LoaderCriteriaOption

from storage.models import all as _every_model  # noqa: F401 (a class not yet loaded is not narrowed)
from storage.models.base import OfCustomer
from storage.models.customers import Customer, CustomerShare
from storage.models.papers import Contract, Payment
from storage.models.people import User
from storage.models.selling import Expense, Lead, Task
from storage.viewer import KEPT, KEY, Viewer


def _me() -> BindParameter[int]:
    """Who looks, by a parameter that every statement gets; a new one each time it is named.

    SQLAlchemy looks parameters up in a dict, where several of one make it compare them.
    """
    return bindparam("viewer_id", type_=BigInteger)


def _my_teams() -> BindParameter[Any]:
    return bindparam("viewer_teams", type_=BigInteger, expanding=True)


_CUSTOMER: Any = Customer.__table__.c
"""Inside a condition the bare table: the class would be narrowed there once more."""


def _owners(role: str, customer: Any) -> ColumnElement[bool]:
    """Whose customers one in this role sees, as a condition on Customer or its table."""
    if role in ("director", "system"):
        return true()
    if role in ("rep", "manager"):
        shared = select(CustomerShare.customer_id).where(CustomerShare.user_id == _me())
        mine: ColumnElement[bool] = customer.owner_id == _me()
        if role == "manager":
            team = select(User.id).where(User.team_id.in_(_my_teams()))
            mine = or_(mine, customer.owner_id.in_(team))
        return or_(mine, customer.owner_id.is_(None), customer.id.in_(shared))
    return false()


def _customers(role: str) -> ColumnElement[bool]:
    """As `_owners`, but finance sees the names behind the contracts of all."""
    return true() if role == "finance" else _owners(role, Customer)


def _tasks(role: str) -> ColumnElement[bool]:
    """Whose tasks one in this role sees; a task need not belong to a customer."""
    if role in ("director", "system"):
        return true()
    own = or_(Task.owner_id == _me(), Task.created_by == _me())
    if role == "manager":
        team = select(User.id).where(User.team_id.in_(_my_teams()))
        return or_(own, Task.owner_id.in_(team))
    return own


def _own(role: str, kind: type[Any]) -> ColumnElement[bool]:
    """Expenses and leads: one's own, a manager's team's; finance sees everybody's expenses."""
    if role in ("director", "system") or (role == "finance" and kind is Expense):
        return true()
    own: ColumnElement[bool] = kind.owner_id == _me()
    if role == "manager":
        team = select(User.id).where(User.team_id.in_(_my_teams()))
        return or_(own, kind.owner_id.in_(team))
    return own


def _papers(role: str, kind: type[Any]) -> ColumnElement[bool]:
    """Contracts and payments: finance sees those of all."""
    if role in ("director", "system", "finance"):
        return true()
    visible = select(_CUSTOMER.id).where(_owners(role, _CUSTOMER))
    condition: ColumnElement[bool] = kind.customer_id.in_(visible)
    return condition


def _of_customer(role: str, kind: type[Any]) -> ColumnElement[bool]:
    if kind in (Contract, Payment):
        return _papers(role, kind)
    if role in ("director", "system"):
        return true()
    visible = select(_CUSTOMER.id).where(_owners(role, _CUSTOMER))
    condition: ColumnElement[bool] = kind.customer_id.in_(visible)
    return condition


class Narrowing(LoaderCriteriaOption):
    """A loader criterion that reckons its part of a statement's cache key once.

    SQLAlchemy walks the condition anew for every statement, 0.4 ms for all of a rep's; it is the
    same each time, and who looks comes with the parameters: no value is taken from the condition.
    """

    _cache_key_traversal = LoaderCriteriaOption._traverse_internals
    _reckoned: tuple[Any, ...] | None = None

    def _gen_cache_key(
        self, anon_map: Any, bindparams: list[BindParameter[Any]]
    ) -> tuple[Any, ...] | None:
        if self._reckoned is None:
            self._reckoned = super()._gen_cache_key(type(anon_map)(), [])
        return self._reckoned


@cache
def _conditions(role: str) -> tuple[Any, ...]:
    """What statements of this role get; made once, for making them costs more than the query."""
    kinds = [mapper.class_ for mapper in Customer.registry.mappers]
    return (
        Narrowing(Customer, _customers(role), include_aliases=True),
        Narrowing(Task, _tasks(role), include_aliases=True),
        *(Narrowing(kind, _own(role, kind), include_aliases=True) for kind in (Expense, Lead)),
        *(
            Narrowing(kind, _of_customer(role, kind), include_aliases=True)
            for kind in kinds
            if issubclass(kind, OfCustomer)
        ),
    )


def _narrowed(statement: Executable, role: str) -> Executable:
    made = KEPT.get(statement)
    if made is None:
        return statement.options(*_conditions(role))
    if role not in made:
        made[role] = statement.options(*_conditions(role))
    return made[role]


def narrow(state: ORMExecuteState) -> None:
    """Add the viewer's conditions to an ORM SELECT; a session without a viewer is an error."""
    if not state.is_select:
        return
    viewer: Viewer | None = state.session.info.get(KEY)
    loads = state.is_column_load or state.is_relationship_load
    if viewer is None and not loads:
        raise RuntimeError("this session has no viewer: open it with Database.read or write")
    if viewer is None or viewer.role == "system":
        return
    own = {"viewer_id": viewer.user_id, "viewer_teams": viewer.team_ids}
    state.parameters = {**(state.parameters or {}), **own}  # type: ignore[dict-item]
    if loads:
        return
    if not state.is_orm_statement:
        raise RuntimeError("select mapped classes, not tables: only those are narrowed")
    state.statement = _narrowed(state.statement, viewer.role)


def install(session_class: type[Session]) -> None:
    """Listen on every session of this class."""
    event.listen(session_class, "do_orm_execute", narrow)
