"""Who was there: met, absent, or only spoken of; and on which day it was."""

from __future__ import annotations

from dataclasses import dataclass, field

from nlu import expressions as re
from nlu.clauses import NOT, Clause
from nlu.drafts import Draft
from nlu.frames.meeting_words import ABSENT, ABSENT_NEXT, NOBODY, SAYS, THERE
from nlu.frames.paying_words import CAME
from nlu.frames.signing_words import SIGNED
from nlu.frames.targets import names_of
from nlu.scene import TAGS, Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of

_DATE_LABEL = re.compile(r"[\sⒸ]*(?:日期|时间|拜访日期|拜访时间)\s*[:：]")


@dataclass(eq=False)
class Told:
    """What a section tells of one activity."""

    draft: Draft
    start: Clause
    people: list[tuple[str, Mention]] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)


def put_people(
    told: Told, clause: Clause, section: Section, setting: Setting, after: list[Clause]
) -> None:
    people = clause.of("person") + _colleague_contacts(clause, section, setting)
    gone = _nobody_met(after)
    there = _there(clause) if people else set()
    for mention in people:
        names = names_of(mention, section, setting)
        if after and _AFTER_ALL.search(after[0].shape) and _gone(clause, mention):
            told.people += [(name, mention) for name in names]
            continue
        if _gone(clause, mention) or (mention is people[-1] and gone):
            told.absent.update(names)
            continue
        also = told.people and _ALSO_THERE.fullmatch(clause.shape)
        first = not told.people and clause is told.start
        bullet = clause.item and re.match(r"^\s*Ⓟ[:：]", clause.shape)
        bare = _is_right_behind(told, clause)
        label = _is_headed(told, clause) or (
            not told.people and re.match(r"^\s*Ⓒ(?:的)?Ⓟ[:：]", clause.shape)
        )
        if also or first or bullet or bare or label or mention.start in there:
            told.people += [(name, mention) for name in names]


def _is_right_behind(told: Told, clause: Clause) -> bool:
    """A person alone in the clause after the visit's, or who begins it behind the firm."""
    if clause.index != told.start.index + 1:
        return False
    firm = told.start.shape.rstrip().endswith("Ⓒ") and not told.people
    return clause.shape.strip() == "Ⓟ" or (firm and clause.shape.lstrip().startswith("Ⓟ"))


_ALSO_THERE = re.compile(r"\s*(?:还有|以及|外加)[^,，ⓅⓇ说]{0,14}Ⓟ(?:也在|都在|也到了|都到了)?\s*")
"""罗处在, 还有他们的副部长…: one more who was there."""
_AFTER_ALL = re.compile(r"才(?:见|等|碰)[到上着]|(?:总算|终于|最后)(?:还是)?(?:见|等|碰)[到上着]")
"""正开会, 等了一小时才见上: met after all."""
_HEADED = re.compile(r"^\s*Ⓒ(?:的)?Ⓟ")
"""年后第一访,某某翟厂长: whom the visit of the clause before was paid to."""


def _is_headed(told: Told, clause: Clause) -> bool:
    after = clause.index == told.start.index + 1 and not told.people
    return after and not told.start.of("customer") and _HEADED.match(clause.shape) is not None


_OTHERS = re.compile(r"\s*(?:另外|其他|其它|别的|剩下|还有|其余)")


def _nobody_met(after: list[Clause]) -> bool:
    """Whether the clauses after say that the person named last wasn't there."""
    for place, clause in enumerate(after):
        if (
            clause.of("person")
            or clause.of("customer")
            or clause.item
            or _OTHERS.match(clause.shape)
        ):
            return False
        if NOBODY.search(clause.shape) or (not place and ABSENT_NEXT.search(clause.shape)):
            return True
    return False


def _colleague_contacts(clause: Clause, section: Section, setting: Setting) -> list[Mention]:
    """吴经理 may be ours or theirs: theirs when the customer has one."""
    return [m for m in clause.of("user") if m.short and names_of(m, section, setting)]


def _gone(clause: Clause, mention: Mention) -> bool:
    if _WITH_ME.search(clause.shape[: _place(clause, mention)]):
        return False
    return any(
        clause.mention_at(place) is mention
        for match in ABSENT.finditer(clause.shape)
        for place in range(match.start(), match.end())
    )


_WITH_ME = re.compile(r"(?:陪|带着?|领着?)[^,，Ⓟ]{0,3}$")
"""陪熊校长去参观了: he went, and we went with him."""


def _place(clause: Clause, mention: Mention) -> int:
    return next((i for i in range(len(clause.shape)) if clause.mention_at(i) is mention), 0)


def _there(clause: Clause) -> set[int]:
    """Where those are named who were there, with those beside them."""
    if _ASKED_FOR.search(clause.shape) and not _MET.search(clause.shape):
        return set()
    places = {p for m in THERE.finditer(clause.shape) for p in range(m.start(), m.end())}
    spots = (p for p in places if clause.shape[p] in ("Ⓟ", "Ⓤ"))
    return {m.start for p in spots for m in _side_by_side(clause, p)}


