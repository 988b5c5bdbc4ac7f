"""Reads each clause of a section for what it tells of a deal."""

from __future__ import annotations

from typing import Any

from nlu import expressions as re
from nlu.clauses import NOT, Clause
from nlu.drafts import Draft
from nlu.frames import deals as d
from nlu.frames.deals import Deals, is_needed, is_said_as_money
from nlu.frames.meeting_words import MEETING_OFF
from nlu.frames.outcomes import RIVAL_WENT, is_to_come, outcome, stage_mention
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of


def deal_news(section: Section, setting: Setting) -> list[Draft]:
    """The deal acts of a section; one with confidence 0.4 is a question which deal is meant."""
    deals = Deals(section, setting)
    rival_spoke, supposed, before = False, None, None
    for clause in section.clauses:
        deals.goes_to(clause)
        supposed = _IF.search(clause.shape) or (supposed and _THEN.match(clause.shape))
        if supposed:
            continue
        outcome(deals, clause)
        _stage(deals, clause)
        if not (before and _RIVAL_ASKED.search(before.shape) and _BARE.fullmatch(clause.shape)):
            _amount(deals, clause, rival_spoke)
        _close(deals, clause)
        _products(deals, clause)
        _rivals(deals, clause)
        before = clause
        rival_spoke = bool(clause.of("rival")) or (rival_spoke and _still_rival(clause))
    for draft in deals.drafts.values():
        _name(deals, draft)
    return [draft for draft in deals.drafts.values() if len(_news(draft)) > 0]


_RIVAL_ASKED = re.compile(r"Ⓡ[^,，Ⓐ我咱]{0,6}(?:报|出|开)[过了]?(?:的?价)?(?:[他她]们?|Ⓒ)?的?$")
_BARE = re.compile(r"\s*(?:大概|差不多|说是|是|才|就|只要)?Ⓐ(?:左右|上下|出头|多|的样子)?\s*")
"""某某给他报过, 三十五万五: the sum right behind is what the rival asked."""


_IF = re.compile(
    r"如果|要是|假如|倘若|一旦|只要(?!Ⓠ|Ⓐ|Ⓖ(?:[、和跟]Ⓖ)*(?:$|就[行够好]|[了这那]))|梦见"
)
_THEN = re.compile(r"^\s*(?:Ⓓ|[他她我]们?|那|Ⓟ)*(?:就|才|便)(?![是要])")
"""What would be, told after an if, is no news."""


def _news(draft: Draft) -> set[str]:
    return set(draft.slots) - {"customer", "new_customer", "deal"}


def _still_rival(clause: Clause) -> bool:
    return (
        re.match(
            r"^\s*(?:给了?Ⓐ|给到|[降开出叫]|还?报的?|才|只|说是|比我们|他们报|价格)", clause.shape
        )
        is not None
    )


_HALF = re.compile(
    r"(?:推进?到|(?<![写加放列补改])进入?到?了?|转到?|走到|到|走(?!到))(?P<half>[\u4e00-\u9fff]{2})(?:阶段|了|$)|(?P<other>[\u4e00-\u9fff]{2})阶段了?$"
)


_OF_RIVAL = re.compile(r"Ⓡ[^,，我咱]{0,4}(?:可能|也许|没准|好像|估计|想|打算|准备)")
"""What a rival wants to sell is no need."""
_NO_NEED = re.compile("报价单|发票")


_NOT_THERE_YET = re.compile(r"(?:才|再|将|等|准备|打算|[年节假周月][之以]?后)[^,，了]{0,3}$")
"""五一后才走合同: a stage that is still to come."""


def _half_stage(deals: Deals, clause: Clause) -> str | None:
    """到会签了: half a stage's name, where it is no other's."""
    for match in _HALF.finditer(clause.shape):
        if clause.denied or d.HYPOTHETICAL.search(clause.shape):
            return None
        start = match.start()
        if _NOT_THERE_YET.search(clause.shape, 0, start):
            return None
        if RIVAL_WENT.search(clause.shape[:start]) or is_to_come(deals, clause, start):
            continue
        half = match["half"] or match["other"]
        named = [s for s in deals.setting.known.vocabulary.stages if half in (s[:2], s[2:])]
        if len(named) == 1 and named[0] not in (deals.setting.words.won, deals.setting.words.lost):
            return named[0]
    return None


def _stage(deals: Deals, clause: Clause) -> None:
    mention = stage_mention(deals, clause)
    words = deals.setting.words
    half = None if mention else _half_stage(deals, clause)
    if half:
        deals.target(clause).put("stage", half, (clause.start, clause.end))
    if mention and mention.values[0] not in (words.won, words.lost):
        deals.target(clause).put("stage", mention.values[0], mention)


