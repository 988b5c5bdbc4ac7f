"""Whether a piece of text stands there as a name, or as the word or the talk that it also is."""

# ruff: noqa: E501 - a pattern is read in one piece
from __future__ import annotations

import re
from collections.abc import Container

from nlu.naming.name_words import COMMON, KINDS, TRADES
from nlu.naming.ordinary import across_words, is_common, is_word

_BEFORE_NAME = re.compile(
    r"(?:[去到访见跟和给在把从找与同约陪往由对问帮为向]|去了|到了|见了|去了?一?趟|跑了?一?趟|[去到见找跑访]的|(?:拜访|走访|回访|联系|约|陪)[了过]|"
    r"答应了?|承诺|欠了?|等着?|催|今天|昨天|上午|下午|晚上|中午|刚才|收到|关于|补记|"
    r"客户|更新|汇报|那个|[□:：，。；、,;!！?？\s\n①-⑩.]|^)$"
)
_AFTER_NAME = re.compile(
    r"(?:的|那|这|说|今|昨|上午|下午|明天|后天|[上下本这]个?[周月]|要|想|[□，。；、,;:：!！?？\s\n]|$"
    r"|医院|大学|公司|集团|厂|科技|电子|回款|付款|打款|到账|合同|报价|项目|单子|投诉|反馈|中标"
    r"|出来|开会|做演示|最近|现在|目前|近况|还欠|怎么|咋|[见来拜谈聊跑签开去找催嫌看收拍坐送取装修转验盯蹲测量])"
)
_CALLED_ON = re.compile(
    r"(?:(?:拜访|走访|回访|陌拜|联系|约见|[去到见跟和给约陪找访])(?:了|过|完|一下|了?一?趟)?|客户[:：是叫]?)$"
)
_PERSON = r"的?[\u4e00-\u9fff]{1,2}(?:总|经理|主任|部长|科长|处长|院长|厂长|主管|书记|老师|教授|医生|工(?![作程业厂]))"
_PERSON_NEXT = re.compile(_PERSON)
_ADDRESSED = re.compile(
    "[\u4e00-\u9fff]{1,2}(?:总|经理|主任|部长|科长|处长|院长|厂长|主管|书记|老师|教授|医生|工|董|局)"
)
_JOINING = frozenset("和跟与给在去到从向对把")
"""昨天和新山开会: a stranger called 和新 was not meant."""
_COUNT = re.compile("[一二三四五六七八九十两几半0-9]+[点号月日天年周个万家台套次]")
_TALK = frozenset("的了是在")
"""美的 is a firm, and the end of 完美的."""
_ENDS = "|".join(sorted((*TRADES, *KINDS), key=len, reverse=True))
_LONGER = re.compile(
    rf"(?:(?!合同|回款|报价|项目)[\u4e00-\u9fff]){{1,10}}?(?:(?:股份|集团|责任)?有限|股份|集团)|(?:{_ENDS})(?!合同|项目|方案|报价|设备|产品)"
)
_GOES_ON = rf"{_PERSON}|那边|这边|这家|那家|公司|集团"
_PAPERS = r"的?(?:回款|合同|报价|订单|单子|项目|商机)|签"
_FIRM_GOES_ON = re.compile(_GOES_ON)
_THERE = re.compile("那边|这边|这家")
_FIRM_OR_PAPERS = re.compile(f"{_GOES_ON}|{_PAPERS}")
_FIRM_OR_END = re.compile(rf"{_GOES_ON}|{_PAPERS}|[□，。；、,;:：!！?？\s\n]|$")


def name_stands(text: str, start: int, end: int) -> bool:
    """Whether it stands where a name may: after 去 or a comma, before 的 or a verb."""
    return bool(_BEFORE_NAME.search(text[max(0, start - 4) : start])) and bool(
        _AFTER_NAME.match(text[end : end + 3])
    )


def name_may_start(text: str, start: int) -> bool:
    """Whether what stands before it lets a name begin."""
    return bool(_BEFORE_NAME.search(text[max(0, start - 4) : start]))


def is_addressed(said: str) -> bool:
    """Whether it may be a person with a title, 王总 or 李经理, rather than a firm."""
    return _ADDRESSED.fullmatch(said) is not None


def firm_goes_on(text: str, start: int, end: int, forms: Container[str]) -> bool:
    """Whether it is the beginning of another firm's longer name, of 恒达's in 恒达洋贸易公司."""
    longer = _LONGER.match(text, end)
    return longer is not None and text[start : longer.end()] not in forms


def short_name_stands(text: str, start: int, end: int, *, own: bool, given: bool) -> bool:
    """Whether two to four characters are a customer's name here.

    `own`: the customer is the sender's or was just spoken of; `given`: it is called so in the
    records, not by a form that we derived. A word in everybody's mouth has to stand like a name,
    a stranger's like that of a firm that somebody called on.
    """
    form = text[start:end]
    if not own and len(form) == 2 and form[0] in _JOINING:
        return False
    if form in COMMON or _COUNT.fullmatch(form):
        told = given and _THERE.match(text[end:]) and name_stands(text, start, end)
        return bool(told) or _called_on(text, start, end, _FIRM_GOES_ON)
    if not _TALK.isdisjoint(form):
        return _called_on(text, start, end, _FIRM_OR_END)
    if across_words(text, start, end) or (
        not own and is_common(text[max(0, start - 1) : start + 1])
    ):
        return False
    if is_common(form) or (is_word(form) and not (own or given)):
        return _word_stands(text, start, end, own=own, given=given)
    if own or end - start > 2:
        return True
    return (given and beside_a_name(text, start, end)) or name_stands(text, start, end)


def beside_a_name(text: str, start: int, end: int) -> bool:
    """Whether at least one side is that of a name, be it in a row of them."""
    if name_may_start(text, start) or text[start - 1 : start] in ("的", "和", "跟", "有"):
        return True
    after = text[end : end + 3]
    if _PERSON_NEXT.match(text, end):
        return True
    return bool(_AFTER_NAME.match(after)) or after[:1] in ("和", "跟", "与", "及")


def _word_stands(text: str, start: int, end: int, *, own: bool, given: bool) -> bool:
    after = text[end : end + 6]
    if _FIRM_GOES_ON.match(after) and (own or given):
        return True
    if not name_stands(text, start, end):
        return False
    told = given and _FIRM_OR_PAPERS.match(after)
    return own or bool(told) or _called_on(text, start, end, _FIRM_OR_END)


def _called_on(text: str, start: int, end: int, after: re.Pattern[str]) -> bool:
    return bool(_CALLED_ON.search(text[max(0, start - 6) : start])) and bool(
        after.match(text[end : end + 6])
    )