_ASKED_FOR = re.compile(r"让|提醒|要求|得给|发给|寄给|交给|答应")
_MET = re.compile(r"见了|见到|接待")


def finish(told: Told, section: Section, setting: Setting, later: list[Told]) -> None:
    draft = told.draft
    stop = later[0].start.start if later else section.clauses[-1].end + 1
    own = [c for c in section.clauses if told.start.start <= c.start < stop]
    if not told.people and _POINTS.search(told.start.shape) and not told.start.of("person"):
        before = [m for c in section.clauses if c.start < told.start.start for m in c.of("person")]
        told.people = [(n, m) for m in before[-1:] for n in names_of(m, section, setting)]
    if not told.people:
        told.people = _just_before(told, section, setting) or _labelled(section, setting)
    if not told.people:
        told.people = (
            _speakers(own, section, setting, told.absent)
            or _led_by(told.start, section, setting, told.absent)
            or _alone_after(own, section, setting, told.absent)
        )
    for name, mention in told.people:
        if name not in told.absent:
            draft.add("contacts", name, mention)
    _date(draft, told.start, section, setting)


def _speakers(
    own: list[Clause], section: Section, setting: Setting, absent: set[str]
) -> list[tuple[str, Mention]]:
    """Nobody was named as met: then the first who said something was."""
    for clause in own:
        for match in SAYS.finditer(clause.shape):
            if NOT.search(match.group()):
                continue
            told = [
                (name, mention)
                for mention in _side_by_side(clause, match.start())
                for name in names_of(mention, section, setting)
                if name not in absent
            ]
            if told:
                return told
    for clause in own[1:3]:
        found = _ACTS.match(clause.shape)
        mention = clause.mention_at(found.start("who")) if found else None
        if mention:
            return [(n, mention) for n in names_of(mention, section, setting) if n not in absent]
    return []


def _side_by_side(clause: Clause, place: int) -> list[Mention]:
    """The person at a place of the shape, with those named beside: 甲和乙说."""
    from_ = max(0, place - 40)
    before = _BESIDE.search(clause.shape[from_ : place + 1])
    start = from_ + before.start() if before else place
    spots = (clause.mention_at(at) for at in range(start, place + 1))
    return [m for m in spots if m and m.kind in ("person", "user")]


_BESIDE = re.compile(r"(?:Ⓟ(?:[和跟与及、+＋&]|还有)+(?:个|位|一个)?[^,，Ⓟ]{0,8})+Ⓟ$")


def _just_before(told: Told, section: Section, setting: Setting) -> list[tuple[str, Mention]]:
    """教务处的何处长,见面聊的: the person alone in the clause before."""
    here = section.clauses.index(told.start)
    before = section.clauses[here - 1] if here else None
    if before is None or not _ALONE.match(before.shape) or _gone(before, before.of("person")[0]):
        return []
    return [(n, m) for m in before.of("person") for n in names_of(m, section, setting)]


def _alone_after(
    own: list[Clause], section: Section, setting: Setting, absent: set[str]
) -> list[tuple[str, Mention]]:
    """拜访了某某,新客户,总经理葛飞: the person alone in a clause right after."""
    for clause in own[1:3]:
        if _ALONE.match(clause.shape):
            people = [(n, m) for m in clause.of("person") for n in names_of(m, section, setting)]
            return [(name, mention) for name, mention in people if name not in absent]
    return []


_ALONE = re.compile(
    r"^\s*(?:[\u4e00-\u9fff]{1,6}的|[\u4e00-\u9fff]{1,4}(?:经理|总|主管|总监|主任|长))?Ⓟ\s*$"
)
_POINTS = re.compile(r"[请跟和陪给见][他她](?!们)")
_LABELLED = re.compile(
    r"^\s*(?:客户方?|他们|甲方|乙方|业主方?|校方|院方|厂方|店方)[:：]|^\s*(?:客户)?(?:联系人|拜访人|受访人|对象|参与?人员?|参会人?|接待人?|见到|会见|对接人?|出席|在场|陪同|[一-龥]{1,2}方(?:人员|代表)?)[^,，:：]{0,3}[:：]"
)


def _labelled(section: Section, setting: Setting) -> list[tuple[str, Mention]]:
    """联系人: …, the form's own line."""
    lines = [c for c in section.clauses if _LABELLED.match(c.shape)]
    return [(n, m) for c in lines for m in c.of("person") for n in names_of(m, section, setting)]


