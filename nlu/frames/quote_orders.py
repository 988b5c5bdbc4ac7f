"""A quote ordered in words behind its figures."""

from __future__ import annotations

from nlu import expressions as re
from nlu.amounts.measures import EACH
from nlu.clauses import Clause
from nlu.frames.deals import SOMEBODY_QUOTES

_ORDER = re.compile(
    r"\s*(?:帮我|给我|麻烦|请|就?按(?:这个|此)|你|先)*(?:出|做|打|开|弄|生成|拟|报)(?:一?[个份张版])?(?:正式|书面)?的?报价单?(?:吧|一下|给我|出来)*\s*"
)
_FOR_ONE = re.compile(rf"单价|^\s*每[^,，Ⓐ]{{1,3}}Ⓐ|^\s*Ⓐ(?:/|每|一(?={EACH}))")


def is_for_one(shape: str) -> bool:
    """Whether a clause begins with what one piece costs: 每套85, 34一米."""
    return _FOR_ONE.search(shape) is not None


NO_QUOTE = re.compile(r"[通汇申填上登举播预捷简警海情战年月周日]报(?=[了过的给]|一)")
"""被通报了 tells of no price."""
_SUM_ALONE = re.compile(
    r"\s*(?:总价|总共|一共|合计|打包|含税|不含税|到手|就|按|整体|大概){0,2}Ⓐ(?:含税|不含税|整|打包|全包|到位)?\s*"
)
_GIVE_PRICE = re.compile(
    r"^[^ⒹⓊⓇ,，让催等]{0,3}给(?:Ⓒ|Ⓟ|[他她]们?|客户|对方|人家)[^ⒹⓇ,，让催等没不]{0,4}报价$"
)


def sum_follows(clause: Clause, after: list[Clause]) -> bool:
    """给某某重新报价, 70万: the price stands alone behind what orders or tells the quote."""
    alone = bool(after) and not after[0].item and _SUM_ALONE.fullmatch(after[0].shape) is not None
    return alone and _GIVE_PRICE.search(clause.shape.strip()) is not None


_FIGURES = ("amount", "factor", "quantity", "product")


def is_order(clause: Clause) -> bool:
    """Whether a clause does nothing but order a quote: 帮我出份报价."""
    return _ORDER.fullmatch(clause.shape) is not None


def figures_before(clauses: list[Clause], place: int) -> int | None:
    """面料500米, 34一米, 帮我出份报价: where the figures of an order begin."""
    if not is_order(clauses[place]):
        return None
    first = place
    while first and any(clauses[first - 1].of(k) for k in _FIGURES) and not clauses[first].item:
        first -= 1
    told = clauses[first:place]
    whole = any(c.of("product") for c in told) and any(c.of("amount") for c in told)
    others = any(c.of("rival") or SOMEBODY_QUOTES.match(c.shape) for c in told)
    return first if whole and not others else None
