"""Contracts signed and quotes made."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from typing import Any

from nlu import expressions as re
from nlu.clauses import NOT, Clause
from nlu.drafts import Draft
from nlu.frames.deals import (
    SOMEBODY_QUOTES,
    UNIT_AFTER,
    UNIT_BEFORE,
    Deals,
    is_price,
    is_said_as_money,
)
from nlu.frames.money_words import PAY
from nlu.frames.need_words import COUNTERED
from nlu.frames.quote_orders import NO_QUOTE, figures_before, is_for_one, is_order, sum_follows
from nlu.frames.quote_terms import TERMS, last_day_of
from nlu.frames.signing_words import (
    ASKS,
    ITS_DAY,
    NOT_CUT,
    NOT_ITS_MONEY,
    OF_CONTRACT,
    SIGNED,
    TODAY,
    UNSIGNED,
)
from nlu.frames.targets import address, plain
from nlu.frames.task_words import PART
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of, is_planned, lies_ahead

_QUOTE = re.compile(
    r"报价|报(?=Ⓖ)|报[一个]?[份版套](?=$|[:：,，]|给)|报\s*[:：](?=\s*Ⓖ)|报了[^,，]{0,4}[ⒶⒻ]|报了价|价[^,，]{0,3}报了|报的(?:[单总均底])?价|报给(?=Ⓒ)|报了(?=[^,，ⒶⒻ]{0,6}Ⓖ?[^,，ⒶⒻ]{0,3}$)|报个价|报了个价|报给[^,，]{1,6}的?价|(?:重新|[再又])报了(?=$|一[版次下])|报(?:了|过)?[一个份版套]{0,2}(?:总|底|单|新|实|打包|优惠|最终|含税|整体|一口)+价|报出|报[过上]去|折后|折扣价|[Qq]uote"
)
_QUOTE_NOT = re.compile(
    r"(?:要|催|等|出|给|做|发|新|正式|含税|一版|版)[^,，ⒶⒻ]{0,6}报价(?![:：]|[^,，]{0,4}[ⒶⒻ])|报价单?前|[之以]?前[^,，]{0,6}报价|报价(?:有效期|呢要)"
)
_QUOTE_SENT = re.compile(
    r"报价单?(?:已经?|都|也|刚)*[出发做报寄给递交提](?:好|完|过?去|出去|上去|来|到)*了|报价单?(?:已经?|刚刚?)+[出发做报寄给递交提]"
)
_FROM_THEM = re.compile("贵[司方]|贵公司|你们?公司|你司|客户原话")
"""贵司的报价收到，我们最高给到…: written by the customer."""
_OURS = re.compile(r"我们?|咱们?|给Ⓒ|按|申请|让了?|优惠|折")
_VALID = re.compile(
    r"Ⓓ(?:到期|截止|失效)|有效期?[^,，]{0,6}[ⒹⓆ]|有效到?Ⓓ|有效[一两三\d]|Ⓓ[^,，]{0,3}(?:前|内)?有效|报价[^,，]{0,4}到Ⓓ"
)


def contracts(section: Section, setting: Setting) -> list[Draft]:
    """Signed contracts, each with its deal won."""
    deals = Deals(section, setting)
    drafts: list[Draft] = []
    signed: Draft | None = None
    several = _several(section)
    for clause in section.clauses:
        if several and clause.start > several.start:
            _listed(deals, several, clause, drafts)
            continue
        if PART in clause.taken:
            continue
        tells = is_signed(_spelled(clause, deals)) or _signed_today(clause, deals)
        if tells and signed is not None and _same_contract(deals, signed, clause):
            _fill_contract(deals, signed, clause)
        elif tells and clause is not several:
            signed = _contract(deals, clause, drafts)
        elif signed is not None:
            _more_of(deals, signed, clause, drafts)
    won = [_won(draft, section) for draft in drafts]
    return drafts + won


_SEVERAL = re.compile(r"(?:[两俩三四五几]|Ⓠ)[份个单]?(?:合同|协议|单子?)|(?:一起|同时|都|一并)签")


def _several(section: Section) -> Clause | None:
    """两份合同今天一起签的: the clause whose contracts stand behind it, each with its deal and sum."""
    clauses = section.clauses
    for place, clause in enumerate(clauses[:-2]):
        if _SEVERAL.search(clause.shape) and is_signed(clause.shape) and not clause.of("amount"):
            listed = [c for c in clauses[place + 1 : place + 6] if _LISTED.fullmatch(c.shape)]
            return clause if len(listed) > 1 else None
    return None


_LISTED = re.compile(r"[^,，Ⓐ]{2,14}[:：]?Ⓐ\s*")


def _listed(deals: Deals, several: Clause, clause: Clause, drafts: list[Draft]) -> None:
    named = deals.named(clause)
    if not named or not _LISTED.fullmatch(clause.shape):
        return
    draft = address(Draft("contract", clause.start), deals.section)
    draft.put("deal", named)
    _fill_contract(deals, draft, clause)
    for mention in several.of("date"):
        draft.put("signed_on", day_of(mention, several, deals.setting, "past"), mention)
    drafts.append(draft)


def _same_contract(deals: Deals, signed: Draft, clause: Clause) -> bool:
    """合同也签了,上周四签的: told twice, and not two contracts."""
    money = bool(clause.of("amount")) and "amount" in signed.slots
    return not money and deals.named(clause) in (None, signed.slots.get("deal"))


def _spelled(clause: Clause, deals: Deals) -> str:
    """The shape with the stage of deals won written out: a company may call it 签约."""
    if "Ⓢ" not in clause.shape:
        return clause.shape
    won, spelled = deals.setting.words.won, ""
    for place, char in enumerate(clause.shape):
        mention = clause.mention_at(place)
        spelled += (
            won if mention and mention.kind == "stage" and mention.values[0] == won else char
        )
    return spelled


def _signed_today(clause: Clause, deals: Deals) -> bool:
    """今天签约, with nothing that plans it and its sum or number right behind."""
    dates, shape = clause.of("date"), clause.shape
    if not dates or not TODAY.search(shape) or UNSIGNED.search(shape):
        return False
    here = deals.section.clauses.index(clause)
    after = deals.section.clauses[here + 1 : here + 3]
    today = deals.setting.now.strftime("%Y-%m-%d")
    figures = any(_of_contract(c) for c in after) or bool(clause.of("amount"))
    return figures and day_of(dates[-1], clause, deals.setting, "past")[:10] == today


def is_signed(shape: str) -> bool:
    """Whether a clause tells that a contract of ours was signed."""
    return bool(SIGNED.search(shape)) and not UNSIGNED.search(shape) and not ASKS.search(shape)


def _contract(deals: Deals, clause: Clause, drafts: list[Draft]) -> Draft:
    draft = address(Draft("contract", clause.start), deals.section)
    _contract_deal(deals, draft, clause)
    _fill_contract(deals, draft, clause)
    _fill_before(deals, draft, clause)
    if "signed_on" not in draft.slots:
        here = deals.section.clauses.index(clause)
        lead = [m for c in deals.section.clauses[:here] for m in c.of("date")]
        value = day_of(lead[-1], clause, deals.setting, "past") if lead else deals.setting.lead_day
        if value and not lies_ahead(value, deals.setting.now):
            draft.put("signed_on", value, lead[-1] if lead else None)
    drafts.append(draft)
    return draft


def _fill_before(deals: Deals, draft: Draft, clause: Clause) -> None:
    """编号…, 74.5万, 今天签的字: number and sum may stand before the signing."""
    here = deals.section.clauses.index(clause)
    for near in deals.section.clauses[max(0, here - 3) : here]:
        bare = re.fullmatch(r"[^ⒶⒹ]{0,6}Ⓐ[^Ⓐ]{0,4}", near.shape.strip()) and not PAY.search(
            near.shape
        )
        bare = bare and all(m.amount is None or is_said_as_money(m) for m in near.of("amount"))
        if near.of("number") or bare:
            _fill_contract(deals, draft, near)


def _contract_deal(deals: Deals, draft: Draft, clause: Clause) -> None:
    found = deals.target(clause)
    draft.put("deal", found.slots.get("deal"))
    draft.confidence = min(draft.confidence, found.confidence)


def _fill_contract(deals: Deals, draft: Draft, clause: Clause) -> None:
    amounts = [m for m in clause.of("amount") if is_price(clause, _at(clause, m))]
    if amounts and "amount" not in draft.slots and not PAY.search(clause.shape):
        draft.put("amount", plain(amounts[-1].amount), amounts[-1])
        clause.taken.update(m.start for m in amounts)
    numbers = clause.of("number")
    if numbers:
        draft.put("number", numbers[0].values[0], numbers[0])
    dates = [
        m for m in clause.of("date") if _is_a_day(m) and not is_planned(clause, deals.setting)
    ]
    if dates and "signed_on" not in draft.slots:
        draft.put("signed_on", day_of(dates[-1], clause, deals.setting, "past"), dates[-1])


def _at(clause: Clause, mention: Mention) -> int:
    return clause.place_of(mention)


def _is_a_day(mention: Mention) -> bool:
    """Not the year of 今年最大的一单."""
    return mention.date is not None and len(mention.date.value) > 4


def _more_of(deals: Deals, signed: Draft, clause: Clause, drafts: list[Draft]) -> None:
    """合同号…, 18.6万: the clauses after the signing belong to it; another deal is another one."""
    shape = clause.shape.strip()
    named = deals.named(clause)
    another_one = named and named != signed.slots.get("deal") and not clause.of("rival")
    if another_one and clause.of("amount") and len(shape) < 14:
        another = address(Draft("contract", clause.start), deals.section)
        another.put("deal", named)
        another.put("signed_on", signed.slots.get("signed_on"))
        _fill_contract(deals, another, clause)
        drafts.append(another)
        return
    if ITS_DAY.search(shape) and clause.of("date") and not PAY.search(shape):
        mention = clause.of("date")[-1]
        value = day_of(mention, clause, deals.setting, "past")
        if not lies_ahead(value, deals.setting.now):
            signed.put("signed_on", value, mention)
    if _of_contract(clause) and not NOT.search(NOT_CUT.sub("", shape)):
        _fill_contract(deals, signed, clause)


def _of_contract(clause: Clause) -> bool:
    """一共605万, 合同号…: a clause of a contract's sum or number and little else."""
    if NOT_ITS_MONEY.search(clause.shape) or clause.of("person"):
        return False
    told = clause.of("amount") or clause.of("number")
    rest = OF_CONTRACT.sub("", re.sub("[ⒶⓏⒹⒼⓆ]", "", NOT_CUT.sub("", clause.shape)))
    return bool(told) and len(rest.strip()) <= 4


