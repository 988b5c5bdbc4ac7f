"""Turns that put right what the conversation wrote last: 不对，是…; 改到…; 是…不是…."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from nlu import expressions as re
from nlu.amounts.numbers import small
from nlu.calendar.dates import Tense
from nlu.calendar.periods import add_months
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.targets import plain
from nlu.frames.which_deal import fitting_deals
from nlu.naming.linking import Evidence, choose
from nlu.naming.people import contact_of
from nlu.scene import Mention
from nlu.sections import Setting
from nlu.tenses import day_of

LONGEST = 50
Written = tuple[dict[str, Any], ...]
_SLIP = r"(?:(?<![登标])[说记写看打弄搞听报输填发录算念敲][了]?(?:错|岔|串|反|漏|歪|混|快|多|少|差|成)[了]?|口误|手误|笔误|手滑|眼花|更正|纠正|订正|修正|不对|不是|错了|错的|有误|不准确|弄拧了|[打写输]了?个?零)"
_WRONG = re.compile(
    rf"^(?:哦|啊|呃|嗯|等等|等下|诶|刚才|刚刚|上面|前面|上一条|那条|不好意思|抱歉|我|是我|把|多|少|,|，|\s)*[^,，]{{0,6}}{_SLIP}"
)
_RIGHT = re.compile(
    r"^(?:哦|啊|呃|嗯|那|它|他|她|这个?|那个?|时间|日期|金额|预算)*(?:应该是?|应为|实际上?是|其实是|准确[地的]?[说讲]?是|改(?:成|为|到|一下|下)?(?=[ⒶⒹⒻⓈⓅⓃⓆⓇⒼⒸⓄ]|[,，])|更改|修改)"
)
_CONTRAST = re.compile(
    r"^(?:哦|啊|其实|应该|时间|金额|日期)*是[^,，]{1,16}[,，](?:而)?不是|不是[^,，是]{1,12}[,，]?(?:而)?是|才对(?=$|[,，。])"
)
_MOVED = re.compile(
    r"^[^,，]{0,14}[,，]?[^,，]{0,8}(?:改|换|挪|推迟?|顺?延|提前|移|拖|调|往[前后][挪推]?)(?:成|到|至|为|期)?(?:了)?[,，]?(?:成|到|至|为)?Ⓓ|^[^,，]{0,8}(?:改时间|改期|时间[变改换]|日期[变改换]|时间有变)"
)
_CHANGED = re.compile(
    r"^(?:把)?(?P<what>金额|日期|时间|客户|联系人|阶段|对手|预算|截止|到期|数量|电话|名字|商机|折扣|预计成交|成交时间|价格|总价)[^,，]{0,4}(?:改[成到为]?|应该是|错了|写错|记错|不对|是)"
)
_DENIED = re.compile(r"(?:不是|并非|不算)[^,，是]*|是[^,，]*(?=才怪)")
_VALUE = re.compile(r"(?:是|叫|成|为|见的?是?|和|跟|找|的)$")
_KINDS = (
    ("call", re.compile(r"是?(?:打?电话|通话)")),
    ("wechat", re.compile(r"微信")),
    ("email", re.compile(r"邮件")),
    ("meal", re.compile(r"吃饭|饭局|聚餐")),
    ("meeting", re.compile(r"开会|会议")),
    ("demo", re.compile(r"演示")),
    ("visit", re.compile(r"拜访|上门|走访")),
)
_DATE_SLOTS = ("date", "due", "expected_close", "signed_on", "valid_until")


def correction(setting: Setting, clauses: list[Clause], written: Written) -> Draft | None:
    """The slots of the last written acts that take the values said now."""
    if not written or not clauses or len(setting.text) > LONGEST:
        return None
    shape = setting.shape
    slip = _WRONG.search(shape) or _CONTRAST.search(shape)
    moved = _shifted(setting.text, written)
    if moved:
        return moved
    if not (slip or _CHANGED.match(shape) or _is_loose(shape, clauses)):
        return None
    wanted: dict[str, Any] = {}
    for clause in clauses:
        denied = [match.span() for match in _DENIED.finditer(clause.shape)]
        for at in range(len(clause.shape)):
            mention = clause.mention_at(at)
            if mention and not any(start <= at < end for start, end in denied):
                _correct(wanted, mention, clause, setting, written)
    if not wanted and slip:
        _kind(wanted, shape, written)
    if not wanted:
        return None
    draft = Draft("correct", 0)
    draft.put("set", wanted, (0, len(setting.text)))
    return draft


_SHIFT = re.compile(
    r"[^,，。]{0,6}?(?:[往向](?P<way>[前后])(?:挪|推|移|调|延)?|(?P<verb>推迟|延后|顺延|延期|推后|提前|提早)了?)"
    r"(?P<count>[一二两三四五六七八九十]|\d{1,2})个?(?P<unit>天|日|周|星期|礼拜|月)[吧了。!！\ue000]*"
)


def _shifted(text: str, written: Written) -> Draft | None:
    """往后挪一天 moves the day of what is still to come."""
    found = _SHIFT.fullmatch(text.strip())
    ahead = [(act, slot) for act in written for slot in _DATE_SLOTS if slot in act]
    ahead = [(a, s) for a, s in ahead if s in ("due", "expected_close") or a.get("planned")]
    value = str(ahead[0][0][ahead[0][1]]) if found and ahead else ""
    if found is None or not re.match(r"\d{4}-\d\d-\d\d", value) or "/" in value:
        return None
    count = small(found["count"]) or 0
    count = -count if found["way"] == "前" or (found["verb"] or "").startswith("提") else count
    day = date.fromisoformat(value[:10])
    if found["unit"] == "月":
        day = add_months(day, count)
    else:
        day += timedelta(days=count * (1 if found["unit"] in "天日" else 7))
    draft = Draft("correct", 0)
    draft.put("set", {ahead[0][1]: day.isoformat() + value[10:]}, (0, len(text)))
    return draft


def _is_loose(shape: str, clauses: list[Clause]) -> bool:
    """改到…, without a customer: about another one it would be news."""
    if len(shape) >= 30 or any(c.of("customer") for c in clauses):
        return False
    return bool(_RIGHT.search(shape) or _MOVED.search(shape))


def _kind(wanted: dict[str, Any], shape: str, written: Written) -> None:
    """是电话，不是拜访."""
    said = _DENIED.sub("", shape)
    kinds = [kind for kind, pattern in _KINDS if pattern.search(said)]
    if len(kinds) == 1 and any("kind" in act for act in written):
        wanted["kind"] = kinds[0]


def _correct(
    wanted: dict[str, Any], mention: Mention, clause: Clause, setting: Setting, written: Written
) -> None:
    slots = [slot for act in written for slot in act]
    if mention.kind == "amount" and "amount" in slots:
        wanted["amount"] = _in_its_unit(mention, written)
    elif mention.kind in ("amount", "quantity"):
        _correct_number(wanted, mention, written)
    elif mention.kind == "choice":
        field, _, choice = mention.values[0].partition("\0")
        wanted[field] = choice
    elif mention.kind == "date":
        slot = _date_slot(clause.text, slots) or _nearest_slot(mention, written)
        if slot:
            past = slot in ("date", "signed_on") and not _any_planned(written)
            tense: Tense = "past" if past else "plan"
            value = day_of(mention, clause, setting, tense)
            wanted[slot] = _on_its_day(value, slot, mention, written)
    elif mention.kind == "factor":
        wanted["discount"] = mention.factor
    elif mention.kind == "stage":
        wanted["stage"] = mention.values[0]
    elif mention.kind == "customer":
        link = (
            choose(mention.links, Evidence(text=setting.text, sender=setting.sender.id))
            if mention.links
            else ()
        )
        if len(link) == 1:
            wanted["customer"] = link[0].id
    elif mention.kind in ("phone", "number", "email"):
        wanted[mention.kind] = mention.values[0]
    elif mention.kind == "rival":
        wanted["lost_to" if "lost_to" in slots else "competitors"] = (
            mention.values[0] if "lost_to" in slots else [mention.values[0]]
        )
    elif mention.kind == "product" and not _which_deal(wanted, mention, clause, setting, written):
        wanted["products"] = [*wanted.get("products", []), mention.values[0]]
    elif mention.kind == "person" and mention.named:
        _correct_person(wanted, mention, clause, setting, written)


_THAT_ONE = re.compile("的?[那这](?:个|一个|单|一单|块|份|边)")


def _which_deal(
    wanted: dict[str, Any], mention: Mention, clause: Clause, setting: Setting, written: Written
) -> bool:
    """说错了，是维保那个: another of the customer's deals was meant."""
    acts = [act for act in written if act.get("deal") and act.get("customer") in setting.by_id]
    if not acts or not _THAT_ONE.match(clause.shape, clause.place_of(mention) + 1):
        return False
    customer = setting.by_id[str(acts[-1]["customer"])]
    fitting = fitting_deals(customer, clause.text, len(customer.deals) > 1)
    if len(fitting) == 1:
        wanted["deal"] = fitting[0].id
    return len(fitting) == 1