def _amount(deals: Deals, clause: Clause, rival_spoke: bool) -> None:
    shape = clause.shape
    amounts = [
        m
        for m in clause.of("amount")
        if m.start not in clause.taken and d.is_price(clause, clause.place_of(m))
    ]
    if re.search(r"上次|上回|当初|去年|以前", shape) or _of_invoice(deals, clause):
        return
    if not amounts or d.SOMEBODY_QUOTES.match(shape):
        return
    if d.NOT_DEAL_MONEY.search(d.WHOLE_FEE.sub("总额", shape)):
        return
    if (
        clause.of("rival")
        and (d.RIVAL_MONEY.search(shape) or _RIVALS_SUM.search(shape))
        and not re.search(r"预算|金额", shape)
    ):
        return
    if rival_spoke and _still_rival(clause) and not re.search(r"预算|金额", shape):
        return
    value = _last_value(clause, amounts)
    if value is None or not (_is_deal_money(deals, clause) or _plausible(deals, clause, value)):
        return
    amount = _in_its_unit(deals, clause, value)
    if amount is None or (_lost_here(deals, clause) and "预算" not in shape):
        return
    deals.target(clause).put(
        "amount", list(amount) if isinstance(amount, tuple) else amount, value
    )


_INVOICE = re.compile(r"(?:开(?:具|张|一下|了|好|个)?(?:专|普)?票|发票)(?!信息|资料|抬头)")
_INVOICED = re.compile(
    r"\s*(?:要|得|帮[我忙]?|先|请|给|[他她]们?)*开(?:具|张|一下|了|好|个)?(?:专|普)?(?:发)?票[吧了]?\s*"
)
_ITS_SUM = re.compile(
    r"\s*(?:金额|票面|面额|开票金额|含税|不含税|税号|总共|一共|就|开|是|[:：])*Ⓐ[^,，预]{0,6}"
)


def _of_invoice(deals: Deals, clause: Clause) -> bool:
    """要开票, 金额20万: the sum of an invoice, whichever stands first."""
    if not _ITS_SUM.fullmatch(clause.shape):
        return False
    here = deals.section.clauses.index(clause)
    near = deals.section.clauses
    before, after = near[max(0, here - 1) : here], near[here + 1 : here + 2]
    return any(_INVOICE.search(c.shape) for c in before) or any(
        _INVOICED.fullmatch(c.shape) for c in after
    )


_RIVALS_SUM = re.compile(r"Ⓡ[^我,，Ⓐ]{0,4}Ⓐ")


def _in_its_unit(deals: Deals, clause: Clause, value: Mention) -> Any:
    """295 is 2.95 million where the deal is worth about that; less is no price of a deal."""
    amount = value.amount
    if not isinstance(amount, (int, float)):
        return amount
    known = deals.amount_of(clause)
    bare = not is_said_as_money(value)
    if bare and known and known / 3 <= amount * 10_000 <= known * 3:
        return amount * 10_000
    if known and amount * 8 < known and not _WHOLE.search(value.text + clause.shape):
        return None
    return amount if not bare or amount >= 1_000 else None


_WHOLE = re.compile("[万亿wW]|预算|[Bb]udget|总|金额|合计|一共|拢共|全部|整个|打包")
"""15200, where a deal is worth 300000, is the price of one piece unless called the whole."""
_STANDS_ALONE = re.compile(r"Ⓐ(?:$|[,，\s]|左右|上下|以内|以下|以上|的样子|出头|封顶|吧|了)")


def _plausible(deals: Deals, clause: Clause, value: Mention) -> bool:
    """Money near what the deal is known to be worth is the deal's, whatever the words."""
    if clause.denied:
        return False
    known = deals.amount_of(clause)
    said = value.amount[0] if isinstance(value.amount, tuple) else value.amount
    if known is None or not said:
        return False
    bare = not is_said_as_money(value)
    if bare and not _STANDS_ALONE.search(clause.shape):
        return False
    scale = 10_000 if bare else 1
    return known / 3 <= float(said) * scale <= known * 3


def _last_value(clause: Clause, amounts: list[Mention]) -> Mention | None:
    """The money it became: not what it was before."""
    new = []
    for mention in amounts:
        place = clause.place_of(mention)
        if not d.OLD.search(clause.shape[:place].rstrip()):
            new.append(mention)
    return new[-1] if new else None