def _won(contract: Draft, section: Section) -> Draft:
    won = Draft("deal", contract.at + 1, confidence=contract.confidence)
    for slot in ("customer", "new_customer", "deal"):
        won.put(slot, contract.slots.get(slot))
    won.put("outcome", "won", (contract.at, contract.at + 1))
    told = next((c for c in section.clauses if c.start == contract.at), None)
    if told and won.slots.get("deal") == "new":
        for mention in told.of("product"):
            won.add("products", mention.values[0], mention)
    return won


def quotes(section: Section, setting: Setting) -> list[Draft]:
    """A quote told with its figures."""
    if section.kinds.isdisjoint(("amount", "factor", "quantity")) or _FROM_THEM.search(
        setting.raw
    ):
        return []
    for place, clause in enumerate(section.clauses):
        shape = NO_QUOTE.sub("■", clause.shape) if "报" in clause.shape else clause.shape
        first = figures_before(section.clauses, place)
        if first is not None:
            ordered = _quote(section, setting, section.clauses[first : place + 4])
            return [ordered] if ordered else []
        sent = [clause] if _QUOTE_SENT.search(shape) else []
        after = section.clauses[place + 1 : place + 2]
        figures = _figures_follow([*sent, *after]) or sum_follows(clause, after)
        if not _QUOTE.search(shape) and not clause.of("factor"):
            continue
        if (
            re.search(r"报销|帮我报|[餐油车]费|住宿", shape)
            or (_QUOTE_NOT.search(shape) and not (figures and not _OTHERS.search(shape)))
            or NOT.search(shape)
            or clause.of("rival")
            or _demanded(section, place)
            or _FOUND_HIGH.search(shape)
            or SOMEBODY_QUOTES.match(shape)
            or COUNTERED.search(shape)
        ):
            continue
        if not re.search(
            r"报价|报(?:了|过)?[一个份版套]{0,2}(?:总|底|单|新|实|打包|优惠|最终|含税|整体|一口)+价|报\s*[:：]?(?=Ⓖ)|报[一个]?[份版套]|报[出过上]去|报了|报个价|报的[单总均底]?价|报给|折|Ⓕ",
            shape,
        ) or re.search(r"要求|他[说要]|客户要|希望|问|Ⓟ[^,，]{0,6}[要说压嫌]", shape):
            continue
        draft = _quote(section, setting, section.clauses[place : place + 6])
        if draft:
            return [draft]
    return []


