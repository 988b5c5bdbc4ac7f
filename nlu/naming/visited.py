"""Firms that the world lacks, named as those whom somebody met: by place and trade, or short."""

# ruff: noqa: E501 - a pattern is read in one piece
from __future__ import annotations

from collections.abc import Iterator

from nlu import expressions as re
from nlu.naming.name_words import COMMON, KINDS, PLACES, TRADES
from nlu.naming.ordinary import is_common, is_word
from nlu.naming.people import SURNAME, TITLE

Name = tuple[int, int, str]
_VISIT = r"(?:拜访|走访|陌拜|拜会|回访|约见|见)(?:了|过|完|到)?"
_GO = rf"(?:{_VISIT}|[去到]了?趟?|上门|[跟和])"
_WHO = rf"(?:的)?{SURNAME}{TITLE}"
_BY_TRADE = re.compile(
    rf"{_GO}(?P<name>(?P<place>{'|'.join(sorted(PLACES, key=len, reverse=True))})"
    rf"(?P<brand>[\u4e00-\u9fff]{{2,4}}?)(?:{'|'.join(sorted(TRADES, key=len, reverse=True))}))"
    rf"(?=(?P<who>{_WHO})|的?(?:[,，。;；\s]|$)|见|聊|谈|拜)"
)
_LISTED = re.compile(
    rf"(?:^|[,，。;；\s]|其中|还有|另外|包括|有)(?P<name>(?:{'|'.join(sorted(PLACES, key=len, reverse=True))})"
    rf"(?P<brand>[\u4e00-\u9fff]{{2,4}}?)(?:{'|'.join(sorted(TRADES, key=len, reverse=True))}))(?=的?{SURNAME}{TITLE})"
)
"""其中广州立信物业的刘经理: a firm by place, name and trade, with one of its people."""
_SHORT = re.compile(rf"{_VISIT}(?P<name>[\u4e00-\u9fff]{{2}}){_WHO}")
_NO_BRAND = re.compile(
    r"[的了过着吗呢吧在是和跟与及那这他她它们你我您咱其某各每前后新老旧大小总副处部局司室组院所厂店馆站校区县镇村市省路街楼号天日月年周点上下去来看谈聊装修验送做买卖参开展位家个]|科$"
)

_POST = re.compile("[方主务采质检标购财技销营商售资勤户客友同学长基建人研品]")
"""业主张总, 招采王总: what somebody is, and no firm."""


def visited(text: str) -> Iterator[Name]:
    """宁波甬跃模具的励总, 宏达王总: the firms that stand before whom one met."""
    for match in _BY_TRADE.finditer(text):
        brand = match["brand"]
        if not _NO_BRAND.search(brand) and (match["who"] or not is_word(brand)):
            yield (*match.span("name"), match["name"])
    for match in _LISTED.finditer(text):
        if not _NO_BRAND.search(match["brand"]):
            yield (*match.span("name"), match["name"])
    for match in _SHORT.finditer(text):
        if _is_short_name(match["name"]):
            yield (*match.span("name"), match["name"])


def _is_short_name(name: str) -> bool:
    """Whether two characters can be nothing but what a firm is called."""
    plain = is_common(name) or name in COMMON or name in PLACES
    made = name.endswith((*TRADES, *KINDS)) or re.match(SURNAME, name)
    return not (plain or made or _NO_BRAND.search(name) or _POST.search(name))
