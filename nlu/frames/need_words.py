"""What looks like a need of a product, and tells what they have or how large it is."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause

_HAS_ALREADY = re.compile(
    r"(?:[、和跟]Ⓖ)*(?:都|全)?(?:现在|目前|眼下|如今|原来|以前|一直|都是|现是)[^,，想要换改做]{0,8}(?:在?保(?!证)|在用|在管|在修|维保|维护|保养|[做供]的|的)$"
)
"""8台扶梯现在海泰在保: what they have."""
_SIZED = re.compile("[^,，Ⓖ要]{0,4}(?:改成|改到|改为|调到|扩到|扩成|缩到)[^,，]{0,3}Ⓠ")
_AREA = ("平", "米", "方", "㎡", "亩")


def _only_sized(clause: Clause, place: int) -> bool:
    """展台改成150平 changes a size, and asks for nothing new."""
    found = _SIZED.match(clause.shape, place)
    size = clause.mention_at(found.end() - 1) if found else None
    return size is not None and size.unit.endswith(_AREA)


def no_need(clause: Clause, place: int) -> bool:
    """Whether what stands behind a product says that they have it, or only how large it is."""
    return _HAS_ALREADY.match(clause.shape, place) is not None or _only_sized(clause, place)


ADDS = re.compile(r"^\s*(?:再|另|外|还|又|顺便|顺带)+(?:加|带|捎|配)(?:[上个一套台份点])*(?:Ⓖ|Ⓠ)")
"""再加一套…: one thing more in the same deal."""
COUNTERED = re.compile(
    r"(?:客户|[他她]们?|对方|Ⓟ|Ⓒ|人家)?[^,，我]{0,3}(?:还价|还到|回价|砍到|压到|只[肯愿]出)[^,，]{0,3}Ⓐ"
)
"""报了275万,客户还价到250万: what the customer wants to spend is told last."""