def _is_deal_money(deals: Deals, clause: Clause) -> bool:
    if d.MONEY.search(clause.shape) or deals.ordered:
        return True
    if "Ⓖ" in clause.shape and re.search("Ⓖ|Ⓠ", clause.shape) and deals.named(clause):
        return True
    draft = deals.drafts.get(deals.current or "")
    told = draft is not None and "amount" not in draft.slots
    here = deals.section.clauses.index(clause)
    lead = [c for c in deals.section.clauses[max(0, here - 3) : here] if len(c.shape) > 4]
    told = told or any(
        deals.named(c) not in (None, "new")
        or d.NAME.search(c.shape)
        or re.search(r"预算|金额", c.shape)
        for c in lead[-1:]
    )
    bare = re.fullmatch(r"[^ⒶⒹ]{0,6}Ⓐ[^Ⓐ]{0,6}", clause.shape.strip()) is not None
    bare = bare and all(is_said_as_money(m) for m in clause.of("amount"))
    return (
        bool(told and bare)
        or d.STAGE_GO.search(clause.shape) is not None
        or (d.WON.search(clause.shape) is not None)
    )


def _close(deals: Deals, clause: Clause) -> None:
    """When the customer will sign or order; a date of ours is a task's."""
    shape = _won_spelled(deals, clause)
    dates = [m for m in clause.of("date") if m.start not in clause.taken]
    found = d.CLOSE.search(shape) if dates else None
    if dates and not found and _HOPED.fullmatch(shape):
        here = deals.section.clauses.index(clause)
        before = deals.section.clauses[max(0, here - 1) : here]
        found = re.search("Ⓓ", shape) if any(d.CLOSE.search(c.shape) for c in before) else None
    if not found or d.CLOSE_DONE.search(shape) or MEETING_OFF.search(shape):
        return
    if NOT.search(shape[: found.start()]) and not re.search(r"才|拖|[要得]到", shape):
        return
    if re.search(r"货款|尾款|回款|[付打]款|定金|[运租电水]费|租金|账款|那笔", shape):
        return
    if d.OURS_DUE.search(shape) or re.search(r"合同文本|修订|报告|方案|提醒", shape):
        return
    if re.search(r"挂网|招标|公示|开标|上会|验收|批复|批文", shape) and not _SIGNS.search(shape):
        return
    if not d.CLOSE_CUE.search(shape) and not re.search(r"Ⓓ[^,，]{0,6}$", shape[: found.start()]):
        return
    mention = dates[-1]
    place = clause.place_of(mention)
    if _MET_THEN.search(clause.shape[place : found.start()]):
        return
    value = day_of(mention, clause, deals.setting, "plan")
    if "T" in value and not _SIGNS.search(shape):
        return
    if (
        value < deals.setting.now.strftime("%Y-%m-%d")[: len(value)]
        and "W" not in value
        and "Q" not in value
    ):
        return
    if value == deals.setting.now.strftime("%Y-%m-%d") and not _STILL_TODAY.search(shape):
        return
    draft = deals.target(clause)
    draft.put("expected_close", value, mention)
    clause.taken.add(mention.start)


_HOPED = re.compile(
    r"\s*(?:争取|预计|大概|估计|最[晚迟]|目标|应该|力争)(?:是|在|到)?Ⓓ(?:吧|左右)?\s*"
)
"""砍完就签,争取3月中旬: the day of what the clause before says."""


def _won_spelled(deals: Deals, clause: Clause) -> str:
    """The shape with 成交 written out, which is a stage of many companies."""
    won = deals.setting.words.won
    if "Ⓢ" not in clause.shape or all(m.values[0] != won for m in clause.of("stage")):
        return clause.shape
    return clause.shape.replace("Ⓢ", "成交")


_MET_THEN = re.compile("(?:[见去聊谈跑打拜访开到]|出来)[了过]|[去跑]了?一?趟")
"""今天见了…,年前定: the day is that of the visit."""
_STILL_TODAY = re.compile(r"要|能|会|得|争取|预计|必须|之?前|下午|晚上")
_SIGNS = re.compile(r"签|定(?!标)|下单|采购|成交")


