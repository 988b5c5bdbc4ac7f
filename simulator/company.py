"""The demo company: people, customers and three months of selling, made up for a given day."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from random import Random
from typing import Any

from simulator.company_data import people
from simulator.company_data.activities import activities, tasks
from simulator.company_data.history import (
    Company,
    Row,
    lost_deals,
    open_deals,
    targets,
    workday,
)
from simulator.company_data.money import contracts, payments
from simulator.company_data.story import first_phase, namesake, second_phase

OLDEST_DAYS = 900
NEWEST_DAYS = 30  # every rep has one customer as new
OWNER = 6  # its column in customers.tsv
UNREACHABLE = "100"  # no mobile number starts so


def build(today: date, seed: int = 7) -> dict[str, Any]:
    """All of it as plain JSON values, the same for the same day and seed.

    Ids are strings, unique within their kind. Money is fen, days are "2026-11-24", instants carry
    the zone +08:00; whatever is past is before today, or at today's start.

    - `company`: `name`, `today`
    - `teams`: `id`, `name`, `parent` (team or None), `manager` (user)
    - `users`: `id`, `account` (the platform's user id), `name`, `role`, `team`, `region`
    - `stages` (open ones, in order), `won`, `lost`, `products`, `competitors`,
      `fields` (custom ones of customers: `name`, `type`, `choices`)
    - `customers`: `id`, `name`, `aliases`, `owner` (user, or None: in the pool), `industry`,
      `region`, `grade`, `source`, `address`, `size`, `created_at`,
      `contacts` [`name`, `title`, `role`, `phone`]
    - `deals`: `id`, `customer`, `owner`, `name`, `stage`, `status` (open, won, lost),
      `amount_fen`, `products`, `competitors`, `expected_close`, `closed_on`, `lost_reason`,
      `lost_to`, `created_at`, `moves` [`from`, `to`, `at`] (the first from None)
    - `activities`: `id`, `customer`, `deal` (or None), `owner`, `kind`, `on`, `at` (instant, or
      None), `planned`, `contacts` (names), `note`, `created_at`
    - `tasks`: `id`, `what`, `owner`, `created_by`, `customer`, `due_on`, `due_at`, `done_at`
      (or None), `created_at`
    - `contracts`: `id`, `customer`, `deal`, `owner`, `paper_number`, `amount_fen`, `signed_on`,
      `created_at`
    - `payments`: `id`, `customer`, `contract`, `owner`, `amount_fen`, `on`, `planned` (past and
      planned is overdue), `created_at`
    - `quotes`: `id`, `customer`, `deal`, `owner`, `amount_fen`, `discount_bp`, `status`,
      `reason`, `valid_until`, `created_at`, `lines` [`product`, `quantity`, `unit_price_fen`]
    - `targets`: `id`, `user`, `metric` (sales, collections), `month`, `value_fen`
    """
    company = Company(today, Random(seed))  # noqa: S311 (made up, not secret)
    company.rows["customers"] = _customers(company)
    first_phase(company)
    contracts(company)
    second_phase(company)
    namesake(company)
    open_deals(company)
    lost_deals(company)
    payments(company)
    activities(company)
    tasks(company)
    targets(company)
    return {
        "company": {"name": people.NAME, "today": today.isoformat()},
        **_given(),
        **company.rows,
    }


def _given() -> dict[str, Any]:
    """What does not depend on the day."""
    return {
        "teams": [
            {"id": team, "name": name, "parent": parent, "manager": manager}
            for team, name, parent, manager in people.TEAMS
        ],
        "users": [
            {"id": person.id, "account": person.account, "name": person.name,
             "role": person.role, "team": person.team, "region": person.region}
            for person in people.PEOPLE
        ],
        "stages": list(people.STAGES), "won": people.WON, "lost": people.LOST,
        "products": list(people.PRODUCTS), "competitors": list(people.COMPETITORS),
        "fields": [{**made, "choices": list(made["choices"])} for made in people.FIELDS],
    }  # fmt: skip


def _customers(company: Company) -> list[Row]:
    text = (files("simulator.company_data") / "customers.tsv").read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    owners = [line[OWNER] for line in lines]
    last = {owner: index for index, owner in enumerate(owners) if owner}
    newcomers = set(last.values())
    return [
        _customer(company, index, line, index in newcomers) for index, line in enumerate(lines)
    ]


def _customer(company: Company, index: int, cells: list[str], newcomer: bool) -> Row:
    name, aliases, industry, region, city, grade, owner, source, contacts = cells
    chance = company.chance
    people_there = [_contact(index, place, said) for place, said in enumerate(contacts.split(";"))]
    days = chance.randint(1, NEWEST_DAYS) if newcomer else chance.randint(250, OLDEST_DAYS)
    return {
        "id": f"c{index + 1:03d}", "name": name, "aliases": aliases.split(";"),
        "owner": owner or None, "industry": industry, "region": region, "grade": grade,
        "source": source, "address": city, "size": chance.choice(people.SIZES),
        "created_at": company.moment(workday(company.today - timedelta(days=days))),
        "contacts": people_there,
    }  # fmt: skip


def _contact(index: int, place: int, said: str) -> Row:
    name, title, role = said.split("/")
    phone = f"{UNREACHABLE}{index + 1:05d}{place + 1:03d}"
    return {"name": name, "title": title, "role": role, "phone": phone}
