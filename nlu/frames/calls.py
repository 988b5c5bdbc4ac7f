"""Calls still to be made: 明天再打, 约了明早十点电话."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.scene import Mention
from nlu.sections import Section

_AGAIN = re.compile(
    r"(?:Ⓓ|回头|改天|晚点|过[一两]?会儿?)(?:我们?|就|得|要|会)*再?(?:给(?:[他她]们?|Ⓟ|Ⓒ))?[打拨回](?:过?去)?(?:一?[个遍次下]|Ⓠ|试试|给[他她])*\s*$"
)
_AGREED = re.compile(
    r"(?:约|定|说|改)[了好在到成的]*Ⓓ[^,，ⒸⓅ]{0,4}(?:通|打|来)?个?(?:电话|通话)\s*$"
)
_MONEY = re.compile("[ⒶⒻ款钱账折]")
"""What is sent tomorrow may be money, and a price may be cut."""
_BY_PHONE = re.compile(r"电话|通话|占线|关机|[打接拨]了?[不没]?通|没接|来电|[打拨]")


def call_to_make(section: Section, place: int) -> str:
    """What is to be done where a clause puts off a call or has agreed on one, else nothing."""
    clause = section.clauses[place]
    again = None if _MONEY.search(clause.shape) else _AGAIN.search(clause.shape)
    near = section.clauses[max(0, place - 3) : place]
    if again and "再打" not in again.group() and not any(_BY_PHONE.search(c.shape) for c in near):
        again = None
    if not (again or _AGREED.search(clause.shape)):
        return ""
    whom = _whom(clause, near) or section.mention
    return f"给{whom.text}打电话" if whom else "打电话"


def whom_to_call(section: Section, place: int) -> str:
    """Whom a clause that only says 再打一个 means."""
    whom = _whom(section.clauses[place], section.clauses[max(0, place - 3) : place])
    whom = whom or section.mention
    return whom.text if whom else ""


def _whom(clause: Clause, near: list[Clause]) -> Mention | None:
    """Who is to be called: named here, or last in the clauses before."""
    people = [m for c in (*near, clause) for m in c.of("person")]
    return people[-1] if people else None
