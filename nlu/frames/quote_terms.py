"""How long a quote holds."""

from __future__ import annotations

from datetime import timedelta

from nlu import expressions as re
from nlu.amounts.numbers import small
from nlu.calendar.periods import add_months
from nlu.clauses import Clause
from nlu.sections import Setting

TERMS = {"天": (1, 0), "周": (7, 0), "星期": (7, 0), "个星期": (7, 0), "个月": (0, 1)}
_TERM = re.compile(
    r"有效期?[^,，\d一二两三四五六七八九十]{0,4}(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})(?P<unit>个月|个?星期|周|天)"
)


def last_day_of(setting: Setting, clause: Clause) -> str | None:
    """有效期一个月: the last day, counted from today."""
    found = _TERM.search(clause.text)
    count = small(found["count"]) if found else None
    if found is None or not count or count > 400:
        return None
    days, months = TERMS[found["unit"]]
    on = add_months(setting.now.date(), months * count) + timedelta(days=days * count)
    return on.isoformat()