_WANTED = re.compile(
    r"(?:要求?|提出|让|想|希望|逼|求|咬死|坚持|非要)(?:我们?|咱们?)?[^,，ⒶⒻ]{0,8}[ⒶⒻ]|[压砍]到?Ⓐ"
)
_REFUSED = re.compile(r"没(?:有)?(?:答应|同意|松口|接|表态|吭声)|不(?:同意|接受|答应)|拒绝")


def _demanded(section: Section, place: int) -> bool:
    """A discount that the customer asks for, or that we refused, is no quote of ours."""
    after = section.clauses[place + 1 : place + 4]
    refused = any(_REFUSED.search(c.shape) for c in after)
    shape = section.clauses[place].shape
    return refused or (
        _WANTED.search(shape) is not None and not re.search("申请|报了|已报", shape)
    )


_FOUND_HIGH = re.compile(
    r"嫌[^,，]{0,8}(?:报价|Ⓐ|贵|高)|(?:报价|折|Ⓕ|Ⓐ)[^,，]{0,4}(?:太高|太贵|偏高|太低|太狠|离谱|给不了)"
)
"""Somebody finds our price too high: no new quote."""
_OTHERS = re.compile(r"[要催等让]|前|下[周月]|Ⓓ[^,，]{0,2}(?:出|给|做|发)")


