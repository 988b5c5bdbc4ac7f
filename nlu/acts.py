"""The acts: small typed values, each saying one thing to do (shared SCHEMA of the corpus)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias, get_args, get_origin, get_type_hints

Yuan: TypeAlias = int | float
Amount: TypeAlias = Yuan | tuple[Yuan, Yuan]
"""Yuan, or (low, high) for a range."""
DateValue: TypeAlias = str
"""A date as precise as it was said: 2026-11-25, 2026-11-25T15:00, 2026-W49, 2026-Q4, a/b."""

ActivityKind = Literal["visit", "call", "meeting", "wechat", "email", "demo", "meal", "other"]
Role = Literal["decision_maker", "influencer", "user", "gatekeeper", "buyer", "champion"]
Outcome = Literal["won", "lost"]
TicketStatus = Literal["open", "closed"]
Category = Literal["travel", "meal", "hotel", "gift", "transport", "other"]
Target = Literal["quote", "expense", "contract", "discount"]
Report = Literal["daily", "weekly", "monthly", "funnel", "ranking", "forecast", "receivables"]
About = Literal[
    "customer", "contacts", "deals", "activities", "tasks", "quotes", "contracts", "payments",
    "approvals", "tickets", "expenses", "leads", "pool", "stalled", "metric",
]  # fmt: skip
MetricName = Literal[
    "sales", "collections", "new_customers", "new_deals", "activities", "conversion", "win_rate",
    "average_deal", "cycle", "pipeline", "forecast", "receivables", "overdue", "attainment",
]  # fmt: skip
View = Literal["number", "trend", "ranking", "funnel", "distribution", "list"]
GroupBy = Literal[
    "user", "team", "region", "product", "stage", "industry", "source", "lost_reason",
    "month", "week", "day",
]  # fmt: skip
AskAbout = Literal["customer", "deal", "contact", "user"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A contact with a customer that happened, or (planned) is still to come."""

    kind: ActivityKind = "other"
    customer: str | None = None
    new_customer: str | None = None
    contacts: tuple[str, ...] = ()
    date: DateValue | None = None
    planned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DealNews:
    """News of a deal; `deal` is an id or "new"."""

    customer: str | None = None
    new_customer: str | None = None
    deal: str | None = None
    deal_name: str | None = None
    stage: str | None = None
    outcome: Outcome | None = None
    lost_reason: str | None = None
    lost_to: str | None = None
    amount: Amount | None = None
    expected_close: DateValue | None = None
    products: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that we promised or want to be reminded of."""

    what: str = ""
    due: DateValue | None = None
    customer: str | None = None
    new_customer: str | None = None
    assignee: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerNews:
    """Facts of a customer; `set` maps a field's name to its value."""

    customer: str | None = None
    new_customer: str | None = None
    set: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactNews:
    """Something new about a person at a customer."""

    customer: str | None = None
    new_customer: str | None = None
    name: str = ""
    title: str | None = None
    phone: str | None = None
    email: str | None = None
    wechat: str | None = None
    role: Role | None = None
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """One line of a quote; `unit_price` in yuan."""

    product: str | None = None
    quantity: float | int | None = None
    unit_price: Yuan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quote made or asked for with its figures; `discount` is the factor paid (0.85)."""

    customer: str | None = None
    new_customer: str | None = None
    deal: str | None = None
    amount: Amount | None = None
    discount: float | None = None
    lines: tuple[QuoteLine, ...] = ()
    valid_until: DateValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A signed contract."""

    customer: str | None = None
    new_customer: str | None = None
    deal: str | None = None
    amount: Amount | None = None
    signed_on: DateValue | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money received, or (planned) promised."""

    customer: str | None = None
    new_customer: str | None = None
    amount: Amount | None = None
    date: DateValue | None = None
    planned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expense:
    """Money that the sender spent."""

    amount: Amount | None = None
    category: Category = "other"
    date: DateValue | None = None
    customer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A service request or complaint, raised or closed."""

    customer: str | None = None
    what: str = ""
    status: TicketStatus = "open"
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A company that might become a customer."""

    company: str | None = None
    contact: str | None = None
    phone: str | None = None
    source: str | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Customers handed to another owner; `customers` are ids, or "all"."""

    from_user: str | None = None
    to_user: str | None = None
    customers: tuple[str, ...] | Literal["all"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A customer taken from the shared pool."""

    customer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A customer given back to the shared pool."""

    customer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Consent in words; `number` is the paper's own (Q-1042) where it was said."""

    target: Target | None = None
    customer: str | None = None
    comment: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Refusal in words; slots as in Approve."""

    target: Target | None = None
    customer: str | None = None
    comment: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """The right values for slots of what this conversation wrote last."""

    set: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Take back what this conversation wrote last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """A report sent at a time of day ("HH:MM"), or (off) no longer."""

    report: Report = "daily"
    at: str | None = None
    days: str | None = None
    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a question is narrowed to; `user` is an id."""

    user: str | None = None
    team: str | None = None
    region: str | None = None
    product: str | None = None
    stage: str | None = None
    industry: str | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question."""

    about: About = "metric"
    customer: str | None = None
    deal: str | None = None
    metric: MetricName | None = None
    period: DateValue | None = None
    view: View | None = None
    group_by: GroupBy | None = None
    filters: Filters | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The text has two or more readings: one question with `options` (ids, or contact names)."""

    about: AskAbout = "customer"
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """The sender asks what the bot can do."""


Act: TypeAlias = (
    Activity | DealNews | Task | CustomerNews | ContactNews | Quote | Contract | Payment | Expense
    | Ticket | Lead | Transfer | Claim | Release | Approve | Reject | Correct | Undo | Subscribe
    | Query | Ask | Help
)  # fmt: skip

TYPES: dict[str, type[Any]] = {
    "activity": Activity, "deal": DealNews, "task": Task, "customer": CustomerNews,
    "contact": ContactNews, "quote": Quote, "contract": Contract, "payment": Payment,
    "expense": Expense, "ticket": Ticket, "lead": Lead, "transfer": Transfer, "claim": Claim,
    "release": Release, "approve": Approve, "reject": Reject, "correct": Correct, "undo": Undo,
    "subscribe": Subscribe, "query": Query, "ask": Ask, "help": Help,
}  # fmt: skip
NAMES: dict[type[Any], str] = {kind: name for name, kind in TYPES.items()}
_SLOTS: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(slot.name for slot in fields(kind)) for kind in (*NAMES, Filters, QuoteLine)
}


