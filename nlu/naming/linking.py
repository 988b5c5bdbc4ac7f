"""Where a text names customers, and which one is meant when several answer to the name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from nlu.forms import Forms
from nlu.known import KnownCustomer
from nlu.naming.name_words import COMMON, HEADS
from nlu.naming.names import WEAK, anatomy, is_place, short_forms
from nlu.naming.ordinary import is_word
from nlu.naming.sound import same_syllables, sounds_of, spoken
from nlu.naming.standing import (
    beside_a_name,
    firm_goes_on,
    is_addressed,
    name_may_start,
    name_stands,
    short_name_stands,
)

MASK = "□"
"""Stands in the working text where something was read already."""
_DEAL_RANK = 5
HEARD = 10
"""From this rank on a name only sounds alike; `CONFUSED`, only to a dialect's ear."""
CONFUSED = 15
ALIKE = 20
"""From this rank on a name has one character wrong."""
MOST_HEARD = 4
"""Two syllables that this many strangers share name none of them."""
_SURE = ((1, 1.0), (2, 0.95), (WEAK, 0.9), (HEARD, 0.8), (CONFUSED, 0.7), (ALIKE, 0.6))
Found = tuple[int, int, "tuple[Link, ...]"]
"""Where a name starts and ends, and whom it may mean."""
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Link:
    """A customer that a piece of text may mean; a smaller rank is a closer kind of name."""

    customer: KnownCustomer
    rank: int

    @property
    def heard(self) -> bool:
        """Whether the name only sounds alike."""
        return HEARD <= self.rank < ALIKE

    @property
    def confidence(self) -> float:
        """How sure it is, seen alone, that the name was meant: 1 as it is kept, 0.5 miswritten."""
        return next((sure for below, sure in _SURE if self.rank < below), 0.5)


@dataclass(frozen=True, slots=True)
class Talk:
    """Who speaks, and the customers that were spoken of last, latest first."""

    sender: str = ""
    recent: tuple[str, ...] = ()

    def near(self, customer: KnownCustomer) -> bool:
        """Whether the customer is the sender's own or was just spoken of."""
        return not self.sender or customer.owner == self.sender or customer.id in self.recent


NOBODY = Talk()
"""Of whom nothing is known: every customer may be theirs."""


def folded(text: str) -> str:
    """With small letters, of the same length."""
    return text.translate(_ASCII_LOWER)


@lru_cache(maxsize=4096)
def _forms_of(name: str, aliases: tuple[str, ...], learned: tuple[str, ...]) -> dict[str, int]:
    forms = dict.fromkeys(learned, -1)
    for said in (name, *aliases):
        forms.setdefault(said, 0)
        forms.setdefault(said.replace(" ", ""), 0)
    for said in (name, *aliases):
        for form, rank in short_forms(said).items():
            forms.setdefault(form, rank)
    return forms


def forms_of(customer: KnownCustomer) -> dict[str, int]:
    """Every way to say the customer's name, with its rank."""
    return _forms_of(customer.name, customer.aliases, customer.learned)


@lru_cache(maxsize=4096)
def _small_forms(name: str, aliases: tuple[str, ...], learned: tuple[str, ...]) -> dict[str, int]:
    small: dict[str, int] = {}
    for form, rank in _forms_of(name, aliases, learned).items():
        small.setdefault(folded(form), rank)
    return small


def small_forms_of(customer: KnownCustomer) -> dict[str, int]:
    """As `forms_of`, in small letters."""
    return _small_forms(customer.name, customer.aliases, customer.learned)


def find_exact(text: str, customers: Iterable[KnownCustomer], talk: Talk = NOBODY) -> list[Found]:
    """(start, end, links) of every name that stands in the text as it is kept."""
    plain = folded(text)
    entries: dict[str, list[Link]] = {}
    for customer in customers:
        for form, rank in small_forms_of(customer).items():
            if form in plain:
                entries.setdefault(form, []).append(Link(customer, rank))
    return longest_first(plain, entries, talk)


def longest_first(text: str, entries: dict[str, list[Link]], talk: Talk) -> list[Found]:
    """Where these pieces stand as names, the longest of those that overlap, in order."""
    found: list[Found] = []
    taken = bytearray(len(text))
    for form in sorted(entries, key=len, reverse=True):
        start = text.find(form)
        while start >= 0:
            end = start + len(form)
            if not any(taken[start:end]):
                links = [x for x in entries[form] if _stands(text, start, end, x, talk)]
                if links:
                    found.append((start, end, links_of(links)))
                    taken[start:end] = b"\1" * (end - start)
            start = text.find(form, start + 1)
    return sorted(found, key=lambda one: one[0])


def elsewhere(text: str, start: int, link: Link) -> bool:
    """Whether another place than the customer's stands before it: that is another firm."""
    before = text[max(0, start - 2) : start]
    return is_place(before) and before not in anatomy(link.customer.name).place


