"""Which of a customer's open deals a text fits: by the pieces of their names."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.known import KnownCustomer, KnownDeal
from nlu.naming.linking import forms_of


@lru_cache(maxsize=4096)
def _pieces(name: str) -> frozenset[str]:
    ascii_words = re.findall(r"[A-Za-z0-9]{2,}", name)
    chinese = re.findall(r"[\u4e00-\u9fff]+", name)
    return frozenset(ascii_words) | {
        part[i : i + 2] for part in chinese for i in range(len(part) - 1)
    }


_COMMON = frozenset(
    [
        "项目",
        "采购",
        "合同",
        "商机",
        "单子",
        "公司",
        "集团",
        "医院",
        "大学",
        "签了",
        "报价",
        "预算",
        "更新",
        "改造",
    ]
)


def fitting_deals(customer: KnownCustomer, text: str, several: bool) -> list[KnownDeal]:
    """The customer's deals whose own words the text holds most of."""
    names = tuple([deal.name for deal in customer.deals])
    weighed = _weighed(customer.name, customer.aliases, customer.learned, names, several)
    held = [[word for word in words if word[0] in text] for words in weighed]
    if not any(held) and not (several and _POINTED.search(text)):
        return []
    bare = text
    for form in _longest_first(customer.name, customer.aliases, customer.learned):
        bare = bare.replace(form, "\n")
    scores = [
        sum([weight for piece, weight in words if piece in bare]) + 5 * (name in text)
        for name, words in zip(names, held, strict=True)
    ]
    best = max(scores, default=0)
    if not best and several:
        return _by_one_character(customer, bare)
    return [d for d, score in zip(customer.deals, scores, strict=True) if score == best > 0]


@lru_cache(maxsize=4096)
def _weighed(
    name: str,
    aliases: tuple[str, ...],
    learned: tuple[str, ...],
    deals: tuple[str, ...],
    several: bool,
) -> tuple[tuple[tuple[str, float], ...], ...]:
    """The pieces of each deal's name, and how much each counts: less where others share it."""
    pieces = [_own_pieces(name, aliases, learned, deal) for deal in deals]
    owners = Counter(piece for own in pieces for piece in own)
    return tuple(
        tuple(
            (one, 1.0 / owners[one] if owners[one] < len(deals) or not several else 0.0)
            for one in own
        )
        for own in pieces
    )


_POINTED = re.compile(
    r"([\u4e00-\u9fff])(?:的)?[那这](?:一)?[单个块边批份]|([\u4e00-\u9fff])单(?![位价])"
)


def _by_one_character(customer: KnownCustomer, text: str) -> list[KnownDeal]:
    """酱那单: the one deal that has the character before 那单 in its name."""
    for found in _POINTED.finditer(text):
        char = found[1] or found[2]
        fitting = [d for d in customer.deals if any(char in p for p in own_pieces(customer, d))]
        if len(fitting) == 1:
            return fitting
    return []


@lru_cache(maxsize=4096)
def _longest_first(
    name: str, aliases: tuple[str, ...], learned: tuple[str, ...]
) -> tuple[str, ...]:
    customer = KnownCustomer(id="", name=name, aliases=aliases, learned=learned)
    return tuple(sorted(forms_of(customer), key=len, reverse=True))


def own_pieces(customer: KnownCustomer, deal: KnownDeal) -> frozenset[str]:
    """Pairs of characters of a deal's name beside the customer's own name."""
    return _own_pieces(customer.name, customer.aliases, customer.learned, deal.name)


@lru_cache(maxsize=8192)
def _own_pieces(
    name: str, aliases: tuple[str, ...], learned: tuple[str, ...], deal: str
) -> frozenset[str]:
    rest = deal
    for form in _longest_first(name, aliases, learned):
        rest = rest.replace(form, " ")
    return _pieces(rest) - _COMMON


def by_head(clause: Clause, fitting: list[KnownDeal]) -> list[KnownDeal]:
    """发光试剂 is about 试剂年采 rather than 发光仪: the end of a compound says what it is."""
    heads = {word[-2:] for m in clause.of("product") for word in (m.text, *m.values)}
    named = [deal for deal in fitting if any(head in deal.name for head in heads)]
    return named if len(named) == 1 else fitting
