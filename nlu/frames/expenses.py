"""Money that the sender spent."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.money_words import CATEGORIES, CLAIMS, EXPENSE, SPENT
from nlu.frames.spending_words import SPENDING
from nlu.frames.targets import plain
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of, is_planned, lies_ahead

_CALLED = re.compile("电话|微信")
"""A taxi told beside a call was not for whom the call was."""


_FARE = re.compile(
    r"^\s*(?:我?(?:自己)?)?(?:来回|往返|单程|全程|两晚|一晚|一共|总共|合计|共计?|花了|用了|花费?|打表|票价|车费|小票|发票|金额|费用|二等座|一等座|经济舱|硬卧|软卧|[一两三]个?人|人均)*[:：是]?(?:大概|差不多)?Ⓐ[^,，ⒶⒸⓅ]{0,3}$"
)
"""A bare sum beside what it was spent on."""
_LABEL = re.compile(
    r"\s*(?:算|记|走|归|属于)?(?:是|在|到|个)?(?:[一-龥]{0,2}(?:礼品|招待|餐|饭|交通|差旅|住宿|车|油|路|过路|停车|打车|快递|高速)费用?|差旅|交通|招待|礼品)(?:里|上|吧)?\s*"
)
"""266块,礼品费: what a sum was spent on, in a clause of its own."""
_NOT_MINE = re.compile(
    r"懒得报|不报|不用报|自己出|算我的|驳回|退回|同意|批[了准]|的量|业务|预算|报价|合同|客户(?:报销|承担|出)|他们(?:出|报|付)"
)


def expenses(section: Section, setting: Setting) -> list[Draft]:
    """Money that the sender spent."""
    drafts: list[Draft] = []
    if "amount" not in section.kinds:
        return drafts
    told = [said(c) for c in section.clauses]
    whole = " ".join(told)
    if not (EXPENSE.search(whole) or SPENDING.search(whole)) or re.search(
        r"驳回|退回|同意报|批[了准掉]", whole
    ):
        return []
    claims = CLAIMS.search(whole) is not None
    for place, clause in enumerate(section.clauses):
        near = " ".join(told[max(0, place - 1) : place + 2])
        for money in clause.of("amount"):
            if money.start in clause.taken or _too_much(money, near):
                continue
            if _is_spent(told, place, claims):
                drafts.append(_expense(section, setting, clause, money, near))
                clause.taken.add(money.start)
    return drafts


def _is_spent(told: list[str], place: int, claims: bool) -> bool:
    """Whether the money of a clause is told as spent, in it or by what stands right beside."""
    here, near = told[place], " ".join(told[max(0, place - 1) : place + 2])
    if _NOT_MINE.search(here) or any(_OTHERS_PAID.match(t) for t in told[place + 1 : place + 2]):
        return False
    if SPENDING.search(here) or (_FARE.match(here) and SPENDING.search(near)):
        return True
    if _FARE.match(here) and any(_LABEL.fullmatch(t) for t in told[max(0, place - 1) : place + 2]):
        return True
    alone = claims and _FARE.match(here) and sum(t.count("Ⓐ") for t in told) == 1
    if alone and EXPENSE.search(" ".join(told)):
        return True
    if not EXPENSE.search(near) or not (claims or EXPENSE.search(here)):
        return False
    return claims or SPENT.search(here) is not None


_OTHERS_PAID = re.compile(
    r"^\s*(?:是)?(?:客户|[他她]们?|对方|人家|Ⓟ|甲方|公司直接)(?:们|那边)?(?:抢着|最后|非要)?(?:出|付|掏|买|埋|结|请)(?:的|了|单)*(?:钱|账)?\s*$"
)
"""花了1200,客户出的: nothing was spent by us."""


def said(clause: Clause) -> str:
    """The shape with trades written out: 酒店 is where one slept, though it is a trade as well."""
    if not (clause.of("industry") or clause.of("region")):
        return clause.shape
    words = ""
    for place, char in enumerate(clause.shape):
        mention = clause.mention_at(place)
        words += mention.text if mention and mention.kind in ("industry", "region") else char
    return words


def _words_before(clause: Clause, money: Mention) -> str:
    """What stands between the sum before and this one: 过路费186、油费420."""
    shape = said(clause)
    amounts = clause.of("amount")
    return "".join(shape.split("Ⓐ")[amounts.index(money)])


def _too_much(money: Mention, near: str) -> bool:
    """No taxi costs fifty thousand: such a sum is a deal's, whatever words stand beside."""
    low = money.amount[0] if isinstance(money.amount, tuple) else money.amount
    return (low or 0) >= (200_000 if CLAIMS.search(near) and SPENDING.search(near) else 50_000)


def _expense(
    section: Section, setting: Setting, clause: Clause, money: Mention, near: str
) -> Draft:
    draft = Draft("expense", clause.start)
    draft.put("amount", plain(money.amount), money)
    whole = " ".join(said(c) for c in section.clauses)
    texts = (_words_before(clause, money), said(clause), near, whole)
    category = next(
        (name for text in texts for name, pattern in CATEGORIES if pattern.search(text)), "other"
    )
    draft.put("category", category, (clause.start, clause.end))
    earlier = [c for c in section.clauses if c.start < clause.start]
    for told in (clause, *reversed(earlier), *section.clauses):
        for mention in told.of("date"):
            value = day_of(mention, told, setting, "past")
            day = not _WIDE.fullmatch(value) and mention.start not in told.taken
            day = day and (told is clause or not is_planned(told, setting))
            if "date" not in draft.slots and day and not lies_ahead(value, setting.now):
                draft.put("date", value, mention)
    if section.customer and _was_for(section, setting, clause, category):
        draft.put("customer", section.customer.id, section.mention)
    return draft


_WIDE = re.compile(r"\d{4}(?:-\d\d|-Q\d)?(?:/\d{4}(?:-\d\d)?)?")


def _was_for(section: Section, setting: Setting, clause: Clause, category: str) -> bool:
    """Whether it was for the section's customer: after a trip to two it is for neither."""
    if clause.of("customer"):
        return True
    named = [m for c in setting.clauses for m in c.of("customer")]
    several = len({m.links[0].customer.id if m.links else m.text for m in named}) > 1
    several = several and named[-1].start < clause.start
    if category in ("transport", "travel", "hotel"):
        return not several and not any(
            _CALLED.search(c.shape) for c in section.clauses if c is not clause
        )
    return not several or not any(c.shape.count("Ⓒ") > 1 for c in section.clauses)
