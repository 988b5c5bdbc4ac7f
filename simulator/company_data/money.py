"""The demo company's papers: contracts that were won, what was paid, quotes."""

from __future__ import annotations

from datetime import date, timedelta

from simulator.company_data import people
from simulator.company_data.history import (
    FEN_PER_WAN,
    MONTHS_BACK,
    Company,
    Row,
    month_end,
    month_start,
    new_deal,
    walk,
    wan,
    workday,
)

PARTS = ((0.3, 4), (0.6, 32), (0.1, 95))
"""Share of a contract and the days after its signing when it is due."""
TODAY_WAN = (48, 36)  # signed today by the first rep of each team
YESTERDAY_WAN = (21, 26)


def contracts(company: Company) -> None:
    """Months that came near their targets, and one contract for each team today."""
    for person in people.REPS:
        for back in range(MONTHS_BACK, -1, -1):
            _month(company, person, month_start(company.today, back))
    for user, amount in zip(people.FIRST_REPS, TODAY_WAN, strict=True):
        sign(company, company.regulars(user)[1], company.today, wan(amount))
    yesterday = workday(company.today - timedelta(days=1))
    for user, amount in zip(people.FIRST_REPS, YESTERDAY_WAN, strict=True):
        sign(company, company.regulars(user)[0], yesterday, wan(amount))


def _month(company: Company, person: people.Person, start: date) -> None:
    """One to three contracts, on workdays up to the day before yesterday."""
    chance = company.chance
    last = min(month_end(start), company.today - timedelta(days=2))
    if last < start:
        return
    elapsed = (last - start).days / (month_end(start) - start).days
    total = person.month_wan * elapsed * chance.uniform(0.62, 1.12)
    count = chance.randint(1, 3) if elapsed > 0.4 else 1
    shares = [chance.uniform(0.6, 1.4) for _ in range(count)]
    for share in shares:
        amount = wan(total * share / sum(shares))
        on = max(start, workday(start + timedelta(days=chance.randint(0, (last - start).days))))
        if amount > FEN_PER_WAN:
            sign(company, chance.choice(company.regulars(person.id)), on, amount)


def sign(company: Company, customer: Row, on: date, amount_fen: int, **values: str) -> Row:
    """A deal won that day, its contract, and its payments as far as they are due."""
    chance = company.chance
    made_on = workday(on - timedelta(days=chance.randint(25, 85)))
    deal = new_deal(company, customer, made_on, amount_fen=amount_fen, **values)
    walk(company, deal, (*people.STAGES, people.WON), on)
    deal.update(status="won", closed_on=on.isoformat())
    papers = company.rows.get("contracts", [])
    number = sum(row["signed_on"].startswith(f"{on:%Y-%m}") for row in papers)
    contract = company.add(
        "contracts", "k", customer=customer["id"], deal=deal["id"], owner=customer["owner"],
        paper_number=f"LZ-{on:%y%m}{number + 1:02d}", amount_fen=amount_fen,
        signed_on=on.isoformat(), created_at=company.moment(on),
    )  # fmt: skip
    _offer(company, deal, on)
    return contract


def _offer(company: Company, deal: Row, on: date) -> None:
    """The approved quote that a won deal had."""
    product = deal["products"][0]
    discount = company.chance.choice((8500, 8800, 9000, 9200, 9500, 10000))
    listed = deal["amount_fen"] * 10_000 // discount
    company.add(
        "quotes", "q", customer=deal["customer"], deal=deal["id"], owner=deal["owner"],
        amount_fen=deal["amount_fen"], discount_bp=discount, status="approved",
        reason="" if discount >= 9000 else "长期客户，量大",
        valid_until=(on + timedelta(days=15)).isoformat(),
        created_at=company.moment(workday(on - timedelta(days=12))),
        lines=[{"product": product, "quantity": 1, "unit_price_fen": listed}],
    )  # fmt: skip


def payments(company: Company) -> None:
    """Three instalments each: received when due, a few late, the rest still to come."""
    for contract in company.rows["contracts"]:
        if contract["id"] in company.told:
            continue
        signed = date.fromisoformat(contract["signed_on"])
        left = contract["amount_fen"]
        for share, days in PARTS:
            last = days == PARTS[-1][1]
            amount = left if last else wan(contract["amount_fen"] * share / FEN_PER_WAN)
            left -= amount
            _instalment(company, contract, amount, workday(signed + timedelta(days=days)))
    _settled(company)


def _instalment(company: Company, contract: Row, amount_fen: int, due: date) -> None:
    late = company.chance.random() < 0.13
    received = due < company.today and not late
    pay(company, contract, amount_fen, due, planned=not received)


def pay(company: Company, contract: Row, amount_fen: int, on: date, *, planned: bool) -> Row:
    """An instalment received, or planned."""
    return company.add(
        "payments", "p", customer=contract["customer"], contract=contract["id"],
        owner=contract["owner"], amount_fen=amount_fen, on=on.isoformat(), planned=planned,
        created_at=contract["created_at"],
    )  # fmt: skip


def _settled(company: Company) -> None:
    """For each team, something overdue came in yesterday or today."""
    for index, user in enumerate(people.FIRST_REPS):
        team = next(person.team for person in people.REPS if person.id == user)
        mates = [person.id for person in people.REPS if person.team == team]
        due = [
            row
            for row in company.rows["payments"]
            if row["planned"] and row["owner"] in mates and row["contract"] not in company.told
        ]
        due.sort(key=lambda row: (row["on"], row["id"]))
        days = (company.today, workday(company.today - timedelta(days=1)), company.today)
        for row, on in zip(due, days[index:], strict=False):
            row.update(planned=False, on=on.isoformat())
