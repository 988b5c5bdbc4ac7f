"""The demo company's plain values into an empty database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from sales.setup import document
from storage.db import Database, WriteSession
from storage.models.base import Base
from storage.models.customers import Contact, Customer, CustomerName
from storage.models.papers import Contract, Payment, Quote, QuoteLine, Target
from storage.models.people import Binding, Team, User
from storage.models.selling import Activity, Deal, StageChange, Task
from storage.models.service import Run, Subscription

Row = dict[str, Any]
MILLI = 1000


async def fill(
    db: Database,
    company: Row,
    *,
    accounts: Iterable[tuple[str, str]],
    group: str,
    daily_at: str,
    now: datetime,
    reminded: datetime | None = None,
) -> bool:
    """Write the company where there is nobody yet; False where there is somebody.

    Everybody is known at each of `accounts` (platform, corp). `company` is what
    `simulator.company.build` gives; `daily_at` ("HH:MM") is when the day's picture goes to
    `group`; `reminded` until when reminders were told, `now` if it isn't given.
    """
    async with db.system() as session:
        if await session.scalar(select(func.count()).select_from(User)):
            return False
        ids = _Ids(session)
        await _people(ids, company, accounts)
        await _customers(ids, company)
        await _deals(ids, company)
        await _work(ids, company, reminded or now)
        await _papers(ids, company)
        await _setup(session, company, group, daily_at, now)
        return True


class _Ids:
    """Adds records and remembers which number each id of the plain values got."""

    def __init__(self, session: WriteSession) -> None:
        self.session = session
        self._numbers: dict[str, int] = {}

    async def add(self, made: Iterable[tuple[str, Base]]) -> None:
        records = list(made)
        self.session.add_all([record for _, record in records])
        await self.session.flush()
        self._numbers.update({key: record.id for key, record in records})  # type: ignore[attr-defined]

    def __getitem__(self, key: str) -> int:
        return self._numbers[key]

    def get(self, key: str | None) -> int | None:
        """The number, None for None."""
        return None if key is None else self._numbers[key]


async def _people(ids: _Ids, company: Row, accounts: Iterable[tuple[str, str]]) -> None:
    for row in company["teams"]:
        team = Team(name=row["name"], parent_id=ids.get(row["parent"]))
        await ids.add([(row["id"], team)])
        above = await ids.session.get(Team, team.parent_id) if team.parent_id else None
        team.path = f"{above.path if above else '/'}{team.id}/"
    await ids.add(
        (
            row["id"],
            User(
                name=row["name"],
                role=row["role"],
                team_id=ids.get(row["team"]),
                region=row["region"],
            ),
        )
        for row in company["users"]
    )
    ids.session.add_all(
        Binding(
            platform=platform,
            corp=corp,
            platform_user=row["account"].lower(),
            user_id=ids[row["id"]],
        )
        for platform, corp in accounts
        for row in company["users"]
    )


async def _customers(ids: _Ids, company: Row) -> None:
    plain = ("name", "industry", "region", "grade", "source", "address", "size")
    rows = company["customers"]
    await ids.add(
        (
            row["id"],
            Customer(
                **{key: row[key] for key in plain},
                owner_id=ids.get(row["owner"]),
                created_at=_instant(row["created_at"]),
                created_by=ids.get(row["owner"]),
            ),
        )
        for row in rows
    )
    for row in rows:
        number = ids[row["id"]]
        names = [(row["name"], "registered"), *((alias, "short") for alias in row["aliases"])]
        ids.session.add_all(
            CustomerName(customer_id=number, text=text, kind=kind) for text, kind in names
        )
        ids.session.add_all(Contact(customer_id=number, **person) for person in row["contacts"])


async def _deals(ids: _Ids, company: Row) -> None:
    await ids.add((row["id"], _deal(ids, row)) for row in company["deals"])
    for row in company["deals"]:
        ids.session.add_all(
            StageChange(
                deal_id=ids[row["id"]],
                from_stage=move["from"],
                to_stage=move["to"],
                at=_instant(move["at"]),
            )
            for move in row["moves"]
        )


async def _work(ids: _Ids, company: Row, now: datetime) -> None:
    """Activities and tasks; whoever had something to do by `now` was reminded of it."""
    ids.session.add_all(_activity(ids, row) for row in company["activities"])
    await ids.add((row["id"], _task(ids, row)) for row in company["tasks"])
    past = [row for row in company["tasks"] if row["due_at"] and _instant(row["due_at"]) <= now]
    ids.session.add_all(
        Run(subject=f"task:{ids[row['id']]}", due_at=_instant(row["due_at"]), taken_at=now)
        for row in past
    )


def _activity(ids: _Ids, row: Row) -> Activity:
    plain = ("kind", "planned", "contacts", "note")
    return Activity(
        **{key: row[key] for key in plain},
        customer_id=ids[row["customer"]],
        deal_id=ids.get(row["deal"]),
        owner_id=ids[row["owner"]],
        on=_day(row["on"]),
        at=_moment(row["at"]),
        date_text=row["on"],
        created_at=_instant(row["created_at"]),
    )


def _task(ids: _Ids, row: Row) -> Task:
    return Task(
        what=row["what"],
        owner_id=ids[row["owner"]],
        created_by=ids[row["created_by"]],
        customer_id=ids.get(row["customer"]),
        due_text=row["due_on"],
        due_on=_date(row["due_on"]),
        due_at=_moment(row["due_at"]),
        done_at=_moment(row["done_at"]),
        created_at=_instant(row["created_at"]),
    )


def _deal(ids: _Ids, row: Row) -> Deal:
    plain = ("name", "stage", "status", "amount_fen", "products", "competitors", "expected_close",
             "lost_reason", "lost_to")  # fmt: skip
    close = row["expected_close"]
    return Deal(
        **{key: row[key] for key in plain},
        customer_id=ids[row["customer"]],
        owner_id=ids.get(row["owner"]),
        stage_since=_instant(row["moves"][-1]["at"]),
        expected_close_on=_date(close) if close and len(close) == len("2026-11-24") else None,
        closed_on=_date(row["closed_on"]),
        created_at=_instant(row["created_at"]),
    )


async def _papers(ids: _Ids, company: Row) -> None:
    await ids.add((row["id"], _contract(ids, row)) for row in company["contracts"])
    await ids.add((row["id"], _quote(ids, row)) for row in company["quotes"])
    ids.session.add_all(
        QuoteLine(
            quote_id=ids[row["id"]],
            product=line["product"],
            quantity_milli=round(line["quantity"] * MILLI),
            unit_price_fen=line["unit_price_fen"],
        )
        for row in company["quotes"]
        for line in row["lines"]
    )
    ids.session.add_all(
        Payment(
            customer_id=ids[row["customer"]],
            contract_id=ids.get(row["contract"]),
            owner_id=ids[row["owner"]],
            amount_fen=row["amount_fen"],
            on=_date(row["on"]),
            planned=row["planned"],
            created_at=_instant(row["created_at"]),
        )
        for row in company["payments"]
    )
    ids.session.add_all(
        Target(
            user_id=ids[row["user"]],
            metric=row["metric"],
            month=row["month"],
            value_fen=row["value_fen"],
        )
        for row in company["targets"]
    )


def _contract(ids: _Ids, row: Row) -> Contract:
    return Contract(
        customer_id=ids[row["customer"]],
        deal_id=ids.get(row["deal"]),
        owner_id=ids[row["owner"]],
        paper_number=row["paper_number"],
        amount_fen=row["amount_fen"],
        signed_on=_day(row["signed_on"]),
        created_at=_instant(row["created_at"]),
    )


def _quote(ids: _Ids, row: Row) -> Quote:
    plain = ("amount_fen", "discount_bp", "status", "reason")
    return Quote(
        **{key: row[key] for key in plain},
        customer_id=ids[row["customer"]],
        deal_id=ids.get(row["deal"]),
        owner_id=ids[row["owner"]],
        valid_until=_date(row["valid_until"]),
        created_at=_instant(row["created_at"]),
    )


async def _setup(
    session: WriteSession, company: Row, group: str, daily_at: str, now: datetime
) -> None:
    words = {
        "pipeline": {
            "stages": company["stages"],
            "won": company["won"],
            "lost": company["lost"],
        },
        "catalogue": {
            "products": company["products"],
            "competitors": company["competitors"],
            "regions": sorted({row["region"] for row in company["customers"] if row["region"]}),
            "industries": sorted({row["industry"] for row in company["customers"]}),
        },
        "custom": {"fields": company["fields"]},
        "reports": {"daily_at": daily_at, "daily_days": "daily", "group": group},
    }
    for key, value in words.items():
        await document.save(session, key, value)
    session.add(
        Subscription(
            report="daily",
            at=daily_at,
            days="daily",
            group_name=group,
            since=now,
        )
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
