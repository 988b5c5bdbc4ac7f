"""Where a text names customers, and which one is meant when several answer to the name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from nlu.forms import Forms
from nlu.known import KnownCustomer
from nlu.name_words import COMMON
from nlu.names import WEAK, is_place, short_forms
from nlu.sound import sounds_of, spoken

MASK = "□"
"""Stands in the working text where something was read already."""
_SOUND_RANK = 10
_DEAL_RANK = 5
_BEFORE_NAME = re.compile(
    r"(?:[去到访见跟和给在把从找与同约陪往由对问帮为向]|去了|到了|见了|去了趟|去趟|跑了?趟|今天|昨天|上午|下午|晚上|中午|刚才|收到|关于|补记|"
    r"客户|更新|汇报|那个|[□:：，。；、,;!！?？\s\n①-⑩.]|^)$"
)
_AFTER_NAME = re.compile(
    r"(?:的|那|这|说|今|昨|上午|下午|要|想|[□，。；、,;:：!！?？\s\n]|$|医院|大学|公司|集团|厂|科技|电子|回款|合同|报价|项目|单子|[见来拜谈聊跑签开去找])"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A customer that a piece of text may mean; a smaller rank is a closer kind of name."""

    customer: KnownCustomer
    rank: int

    @property
    def heard(self) -> bool:
        """Whether the name only sounds alike."""
        return self.rank >= _SOUND_RANK


@lru_cache(maxsize=4096)
def _forms_of(name: str, aliases: tuple[str, ...], learned: tuple[str, ...]) -> dict[str, int]:
    forms = dict.fromkeys(learned, -1)
    for said in (name, *aliases):
        forms.setdefault(said.replace(" ", ""), 0)
    for said in (name, *aliases):
        for form, rank in short_forms(said).items():
            forms.setdefault(form, rank)
    return forms


def forms_of(customer: KnownCustomer) -> dict[str, int]:
    """Every way to say the customer's name, with its rank."""
    return _forms_of(customer.name, customer.aliases, customer.learned)


def find_exact(
    text: str, customers: Iterable[KnownCustomer]
) -> list[tuple[int, int, tuple[Link, ...]]]:
    """(start, end, links) of every name that stands in the text as it is kept."""
    entries = [
        (form, Link(customer, rank))
        for customer in customers
        for form, rank in forms_of(customer).items()
        if form in text
    ]
    if not entries:
        return []
    named = ((a, b, _links(found)) for a, b, found in Forms(entries).find(text))
    return [
        (a, b, links)
        for a, b, links in named
        if min(link.rank for link in links) < WEAK or _name_stands(text, a, b)
    ]


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
    return [(a, b, _links(found)) for a, b, found in Forms(entries).find(text)] if entries else []


def find_heard(
    text: str, customers: Iterable[KnownCustomer]
) -> list[tuple[int, int, tuple[Link, ...]]]:
    """(start, end, links) of names that only sound like what was dictated."""
    by_sound: dict[tuple[str, ...], list[Link]] = {}
    for customer in customers:
        for sounds, rank in _sounds_of(customer.name, customer.aliases, customer.learned):
            by_sound.setdefault(sounds, []).append(Link(customer, rank + _SOUND_RANK))
    if not by_sound:
        return []
    lengths = sorted({len(sounds) for sounds in by_sound}, reverse=True)
    heard, found, free = sounds_of(text), [], 0
    for at in range(len(text)):
        if at < free or not heard[at]:
            continue
        for length in lengths:
            links = by_sound.get(tuple(heard[at : at + length]))
            if links and _name_stands(text, at, at + length):
                found.append((at, at + length, _links(links)))
                free = at + length
                break
    return found


@lru_cache(maxsize=4096)
def _sounds_of(
    name: str, aliases: tuple[str, ...], learned: tuple[str, ...]
) -> tuple[tuple[tuple[str, ...], int], ...]:
    forms = _forms_of(name, aliases, learned)
    short = [(form, rank) for form, rank in forms.items() if len(form) <= 10]
    return tuple((sounds, rank) for form, rank in short for sounds in spoken(form))


def _name_stands(text: str, start: int, end: int) -> bool:
    """Two syllables are a name only where a name may stand; a longer one always is."""
    if end - start > 2:
        return True
    if text[start:end] in COMMON:
        return False
    return bool(_BEFORE_NAME.search(text[max(0, start - 4) : start])) and bool(
        _AFTER_NAME.match(text[end : end + 3])
    )


def _links(found: Iterable[object]) -> tuple[Link, ...]:
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
    best = min(link.rank for link in links)
    near = [
        x.customer for x in links if x.rank <= max(best, 0) or (x.heard and best >= _SOUND_RANK)
    ]
    if len(near) == 1:
        return (near[0],)
    for keep in (_by_person, _by_words, _by_talk, _by_owner):
        kept = keep(near, evidence)
        if len(kept) == 1:
            return (kept[0],)
        if kept and keep in (_by_person, _by_words):
            near = kept
    return tuple(near)


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
        return any(
            part in known for part in ("总", "董事", "经理", "老板", "负责人", "厂长", "部长")
        )
    if said in ("老师", "博士"):
        return any(
            part in known for part in ("教授", "老师", "主任", "博士", "科", "处", "院", "研究")
        )
    if said == "工":
        return any(part in known for part in ("工", "技术", "设备", "研发"))
    if said in ("处", "科", "局", "院", "校", "董", "所", "部", "厂"):
        return said in known
    return bool(set(said) & set(known)) and said[-1] in known