def _products(deals: Deals, clause: Clause) -> None:
    if not clause.of("product") or _NO_NEED.search(clause.shape) or _OF_RIVAL.search(clause.shape):
        return
    after = deals.section.clauses[deals.section.clauses.index(clause) + 1 :][:1]
    if any(_LATER.search(c.shape) for c in (clause, *after)):
        return
    if (clause.denied and not clause.of("quantity")) or _lost_here(deals, clause):
        return
    for mention in clause.of("product"):
        ordered = deals.ordered
        alone = deals.told_alone(clause)
        if (
            mention.start not in clause.taken
            and (ordered or alone or is_needed(clause, mention))
            and not _ours_to_do(clause)
            and not (clause.start in clause.taken and not clause.of("quantity"))
        ):
            draft = deals.target(clause)
            for value in mention.values[:1]:
                draft.add("products", value, mention)


_LATER = re.compile(
    r"(?:到时候?|以后|回头|过后|明年)再(?:说|看|议|谈)|先放放|不急|八字[^,，]{0,3}一撇|没影|没谱|还早|早着呢|远着呢"
)


def _lost_here(deals: Deals, clause: Clause) -> bool:
    """What a customer buys elsewhere is no need of the deal that was lost."""
    draft = deals.drafts.get(deals.named(clause) or deals.current or "")
    return draft is not None and draft.slots.get("outcome") == "lost"


def _ours_to_do(clause: Clause) -> bool:
    return (
        re.search(r"前[我给出发交提]|我要|我得|演示|让我|做demo|维修|工单|提醒", clause.shape)
        is not None
    )


def _rivals(deals: Deals, clause: Clause) -> None:
    rivals = [m for m in clause.of("rival") if m.start not in clause.taken]
    if not rivals or re.search(
        r"Ⓡ[^,，]{0,10}(?:串[过了个]*门|露[过了]*面|坐过|转过)|Ⓡ[^,，]{0,6}(?:[^,，]{0,6}送了|请[^,，]{0,6}吃|来过|来拜访|来坐|拜访|来看过|路过|也?[去来到跑上][过门]?[^,，我]{0,2}Ⓒ(?:了|过|一趟|$)|[^,，]{0,4}[来去]?探[过了]?[过个]?[路口底风]|来打听|打听过|去找|来找|找过|敲[^,，]{0,3}门|打过?电话|加了?微信|问过|摸过?底)|Ⓡ[^,，我咱]{0,3}把[^,，]{0,6}[ⒸⓅ他她][^,，]{0,4}(?:请|约|拉|带|叫)|Ⓡ[^,，我咱]{0,3}(?:给|跟|找|约)(?:[他她]们?|Ⓒ?Ⓟ|Ⓒ|客户|对方|人家)[^,，]{0,3}(?:打|发|来|加|留)[过了]?[^,，]{0,4}(?:电话|微信|邮件|资料|名片|消息)|Ⓡ[^,，]{0,4}(?:肯定|可能|估计|说不定|迟早|也许|没准|好像|八成|恐怕)[^,，]{0,4}(?:来|抢|进|找|参|插|掺|搅|介入|报|投|跟|分)",
        clause.shape,
    ):
        return
    if re.search(
        r"(?:没有?|不)(?:输给|考虑|用|选|看)Ⓡ|不是[^,，]{0,6}Ⓡ|Ⓡ[^,，]{0,4}(?:没来|没报|没投|退出|退了|撤了|弃[标权]|不跟了|不做了|出局|没参)",
        clause.shape,
    ):
        return
    draft = deals.target(clause)
    if "outcome" in draft.slots and draft.slots["outcome"] == "lost":
        return
    for mention in rivals:
        if draft.slots.get("lost_to") != mention.values[0]:
            draft.add("competitors", mention.values[0], mention)


_THING = re.compile(r"项目|商机|单|盘|标|工程|活")
_OWN_NAME = re.compile(r"^[\u4e00-\u9fff]{3,8}$")
_NO_NAME = re.compile(r"[要想说有在了的吗呢]|预算|大概|估计|打算|准备|金额")


def _name(deals: Deals, draft: Draft) -> None:
    """What a new deal is called: 叫…, or the bare noun after 有个新项目."""
    if draft.slots.get("deal") != "new":
        return
    clauses = deals.section.clauses
    for place, clause in enumerate(clauses):
        near = clauses[max(0, place - 1)].text + clause.shape
        found = d.NAME.search(clause.shape) if _THING.search(near) else None
        if found and not clause.of("person"):
            draft.put("deal_name", clause.cut(*found.span("name")), (clause.start, clause.end))
            return
        bare = place and re.search(d.NEW_THING, clauses[place - 1].shape.strip())
        text = clause.text.strip()
        if bare and not clause.mentions and _OWN_NAME.match(text) and not _NO_NAME.search(text):
            draft.put("deal_name", text, (clause.start, clause.end))
            return
