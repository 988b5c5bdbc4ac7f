"""What the demo company's reps did in three months, and what they still have to do."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from simulator.company_data import people, talk
from simulator.company_data.history import (
    MONTHS_BACK,
    ZONE,
    Company,
    Row,
    is_workday,
    month_start,
    workday,
)

BUSY = (0, 1, 1, 2, 2, 3)
DUE_DAYS = (-2, 0, 0, 1, 3, 6)


def activities(company: Company) -> None:
    """Every workday some calls and visits of every rep; two visits a team today."""
    day = month_start(company.today, MONTHS_BACK)
    while day <= company.today:
        for person in people.REPS:
            count = company.chance.choice(BUSY) if is_workday(day) else 0
            if day == company.today and person.id in people.FIRST_REPS:
                count = max(count, 2)
            for index in range(count):
                sure = day == company.today and index < 2
                _activity(company, person.id, day, "visit" if sure else None)
        day += timedelta(days=1)
    for person in people.REPS:
        newcomer = company.customers_of(person.id)[-1]
        first = newcomer["contacts"][0]
        note = _filled(company, talk.VISITS[people.STAGES[0]][0], first, None)
        met_on = date.fromisoformat(newcomer["created_at"][:10])
        log(company, newcomer, met_on, contacts=[first["name"]], note=note)


def _activity(company: Company, user: str, day: date, kind: str | None) -> None:
    chance = company.chance
    customer = chance.choice(company.regulars(user))
    deal = _deal_on(company, customer, day)
    kind = kind or chance.choices([k for k, _ in talk.KINDS], [w for _, w in talk.KINDS])[0]
    contact = chance.choice(customer["contacts"])
    log(
        company, customer, day, kind=kind, contacts=[contact["name"]],
        deal=deal["id"] if deal else None, note=_note(company, kind, contact, deal, day),
    )  # fmt: skip


def log(company: Company, customer: Row, day: date, **values: Any) -> Row:
    """One activity of the customer's owner; `values` as in `company.build`."""
    usual = {
        "customer": customer["id"], "deal": None, "owner": customer["owner"], "kind": "visit",
        "on": day.isoformat(), "at": None, "planned": False, "contacts": [], "note": "",
        "created_at": company.moment(min(day, company.today)),
    }  # fmt: skip
    return company.add("activities", "a", **{**usual, **values})


def _deal_on(company: Company, customer: Row, day: date) -> Row | None:
    """The customer's newest deal of that day, the talk of which it will have been."""
    known = [
        row
        for row in company.rows["deals"]
        if row["customer"] == customer["id"] and row["created_at"][:10] <= day.isoformat()
    ]
    return max(known, key=lambda row: (row["created_at"], row["id"])) if known else None


def _note(company: Company, kind: str, contact: Row, deal: Row | None, day: date) -> str:
    stage = people.STAGES[0]
    for move in deal["moves"] if deal else ():
        if move["at"][:10] <= day.isoformat():
            stage = move["to"]
    sentences = {"visit": talk.VISITS[stage], "meeting": talk.VISITS[stage],
                 "meal": talk.MEALS, "demo": talk.DEMOS}.get(kind, talk.CALLS)  # fmt: skip
    return _filled(company, company.chance.choice(sentences), contact, deal)


def _filled(company: Company, sentence: str, contact: Row, deal: Row | None) -> str:
    chance = company.chance
    return sentence.format(
        title=_called(contact), product=deal["products"][0] if deal else "自动化改造",
        seconds=chance.randint(8, 45), rival=chance.choice(people.COMPETITORS[1:]),
    )  # fmt: skip


def _called(contact: Row) -> str:
    """As one speaks of somebody: 王总 for a head, else the full name."""
    heads = ("总经理", "副总", "厂长")
    head = any(contact["title"].endswith(word) for word in heads) or "副总" in contact["title"]
    return f"{contact['name'][0]}总" if head else contact["name"]


def tasks(company: Company) -> None:
    """For every rep one overdue, two due today, three ahead; and some done."""
    chance = company.chance
    for person in people.REPS:
        days = [*DUE_DAYS, *(-chance.randint(3, 40) for _ in range(8))]
        for index, customer in enumerate(chance.choices(company.regulars(person.id), k=len(days))):
            due = company.today + timedelta(days=days[index])
            if days[index]:
                due = workday(due)
            text = _filled(company, chance.choice(talk.TASKS), chance.choice(customer["contacts"]),
                           _deal_on(company, customer, company.today))  # fmt: skip
            remember(company, customer, text, due, done=index >= len(DUE_DAYS))


def remember(company: Company, customer: Row, what: str, due: date, *, done: bool = False) -> Row:
    """One task of the customer's owner; a reminder at nine of its day."""
    made_on = workday(min(due, company.today) - timedelta(days=company.chance.randint(1, 6)))
    return company.add(
        "tasks", "r", what=what, owner=customer["owner"], created_by=customer["owner"],
        customer=customer["id"], due_on=due.isoformat(),
        due_at=datetime.combine(due, time(9), tzinfo=ZONE).isoformat(),
        done_at=company.moment(due) if done else None, created_at=company.moment(made_on),
    )  # fmt: skip
