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
    Select,
    case,
    cast,
    extract,
    func,
    literal,
    select,
)

from sales import periods
from storage.models.customers import Customer
from storage.models.papers import Contract, Payment
from storage.models.people import Team, User
from storage.models.selling import Activity, Deal

DAY_SECONDS = 86_400
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose and which records count; empty is all that the session's viewer sees."""

    user_ids: tuple[int, ...] | None = None
    region: str | None = None
    industry: str | None = None
    grade: str | None = None
    product: str | None = None
    stage: str | None = None
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
    """Since 1970, of a day or an instant; whole, so that both databases divide alike."""
    return cast(func.round(extract("epoch", column)), BigInteger)


ONE: ColumnElement[int] = literal(1, BigInteger)
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
            model=Deal, top=_seconds(Deal.closed_on) - _seconds(Deal.created_at), bottom=ONE,
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


def summed(measure: Measure, scope: Scope, span: Span | None, key: str | None) -> Select[Any]:
    """SELECT key, products, SUM(top), SUM(bottom), one row a group.

    `products` is asked for where it matters; a deal's list is split in Python, since the two
    databases have no JSON in common. With `key` "day" the key is a date or, dated by an instant,
    days since 1970.
    """
    columns: list[Any] = [_key(measure, key, span) if key else literal(None)]
    by_product = key == "product" or scope.product is not None
    columns.append(Deal.products if by_product else literal(None))
    query = select(*columns, func.sum(measure.top), func.sum(measure.bottom))
    query = _joined(query.select_from(measure.model), measure, scope, key)
    for condition in (*measure.where, *_within(measure, span), *_narrowed(measure, scope)):
        query = query.where(condition)
    groups = [column for column, wanted in zip(columns, (key, by_product), strict=True) if wanted]
    return query.group_by(*groups)


def _key(measure: Measure, key: str, span: Span | None) -> Any:
    if key == "day":
        if measure.on is not None:
            return measure.on
        local = _seconds(measure.at) + (span.offset_seconds if span else 0)
        return (local - local % DAY_SECONDS) / DAY_SECONDS
    keys = {
        "user": User.name, "team": Team.name, "region": Customer.region,
        "industry": Customer.industry, "source": Customer.source, "stage": Deal.stage,
        "lost_reason": Deal.lost_reason, "user_id": measure.model.owner_id,
        "product": literal(None),
    }  # fmt: skip
    return keys[key]


def _joined(query: Select[Any], measure: Measure, scope: Scope, key: str | None) -> Select[Any]:
    """With the tables that the key and the scope name."""
    model = measure.model
    if key in ("user", "team"):
        query = query.outerjoin(User, User.id == model.owner_id)
    if key == "team":
        query = query.outerjoin(Team, Team.id == User.team_id)
    of_customer = key in ("region", "industry", "source")
    if (of_customer or scope.region or scope.industry or scope.grade) and model is not Customer:
        query = query.outerjoin(Customer, Customer.id == model.customer_id)
    of_deal = key in ("product", "stage", "lost_reason") or scope.product or scope.stage
    if of_deal and model is Payment:
        query = query.outerjoin(Contract, Contract.id == Payment.contract_id)
        query = query.outerjoin(Deal, Deal.id == Contract.deal_id)
    elif of_deal and model in (Contract, Activity):
        query = query.outerjoin(Deal, Deal.id == model.deal_id)
    elif of_deal and model is Customer:
        query = query.outerjoin(Deal, Deal.customer_id == Customer.id)
    return query


def _within(measure: Measure, span: Span | None) -> list[ColumnElement[bool]]:
    if span is None:
        return []
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
    wanted = (
        (Customer.region, scope.region), (Customer.industry, scope.industry),
        (Customer.grade, scope.grade), (Deal.stage, scope.stage),
    )  # fmt: skip
    conditions += [column == value for column, value in wanted if value is not None]
    if scope.kind is not None and measure.model is Activity:
        conditions.append(Activity.kind == scope.kind)
    return conditions
