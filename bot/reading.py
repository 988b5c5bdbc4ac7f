"""Words to acts with the database at hand: what the text may name is fetched, then nlu reads."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import LanguageModel
from nlu.known import Known, KnownContact, KnownCustomer, KnownDeal, KnownField, Person, Vocabulary
from nlu.memory import Memory
from nlu.naming.names import keys_of_text
from nlu.parser import Reading, read
from nlu.proposals import CONFIDENCE, is_unsure
from sales.setup.document import CompanySetup
from storage.models.people import Team, User
from storage.names import Candidate, candidates

FEN = 100


class Reader:
    """Reads texts; keeps what is compiled of the company's words until they change."""

    def __init__(self, model: LanguageModel | None = None) -> None:
        self._model = model
        self._signature = ""
        self._vocabulary = Vocabulary()
        self._people: dict[int, Person] = {}

    @property
    def is_advised(self) -> bool:
        """Whether there is a language model to ask, which takes its time."""
        return self._model is not None

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
        """The acts of a text by the rules, for a session that sees as its sender does."""
        known = await self.known(session, text, sender=sender, memory=memory)
        return read(text, at=at, sender=self._person(sender), known=known, memory=memory)

    async def understand(
        self, text: str, *, known: Known, sender: User, at: datetime, memory: Memory
    ) -> Reading:
        """As `read`, with a language model's help where the rules are unsure; no session is open.

        What the model proposes joins what the rules are sure of.
        """
        person = self._person(sender)
        reading = read(text, at=at, sender=person, known=known, memory=memory)
        if self._model is None or not is_unsure(reading, text):
            return reading
        proposed = await self._model.acts(text, at=at, sender=person, known=known)
        sure = tuple(heard for heard in reading.acts if heard.confidence >= CONFIDENCE)
        kinds = {type(heard.act) for heard in sure}
        added = tuple(heard for heard in proposed if type(heard.act) not in kinds)
        return Reading((*sure, *added), reading.memory) if added else reading

    async def known(
        self, session: AsyncSession, text: str, *, sender: User, memory: Memory
    ) -> Known:
        """What the text may name: the company's words, and the customers that its keys find."""
        also = {int(key) for key in memory.customer_ids if key.isdigit()}
        found = await candidates(session, keys_of_text(text), also, sender.id)
        return Known(
            vocabulary=self._vocabulary, customers=tuple(known_customer(item) for item in found)
        )

    def _person(self, sender: User) -> Person:
        return self._people.get(sender.id) or _person(sender, {})


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


def known_customer(found: Candidate) -> KnownCustomer:
    """A candidate as nlu knows it: ids are text, money is in yuan."""
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