def to_json(act: Act) -> dict[str, Any]:
    """The act as a JSON object with its "type", empty slots left out."""
    return {"type": NAMES[type(act)], **_slots(act)}


def from_json(value: dict[str, Any]) -> Act:
    """The act that `to_json` wrote; raises KeyError or TypeError for an unknown type or slot."""
    slots = dict(value)
    kind = TYPES[slots.pop("type")]
    act: Act = _build(kind, slots)
    return act


def _slots(value: Any) -> dict[str, Any]:
    found = {}
    for name in _SLOTS[type(value)]:
        inner = getattr(value, name)
        if inner is None or inner is False or inner in ((), {}, ""):
            continue
        found[name] = _plain(inner)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, (Filters, QuoteLine)):
        return _slots(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _build(kind: type[Any], slots: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    ready = {}
    for name, value in slots.items():
        if name not in hints:
            raise TypeError(f"{kind.__name__} has no slot {name!r}")
        ready[name] = _typed(hints[name], value)
    return kind(**ready)


def _typed(hint: Any, value: Any) -> Any:
    if isinstance(value, dict):
        inner = Filters if Filters in get_args(hint) else None
        return _build(inner, value) if inner else dict(value)
    if isinstance(value, list):
        items = get_args(hint) if get_origin(hint) is tuple else ()
        if items and items[0] is QuoteLine:
            return tuple(_build(QuoteLine, item) for item in value)
        return tuple(value)
    return value
