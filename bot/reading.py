"""Words to acts with the database at hand: what the text may name is fetched, then nlu reads."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nlu.known import Known, KnownContact, KnownCustomer, KnownDeal, KnownField, Person, Vocabulary
from nlu.memory import Memory
from nlu.names import keys_of_text
from nlu.parser import Reading, read
from sales.setup.document import CompanySetup
from storage.models.people import Team, User
from storage.names import Candidate, candidates

FEN = 100


class Reader:
    """Reads texts; keeps what is compiled of the company's words until they change."""

    def __init__(self) -> None:
        self._signature = ""
        self._vocabulary = Vocabulary()
        self._people: dict[int, Person] = {}

    async def refresh(self, session: AsyncSession, setup: CompanySetup) -> None:
        """Take the company's words as they are now."""
        teams = {team.id: team.name for team in await session.scalars(select(Team))}
        users = await session.scalars(select(User).where(User.active.is_(True)).order_by(User.id))
        self._people = {user.id: _person(user, teams) for user in users}
        vocabulary = _vocabulary(setup, tuple(self._people.values()), tuple(teams.values()))
        signature = repr(vocabulary)
        if signature != self._signature:
            self._signature, self._vocabulary = signature, vocabulary

    async def read(
        self, session: AsyncSession, text: str, *, sender: User, at: datetime, memory: Memory
    ) -> Reading:
        """The acts of a text, for a session that already sees as its sender does."""
        also = {int(key) for key in memory.customer_ids if key.isdigit()}
        found = await candidates(session, keys_of_text(text), also, sender.id)
        known = Known(
            vocabulary=self._vocabulary, customers=tuple(_customer(item) for item in found)
        )
        person = self._people.get(sender.id) or _person(sender, {})
        return read(text, at=at, sender=person, known=known, memory=memory)


def _person(user: User, teams: dict[int, str]) -> Person:
    team = teams.get(user.team_id, "") if user.team_id is not None else ""
    return Person(
        id=str(user.id), name=user.name, role=user.role, team=team, region=user.region or ""
    )


def _vocabulary(
    setup: CompanySetup, people: tuple[Person, ...], teams: tuple[str, ...]
) -> Vocabulary:
    return Vocabulary(
        users=people,
        stages=setup.stage_names,
        products=tuple(setup.products),
        competitors=tuple(setup.competitors),
        fields=tuple(
            KnownField(name=f.name, type=f.type, choices=tuple(f.choices)) for f in setup.fields
        ),
        teams=teams,
        regions=tuple(setup.regions),
        industries=tuple(setup.industries),
    )


def _customer(found: Candidate) -> KnownCustomer:
    return KnownCustomer(
        id=str(found.id),
        name=found.name,
        aliases=tuple(found.aliases),
        learned=tuple(found.learned),
        owner=None if found.owner_id is None else str(found.owner_id),
        industry=found.industry or "",
        region=found.region or "",
        grade=found.grade or "",
        contacts=tuple(
            KnownContact(name=name, title=title or "") for name, title in found.contacts
        ),
        deals=tuple(
            KnownDeal(
                id=str(deal.id),
                name=deal.name,
                stage=deal.stage,
                amount=None if deal.amount_fen is None else deal.amount_fen / FEN,
            )
            for deal in found.deals
        ),
    )


def memory_from(value: dict[str, Any] | None) -> Memory:
    """A conversation's memory; what can't be read (an older form) is forgotten."""
    try:
        return Memory.from_json(value) if value else Memory()
    except (KeyError, TypeError, ValueError, json.JSONDecodeError):
        return Memory()