def _in_its_unit(mention: Mention, written: Written) -> Any:
    """不对,是54, said of 52万: a bare number takes the unit of the one that it puts right."""
    value = mention.amount
    if not isinstance(value, int | float) or re.search("[万亿千百元块wWkK]", mention.text):
        return plain(value)
    before = next((act["amount"] for act in reversed(written) if "amount" in act), None)
    old = before[0] if isinstance(before, list | tuple) else before
    near = [scale for scale in (1, 10_000, 1_000) if old and old / 5 <= value * scale <= old * 5]
    return value * near[0] if near else value


def _correct_number(wanted: dict[str, Any], mention: Mention, written: Written) -> None:
    """The one number among the facts written last."""
    facts = [dict(act.get("set", {})) for act in written if act["type"] == "customer"]
    names = [
        name for fact in facts for name, value in fact.items() if isinstance(value, int | float)
    ]
    value = mention.factor if mention.kind == "quantity" else mention.amount
    if len(names) == 1 and isinstance(value, int | float):
        wanted[names[0]] = int(value) if float(value).is_integer() else value


def _on_its_day(value: str, slot: str, mention: Mention, written: Written) -> str:
    """提前到下午两点半 moves the time and leaves the day."""
    before = next((str(act[slot]) for act in reversed(written) if slot in act), "")
    span = mention.date
    if span is not None and span.floating and len(before) >= 10 and len(value) >= 10:
        return _in_its_week(value, before, mention.text)
    only_time = mention.date is not None and mention.date.implicit and "T" in value
    return before[:10] + value[10:] if only_time and len(before) >= 10 else value


