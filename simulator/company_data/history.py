"""The demo company's past: which deals came, moved, were won and lost, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from itertools import cycle
from random import Random
from typing import Any

from simulator.company_data import people

ZONE = timezone(timedelta(hours=8))
Row = dict[str, Any]
MONTHS_BACK = 3
DEPTHS = (0, 1, 2, 0, 3, 1, 0, 2, 4, 1, 3, 0)  # how far deals are, in turn
FEN_PER_WAN = 1_000_000


@dataclass
class Company:
    """What has been made up so far; `rows` by the keys of `company.build`."""

    today: date
    chance: Random
    rows: dict[str, list[Row]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)  # contracts whose payments stand already

    def add(self, key: str, letter: str, **values: Any) -> Row:
        """One more row with the next id."""
        rows = self.rows.setdefault(key, [])
        row = {"id": f"{letter}{len(rows) + 1:03d}", **values}
        rows.append(row)
        return row

    def customers_of(self, user: str) -> list[Row]:
        """A rep's own, as listed."""
        return [row for row in self.rows["customers"] if row["owner"] == user]

    def regulars(self, user: str) -> list[Row]:
        """Those with a usual history: neither the story's customer nor the newcomer."""
        return self.customers_of(user)[1:-1]

    def moment(self, day: date, hour: int | None = None) -> str:
        """An instant of that day's working hours; of today its start, which is surely past."""
        at = time(self.chance.randint(9, 17) if hour is None else hour, self.chance.randint(0, 59))
        if day >= self.today:
            at = time.min
        return datetime.combine(day, at, tzinfo=ZONE).isoformat()


def is_workday(day: date) -> bool:
    """Monday to Friday; the demo knows no holidays."""
    return day.weekday() < 5


def workday(day: date) -> date:
    """That day, or the Friday before it."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def month_start(today: date, months_back: int) -> date:
    """The first day of the month so many before."""
    index = today.year * 12 + today.month - 1 - months_back
    return date(index // 12, index % 12 + 1, 1)


def month_end(start: date) -> date:
    """The last day of the month that starts there."""
    return month_start(start, -1) - timedelta(days=1)


def wan(amount: float) -> int:
    """万 to fen, to the thousand yuan."""
    return round(amount * 10) * FEN_PER_WAN // 10


def new_deal(company: Company, customer: Row, made_on: date, **values: Any) -> Row:
    """A deal of a usual product at a usual price; `values` stand over what is made up."""
    chance = company.chance
    deals = company.rows.get("deals", [])
    used = {row["name"] for row in deals if row["customer"] == customer["id"]}
    product = chance.choice(list(people.PRODUCTS))
    low, high, names = people.PRODUCTS[product]
    free = [name for name in names if name not in used] or [f"{product}追加"]
    rivals = chance.sample(people.COMPETITORS[1:], chance.choice((0, 0, 1, 1, 2)))
    made_up = {
        "customer": customer["id"], "owner": customer["owner"], "name": chance.choice(free),
        "stage": people.STAGES[0], "status": "open", "amount_fen": wan(chance.uniform(low, high)),
        "products": [product], "competitors": rivals, "expected_close": None, "closed_on": None,
        "lost_reason": None, "lost_to": None, "created_at": company.moment(made_on), "moves": [],
    }  # fmt: skip
    return company.add("deals", "d", **{**made_up, **values})


def walk(company: Company, deal: Row, stages: tuple[str, ...], last_on: date) -> None:
    """Move the deal through the stages, spread from the day it was made to `last_on`."""
    made_on = date.fromisoformat(deal["created_at"][:10])
    days = max(0, (last_on - made_on).days)
    before, stage = None, stages[0]
    for index, stage in enumerate(stages):
        on = made_on + timedelta(days=days * index // max(1, len(stages) - 1))
        if index < len(stages) - 1:
            on = max(made_on, workday(on))
        at = deal["created_at"] if index == 0 else company.moment(on)
        if deal["moves"]:
            at = max(at, deal["moves"][-1]["at"])
        deal["moves"].append({"from": before, "to": stage, "at": at})
        before = stage
    deal["stage"] = stage


def open_deals(company: Company) -> None:
    """What the customers have in the pipeline now; the two of the story have theirs."""
    chance = company.chance
    turns = {person.team: cycle(DEPTHS) for person in people.REPS}
    for person in people.REPS:
        for customer in company.regulars(person.id):
            for _ in range(chance.choice((0, 1, 1, 1, 2)) if customer["id"] != "c002" else 0):
                depth = next(turns[person.team])
                age = chance.randint(4, 18) + depth * chance.randint(6, 18)
                _open(company, customer, workday(company.today - timedelta(days=age)), depth)
        newcomer = company.customers_of(person.id)[-1]
        _open(company, newcomer, date.fromisoformat(newcomer["created_at"][:10]), 0)
    for user in people.FIRST_REPS:
        _open(company, company.customers_of(user)[3], company.today, 0)


def _open(company: Company, customer: Row, made_on: date, depth: int) -> None:
    """A deal made that day, in its stage for a while, expected to close after the rest."""
    chance = company.chance
    deal = new_deal(company, customer, made_on)
    age = (company.today - made_on).days
    stay = chance.randint(1, max(2, age // (depth + 1)))
    last_on = max(made_on, company.today - timedelta(days=stay))
    walk(company, deal, people.STAGES[: depth + 1], last_on)
    ahead = chance.randint(8, 25) + (4 - depth) * chance.randint(8, 20)
    deal["expected_close"] = (company.today + timedelta(days=ahead)).isoformat()


def lost_deals(company: Company) -> None:
    """One to three lost deals a month for every rep, in proportion to how much of it is past."""
    chance = company.chance
    for person in people.REPS:
        for back in range(MONTHS_BACK + 1):
            start = month_start(company.today, back)
            last = min(month_end(start), company.today - timedelta(days=1))
            days = (last - start).days
            for _ in range(max(0, chance.choice((1, 1, 2, 3)) * (days + 1) // 28)):
                on = max(start, workday(start + timedelta(days=chance.randint(0, days))))
                _lose(company, chance.choice(company.regulars(person.id)), on)


def _lose(company: Company, customer: Row, on: date) -> None:
    chance = company.chance
    deal = new_deal(company, customer, workday(on - timedelta(days=chance.randint(20, 70))))
    reached = people.STAGES[: chance.randint(2, 4)]
    walk(company, deal, (*reached, people.LOST), on)
    reason = chance.choice(people.LOST_REASONS)
    taken = reason in ("价格高", "交期长", "关系不到位")
    deal.update(
        status="lost", closed_on=on.isoformat(), lost_reason=reason,
        lost_to=chance.choice(people.COMPETITORS[1:]) if taken else None,
    )  # fmt: skip


def targets(company: Company) -> None:
    """Every rep's monthly sales and collections, for the past months, this one and the next."""
    for person in people.REPS:
        for back in range(-1, MONTHS_BACK + 1):
            month = month_start(company.today, back).isoformat()[:7]
            for metric, share in (("sales", 1.0), ("collections", 0.9)):
                value = wan(person.month_wan * share)
                company.add(
                    "targets", "g", user=person.id, metric=metric, month=month, value_fen=value
                )
