"""Money that came or was promised."""

# ruff: noqa: E501 - a pattern is read in one piece
from __future__ import annotations

from itertools import takewhile

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.money_words import (
    CAME_ON,
    DONE,
    NOT_PAY,
    PAY,
    PROMISED_AGAIN,
    RECEIVED,
    TO_COME,
    UNPAID,
)
from nlu.frames.paying_words import (
    ANOTHER_PART,
    BARE_SUM,
    CAME,
    NO_MONEY,
    all_came,
    is_promise,
    moves_money,
)
from nlu.frames.targets import address, plain
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of, lies_ahead

_LISTED = re.compile(r"^[^,，:：]{0,6}(?:回款|到账|收款|到款|进账|入账)[^,，:：]{0,5}[:：]")
_HEADING = re.compile(
    r"^\s*(?:Ⓓ|补|[一-龥]{0,3})(?:的)?(?:回款|到账|收款|到款|进账|入账|来款|进款)(?:[登记录汇总补通播报备明细统计更新小结一下]{1,4})?了?(?:[一两三四五六七八几]|Ⓠ)?[笔家单]?\s*$"
)


def _is_heading(clauses: list[Clause]) -> bool:
    """进账登记,都是昨天的:…: the first clause says what the list is of."""
    first = clauses[0].shape if clauses else ""
    return _HEADING.match(first) is not None


_SUM_NEXT = re.compile(
    r"^\s*(?:也?是|约|差不多|一共|共|总共|大概|金额|面额|票面|数额|拢共|合计)?Ⓐ"
)
_DAY_NEXT = re.compile(
    r"[打付汇结转给清还]|^\s*(?:[他她]们?|Ⓟ)?(?:说是?|讲|约|大概|应该|估计|预计)?Ⓓ(?:能|会|才|就)?(?:的账?|到的?账?|收到的?)?$"
)
_FOR_A_TIME = re.compile(
    r"^(?:份|度)?的?(?:那笔|这笔|那|这)[^,，ⒶⒹ]{0,4}Ⓐ|^(?:份|度)?(?:的(?:那笔|这笔)?(?![能会要可再先就打付回给结到进])|(?:那笔|这笔)|(?![^,，ⒶⒹ]{0,3}[打付回到汇转收结还来入进给交支][款账钱]))[^,，ⒶⒹ]{0,4}(?:费|款|账|钱|租)|^(?:份|度)?的[^,，ⒶⒹ]{0,4}Ⓐ"
)
"""5月运费12万 is the fee of a month; 下月打款12万 tells when it comes."""


def payments(section: Section, setting: Setting) -> list[Draft]:
    """Money that came or was promised, one act a sum."""
    drafts: list[Draft] = []
    if "amount" not in section.kinds:
        return drafts
    listed = _LISTED.match(setting.text) is not None or _is_heading(setting.clauses)
    for place, clause in enumerate(section.clauses):
        shape = clause.shape
        item = listed and re.fullmatch(
            r"(?:[^ⒶⒸ,，]{0,8}:)?[\sⒸⒹ的:：\d、.笔]*Ⓐ\s*(?:[(（]?Ⓓ[^,，Ⓐ]{0,3}[)）]?)?\s*", shape
        )
        owed = UNPAID.search(shape) and clause.of("amount")
        told = item or owed or PAY.search(shape) or moves_money(shape)
        if not told or NOT_PAY.search(shape):
            waiting = _came_behind(clause, setting)
            if waiting:
                money = clause.of("amount")[-1]
                drafts.append(_payment(section, setting, [clause, waiting], money))
                waiting.taken.difference_update(m.start for m in waiting.mentions)
            continue
        if NO_MONEY.search(shape) and not UNPAID.search(shape):
            continue
        clauses = [clause, *_money_beside(section, place)]
        amounts = [
            m for c in clauses for m in c.of("amount") if m.start not in c.taken and _is_a_sum(m)
        ]
        if not amounts or (UNPAID.search(shape) and not _promise_after(section, place)):
            continue
        if not (
            item or _moves(" ".join(c.shape for c in clauses)) or _promise_after(section, place)
        ):
            continue
        drafts.append(_payment(section, setting, clauses, amounts[-1]))
        _put_off(drafts[-1], section, setting, place)
        if item and drafts[-1].slots.get("date", "") == setting.now.strftime("%Y-%m-%d"):
            drafts[-1].slots.pop("planned", None)
        if listed and "date" not in drafts[-1].slots:
            drafts[-1].put("date", setting.lead_day)
    return drafts


