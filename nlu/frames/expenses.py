"""Money that the sender spent."""

from __future__ import annotations

import re

from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.money_words import CATEGORIES, CLAIMS, EXPENSE, SPENT
from nlu.frames.targets import plain
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of, lies_ahead

_CALLED = re.compile("电话|微信")
"""A taxi told beside a call was not for whom the call was."""


def expenses(section: Section, setting: Setting) -> list[Draft]:
    """Money that the sender spent."""
    drafts = []
    whole = " ".join(c.shape for c in section.clauses)
    if not EXPENSE.search(whole) or re.search(r"驳回|退回|同意|批", whole):
        return []
    claims = CLAIMS.search(whole) is not None
    for place, clause in enumerate(section.clauses):
        near = " ".join(c.shape for c in section.clauses[max(0, place - 1) : place + 2])
        for money in clause.of("amount"):
            if money.start in clause.taken or not (claims or EXPENSE.search(clause.shape)):
                continue
            if not EXPENSE.search(near) or (not claims and not SPENT.search(clause.shape)):
                continue
            if not claims and _too_much(money):
                continue
            drafts.append(_expense(section, setting, clause, money, near))
            clause.taken.add(money.start)
    return drafts


def _words_before(clause: Clause, money: Mention) -> str:
    """What stands between the sum before and this one: 过路费186、油费420."""
    place = next(i for i in range(len(clause.shape)) if clause.mention_at(i) is money)
    return clause.shape[:place].rpartition("Ⓐ")[2]


def _too_much(money: Mention) -> bool:
    """No taxi costs fifty thousand: such a sum is a deal's, whatever words stand beside."""
    return isinstance(money.amount, (int, float)) and money.amount >= 50_000


def _expense(
    section: Section, setting: Setting, clause: Clause, money: Mention, near: str
) -> Draft:
    draft = Draft("expense", clause.start)
    draft.put("amount", plain(money.amount), money)
    texts = (_words_before(clause, money), clause.shape, near, " ".join(c.shape for c in section.clauses))
    category = next(
        (name for text in texts for name, pattern in CATEGORIES if pattern.search(text)), "other"
    )
    draft.put("category", category, (clause.start, clause.end))
    earlier = [c for c in section.clauses if c.start < clause.start]
    for told in (clause, *reversed(earlier), *section.clauses):
        for mention in told.of("date"):
            value = day_of(mention, told, setting, "past")
            if "date" not in draft.slots and not lies_ahead(value, setting.now):
                draft.put("date", value, mention)
    travelled = category in ("transport", "travel", "hotel") and any(
        _CALLED.search(c.shape) for c in section.clauses if c is not clause
    )
    if section.customer and not (travelled and not clause.of("customer")):
        draft.put("customer", section.customer.id, section.mention)
    return draft