def _stands(text: str, start: int, end: int, link: Link, talk: Talk) -> bool:
    if link.rank >= HEARD:
        return not elsewhere(text, start, link)
    if link.rank > 0 and not talk.near(link.customer):
        name = small_forms_of(link.customer)
        if elsewhere(text, start, link) or firm_goes_on(text, start, end, name):
            return False
    if end - start > 4:
        return True
    if link.rank == WEAK and not name_stands(text, start, end):
        return False
    if any(text.startswith(person.name, end) for person in link.customer.contacts):
        return True
    own, given = talk.near(link.customer), link.rank <= 0
    return short_name_stands(text, start, end, own=own or link.rank < 0, given=given)


def find_by_deal(
    text: str, customers: Iterable[KnownCustomer]
) -> list[tuple[int, int, tuple[Link, ...]]]:
    """(start, end, links) where a deal's name, or its beginning, stands for its customer."""
    entries: list[tuple[str, object]] = []
    for customer in customers:
        own = forms_of(customer)
        for deal in customer.deals:
            if len(deal.name) < 3 or deal.name[:3] not in text:
                continue
            sizes = range(len(deal.name), 2, -1)
            piece = next((deal.name[:n] for n in sizes if deal.name[:n] in text), "")
            if piece and not any(form.startswith(piece) or piece.startswith(form) for form in own):
                entries.append((piece, Link(customer, _DEAL_RANK)))
    return (
        [(a, b, links_of(found)) for a, b, found in Forms(entries).find(text)] if entries else []
    )


def find_heard(text: str, customers: Iterable[KnownCustomer], talk: Talk = NOBODY) -> list[Found]:
    """(start, end, links) of names that only sound like what was dictated."""
    by_sound: dict[tuple[str, ...], list[tuple[str, Link]]] = {}
    lengths: dict[tuple[str, ...], set[int]] = {}
    for customer in customers:
        for sounds, form, rank in _sounds_of(customer.name, customer.aliases, customer.learned):
            by_sound.setdefault(sounds, []).append((form, Link(customer, rank)))
            lengths.setdefault(sounds[:2], set()).add(len(sounds))
    if not by_sound:
        return []
    heard, found, free = sounds_of(text), [], 0
    for at in [place for place, pair in enumerate(pairwise(heard)) if pair in lengths]:
        for length in (
            sorted(lengths[heard[at], heard[at + 1]], reverse=True) if at >= free else ()
        ):
            end = at + length
            alike = by_sound.get(tuple(heard[at:end])) if end <= len(text) else None
            links = _heard_as(text, at, end, alike, talk) if alike else ()
            if links:
                found.append((at, end, links))
                free = end
                break
    return found


def longer_heard(
    text: str, start: int, end: int, customers: Iterable[KnownCustomer]
) -> tuple[int, tuple[Link, ...]]:
    """Where a longer name ends that sounds so and begins with a shorter one of another customer.

    Sounds leave no doubt where the text goes on as just one customer's name does.
    """
    found: dict[int, list[Link]] = {}
    for customer in customers:
        for sounds, form, rank in _sounds_of(customer.name, customer.aliases, customer.learned):
            stop = start + len(sounds)
            if len(sounds) < 4 or stop < end + 2 or text[end:stop] != form[end - start :]:
                continue
            if same_syllables(text[start:stop], form):
                found.setdefault(stop, []).append(Link(customer, rank + HEARD))
    stop = max(found, default=end)
    return stop, links_of(found.get(stop, ()))


def _heard_as(
    text: str, start: int, end: int, alike: list[tuple[str, Link]], talk: Talk
) -> tuple[Link, ...]:
    """Whom a piece of this sound names; strangers, and those of many, only by what is rare."""
    said = text[start:end]
    stands = name_stands(text, start, end)
    if (len(said) == 2 and (said in COMMON or not stands)) or is_addressed(said):
        return ()
    if len(said) == 3 and not beside_a_name(text, start, end):
        return ()
    links = links_of(
        Link(x.customer, x.rank + (HEARD if same_syllables(said, form) else CONFUSED))
        for form, x in alike
    )
    if any(talk.near(link.customer) for link in links):
        return links
    if len(said) > 3:
        whole = name_may_start(text, start) and not firm_goes_on(text, start, end, ())
        return links if whole else ()
    rare = stands and len(links) < MOST_HEARD and not is_word(said)
    return links if rare else ()


@lru_cache(maxsize=4096)
def _sounds_of(
    name: str, aliases: tuple[str, ...], learned: tuple[str, ...]
) -> tuple[tuple[tuple[str, ...], str, int], ...]:
    forms = _forms_of(name, aliases, learned)
    short = [(form, rank) for form, rank in forms.items() if 2 <= len(form) <= 10]
    return tuple((sounds, form, rank) for form, rank in short for sounds in spoken(form))


