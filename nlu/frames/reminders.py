"""A deed that two clauses tell together: one tells it, the other not to forget it, or till when."""

# ruff: noqa: E501 - a pattern is read in one piece
from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.task_words import PAST
from nlu.scene import Mention
from nlu.sections import Section

_NOT_FORGET = re.compile(
    r"^\s*(?:千万|可|到时候?|Ⓓ)?(?:别忘了?|别让我忘了?|提醒我(?:一[下声])?|记得|记得提醒我?)(?:啊|哈|吧)?\s*$"
)
_OWED = re.compile(
    r"欠[着了]?[^,，]{0,3}(?:Ⓟ|Ⓒ|[他她])|[给发交寄送补回改办出提做写打报催问约]|准备|整理"
)


def to_remember(section: Section, place: int) -> Clause | None:
    """欠林经理一份案例集,别忘了: what isn't to be forgotten stands in the clause before."""
    if not place or not _NOT_FORGET.match(section.clauses[place].shape):
        return None
    before, clause = section.clauses[place - 1 : place + 1]
    if before.start in before.taken or PAST.search(before.shape):
        return None
    if "提醒" not in section.clauses[place].shape and not _OWED.search(before.shape):
        return None
    gap = " " * (clause.start - before.end)
    mentions = before.mentions + clause.mentions
    return Clause(before.text + gap + clause.text, before.start, clause.end, mentions)


def told_again(drafts: list[Draft], what: str, due: Mention | None) -> bool:
    """要补一份质检报告,让我周日前补上: one deed, and its day comes second."""
    last = drafts[-1].slots if drafts else {}
    same = str(last.get("what", "")).endswith(what) and "due" not in last
    if same and due:
        del drafts[-1]
        return False
    return same