_ON_A_DAY = re.compile(r"Ⓓ[^,，Ⓐ]{0,3}[到付打给结转汇]")
_NAMES_ONLY = re.compile(r"回款|收款|到款|来款|进账|入账|打款|汇款|转账|承兑|付款|付[了清讫]?Ⓐ")


def _moves(told: str) -> bool:
    """首付三成Ⓐ alone is a term of the contract: some verb has to move the money."""
    words = (RECEIVED, CAME, TO_COME, UNPAID, _NAMES_ONLY, _ON_A_DAY)
    return any(p.search(told) for p in words) or is_promise(told) or moves_money(told)


def _came_behind(clause: Clause, setting: Setting) -> Clause | None:
    """甲42万、乙8.6万,今天都到账了: the verb of a bare sum stands behind the last of them."""
    if not BARE_SUM.match(clause.shape) or any(
        m.start in clause.taken for m in clause.of("amount")
    ):
        return None
    for after in setting.clauses[clause.index + 1 : clause.index + 8]:
        if all_came(after.shape):
            return after
        if not BARE_SUM.match(after.shape):
            return None
    return None


def _is_a_sum(money: Mention) -> bool:
    """No 2 of 4:4:2."""
    low = money.amount[0] if isinstance(money.amount, tuple) else money.amount
    return (low or 0) >= 100 or re.search("[元块万亿千百毛]", money.text) is not None


def _money_beside(section: Section, place: int) -> list[Clause]:
    """月底把尾款打过来 一共五万: the sum or the day stands in the next clause, or before."""
    clause, beside = section.clauses[place], []
    if place + 1 < len(section.clauses):
        after = section.clauses[place + 1]
        share = section.clauses[place + 2 : place + 3]
        if share and not clause.of("amount") and _SHARE.fullmatch(after.text):
            after = share[0]
        lacks = not clause.of("amount") and _SUM_NEXT.match(after.shape)
        dated = not clause.of("date") and after.of("date") and _DAY_NEXT.search(after.shape)
        if (lacks or (dated and not after.of("amount"))) and not after.strong:
            beside.append(after)
            last = section.clauses[place + 2 : place + 3]
            if (
                lacks
                and last
                and (_DAY_ALONE.fullmatch(last[0].shape) or _DAY_SAID.search(last[0].shape))
            ):
                beside += last
    return beside


_SHARE = re.compile(
    r"\s*(?:合同额?的?)?(?:\d{1,3}(?:\.\d)?%|\d{1,2}个点|百分之[一二三四五六七八九十\d]{1,4}|[一二三四五六七八九]成|一半)\s*"
)
"""预付款打了, 30%, 22万."""
_DAY_ALONE = re.compile(r"\s*Ⓓ(?:的|到的?账?)?\s*")
_DAY_SAID = re.compile(r"^[^,，Ⓐ]{0,6}Ⓓ[^,，Ⓐ]{0,4}(?:到|付|打|给|结|转|汇)")


def _promise_after(section: Section, place: int) -> bool:
    """Whether what is still open is promised for a day right after."""
    near = section.clauses[place : place + 3]
    return any(
        PROMISED_AGAIN.search(c.shape) or TO_COME.search(c.shape) or is_promise(c.shape)
        for c in near
    )


def _put_off(draft: Draft, section: Section, setting: Setting, place: int) -> None:
    """说好今天付,没到账,改口说周三付: the last promise counts."""
    later = section.clauses[place + 1 : place + 4]
    for clause in takewhile(lambda c: not c.of("amount"), later):
        if ANOTHER_PART.search(clause.shape):
            return
        if not clause.of("date") and "date" not in draft.slots and is_promise(clause.shape):
            draft.put("planned", True, (clause.start, clause.end))
        if clause.of("date") and PROMISED_AGAIN.search(clause.shape):
            mention = clause.of("date")[-1]
            draft.put("date", day_of(mention, clause, setting, "plan"), mention)
            draft.put("planned", True, (clause.start, clause.end))
            clause.taken.update([mention.start, clause.start])