def _in_its_week(value: str, before: str, said: str) -> str:
    """改到周三, said of a day next week, is the Wednesday of that week."""
    if not re.match(r"(?:周|星期|礼拜)", said):
        return value
    try:
        old, new = date.fromisoformat(before[:10]), date.fromisoformat(value[:10])
    except ValueError:
        return value
    moved = old + timedelta(days=new.weekday() - old.weekday())
    return moved.isoformat() + value[10:] if moved >= new else value


def _correct_person(
    wanted: dict[str, Any], mention: Mention, clause: Clause, setting: Setting, written: Written
) -> None:
    """见的是孟部长 names another person; 褚董说… only who said it."""
    named = mention.named
    at = clause.place_of(mention)
    if named is None or not (_VALUE.search(clause.shape[:at]) or len(clause.shape.strip()) == 1):
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
    dated = list(dict.fromkeys(slot for slot in _DATE_SLOTS if slot in slots))
    return dated[0] if len(dated) == 1 else None


def _nearest_slot(mention: Mention, written: Written) -> str | None:
    """看错了，是20号: of several days that were written the one that it comes nearest to."""
    span = mention.date
    said = [span.resolve(tense) for tense in ("past", "plan")] if span else []
    best: tuple[int, str] | None = None
    for act in written:
        for slot in (slot for slot in _DATE_SLOTS if slot in act):
            for value in said:
                days = _apart(str(act[slot]), value)
                days += 0 if len(str(act[slot])[:10]) == len(value[:10]) else 10_000
                if best is None or days < best[0]:
                    best = (days, slot)
    return best[1] if best else None


def _apart(one: str, other: str) -> int:
    """Days between two date values; a month or a week is far from any day."""
    try:
        return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days)
    except ValueError:
        return 9999


def _any_planned(written: Written) -> bool:
    return any(act.get("planned") for act in written)