def links_of(found: Iterable[object]) -> tuple[Link, ...]:
    """Each customer once, by the nearest of its names."""
    best: dict[str, Link] = {}
    for link in found:
        if isinstance(link, Link):
            kept = best.get(link.customer.id)
            if kept is None or link.rank < kept.rank:
                best[link.customer.id] = link
    return tuple(best.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What else the text and the conversation say about which customer is meant."""

    text: str
    sender: str
    recent: tuple[str, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    """(name or surname, title) of the persons named beside the customer."""


def choose(links: tuple[Link, ...], evidence: Evidence) -> tuple[KnownCustomer, ...]:
    """The one customer that is meant, or those among which a question must choose."""
    if len(links) == 1:
        return (links[0].customer,)
    near = _nearest(links, evidence)
    if len(near) == 1:
        return (near[0],)
    for keep in (_by_person, _by_words, _by_talk, _by_owner):
        kept = keep(near, evidence)
        if len(kept) == 1:
            return (kept[0],)
        if kept and keep is not _by_talk:
            near = kept
    return tuple(near)


def ranked(links: tuple[Link, ...], evidence: Evidence) -> list[KnownCustomer]:
    """All, likeliest first: what `choose` keeps, then by kind of name and whose they are."""
    kept = {customer.id for customer in choose(links, evidence)}
    recent = {one: place for place, one in enumerate(evidence.recent)}

    def place(link: Link) -> tuple[bool, int, int, bool, int]:
        customer = link.customer
        spoken_of = recent.get(customer.id, len(recent))
        own = customer.owner == evidence.sender
        return customer.id not in kept, _tier(link.rank), spoken_of, not own, link.rank

    return [link.customer for link in sorted(links, key=place)]


def _tier(rank: int) -> int:
    """As written, by sound, by a dialect's sound, or miswritten: never mixed in one question."""
    return next((n for n, limit in enumerate((HEARD, CONFUSED, ALIKE)) if rank < limit), 3)


def _nearest(links: tuple[Link, ...], evidence: Evidence) -> list[KnownCustomer]:
    """Of the nearest tier: as written only the closest names, and what is the sender's own.

    Of what is only heard the sender's own count whichever way they sound alike.
    """
    tier = min(_tier(link.rank) for link in links)
    best = max(min(link.rank for link in links), 0)
    bound = (HEARD, ALIKE, ALIKE, 99)[tier]

    def is_near(link: Link) -> bool:
        customer = link.customer
        if customer.owner == evidence.sender or customer.id in evidence.recent:
            return link.rank < bound
        return _tier(link.rank) == tier if tier else link.rank <= best

    return [link.customer for link in links if is_near(link)]


def _by_person(near: list[KnownCustomer], evidence: Evidence) -> list[KnownCustomer]:
    return [
        c
        for c in near
        if any(
            contact.name == name
            or (contact.name.startswith(name) and len(name) < len(contact.name)
                and fits_title(contact.title, title))
            for contact in c.contacts
            for name, title in evidence.people
        )
    ]  # fmt: skip


def _by_words(near: list[KnownCustomer], evidence: Evidence) -> list[KnownCustomer]:
    """By a deal, place or line of business that the text names and just some of them have."""
    scored = {c.id: sum(word in evidence.text for word in _marks(c)) for c in near}
    shared = {w for c in near for w in _marks(c) if all(w in _marks(o) for o in near)}
    for c in near:
        scored[c.id] -= sum(word in evidence.text for word in shared)
    best = max(scored.values())
    return [c for c in near if scored[c.id] == best] if best > 0 else []


def _marks(customer: KnownCustomer) -> set[str]:
    """Words that tell a customer from its namesakes: place, trade, what its deals are about."""
    return set(_marks_of(customer.name, customer.industry, tuple(d.name for d in customer.deals)))


@lru_cache(maxsize=4096)
def _marks_of(name: str, industry: str, deals: tuple[str, ...]) -> tuple[str, ...]:
    forms = short_forms(name)
    core = min((f for f in forms if forms[f] == 2), key=len, default="")
    marks = {industry} if industry else set()
    before, _, after = name.partition(core) if core else ("", "", "")
    if len(before) >= 2 and is_place(before):
        marks.add(before.rstrip("省市县区"))
    after = re.sub(r"(?:股份)?有限(?:责任)?公司$|集团$", "", after)
    marks |= {after[i : i + 2] for i in range(len(after) - 1)}
    for deal in deals:
        rest = deal.replace(core, "") if core else deal
        marks |= {rest[i : i + 3] for i in range(len(rest) - 2)}
    return tuple(sorted(marks))


def _by_talk(near: list[KnownCustomer], evidence: Evidence) -> list[KnownCustomer]:
    ids = {c.id: c for c in near}
    return [ids[c] for c in evidence.recent if c in ids][:1]


def _by_owner(near: list[KnownCustomer], evidence: Evidence) -> list[KnownCustomer]:
    return [c for c in near if c.owner == evidence.sender]


def fits_title(known: str, said: str) -> bool:
    """Whether a person with this title may be called so (总监 is 总, 教授 is 老师)."""
    if not said or said in known:
        return True
    if said == "总":
        return any(part in known for part in HEADS)
    if said in ("老师", "博士"):
        return any(
            part in known for part in ("教授", "老师", "主任", "博士", "科", "处", "院", "研究")
        )
    if said == "工":
        return any(part in known for part in ("工", "技术", "设备", "研发"))
    if said in ("处", "科", "局", "院", "校", "董", "所", "部", "厂"):
        return said in known
    return bool(set(said) & set(known)) and said[-1] in known