def _payment(section: Section, setting: Setting, clauses: list[Clause], money: Mention) -> Draft:
    draft = address(Draft("payment", clauses[0].start), section)
    draft.put("amount", plain(money.amount), money)
    shape = " ".join(c.shape for c in clauses)
    dates = [(m, c) for c in clauses for m in c.of("date") if _is_its_day(m, c)]
    received = RECEIVED.search(shape) is not None or CAME.search(shape) is not None
    if TO_COME.search(shape) or UNPAID.search(shape):
        received = received and DONE.search(shape) is not None and not UNPAID.search(shape)
    planned = not received
    if dates:
        mention, clause = dates[-1]
        value = day_of(mention, clause, setting, "past" if received else "plan")
        value = value if planned else value[:10] if "T" in value else value
        if lies_ahead(value, setting.now) or _WILL.search(shape):
            value, planned = day_of(mention, clause, setting, "plan"), True
        elif planned:
            planned = not _is_over(value, shape, setting)
        draft.put("date", value, mention)
    elif received and not planned and _JUST_NOW.search(shape):
        draft.put("date", setting.now.strftime("%Y-%m-%d"), (clauses[0].start, clauses[-1].end))
    elif planned and not (TO_COME.search(shape) or is_promise(shape)):
        planned = False
    if planned:
        draft.put("planned", True, (clauses[0].start, clauses[-1].end))
    for clause in clauses:
        clause.taken.update(m.start for m in clause.mentions if m.kind in ("amount", "date"))
    return draft


_WILL = re.compile(
    r"(?:答应|承诺|保证|说好|争取|同意|应允|许诺)[^,，]{0,8}Ⓓ|Ⓓ[之以]?前(?!的?[欠差]|[^,，]{0,8}(?:已|到账|收到))"
)
"""她答应1月5号前把款打了: promised, though 了 stands at its end."""


def _is_over(value: str, shape: str, setting: Setting) -> bool:
    """昨天打来 and 今天到 are here; 答应今天付 and 今天付 are not."""
    today = setting.now.strftime("%Y-%m-%d")
    if UNPAID.search(shape) or value > today:
        return False
    told = _IN_LINE.search(shape) or ("到" in shape and not TO_COME.search(shape))
    return value < today[: len(value)] or bool(told)


_IN_LINE = re.compile(
    r"^\s*(?:登记|录|记)?[^,，Ⓐ]{0,6}(?:[:：]\s*)?Ⓒ?[^,，ⒶⒹ会要说能再]{0,4}Ⓓ(?:又|已|上午|下午)?(?:打款|付款|回款|转账|汇款|来款|进账|入账)Ⓐ(?:元|整)?\s*$|^\s*Ⓒ?[^Ⓐ,，欠差剩]{0,3}Ⓐ Ⓓ\s*$"
)
"""今天打款8.6万 tells of money that is here, in the manner of an account book."""


_JUST_NOW = re.compile(r"刚刚?(?=[^,，]{0,4}(?:[到入进收]|打|转|汇|付|结))")


def _is_its_day(mention: Mention, clause: Clause) -> bool:
    """Not the month that a fee is for: 5月的运费 12万."""
    if mention.start in clause.taken:
        return False
    place = clause.place_of(mention)
    wide = mention.date is not None and len(mention.date.value) < 10
    if clause.shape[:place].endswith("过了"):
        return False
    owed = re.match(r"[之以]?前?[欠差]", clause.shape[place + 1 :])
    return not owed and not (wide and _FOR_A_TIME.match(clause.shape[place + 1 :]))


def day_of_all(drafts: list[Draft], clauses: list[Clause], setting: Setting) -> None:
    """都是昨天入的账, said once behind a list of sums."""
    sums = [draft for draft in drafts if draft.kind == "payment" and "date" not in draft.slots]
    for clause in clauses if sums else ():
        if CAME_ON.match(clause.shape):
            mention = clause.of("date")[-1]
            for draft in sums:
                draft.put("date", day_of(mention, clause, setting, "past"), mention)
