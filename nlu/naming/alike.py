"""Names with one character wrong: another one, none, one too many, or two that changed places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from nlu.known import KnownCustomer
from nlu.naming.linking import (
    ALIKE,
    HEARD,
    MASK,
    NOBODY,
    Found,
    Link,
    Talk,
    find_exact,
    find_heard,
    folded,
    longest_first,
    small_forms_of,
)
from nlu.naming.name_words import NEVER_NAMES
from nlu.naming.names import WEAK, ending_of, is_place
from nlu.naming.sound import sounds_of
from nlu.naming.standing import name_stands

_NEW = re.compile(r"(?:新客户|新[建增开]|陌[拜访]|录入).{0,12}$")
SHORTEST_OWN = 4
LONGEST_PIECE = 4
MOST_CHARS = 2_000
"""Of a text of many pages only the beginning is looked through, so that its time stays bounded."""
SHORTEST = 6
"""Of a stranger's name this much must be said: three right characters name too many firms."""
_TELL_APART = frozenset("一二三四五六七八九十甲乙丙丁东西南北中上下左右前后内外大小新老0123456789")
"""第一 and 第二, 江东 and 江西: no slip of the pen."""
_NOT_IN_NAMES = frozenset(NEVER_NAMES + "的，。；、,;:：!！?？□ \n")


def find_alike(text: str, customers: Iterable[KnownCustomer], talk: Talk = NOBODY) -> list[Found]:
    """(start, end, links) of names that are miswritten by one character."""
    plain = folded(text[:MOST_CHARS])
    chars = frozenset(plain)
    entries: dict[str, list[Link]] = {}
    for customer in customers:
        shortest = SHORTEST_OWN if talk.near(customer) else SHORTEST
        for form, rank in small_forms_of(customer).items():
            if len(form) >= shortest and rank < WEAK and len(set(form) - chars) <= 1:
                for said in _misspelt(form, plain):
                    link = Link(customer, _rank(said, form, rank))
                    entries.setdefault(said, []).append(link)
    if not entries:
        return []
    return [
        (start, end, links)
        for start, end, links in longest_first(plain, entries, talk)
        if not _NEW.search(plain[max(0, start - 16) : start])
        and (plain[start - 1 : start] != MASK or any(talk.near(link.customer) for link in links))
    ]


def find_written(
    text: str, customers: Collection[KnownCustomer], talk: Talk = NOBODY
) -> list[Found]:
    """Names as they are kept, but for a stranger's that is a piece of a longer, miswritten one.

    苏州恒恒达精密机械 is one slip from a firm's name, whoever else is called 恒达.
    """
    names = find_exact(text, customers, talk)
    pieces = [
        found
        for found in names
        if not any(talk.near(link.customer) for link in found[2]) and _is_piece(text, found)
    ]
    if not pieces:
        return names
    own = [customer for customer in customers if talk.near(customer)]
    longer = [
        found
        for found in find_alike(text, customers, talk)
        if found[1] - found[0] > 5 or any(talk.near(link.customer) for link in found[2])
    ]
    longer += [found for found in find_heard(text, own, talk) if found[1] - found[0] > 3]
    return [
        found
        for found in names
        if found not in pieces
        or not any(start <= found[0] and found[1] <= end for start, end, _ in longer)
    ]


def _is_piece(text: str, found: Found) -> bool:
    """Whether it is no whole name as it is kept, and doesn't stand like one."""
    start, end, links = found
    derived = min(link.rank for link in links) > 0
    return (derived or end - start <= LONGEST_PIECE) and not name_stands(text, start, end)


def _rank(said: str, form: str, rank: int) -> int:
    alike = len(said) == len(form) and sounds_of(said) == sounds_of(form)
    return max(rank, 0) + (HEARD if alike else ALIKE)


def _misspelt(form: str, text: str) -> Iterator[str]:
    """The pieces of the text that are the form but for one character, where it isn't itself."""
    if form in text:
        return
    size = len(form)
    for length in (size, size - 1, size + 1):
        for start in _starts(form, text, length):
            said = text[start : start + length]
            if not _one_wrong(form, said):
                continue
            if not any(_another_firm(form, whole) for whole in _wholes(form, text, start, said)):
                yield said


def _wholes(form: str, text: str, start: int, said: str) -> Iterator[str]:
    """What was said, and where its first or last character lacks, with what stands there."""
    yield said
    if form[1:] == said:
        yield text[max(0, start - 1) : start] + said
    elif form[:-1] == said:
        yield said + text[start + len(said) : start + len(said) + 1]


def _starts(form: str, text: str, length: int) -> set[int]:
    """Where it may begin: one slip leaves the first or the last character as it is."""
    starts = set()
    at = text.find(form[0])
    while at >= 0:
        starts.add(at)
        at = text.find(form[0], at + 1)
    at = text.find(form[-1])
    while at >= 0:
        starts.add(at + 1 - length)
        at = text.find(form[-1], at + 1)
    return {start for start in starts if 0 <= start <= len(text) - length}


def _one_wrong(form: str, said: str) -> bool:
    before, size = 0, min(len(form), len(said))
    while before < size and form[before] == said[before]:
        before += 1
    after = 0
    while after < size - before and form[-1 - after] == said[-1 - after]:
        after += 1
    kept, written = form[before : len(form) - after], said[before : len(said) - after]
    if len(kept) + len(written) <= 2:
        return _NOT_IN_NAMES.isdisjoint(written)
    return len(kept) == len(written) == 2 and kept == written[::-1]


def _another_firm(form: str, said: str) -> bool:
    """Whether the difference is that of two places, or of two lines of business."""
    if said[:2] != form[:2] and is_place(said[:2]) and is_place(form[:2]):
        return True
    if len(said) == len(form) and any(
        one != other and one in _TELL_APART and other in _TELL_APART
        for one, other in zip(form, said, strict=True)
    ):
        return True
    mine, other = ending_of(form), ending_of(said)
    return bool(other) and other != mine and not mine.endswith(other)
