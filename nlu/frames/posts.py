"""Whose post a newcomer takes: told with the department, or before the name."""

from __future__ import annotations

from collections.abc import Sequence

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.naming.people import TITLES

_TITLE = "|".join(sorted(TITLES, key=len, reverse=True))
_DEPARTMENT = re.compile(
    r"(?:[他她]们|[ⒸⓅ的是和有]|^)*(?P<d>(?![他她我你])[\u4e00-\u9fffA-Z]{1,5}?(?:部门?|处|科|室|车间|中心|组|办|分厂|工段))(?:那边|这边)?(?:的|又|也|刚)?$"
)


def of_department(before: str, title: str) -> str:
    """能源部新来的副部长 is the 能源部副部长."""
    found = _DEPARTMENT.search(before)
    if not found or title.startswith(found["d"][:2]):
        return title
    return found["d"].removesuffix("门") + title


_NEWCOMER = re.compile(
    r"\s*(?:新来的|新任的?|新的|现在的?|来的|接手的|接任的|接替的|接[他她]的|换[成了的]|这位|那位)[人位]?(?:是|就是)?(?:叫做?|姓名)?\s*"
)
_CHANGED = re.compile(
    rf"换(?:了个?|个|新|了新)*(?P<t>[\u4e00-\u9fffA-Z]{{0,5}}?(?:{_TITLE}|HRBP|HRD|C[EFOTIMHP]O|采购|财务))(?:了|$)"
    rf"|(?P<who>[\u4e00-\u9fffA-Z]{{0,5}}?(?:{_TITLE}|采购|财务|内勤|设备|技术))换(?:了)?(?:个)?(?:新)?人"
)


def post_changed(above: Sequence[Clause], before: str) -> str | None:
    """换采购总监了, …, 新来的叫…: the post stands in a clause before."""
    if not _NEWCOMER.fullmatch(before):
        return None
    for clause in reversed(above[-3:]):
        found = _CHANGED.search(clause.shape)
        if found:
            return found["t"] or found["who"]
    return None


_GONE = re.compile(r"(?:Ⓓ|早就|已经|刚|前阵子?|年前|节前)(?:就|刚|才)?走(?:的|了)$")
_REPLACED = re.compile(
    r"新来的|接手的?|接替|接任|新任|继任|换人|现在(?:是|由|归)|换了?个?新?[^,，。]{0,5}(?:了|的)"
)


def went_away(after: str, text: str) -> bool:
    """上个月走的, where the text tells who came instead."""
    return _GONE.match(after) is not None and _REPLACED.search(text) is not None
