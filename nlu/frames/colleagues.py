"""Colleagues who are told to do something: whose task it is."""

from __future__ import annotations

from datetime import datetime

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.sections import Setting
from nlu.tenses import day_of, lies_ahead

_TOLD = r"(?:提醒(?:一下)?|让|叫|安排|请|通知|派|催|要求|交代|麻烦|辛苦|@)"
_CHARGED = re.compile(
    r"^\s*(?:帮我?|帮忙|麻烦|请|你|到时候?|记得|回头|Ⓓ)*(?P<cue>提醒(?:一下)?|让|叫|请|通知|麻烦|@)"
    r"\s*(?P<who>Ⓤ)(?:一[下声]|同学|哥|姐)?[,，:：\s]*(?P<rest>.{2,})$"
)
_NO_CHARGE = re.compile(
    r"[吃喝]|客$|[ⒶⒻ吗呢?？]|多少|怎么|过我|我[^们Ⓓ]|失望|高兴|满意|生气|为难|感动|辛苦了|加油|知道了"
    r"|(?:接|转给|负责|跟进)Ⓒ"
)
_DONE = re.compile(r"[了过](?:[,，]|$)|已经?|刚才?|昨|上[周月]")
_NAMED = re.compile(
    rf"{_TOLD}\s*(Ⓤ)|(Ⓤ)(?:[^,，]{{0,4}}(?:负责|跟进)|[,，:：\s]*(?:你|Ⓓ[^,，]{{0,4}}把))"
)
_TITLED = re.compile("[总监理管任长]$")
"""请王总看一下: rather a customer's 王总 than ours."""


def charged(clause: Clause, setting: Setting) -> bool:
    """提醒陈静看一下报价: whether a clause tells a colleague to do something yet undone."""
    found = _CHARGED.match(clause.shape)
    if found is None or _NO_CHARGE.search(found["rest"]):
        return False
    who = clause.mention_at(found.start("who"))
    if who is None or (who.short and _TITLED.search(who.text)):
        return False
    if len(re.sub("[Ⓓ的了吧啊\\s]", "", found["rest"])) < 2:
        return False
    return not _DONE.search(found["rest"]) or _ahead(clause, setting, setting.now)


def _ahead(clause: Clause, setting: Setting, now: datetime) -> bool:
    """让小王明天把样品寄了: its day lies ahead, so nothing is done yet."""
    return any(lies_ahead(day_of(m, clause, setting, "plan"), now) for m in clause.of("date"))


def assign(draft: Draft, clause: Clause, setting: Setting) -> None:
    """Puts whose task it is, and takes the colleague's name out of what is to be done."""
    found = _NAMED.search(clause.shape)
    mention = clause.mention_at(found.start(1) if found[1] else found.start(2)) if found else None
    if mention is None:
        return
    chosen = setting.settled.get(mention.text) if len(mention.values) > 1 else mention.values[0]
    if chosen is None:
        draft.put("users", list(mention.values), mention)
    elif chosen != setting.sender.id:
        draft.put("assignee", chosen, mention)
    called = re.once(rf"@?{re.escape(mention.text)} ?")
    what = called.sub("", str(draft.slots["what"]), count=1).lstrip("@让叫请 你")
    draft.slots["what"] = re.sub("^提醒(?:一下)?|^一[下声](?=.)|(?<=.{3})了$", "", what)
