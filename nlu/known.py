"""What a text may name: the company's people, words and the customers that its keys fetched."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user of the company; `role` is rep, manager, director, finance or admin."""

    id: str
    name: str
    role: str = "rep"
    team: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownContact:
    """A person at a customer."""

    name: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDeal:
    """An open deal; `amount` in yuan."""

    id: str
    name: str
    stage: str = ""
    amount: float | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCustomer:
    """A customer; without an owner it is in the shared pool. `learned` are this reader's names."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    owner: str | None = None
    industry: str = ""
    region: str = ""
    grade: str = ""
    contacts: tuple[KnownContact, ...] = ()
    deals: tuple[KnownDeal, ...] = ()
    learned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownField:
    """A custom field of customers; `type` is text, number, choice or date."""

    name: str
    type: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The company's own words, small and whole; stages in order, won and lost last.

    Without slots: what is compiled from it is kept in its `cache`, once for all messages.
    """

    users: tuple[Person, ...] = ()
    stages: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    fields: tuple[KnownField, ...] = ()
    teams: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The vocabulary, and only those customers that the text's keys or the conversation named."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    customers: tuple[KnownCustomer, ...] = ()