def _led_by(
    start: Clause, section: Section, setting: Setting, absent: set[str]
) -> list[tuple[str, Mention]]:
    """华城的王部长，…，今天给我打电话: whom the section begins with."""
    clause = section.clauses[0]
    found = _LEADS.match(clause.shape) if clause is not start and start.index < 9 else None
    last = clause.mention_at(found.end() - 1) if found else None
    if found is None or last is None or _gone(clause, last):
        return []
    people = _side_by_side(clause, found.end() - 1)
    named = [(name, m) for m in people for name in names_of(m, section, setting)]
    return [(name, m) for name, m in named if name not in absent]


_LEADS = re.compile(r"^\s*Ⓓ?Ⓒ(?:的|那边)?(?:的)?Ⓟ(?:[和跟与、+＋&]+Ⓟ)*")
_ACTS = re.compile(
    r"(?:[一-龥]{1,4}(?:中心|部|科|处|办|院|组|室|厂|店|公司)的?)?(?P<who>Ⓟ)(?![的和跟、与]|那边|他们|手机|电话|微信|邮箱|升|调|离|退|辞|跳|走了|要走|可能|听说|[下明]|Ⓓ|[没不]|去|飞|出|回|请|休|病|住院|临时|又|还在|被)[^,，Ⓟ]{2,}"
)
"""乔处长这个人…, 汤部长直叹气: who acts right after the visit was there."""


def _date(draft: Draft, start: Clause, section: Section, setting: Setting) -> None:
    """The day said in the clause, else before it in the section, else for the whole message."""
    labelled = [c for c in section.clauses if _DATE_LABEL.match(c.shape)]
    earlier = [c for c in section.clauses if c.start < start.start]
    earlier = [c for c in earlier if not c.of("rival") or "我" in c.shape]
    earlier = [c for c in earlier if not (SIGNED.search(c.shape) or CAME.search(c.shape))]
    for clause in [start, *labelled, *reversed(earlier)]:
        own = [m for m in clause.of("date") if _is_report_date(m, clause)]
        exact = [m for m in own if m.date and "/" not in m.date.value]
        mention = next(iter(exact or own), None)
        if mention:
            value = day_of(mention, clause, setting, "past")
            ended = f"到{TAGS['date']}" in clause.shape and "T" in value
            draft.put("date", value[:10] if ended else value, mention)
            return
    if _JUST.search(start.shape + draft_lead(section)):
        draft.put("date", setting.now.strftime("%Y-%m-%d"), (start.start, start.end))
    elif setting.lead_day:
        draft.put("date", setting.lead_day)
    else:
        after = section.clauses[section.clauses.index(start) + 1 :][:2]
        for clause in after:
            for mention in clause.of("date")[:1]:
                if mention.date and mention.date.implicit and "date" not in draft.slots:
                    draft.put("date", day_of(mention, clause, setting, "past")[:10], mention)
        told = next((c for c in after if _ON_THAT_DAY.match(c.shape)), None)
        if "date" not in draft.slots and told:
            mention = told.of("date")[0]
            draft.put("date", day_of(mention, told, setting, "past"), mention)


_SPEAKS = re.compile(
    r"(?:微信|电话|邮件|来电|Ⓟ|[他她]们?|客户)[^,，Ⓓ去到:：]{0,5}(?:说|讲|问|催|告诉|通知|表示|回复)[^,，]*$|(?:微信|电话|邮件|来电)[:：][^,，]*$"
)
"""麻主任电话说下周三过来: the day is in what was said."""
_JUST = re.compile(
    r"刚刚(?!好)|刚才|刚(?=[^,，]{0,4}(?:[从去跟见和拜到打发来吃聊开接陪回通约挂]|微信|企微|电话|视频))"
)


_ON_THAT_DAY = re.compile(
    r"^\s*(?:Ⓟ\s*)?Ⓓ(?:的事?|下午|上午|(?:刚|才)?[开去聊谈打见吃跑](?:完|过)?[了的])?\s*$|^\s*Ⓓ(?:刚|才)?[开去聊谈打见吃跑](?:完|过)?[了的]|^\s*Ⓓ(?:连|又|白|扑|没)[^,，要能会]{0,8}$"
)


def draft_lead(section: Section) -> str:
    """The shape of the section's first clause."""
    return section.clauses[0].shape if section.clauses else ""


def _is_report_date(mention: Mention, clause: Clause) -> bool:
    """Not a deadline, a forecast, or the month of a paper that stands in the same clause."""
    if mention.date and re.fullmatch(r"\d{4}(?:-\d\d|-Q\d)?", mention.date.value):
        return False
    if mention.date is not None and len(mention.date.value) == 4:
        return False
    place = clause.place_of(mention)
    after, before = clause.shape[place + 1 : place + 4], clause.shape[max(0, place - 4) : place]
    if _SPEAKS.search(clause.shape[:place]):
        return False
    if re.match(r"[之以]?前|截止|要[签定采下]|能[签定]|[签定]|下单|采购|到期", after):
        return False
    return not re.search(r"预计|争取|最晚|最迟|到期|拖到|改到", before)
