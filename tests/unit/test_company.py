"""The demo company hangs together, whatever day it is made for."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from simulator.company import build

DAYS = [
    pytest.param(date(2026, 11, 24), id="a Tuesday"),
    pytest.param(date(2026, 11, 1), id="the first of a month, a Sunday"),
    pytest.param(date(2027, 1, 2), id="January, a Saturday"),
    pytest.param(date(2028, 2, 29), id="a leap day"),
    pytest.param(date(2026, 12, 31), id="the last of a year"),
]
REFERENCES = {
    "customer": "customers", "owner": "users", "deal": "deals", "contract": "contracts",
    "created_by": "users", "user": "users", "manager": "users", "parent": "teams", "team": "teams",
}  # fmt: skip
OPTIONAL = {"owner", "deal", "parent"}
KINDS = ("customers", "deals", "activities", "tasks", "contracts", "payments", "quotes", "targets")


@pytest.fixture(params=DAYS)
def day(request: pytest.FixtureRequest) -> date:
    return request.param


@pytest.fixture
def company(day: date) -> dict[str, Any]:
    return build(day)


def on(value: str) -> date:
    return datetime.fromisoformat(value).date() if "T" in value else date.fromisoformat(value)


def test_the_same_day_gives_the_same_company(day: date) -> None:
    assert json.dumps(build(day)) == json.dumps(build(day))
    assert build(day, seed=8) != build(day)


def test_references_resolve(company: dict[str, Any]) -> None:
    ids = {kind: {row["id"] for row in company[kind]} for kind in (*KINDS, "users", "teams")}
    for kind in (*KINDS, "users", "teams"):
        assert len(ids[kind]) == len(company[kind])
        for row in company[kind]:
            for key, target in REFERENCES.items():
                if key not in row or (key in OPTIONAL and row[key] is None):
                    continue
                assert row[key] in ids[target], (kind, row["id"], key)


def test_the_past_is_past(company: dict[str, Any], day: date) -> None:
    for kind in KINDS:
        for row in company[kind]:
            if "created_at" in row:
                assert on(row["created_at"]) <= day, (kind, row)
    for row in company["contracts"]:
        assert on(row["signed_on"]) <= day
    for row in company["payments"]:
        assert row["planned"] or on(row["on"]) <= day
    for row in company["activities"]:
        assert row["planned"] == (on(row["on"]) > day)
    for row in company["tasks"]:
        assert row["done_at"] is None or on(row["done_at"]) <= day


def test_instants_carry_a_zone(company: dict[str, Any]) -> None:
    for kind in KINDS:
        for row in company[kind]:
            for key in ("created_at", "at", "due_at", "done_at"):
                if row.get(key):
                    assert datetime.fromisoformat(row[key]).utcoffset() == timedelta(hours=8)


def test_deals_move_as_their_stages_say(company: dict[str, Any]) -> None:
    for deal in company["deals"]:
        moves = deal["moves"]
        assert [move["from"] for move in moves] == [None, *(m["to"] for m in moves[:-1])]
        assert moves[-1]["to"] == deal["stage"]
        assert moves == sorted(moves, key=lambda move: move["at"])
        assert moves[0]["at"] == deal["created_at"]
        last = {"open": company["stages"], "won": [company["won"]], "lost": [company["lost"]]}
        assert deal["stage"] in last[deal["status"]]
        assert (deal["closed_on"] is None) == (deal["status"] == "open")
        if deal["closed_on"]:
            assert on(moves[-1]["at"]) == on(deal["closed_on"])


def test_records_belong_to_the_customers_owner(company: dict[str, Any]) -> None:
    customers = {row["id"]: row for row in company["customers"]}
    for kind in ("deals", "activities", "tasks", "contracts", "payments", "quotes"):
        for row in company[kind]:
            customer = customers[row["customer"]]
            assert row["owner"] == customer["owner"]
            assert on(row["created_at"]) >= on(customer["created_at"]), (kind, row)
            known = {person["name"] for person in customer["contacts"]}
            assert set(row.get("contacts", [])) <= known


def test_payments_add_up_to_their_contract(company: dict[str, Any]) -> None:
    paid: Counter[str] = Counter()
    for row in company["payments"]:
        assert row["amount_fen"] > 0
        paid[row["contract"]] += row["amount_fen"]
    assert paid == {row["id"]: row["amount_fen"] for row in company["contracts"]}


def test_words_are_the_companys(company: dict[str, Any]) -> None:
    for deal in company["deals"]:
        assert set(deal["products"]) <= set(company["products"])
        assert set(deal["competitors"]) <= set(company["competitors"])
    for row in (*company["activities"], *company["tasks"]):
        assert "{" not in row.get("note", "") + row.get("what", "")


def test_every_team_has_something_to_show_today(company: dict[str, Any], day: date) -> None:
    team = {row["id"]: row["team"] for row in company["users"]}
    selling = {row["team"] for row in company["users"] if row["role"] == "rep"}
    today = day.isoformat()
    found = {
        "sales": {team[r["owner"]] for r in company["contracts"] if r["signed_on"] == today},
        "collections": {
            team[r["owner"]] for r in company["payments"] if r["on"] == today and not r["planned"]
        },
        "visits": {
            team[r["owner"]]
            for r in company["activities"]
            if r["on"] == today and r["kind"] == "visit"
        },
        "deals": {team[r["owner"]] for r in company["deals"] if on(r["created_at"]) == day},
        "tasks": {team[r["owner"]] for r in company["tasks"] if r["due_on"] == today},
    }
    assert found == dict.fromkeys(found, selling)


def test_the_two_namesakes(company: dict[str, Any], day: date) -> None:
    named = [row for row in company["customers"] if "宏达" in row["aliases"]]
    assert [row["aliases"][0] for row in named] == ["宏达精密", "宏达物流"]
    assert len({row["owner"] for row in named}) == 1
    surnames = [{person["name"][0] for person in row["contacts"]} for row in named]
    assert "王" in surnames[0] - surnames[1]
    ours = [r for r in company["deals"] if r["customer"] == named[0]["id"]]
    (deal,) = [row for row in ours if row["status"] == "open"]
    assert (deal["name"], deal["stage"], deal["amount_fen"]) == (
        "二期产线改造", "方案呈现", 120_000_000,
    )  # fmt: skip
    assert on(deal["moves"][-1]["at"]) == day - timedelta(days=9)
    late = [
        (r["on"], r["amount_fen"])
        for r in company["payments"]
        if r["customer"] == named[0]["id"] and r["planned"]
    ]
    assert late == [((day - timedelta(days=12)).isoformat(), 20_000_000)]