def _figures_follow(after: list[Clause]) -> bool:
    """Whether the lines of a quote begin in the next clause: a product with its number or price."""
    return any(
        (c.of("product") and (c.of("quantity") or c.of("amount"))) or is_for_one(c.shape)
        for c in after
    )


def _quote(section: Section, setting: Setting, clauses: list[Clause]) -> Draft | None:
    draft = address(Draft("quote", clauses[0].start), section)
    lines: list[dict[str, Any]] = []
    for number, clause in enumerate(clauses):
        if is_order(clause):
            continue
        if number and (not _is_part(clause) or _others_price(clause)):
            clauses = clauses[:number]
            break
        _quote_part(draft, lines, clause, setting)
    lines = [line for line in lines if len(line) > 1]
    draft.put("lines", lines)
    if not set(draft.slots) & {"amount", "discount", "lines"}:
        return None
    deals = Deals(section, setting)
    found = deals.target(clauses[0])
    draft.put("deal", found.slots.get("deal"))
    draft.confidence = min(draft.confidence, found.confidence)
    for clause in clauses:
        clause.taken.update(
            m.start for m in clause.mentions if m.kind in ("amount", "date", "product")
        )
    return draft


def _others_price(clause: Clause) -> bool:
    """Whether somebody else quotes: a rival, or a name that nobody knows (某某报Ⓐ)."""
    told = SOMEBODY_QUOTES.match(clause.shape) or COUNTERED.search(clause.shape)
    return bool(clause.of("rival")) or told is not None


def _is_part(clause: Clause) -> bool:
    return any(clause.of(k) for k in ("amount", "factor", "quantity", "product")) or bool(
        _VALID.search(clause.shape)
    )


def _is_counted(clause: Clause, mention: Mention, setting: Setting) -> bool:
    """120坐席,每坐席6800: a bare number before what the price is for."""
    after = setting.text[mention.end : mention.end + 2].strip()
    bare = not re.search("[万亿元块]", mention.text) and not isinstance(mention.amount, tuple)
    return bare and len(after) == 2 and f"每{after}" in setting.text


def _quote_part(
    draft: Draft, lines: list[dict[str, Any]], clause: Clause, setting: Setting
) -> None:
    shape = clause.shape
    valid = _VALID.search(shape)
    if valid and clause.of("date"):
        draft.put(
            "valid_until",
            day_of(clause.of("date")[-1], clause, setting, "plan").rpartition("/")[2],
            clause.of("date")[-1],
        )
    elif valid:
        draft.put("valid_until", last_day_of(setting, clause), (clause.start, clause.end))
    for factor in clause.of("factor"):
        draft.put("discount", factor.factor, factor)
    for mention in clause.mentions:
        if mention.kind == "product":
            lines.append({"product": mention.values[0]})
        elif mention.kind == "quantity" and valid and mention.unit in TERMS:
            pass
        elif (
            mention.kind == "quantity"
            and lines
            and (mention.unit != "天" or re.search("[每/]天", setting.text))
        ):
            lines[-1].setdefault("quantity", mention.factor)
        elif mention.kind == "amount" and lines and _is_counted(clause, mention, setting):
            lines[-1].setdefault("quantity", mention.amount)
        elif mention.kind == "amount":
            place = clause.place_of(mention)
            unit = UNIT_BEFORE.search(shape[:place]) or UNIT_AFTER.match(shape[place + 1 :])
            if unit and lines:
                lines[-1]["unit_price"] = plain(mention.amount)
            else:
                draft.put("amount", plain(mention.amount), mention)
