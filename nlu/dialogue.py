"""Turns that only make sense after another one: an answer to a question, a correction."""

from __future__ import annotations

import re
from typing import Any

from nlu.clauses import Clause
from nlu.dates import Tense
from nlu.drafts import Draft
from nlu.frames.targets import plain
from nlu.known import KnownCustomer
from nlu.linking import Evidence
from nlu.linking import choose as choose_link
from nlu.memory import OpenAsk
from nlu.names import short_forms
from nlu.scene import Mention
from nlu.sections import Setting
from nlu.sound import sounds_of
from nlu.tenses import day_of

_ORDINAL = re.compile(
    r"^(?:选|就|是|要)?第?(?P<n>[一二三四五六七八九十两1-9])(?:个|家|位|号|项|条)?(?:那[个家])?(?:吧|的|呢)?$"
)
_LAST = re.compile(
    r"^(?:选|就|是)?(?:最后|末尾)(?:一?[个家位])?(?:那[个家])?(?:吧|的)?$|^后(?:面|一)[个那]"
)
_FIRST = re.compile(r"^前(?:面|一)[个那]")
_NUMBERS = {char: n for n, char in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_FILLING = re.compile(
    r"^(?:是|就是|选|我说的是|说的是|指的是|嗯|哦)+|(?:那[个家边块单]|这[个家]|的?那个单子?|的那?[个单家]|那个?项目|公司|吧|啊|的|呢)+$"
)
_WRONG = re.compile(
    r"^(?:哦|啊|呃|嗯|等等|等下)?[,，\s]*(?:不对|不是|[说记写看打弄搞听报输][岔串反漏歪混]了?|错了|说错了?|记错了?|写错了?|搞错了?|弄错了?|更正|纠正|应该是|改成|改到|改为|改一下|更改|修改|日期改|时间改|金额改|金额应该|是我记错)"
)
_LOOSE = re.compile(
    r"^(?:刚才|刚刚|上面|前面|上一条)?[^,，]{0,8}(?:[说记写弄搞听看]错|错了|不对|应该是|改[成到为]|更正|打错|改时间|改期|改了)|^[^,，]{0,12}[,，]?[^,，]{0,6}(?:改|换|挪|推迟?|顺?延|提前|移|拖|调|往[前后][挪推]?)(?:成|到|至|为)(?=[^,，]{0,4}[0-9一二三四五六七八九十上下周月明后今中早晚大本这])"
)
_CHANGED = re.compile(
    r"^(?P<what>金额|日期|时间|客户|联系人|阶段|对手|预算|截止|到期|数量|电话|名字|商机|折扣|预计成交|成交时间)[^,，]{0,4}(?:改[成到为]|应该是|错了|不对|是)"
)

_DATE_SLOTS = ("date", "due", "expected_close", "signed_on", "valid_until")


def answer_to(setting: Setting, ask: OpenAsk) -> str | None:
    """The option that the message chooses, by number or by name; None when it chooses none."""
    text = re.sub(r"[。.!！~\s]+$", "", setting.text.strip())
    if len(text) > 30 or not text:
        return None
    by_number = _by_number(text, len(ask.options))
    if by_number is not None:
        return ask.options[by_number]
    said = _FILLING.sub("", _FILLING.sub("", text)) or text
    scored = [(_likeness(said, option, ask.about, setting), option) for option in ask.options]
    best = max(score for score, _ in scored)
    winners = [option for score, option in scored if score == best]
    return winners[0] if best > 0 and len(winners) == 1 else None


def _by_number(text: str, size: int) -> int | None:
    if _LAST.match(text):
        return size - 1
    if _FIRST.match(text):
        return 0
    match = _ORDINAL.match(text)
    if not match:
        return None
    said = match["n"]
    number = int(said) if said.isdigit() else _NUMBERS[said]
    return number - 1 if number <= size else None


def _likeness(said: str, option: str, about: str, setting: Setting) -> int:
    """How many of the words said are the option's own."""
    words = _words_of(option, about, setting)
    if any(said == word for word in words):
        return 100
    whole = max((len(word) for word in words if len(word) > 1 and word in said), default=0)
    text = " ".join(words)
    part = 0
    if said in text:
        part = len(said) + 1
    pairs = sum(said[i : i + 2] in text for i in range(len(said) - 1))
    heard = 2 if pairs == 0 and any(_sounds_in(said, word) for word in words) else 0
    return max(whole * 2, part * 2, pairs, heard)


def _sounds_in(said: str, word: str) -> bool:
    sounds, other = sounds_of(said), sounds_of(word)
    return len(said) >= 2 and len(sounds) == len(other) and sounds == other and all(sounds)


def _words_of(option: str, about: str, setting: Setting) -> list[str]:
    if about == "customer":
        customer = setting.by_id.get(option)
        return _customer_words(customer) if customer else []
    if about == "user":
        user = setting.words.users.get(option)
        return [user.name, user.name[1:], user.team, user.region] if user else []
    if about == "deal":
        for customer in setting.known.customers:
            for deal in customer.deals:
                if deal.id == option:
                    return [deal.name, deal.stage]
        return []
    return [option, option[:1] + "总"]


def _customer_words(customer: KnownCustomer) -> list[str]:
    words = [customer.name, *customer.aliases, customer.industry, customer.region]
    words += list(short_forms(customer.name))
    words += [word for contact in customer.contacts for word in (contact.name, contact.title)]
    return [word for word in words if word]


def correction(
    setting: Setting, clauses: list[Clause], written: tuple[dict[str, Any], ...]
) -> Draft | None:
    """不对，是…; 改到…: the slots of the last written acts that take these values."""
    if not written or len(setting.text) > 50:
        return None
    text = setting.text.strip()
    loose = len(text) < 30 and _LOOSE.match(text) and not any(c.of("customer") for c in clauses)
    if not (_WRONG.match(text) or _CHANGED.match(text) or loose):
        return None
    wanted: dict[str, Any] = {}
    for clause in clauses:
        for mention in clause.mentions:
            _correct(wanted, mention, clause, setting, written)
    if not wanted:
        return None
    draft = Draft("correct", 0)
    draft.put("set", wanted, (0, len(setting.text)))
    return draft


def _correct(
    wanted: dict[str, Any], mention: Mention, clause: Clause, setting: Setting,
    written: tuple[dict[str, Any], ...],
) -> None:  # fmt: skip
    slots = [slot for act in written for slot in act]
    if mention.kind == "amount" and "amount" in slots:
        wanted["amount"] = plain(mention.amount)
    elif mention.kind == "date":
        slot = _date_slot(clause.text, slots)
        if slot:
            tense: Tense = (
                "past" if slot in ("date", "signed_on") and not _any_planned(written) else "plan"
            )
            value = day_of(mention, clause, setting, tense)
            wanted[slot] = _on_its_day(value, slot, mention, written)
    elif mention.kind == "factor":
        wanted["discount"] = mention.factor
    elif mention.kind == "stage":
        wanted["stage"] = mention.values[0]
    elif mention.kind == "customer":
        link = choose_link(mention.links, Evidence(text=setting.text, sender=setting.sender.id))
        if len(link) == 1:
            wanted["customer"] = link[0].id
    elif mention.kind == "phone":
        wanted["phone"] = mention.values[0]
    elif mention.kind == "number":
        wanted["number"] = mention.values[0]
    elif mention.kind == "rival":
        wanted["lost_to" if "lost_to" in slots else "competitors"] = (
            mention.values[0] if "lost_to" in slots else [mention.values[0]]
        )
    elif mention.kind == "product":
        wanted["products"] = [*wanted.get("products", []), mention.values[0]]
    elif mention.kind == "person" and mention.named:
        _correct_person(wanted, mention, setting, written)


def _on_its_day(
    value: str, slot: str, mention: Mention, written: tuple[dict[str, Any], ...]
) -> str:
    """提前到下午两点半 moves the time and leaves the day."""
    before = next((str(act[slot]) for act in reversed(written) if slot in act), "")
    only_time = mention.date is not None and mention.date.implicit and "T" in value
    return before[:10] + value[10:] if only_time and len(before) >= 10 else value


def _correct_person(
    wanted: dict[str, Any], mention: Mention, setting: Setting, written: tuple[dict[str, Any], ...]
) -> None:
    from nlu.people import contact_of

    named = mention.named
    if named is None:
        return
    ids = [act["customer"] for act in written if "customer" in act]
    customer = setting.by_id.get(ids[0]) if ids else None
    known = contact_of(named, customer)
    name = known[0].name if len(known) == 1 else named.full or named.said
    slot = "name" if all(act["type"] == "contact" for act in written) else "contacts"
    wanted[slot] = name if slot == "name" else [*wanted.get("contacts", []), name]


def _date_slot(text: str, slots: list[str]) -> str | None:
    if "due" in slots and re.search(r"截止|前|待办|任务", text):
        return "due"
    if "expected_close" in slots and re.search(r"成交|签|下单", text):
        return "expected_close"
    if "date" in slots and re.search(r"日期|拜访|见面|会议", text):
        return "date"
    return next((slot for slot in reversed(slots) if slot in _DATE_SLOTS), None)


def _any_planned(written: tuple[dict[str, Any], ...]) -> bool:
    return any(act.get("planned") for act in written)
