"""What is summed in the database: each measure's table, value, day and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Null,
    Select,
    bindparam,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    select,
)

from sales import periods
from sales.errors import Invalid
from storage.models.customers import Customer
from storage.models.papers import Contract, Payment
from storage.models.selling import Activity, Deal

DAY_SECONDS = 86_400
EPOCH = date(1970, 1, 1)
FOREVER = date(9999, 12, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose and which records count; empty is all that the session's viewer sees."""

    user_ids: tuple[int, ...] | None = None
    region: str | None = None
    industry: str | None = None
    grade: str | None = None
    product: str | None = None
    stage: str | None = None
    customer_id: int | None = None
    kind: str | None = None  # of activities


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Sums of `top` and, for a ratio, of `bottom`; dated by a day or by an instant."""

    model: type[Any]
    top: ColumnElement[Any]
    bottom: ColumnElement[Any]
    where: tuple[ColumnElement[bool], ...] = ()
    on: Any = None
    at: Any = None


def _is(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _seconds(column: Any) -> ColumnElement[int]:
    """Since 1970, of a day or an instant."""
    return cast(func.round(extract("epoch", column)), BigInteger)


def _day_number(column: Any) -> ColumnElement[int]:
    """Days since 1970, of an instant in the company's zone."""
    return (_seconds(column) + bindparam("offset", type_=BigInteger)) // DAY_SECONDS


ONE: ColumnElement[int] = literal(1, BigInteger)
Query = Select[*tuple[Any, ...]]
WON = Deal.status == "won"

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "sales": Measure(
            model=Contract, top=func.coalesce(Contract.amount_fen, 0),
            bottom=_is(Contract.amount_fen.is_not(None)), on=Contract.signed_on,
        ),
        "collections": Measure(
            model=Payment, top=func.coalesce(Payment.amount_fen, 0), bottom=ONE,
            where=(Payment.planned.is_(False),), on=Payment.on,
        ),
        "planned": Measure(
            model=Payment, top=func.coalesce(Payment.amount_fen, 0), bottom=ONE,
            where=(Payment.planned.is_(True),), on=Payment.on,
        ),
        "new_customers": Measure(model=Customer, top=ONE, bottom=ONE, at=Customer.created_at),
        "new_deals": Measure(model=Deal, top=ONE, bottom=ONE, at=Deal.created_at),
        "activities": Measure(
            model=Activity, top=ONE, bottom=ONE, where=(Activity.planned.is_(False),),
            on=Activity.on,
        ),
        "conversion": Measure(model=Deal, top=_is(WON), bottom=ONE, at=Deal.created_at),
        "win_rate": Measure(
            model=Deal, top=_is(WON), bottom=ONE, where=(Deal.status.in_(("won", "lost")),),
            on=Deal.closed_on,
        ),
        "cycle": Measure(
            model=Deal, top=_seconds(Deal.closed_on) // DAY_SECONDS - _day_number(Deal.created_at),
            bottom=ONE,
            where=(WON,), on=Deal.closed_on,
        ),
        "pipeline": Measure(
            model=Deal, top=func.coalesce(Deal.amount_fen, 0), bottom=ONE,
            where=(Deal.status == "open",),
        ),
    }
)  # fmt: skip
"""By name; a metric that is none of these is put together from them in figures.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """First and last day, and the zone in which instants have their day."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def offset_seconds(self) -> int:
        """The zone's distance from UTC at the span's end."""
        at = datetime.combine(self.last, time.min, tzinfo=self.zone)
        return int((at.utcoffset() or timedelta()).total_seconds())


def summed(measure: Measure, scope: Scope, span: Span, key: str | None) -> Query:
    """SELECT key, products, SUM(top), SUM(bottom), one row a group.

    `products` is filled where it matters; a deal's list is split in Python, since the two
    databases have no JSON in common. With `key` "day" the key is a date or, where the measure is
    dated by an instant, days since 1970.
    """
    by_product = key == "product" or scope.product is not None
    columns = {
        "key": _key(measure, key) if key not in (None, "product") else null(),
        "products": Deal.products if by_product else null(),
    }
    query: Query = select(
        *(column.label(name) for name, column in columns.items()),
        func.sum(measure.top),
        func.sum(measure.bottom),
    )
    query = _joined(query.select_from(measure.model), measure, scope, key)
    for condition in (*measure.where, *_within(measure, span), *_narrowed(measure, scope)):
        query = query.where(condition)
    groups = [name for name, column in columns.items() if not isinstance(column, Null)]
    return query.group_by(*groups).params(offset=span.offset_seconds)


def _key(measure: Measure, key: str | None) -> Any:
    keys = {
        "user_id": measure.model.owner_id, "region": Customer.region,
        "industry": Customer.industry, "source": Customer.source, "stage": Deal.stage,
    }  # fmt: skip
    if key in keys:
        return keys[key]
    return measure.on if measure.on is not None else _day_number(measure.at)


def _joined(query: Query, measure: Measure, scope: Scope, key: str | None) -> Query:
    """With the tables that the key and the scope name; every join is to at most one row."""
    model = measure.model
    of_customer = key in ("region", "industry", "source")
    if (of_customer or scope.region or scope.industry or scope.grade) and model is not Customer:
        query = query.outerjoin(Customer, Customer.id == model.customer_id)
    if not (key in ("product", "stage") or scope.product or scope.stage) or model is Deal:
        return query
    if model is Customer:
        raise Invalid("filters", scope.product or scope.stage)
    deal_id = model.deal_id if model is not Payment else Contract.deal_id
    if model is Payment:
        query = query.outerjoin(Contract, Contract.id == Payment.contract_id)
    return query.outerjoin(Deal, Deal.id == deal_id)


def _within(measure: Measure, span: Span) -> list[ColumnElement[bool]]:
    if measure.on is not None:
        return [measure.on >= span.first, measure.on <= span.last]
    if measure.at is not None:
        start, end = periods.bounds(span.first, span.last, span.zone)
        return [measure.at >= start, measure.at < end]
    return []


def _narrowed(measure: Measure, scope: Scope) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if scope.user_ids is not None:
        conditions.append(measure.model.owner_id.in_(scope.user_ids))
    if scope.customer_id is not None:
        model = measure.model
        owner = model.id if model is Customer else model.customer_id
        conditions.append(owner == scope.customer_id)
    wanted = (
        (Customer.region, scope.region), (Customer.industry, scope.industry),
        (Customer.grade, scope.grade), (Deal.stage, scope.stage),
    )  # fmt: skip
    conditions += [column == value for column, value in wanted if value is not None]
    if scope.kind is not None and measure.model is Activity:
        conditions.append(Activity.kind == scope.kind)
    return conditions
