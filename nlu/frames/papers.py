"""Contracts signed, quotes made, payments received or promised, money spent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from nlu.clauses import NOT, Clause
from nlu.drafts import Draft
from nlu.frames.deals import Deals
from nlu.frames.targets import address
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of, is_planned, lies_ahead

_SIGNED = re.compile(
    r"(?:合同|协议|框架|订单|年框|单子?|维保)[^,，]{0,10}?(?:已经?)?(?:正式|今天|终于|Ⓓ)?(?:也|就)?(?:签了|签完|签掉|签好|签订|签下|签署了|签回来|签的|签字盖章|签约了|双签|签过了)|签(?:了|完|下|掉|订了?|好|约|回来?|的(?!字))[^,，]{0,14}?(?:合同|协议|年框|框架|单子?$)|签约[Ⓐ了成]|签了[^,，]{0,4}Ⓐ|(?:终于|已|正式|都)签$|签下来了?|Ⓓ签的|(?:合同|协议)[^,，]{0,10}(?:盖[完好]?章了|已签|落地了|签回来|签[好完]|双签)|签合同了|Ⓓ签了|已签(?:合同|约)|签了$"
)
_UNSIGNED = re.compile(
    r"还没签|没签|未签|等[^,，]{0,6}签|才签|再签|能签|要签|签不|预计|争取|准备签|会签|下[周月][^,，]{0,3}签(?!了)|快签|待签|希望|打算|竞品|Ⓡ[^,，]{0,4}签"
)
_PAY = re.compile(
    r"回款|到账|到款|款到|转账|汇来|来款|承兑|工程款|节点款|回了Ⓐ|收了Ⓐ|收到Ⓐ|打款|尾款|首付款?|预付款?|定金|货款|付款|汇款|进度款|质保金|收到[^,，]{0,10}款|打过来|打(?!算|[车的折包])[了到]?[^,，]{0,4}Ⓐ|Ⓐ[^,，]{0,4}到了|款项|结款|[还欠]?差Ⓐ|还欠Ⓐ|付(?:了|清|讫)?Ⓐ|Ⓐ[^,，]{0,6}(?:到了?账|进账|入账|付)|款(?:子)?[^,，]{0,3}(?:到了|打|付)|进账|结清|收款|打[来过]|转[来过]来|(?:Ⓓ|先|再|会)[打付汇转](?=$|[^,，]{0,4}Ⓐ|过来|给)"
)
_NOT_PAY = re.compile(
    r"付款(?:方式|条款|条件|计划|节点|周期|比例|流程)|问[问一]?[^,，]{0,6}回款|回款(?:的事|计划|情况|周期)|催[^,，]{0,6}款|账期|报销|保证金|没(?:到账|回款|付|打)|未到账|怎么付"
)
_RECEIVED = re.compile(
    r"款到|到款|转来了|打来了|来款|到[了的]?账|收到|已付|付了|打了|进账|入账|付清|结清|到了|回了|回款了?Ⓐ|汇了|收了|已[打付回]|回款[^,，]{0,6}Ⓐ"
)
_QUOTE = re.compile(r"报价|报了[^,，]{0,4}[ⒶⒻ]|报了价|报的价|报个价|报出|折后|折扣价|[Qq]uote")
_QUOTE_NOT = re.compile(
    r"(?:要|催|等|出|给|做|发|新|正式|含税|一版|版)[^,，ⒶⒻ]{0,6}报价(?![:：]|[^,，]{0,4}[ⒶⒻ])|报价单?前|[之以]?前[^,，]{0,6}报价|报价(?:有效期|呢要)"
)
_SOMEBODY_QUOTES = re.compile(
    r"\s*(?![我咱给按总共先]|折后|一共)[\u4e00-\u9fffA-Za-z]{2,8}报[价了]?Ⓐ"
)
_OURS = re.compile(r"我们?|咱们?|给Ⓒ|按|申请|让了?|优惠|折")
_VALID = re.compile(
    r"有效期?[^,，]{0,6}[ⒹⓆ]|有效到?Ⓓ|Ⓓ[^,，]{0,3}(?:前|内)?有效|报价[^,，]{0,4}到Ⓓ"
)
_EXPENSE = re.compile(
    r"报销|报一?下|报了(?=$)|帮我报|打车|的士|滴滴|出租车|停车费|过路费|过桥费|高速费|油费|加油|地铁|住宿费?|酒店(?=费|[^,，]{0,4}Ⓐ)|餐费|饭钱|招待费|餐饮费|差旅费?|机票|高铁票?|火车票|动车|车票|礼品|伴手礼|水果|烟酒|花了Ⓐ|垫[付了]|请客|客饭|加油费|午餐费|晚餐费|快递费|打印费|路费"
)
_SPENT = re.compile(rf"(?:{_EXPENSE.pattern})[^,，Ⓐ项]{{0,6}}Ⓐ|花了|垫")
_CATEGORIES = (
    ("hotel", re.compile(r"住宿|酒店|宾馆|房费|民宿|旅馆")),
    (
        "transport",
        re.compile(
            r"打车|的士|滴滴|出租|停车|过路|过桥|高速费|油费|加油|地铁|公交|网约车|路桥|充电"
        ),
    ),
    ("travel", re.compile(r"差旅|机票|高铁|火车|动车|飞机|出差|车票|路费|船票|航班|大巴")),
    ("gift", re.compile(r"礼品|礼物|伴手礼|送礼|水果|烟酒|茶叶|月饼|礼盒|花篮|礼")),
    ("meal", re.compile(r"餐|饭|吃|招待|宴请|请客|咖啡|喝|夜宵|烧烤|火锅|聚")),
)


def contracts(section: Section, setting: Setting) -> list[Draft]:
    """Signed contracts, each with its deal won."""
    deals = Deals(section, setting)
    drafts: list[Draft] = []
    signed: Draft | None = None
    for clause in section.clauses:
        shape = clause.shape
        if _SIGNED.search(shape) and not _UNSIGNED.search(shape) and not _asks(shape):
            signed = _contract(deals, clause, drafts)
        elif signed is not None:
            _more_of(deals, signed, clause, drafts)
    won = [_won(draft) for draft in drafts]
    return drafts + won


def _asks(shape: str) -> bool:
    return re.search(r"[吗么?？]|什么时候|没有?签|没签|未签", shape) is not None


def _contract(deals: Deals, clause: Clause, drafts: list[Draft]) -> Draft:
    draft = address(Draft("contract", clause.start), deals.section)
    _contract_deal(deals, draft, clause)
    _fill_contract(deals, draft, clause)
    if "signed_on" not in draft.slots:
        here = deals.section.clauses.index(clause)
        lead = [m for c in deals.section.clauses[:here] for m in c.of("date")]
        value = day_of(lead[-1], clause, deals.setting, "past") if lead else deals.setting.lead_day
        if value and not lies_ahead(value, deals.setting.now):
            draft.put("signed_on", value, lead[-1] if lead else None)
    drafts.append(draft)
    return draft


def _contract_deal(deals: Deals, draft: Draft, clause: Clause) -> None:
    found = deals.target(clause)
    draft.put("deal", found.slots.get("deal"))
    draft.confidence = min(draft.confidence, found.confidence)


def _fill_contract(deals: Deals, draft: Draft, clause: Clause) -> None:
    amounts = clause.of("amount")
    if amounts and "amount" not in draft.slots and not _PAY.search(clause.shape):
        draft.put("amount", plain(amounts[-1].amount), amounts[-1])
        clause.taken.update(m.start for m in amounts)
    numbers = clause.of("number")
    if numbers:
        draft.put("number", numbers[0].values[0], numbers[0])
    dates = [m for m in clause.of("date") if not is_planned(clause, deals.setting)]
    if dates and "signed_on" not in draft.slots:
        draft.put("signed_on", day_of(dates[-1], clause, deals.setting, "past"), dates[-1])


def _more_of(deals: Deals, signed: Draft, clause: Clause, drafts: list[Draft]) -> None:
    """合同号…, 18.6万: the clauses after the signing belong to it; another deal is another one."""
    shape = clause.shape.strip()
    named = deals.named(clause)
    if named and named != signed.slots.get("deal") and clause.of("amount") and len(shape) < 14:
        another = address(Draft("contract", clause.start), deals.section)
        another.put("deal", named)
        another.put("signed_on", signed.slots.get("signed_on"))
        _fill_contract(deals, another, clause)
        drafts.append(another)
        return
    if re.search(r"签[约订署]日期|签于", shape) and clause.of("date"):
        mention = clause.of("date")[-1]
        signed.put("signed_on", day_of(mention, clause, deals.setting, "past"), mention)
    money = re.fullmatch(
        r"(?:[^,，ⒶⒹ]{0,4}(?:一共|总共|合计)|合同|总?金额|合同额|合同金额|总价|总额|合同总价|价格|一共|共计?|总共|最后|最终|含税|不含税|标的)*[:：是为]?\s*Ⓐ[^ⒶⒹ]{0,4}",
        shape,
    )
    if (
        money
        or (clause.of("number") and not clause.of("amount"))
        or re.search(r"合同(?:总?金额|额|价)", shape)
    ) and not NOT.search(shape):
        _fill_contract(deals, signed, clause)


def _won(contract: Draft) -> Draft:
    won = Draft("deal", contract.at + 1, confidence=contract.confidence)
    for slot in ("customer", "new_customer", "deal"):
        won.put(slot, contract.slots.get(slot))
    won.put("outcome", "won", (contract.at, contract.at + 1))
    return won


_LISTED = re.compile(r"^[^,，:：]{0,6}(?:回款|到账|收款|到款)[^,，:：]{0,4}[:：]")


def payments(section: Section, setting: Setting) -> list[Draft]:
    """Money that came or was promised."""
    drafts = []
    list_of_sums = _LISTED.match(setting.text)
    for place, clause in enumerate(section.clauses):
        shape = clause.shape
        listed = list_of_sums and re.fullmatch(r"[\sⒸⒹ的:：]*Ⓐ\s*", shape)
        if (
            not (listed or _PAY.search(shape))
            or _NOT_PAY.search(shape)
            or re.search(r"我们?[要得][^,，]{0,4}付", shape)
        ):
            continue
        clauses = [clause, *_money_beside(section, place)]
        amounts = [m for c in clauses for m in c.of("amount") if m.start not in c.taken]
        if not amounts:
            continue
        drafts.append(_payment(section, setting, clauses, amounts[-1]))
    return drafts


def _money_beside(section: Section, place: int) -> list[Clause]:
    """月底把尾款打过来 一共五万: the sum or the day stands in the next clause, or before."""
    clause, beside = section.clauses[place], []
    if place + 1 < len(section.clauses):
        after = section.clauses[place + 1]
        lacks = not clause.of("amount") and re.match(
            r"^\s*(?:一共|共|总共|大概|金额)?Ⓐ", after.shape
        )
        dated = (
            not clause.of("date")
            and after.of("date")
            and re.search(r"[打付汇]|^\s*Ⓓ(?:的|到的?账?|收到的?)?$", after.shape)
        )
        if (lacks or dated) and not after.strong:
            beside.append(after)
            last = section.clauses[place + 2 : place + 3]
            if lacks and last and re.fullmatch(r"\s*Ⓓ(?:的|到的?账?)?\s*", last[0].shape):
                beside += last
    return beside


def _payment(section: Section, setting: Setting, clauses: list[Clause], money: Mention) -> Draft:
    draft = address(Draft("payment", clauses[0].start), section)
    draft.put("amount", plain(money.amount), money)
    shape = " ".join(c.shape for c in clauses)
    dates = [(m, c) for c in clauses for m in c.of("date") if m.start not in c.taken]
    received = _RECEIVED.search(shape) and not re.search(
        r"还[差欠]|答应|承诺|会|预计|[打付]过来|说Ⓓ|之?前", shape
    )
    planned = not received
    if dates:
        mention, clause = dates[-1]
        value = day_of(mention, clause, setting, "past" if received else "plan")
        if lies_ahead(value, setting.now):
            planned = True
        draft.put("date", value, mention)
    elif planned and not re.search(r"打过来|会|答应|承诺|还[差欠]", shape):
        planned = False
    if planned:
        draft.put("planned", True, (clauses[0].start, clauses[-1].end))
    for clause in clauses:
        clause.taken.update(m.start for m in clause.mentions if m.kind in ("amount", "date"))
    return draft


def quotes(section: Section, setting: Setting) -> list[Draft]:
    """A quote told with its figures."""
    for place, clause in enumerate(section.clauses):
        shape = clause.shape
        if not _QUOTE.search(shape) and not clause.of("factor"):
            continue
        if (
            re.search(r"报销|帮我报|[餐油车]费|住宿", shape)
            or _QUOTE_NOT.search(shape)
            or NOT.search(shape)
            or clause.of("rival")
        ):
            continue
        if not re.search(r"报价|报了|报了价|报个价|报的价|折|Ⓕ", shape) or re.search(
            r"要求|他[说要]|客户要|希望|问|Ⓟ[^,，]{0,6}[要说压嫌]", shape
        ):
            continue
        draft = _quote(section, setting, section.clauses[place : place + 6])
        if draft:
            return [draft]
    return []


def _quote(section: Section, setting: Setting, clauses: list[Clause]) -> Draft | None:
    draft = address(Draft("quote", clauses[0].start), section)
    lines: list[dict[str, Any]] = []
    for clause in clauses:
        if clause is not clauses[0] and (not _is_part(clause) or _others_price(clause)):
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
    return bool(clause.of("rival")) or _SOMEBODY_QUOTES.match(clause.shape) is not None


def _is_part(clause: Clause) -> bool:
    return any(clause.of(k) for k in ("amount", "factor", "quantity", "product")) or bool(
        _VALID.search(clause.shape)
    )


def _quote_part(
    draft: Draft, lines: list[dict[str, Any]], clause: Clause, setting: Setting
) -> None:
    shape = clause.shape
    valid = _VALID.search(shape)
    if valid and clause.of("date"):
        draft.put(
            "valid_until",
            day_of(clause.of("date")[-1], clause, setting, "plan"),
            clause.of("date")[-1],
        )
    for factor in clause.of("factor"):
        draft.put("discount", factor.factor, factor)
    for mention in clause.mentions:
        if mention.kind == "product":
            lines.append({"product": mention.values[0]})
        elif mention.kind == "quantity" and valid and mention.unit == "天":
            day = setting.now + timedelta(days=int(mention.factor or 0))
            draft.put("valid_until", day.strftime("%Y-%m-%d"), mention)
        elif mention.kind == "quantity" and lines and mention.unit != "天":
            lines[-1].setdefault("quantity", mention.factor)
        elif mention.kind == "amount":
            place = next(i for i in range(len(shape)) if clause.mention_at(i) is mention)
            unit = re.search(r"单价|每[\u4e00-\u9fff]|一[台个套件只]$", shape[:place]) or re.match(
                r"[^,，]{0,1}(?:/|每|一[台个套件只支米平])", shape[place + 1 :]
            )
            if unit and lines:
                lines[-1]["unit_price"] = plain(mention.amount)
            else:
                draft.put("amount", plain(mention.amount), mention)


def expenses(section: Section, setting: Setting) -> list[Draft]:
    """Money that the sender spent."""
    drafts = []
    whole = " ".join(c.shape for c in section.clauses)
    if not _EXPENSE.search(whole) or re.search(r"驳回|退回|同意|批", whole):
        return []
    claims = re.search(r"报销|报一?下|帮我报|帮报|报了", whole) is not None
    for place, clause in enumerate(section.clauses):
        near = " ".join(c.shape for c in section.clauses[max(0, place - 1) : place + 2])
        for money in clause.of("amount"):
            if money.start in clause.taken or not (claims or _EXPENSE.search(clause.shape)):
                continue
            if not _EXPENSE.search(near) or (not claims and not _SPENT.search(clause.shape)):
                continue
            drafts.append(_expense(section, setting, clause, money, near))
            clause.taken.add(money.start)
    return drafts


def _expense(
    section: Section, setting: Setting, clause: Clause, money: Mention, near: str
) -> Draft:
    draft = Draft("expense", clause.start)
    draft.put("amount", plain(money.amount), money)
    texts = (clause.shape, near, " ".join(c.shape for c in section.clauses))
    category = next(
        (name for text in texts for name, pattern in _CATEGORIES if pattern.search(text)), "other"
    )
    draft.put("category", category, (clause.start, clause.end))
    dated = [(m, c) for c in [clause, *section.clauses] for m in c.of("date")]
    if dated:
        draft.put("date", day_of(dated[0][0], dated[0][1], setting, "past"), dated[0][0])
    if section.customer:
        draft.put("customer", section.customer.id, section.mention)
    return draft


def plain(amount: Any) -> Any:
    """A range as a list, as acts are written."""
    return list(amount) if isinstance(amount, tuple) else amount
