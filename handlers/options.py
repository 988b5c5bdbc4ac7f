"""Options of a question with what tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from handlers import wording
from handlers.context import Context
from sales import customers
from sales.access import record_number
from storage.models.customers import Customer
from storage.models.people import Team, User
from storage.models.selling import Deal

MOST_LABEL = 20


async def labelled(context: Context, about: str, options: Sequence[str]) -> list[str]:
    """A label an option, in their order: names with the fact that differs."""
    numbers = [number for option in options if (number := record_number(option)) is not None]
    match about:
        case "customer":
            found = await _customers(context, numbers)
        case "deal":
            found = await _deals(context, numbers)
        case "user":
            found = await _users(context, numbers)
        case _:
            found = {}
    labels = [found.get(record_number(option) or 0, option) for option in options]
    return [wording.clipped(label, MOST_LABEL) for label in labels]


async def _customers(context: Context, numbers: list[int]) -> dict[int, str]:
    """Short names; with region, line of business or the whole name where two are alike."""
    names = await customers.short_names(context.session, numbers)
    rows = list(await context.session.scalars(select(Customer).where(Customer.id.in_(numbers))))
    alike = {name for name, count in Counter(names.values()).items() if count > 1}
    found = {}
    for row in rows:
        facts = [fact for fact in (row.region, row.industry) if fact]
        label = row.name if names[row.id] in alike and not facts else names[row.id]
        found[row.id] = f"{label}（{facts[0]}）" if facts else label
    return found


async def _deals(context: Context, numbers: list[int]) -> dict[int, str]:
    rows = await context.session.scalars(select(Deal).where(Deal.id.in_(numbers)))
    return {
        row.id: f"{row.name} {wording.amount(row.amount_fen, row.amount_high_fen)}"
        if row.amount_fen is not None
        else row.name
        for row in rows
    }


async def _users(context: Context, numbers: list[int]) -> dict[int, str]:
    query = (
        select(User.id, User.name, Team.name.label("team"))
        .join(Team, Team.id == User.team_id, isouter=True)
        .where(User.id.in_(numbers))
    )
    return {
        row.id: f"{row.name}（{row.team}）" if row.team else row.name
        for row in await context.session.execute(query)
    }
