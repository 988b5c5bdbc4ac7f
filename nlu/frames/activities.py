"""Visits, calls, meetings, meals and demos: what happened, and what is still to come."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.attendance import Told, finish, put_people
from nlu.frames.meeting_words import (
    ABSENT,
    ANY_KIND,
    CANCELLED,
    KINDS,
    MADE_UP,
    MEETS_FIRST,
    NO_TRIGGER,
    NOBODY,
    ROUND,
)
from nlu.frames.targets import address, names_of
from nlu.frames.to_come import (
    NOT_IN,
    PASSING,
    THEIR_EVENT,
    arranged_before,
    day_behind,
    first_days,
    goes_when_free,
    invited_for,
    is_item,
    on_the_plan,
    put_day,
    same_day_to_come,
)
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of, day_of_trip, is_planned, lies_ahead

_WITHIN = re.compile(
    r"(?:群里|(?<![们来])公司|部门|内部|组里|团队|总部|领导)[^,，Ⓒ]{0,8}(?:开[^,，]{0,4}会|例会|短会|晨会|早会)"
)
"""A meeting of our own is no activity at a customer."""
_PRIVATE = re.compile(
    r"[请跟和陪与带](?:了)?(?:大家|同事|兄弟们?|老婆|媳妇|老公|家里人?|家人|爸妈|孩子|朋友|同学|闺蜜|我[爸妈])|要是|如果|假如|梦见"
)
"""A meal with one's own people, or one that would be, is none with a customer."""
_WENT = re.compile(r"(?:去了|去的|到了|拜访了?|见了|见的)(?=[^,，]{0,2}Ⓒ)|Ⓓ去的?Ⓒ")
_SENT = re.compile(r"微信|电话|邮件|消息")
_PLAIN = re.compile("[^Ⓐ-Ⓩ我]")
_PAPERS = re.compile(r"名片|线索|合同号|发票|报销")
_NOT_MET = re.compile(r"没见[到着]|没碰[到上]")
_DENIED = re.compile(r"(?:没有?|未|不|别|甭)(?:再|能|去|给|老|总|要|用|必|打|发|乱){0,3}$")
_RIVAL_BEFORE = re.compile(r"Ⓡ[^我,，]{0,10}$")
_WISH = re.compile(r"想|本来|原(?=Ⓓ)|原计划|原定|原先|原本|准备|打算")
_FAILED = re.compile(r"(?:没|未)(?:有|能)?(?:去成|见成|赶到|过去|成行|赶上)(?=[ⒸⓅ]|$)")
"""A visit that came to nothing, told by its verb alone."""


def activities(section: Section, setting: Setting) -> list[Draft]:
    """The past activities of a section, and those planned."""
    drafts: list[Draft] = []
    events: list[Told] = []
    pending: tuple[str, Clause] | None = None
    for place, clause in enumerate(section.clauses):
        kind = _kind(clause)
        after = section.clauses[place + 1 : place + 3]
        missed = _called_off(kind, clause, after)
        if missed and (kind or not events):
            pending = (missed, clause)
            continue
        if kind and drafts and place and _goes_on(drafts[-1], section.clauses[place - 1], clause):
            _invited(drafts[-1], clause, section, setting)
            continue
        to_come = kind and _is_to_come(clause, section, place, setting)
        ahead = None
        if kind and to_come:
            ahead = _planned(kind, clause, section, setting)
        elif not kind:
            ahead = _moved(pending, clause, section, setting) or _agreed_so(
                clause, section, place, setting
            )
        if ahead:
            drafts.append(ahead)
            continue
        kind = None if to_come else kind
        if not kind and pending and re.search(r"Ⓓ(?:才|又|再)?[打去聊谈]的", clause.shape):
            kind = pending[0]
        if kind and (not events or _another(events[-1], kind, clause)):
            events.append(Told(_draft(kind, clause, section), clause))
            for mention in pending[1].of("person") if pending and not clause.of("person") else ():
                events[-1].people += [(n, mention) for n in names_of(mention, section, setting)]
            pending = None
        elif kind:
            _better_kind(events[-1], kind, clause)
        if events:
            put_people(events[-1], clause, section, setting, after)
    if not events and not drafts and setting.round and _was_visited(section):
        events = [_on_the_round(section, setting)]
    return drafts + _finished(events, section, setting)


def _finished(events: list[Told], section: Section, setting: Setting) -> list[Draft]:
    """The activities told, without calls that nobody took, each with its people and day."""
    events = [told for told in events if not _unanswered(told, section)]
    for place, told in enumerate(events):
        finish(told, section, setting, events[place + 1 :])
    return [told.draft for told in events]


def _moved(
    pending: tuple[str, Clause] | None, clause: Clause, section: Section, setting: Setting
) -> Draft | None:
    """没去成…,改到后天上午: what came to nothing has a new day."""
    if pending is None:
        return None
    kind, called_off = pending
    if not _NEW_DAY.match(clause.shape):
        return None
    planned = _planned(kind, clause, section, setting)
    if planned and not clause.of("person"):
        _invited(planned, called_off, section, setting)
    return planned


_NEW_DAY = re.compile(
    r"^\s*(?:(?:所以|就|又|只好|只能|说|他|她|我|我们|他们|时间|跟|和|先|给|把|被|都|再|对方|Ⓟ|Ⓒ)*)"
    r"(?:改|推|挪|约|换|延|调|顺延|推迟|延后|延期|改期|改约|另约)[了]?(?:成|到|至|在|为)?了?Ⓓ(?!.{0,6}[付打款])"
)


def _unanswered(told: Told, section: Section) -> bool:
    """给甲乙都打了电话,…,乙没接: the call to that one was none."""
    return told.draft.slots["kind"] == "call" and any(
        _NO_ANSWER.match(c.shape) for c in section.clauses if c.start >= told.start.start
    )


_NO_ANSWER = re.compile(
    r"^\s*Ⓒ?(?:的)?Ⓟ?\s*(?:那边)?(?:都|又|一直)?(?:没接|没人接|没打通|打不通|关机)"
    r"|^\s*(?:[他她]们?|Ⓟ|人|对方|那边)?(?:[都也又就]|一直|始终|愣是|硬是|全)*(?:没(?:一个|有?人|个)(?:[接理应]|拿起)|一个(?:都|也)没[接通]|(?:没|无)人应|不[接理]|全没接|没打进去|没拨通|没打进)"
)


def _another(told: Told, kind: str, clause: Clause) -> bool:
    """Whether a clause tells of a second activity: another kind or day, with its own time."""
    dates = clause.of("date")
    if not dates or clause is told.start:
        return False
    before = told.start.of("date")
    if before and before[0].text == dates[0].text:
        return False
    if told.draft.slots["kind"] != kind:
        return bool(clause.of("person")) or _AGAIN.search(clause.shape) is not None
    days = [m.date for m in (*before[:1], dates[0])]
    return (
        len(days) == 2
        and all(d and not d.implicit for d in days)
        and _MET_AT.search(clause.shape) is not None
    )


_AGAIN = re.compile(r"又|然后|接着|后来|再|另外")
_MET_AT = re.compile(r"(?:拜访|见|去|到|聊|谈|打|吃|开)(?:了|的|过)")


def _is_to_come(clause: Clause, section: Section, place: int, setting: Setting) -> bool:
    """Whether it is still to come, by its own words or by 约好 in the clause before."""
    if is_planned(clause, setting):
        return not _JUST_SPOKE.search(clause.shape)
    before = section.clauses[place - 1] if place else None
    next_ = section.clauses[place + 1 : place + 2]
    if same_day_to_come(clause, before, setting) or invited_for(clause, next_, setting):
        return True
    if on_the_plan(clause, setting) or (before and arranged_before(clause, before, setting)):
        return True
    if before is None or not clause.of("date") or not MADE_UP.search(before.shape):
        return False
    return lies_ahead(day_of(clause.of("date")[0], clause, setting, "plan"), setting.now)


_JUST_SPOKE = re.compile(
    r"刚刚?才?[^,，Ⓓ不没]{0,5}(?:微信|电话|邮件|消息|短信|来电)|(?:ⒸⓅ?|Ⓟ)(?:的)?(?:来)?(?:电话|微信|邮件)(?:[里中上]?[说讲问催告]|[里中上]?[:：])"
)
"""刚微信我说明年再签: the message came, whatever day it speaks of."""


def _agreed_so(clause: Clause, section: Section, place: int, setting: Setting) -> Draft | None:
    """A visit to come told without its verb: on the day offered, or as an item of a plan."""
    before = section.clauses[place - 1] if place else None
    if before and goes_when_free(before, clause):
        return _planned("visit", before, section, setting)
    return _planned("visit", clause, section, setting) if is_item(clause, setting) else None


def _goes_on(planned: Draft, before: Clause, clause: Clause) -> bool:
    """打算周二去趟…,拜访…: the clause after a plan says whom it is for."""
    return (
        planned.at == before.start
        and not clause.of("date")
        and re.search(r"[了过的]|刚|已", clause.shape) is None
    )


def _invited(planned: Draft, clause: Clause, section: Section, setting: Setting) -> None:
    for mention in clause.of("person"):
        for name in names_of(mention, section, setting):
            planned.add("contacts", name, mention)
    kind = _kind(clause)
    if planned.slots["kind"] == "visit" and kind in ("demo", "meal", "meeting"):
        planned.slots["kind"] = kind


def _was_visited(section: Section) -> bool:
    return section.named and any(
        c.of("person") or NOBODY.search(c.shape) or len(c.shape) > 3 for c in section.clauses
    )


def _on_the_round(section: Section, setting: Setting) -> Told:
    """今天跑了两家: each customer of the list was visited."""
    start = next(
        (c for c in section.clauses if c.of("customer") and not ROUND.search(c.shape)),
        section.clauses[0],
    )
    told = Told(_draft("call" if setting.called else "visit", start, section), start)
    for clause in section.clauses:
        if clause.start >= start.start:
            place = section.clauses.index(clause)
            put_people(told, clause, section, setting, section.clauses[place + 1 : place + 3])
    return told


def _kind(clause: Clause) -> str | None:
    words = (ANY_KIND, MADE_UP, _NOT_MET)
    if not any(pattern.search(clause.shape) for pattern in words):
        return None
    shape = NO_TRIGGER.sub(lambda found: _PLAIN.sub("■", found.group()), clause.shape)
    if _PAPERS.search(shape):
        return None
    if _WITHIN.search(shape) or (_PRIVATE.search(shape) and not clause.of("person")):
        return None
    went = _WENT.search(shape)
    if went and not _denied(shape, went.start()):
        shape = _SENT.sub("■", shape)
    if THEIR_EVENT.search(shape):
        return None
    for kind, pattern in KINDS if ANY_KIND.search(shape) else ():
        found = pattern.search(shape)
        if found and not _denied(shape, found.start()) and not _by_rival(shape, found.start()):
            there = kind == "meeting" and _WENT_THERE.search(shape) and not _SESSION.search(shape)
            return "visit" if there else kind
    if clause.of("person") and _NOT_MET.search(shape):
        return "visit"
    if clause.of("date") and MADE_UP.search(shape):
        found = _AGREED.search(shape)
        return (found.lastgroup or None) if found else None
    return None


_WENT_THERE = re.compile("(?:[去到跑]|去了|到了|去的)Ⓒ(?!的?[^,，]{0,6}会)")
_SESSION = re.compile(r"会|[Mm]eeting|碰头|线上|面谈|连线|视频")
"""今天去甲跟乙过了一遍清单 is a visit: no session is named."""


_AGREED = re.compile(
    r"(?P<meal>约了?[^,，]{0,6}饭|吃(?![亏力紧透不])|喝)|(?P<visit>改约|另约|重约|再约|(?:过去|去|上门|到(?=他|Ⓒ)|来)(?![年掉])|见)|(?P<meeting>[谈聊碰])"
)


def _denied(shape: str, place: int) -> bool:
    return _DENIED.search(shape[max(0, place - 3) : place]) is not None


def _by_rival(shape: str, place: int) -> bool:
    return "Ⓡ" in shape and "我" not in shape[:place] and bool(_RIVAL_BEFORE.search(shape[:place]))


_NEVER = re.compile(
    r"(?:本来|原本|原定|原计划|原先)[^,，]{0,8}(?:想|要|打算|准备|计划|约|说好|该|去)"
)
"""本来今天想去 says already that it came to nothing."""


def _is_cancelled(clause: Clause, after: list[Clause]) -> bool:
    if CANCELLED.search(clause.shape) or _NEVER.search(clause.shape):
        return True
    if PASSING.search(clause.shape) and any(NOT_IN.match(c.shape) for c in after[:1]):
        return True
    if _WISH.search(clause.shape) is None:
        return False
    return any(
        CANCELLED.search(c.shape)
        or _NEW_DAY.match(c.shape)
        or (NOBODY.search(c.shape) and not clause.of("date"))
        or ABSENT.search(c.shape)
        for c in after
        if not c.of("customer")
    )


def _called_off(kind: str | None, clause: Clause, after: list[Clause]) -> str | None:
    """The kind of what a clause says came to nothing."""
    if kind:
        return kind if _is_cancelled(clause, after) else None
    wished = _TO_MEET.search(clause.shape) and any(_NEW_DAY.match(c.shape) for c in after[:1])
    return "visit" if wished or _FAILED.search(clause.shape) else None


_TO_MEET = re.compile(r"(?:[要想约]|打算|准备|计划|约了|约好)(?:去)?(?:见|拜访|看)[^,，]{0,3}[ⒸⓅ]")
"""要见…,改到下周一: a meeting that was meant has a new day."""


def _draft(kind: str, clause: Clause, section: Section) -> Draft:
    draft = Draft("activity", clause.start)
    draft.put("kind", kind, (clause.start, clause.end))
    address(draft, section)
    return draft


def _planned(kind: str, clause: Clause, section: Section, setting: Setting) -> Draft | None:
    """A visit, meeting, meal or demo to come; a call or message to come is a task."""
    if kind in ("call", "wechat", "email") or _TO_GET_DONE.search(clause.shape):
        return None
    dates = first_days(clause)
    next_ = section.clauses[section.clauses.index(clause) + 1 :][:1]
    here = section.clauses.index(clause)
    before, later = section.clauses[max(0, here - 1) : here], section.clauses[here + 1 : here + 2]
    if not dates and before and arranged_before(clause, before[0], setting):
        dates = before[0].of("date")[-1:]
    dates = dates or day_of_trip(clause, setting)
    unsaid = not dates and not setting.lead_ahead and not day_behind(clause, next_, setting)
    if (unsaid and not _MEANT.search(clause.shape)) or _BY_COLLEAGUE.search(clause.shape):
        return None
    clause.taken.add(0)
    draft = _draft(kind, clause, section)
    put_day(draft, dates, clause, before + later, setting)
    for mention in _to_be_met(clause, before, later, section):
        for name in names_of(mention, section, setting):
            draft.add("contacts", name, mention)
    draft.put("planned", True, (clause.start, clause.end))
    return draft


_TO_GET_DONE = re.compile(
    r"提醒|^\s*(?:记得|别忘了?)|Ⓓ[之以]?前[^,，]{0,8}把|会的[^,，Ⓓ]{1,10}Ⓓ[之以]?前|Ⓓ[之以]?前[^,，]{0,6}(?:[给交发出提寄送写做备](?!流|谈)|准备|整理|提交)"
)
"""下周二之前把回访做了 is a task: its day is no meeting's."""
_MEANT = re.compile(
    r"约[个了]{0,2}[饭酒茶](?!店)|约好|约了|[定订]了|说好|再去|再跑|计划|打算|准备"
)


def _to_be_met(
    clause: Clause, before: list[Clause], later: list[Clause], section: Section
) -> list[Mention]:
    """Whom the clause names, points back to, or who was agreed with in the clause beside."""
    if clause.of("person"):
        return clause.of("person")
    if _POINTS_BACK.search(clause.shape):
        last = _last_person(section, clause)
        return [last] if last else []
    if before and _AGREED_WITH.search(before[0].shape):
        return before[0].of("person")
    if later and MEETS_FIRST.search(later[0].shape):
        return later[0].of("person")[:1]
    return []


_POINTS_BACK = re.compile(
    r"(?:约好?了?|[定说]好?了|[给跟和见找陪请]|拜访|走访|拜会|回访|探望|会会|看)[他她](?!们)|[去到][他她](?:那|公司|店|厂|家|办公室|单位)"
)
_AGREED_WITH = re.compile(
    r"约[好了]?[^,，Ⓟ]{0,4}Ⓟ|Ⓟ[^,，Ⓟ]{0,4}约[好了]|[跟和与同]Ⓒ?的?Ⓟ[^,，Ⓟ]{0,3}(?:[定说讲谈]|敲定|商量)[好了妥]"
)
_BY_COLLEAGUE = re.compile(r"(?:让|叫|安排|请|派|@)\s*Ⓤ")


def _last_person(section: Section, clause: Clause) -> Mention | None:
    before = [m for c in section.clauses if c.start < clause.start for m in c.of("person")]
    return before[-1] if before else None


_FACE_TO_FACE = re.compile(r"[见碰会]了?个?面")


def _better_kind(told: Told, kind: str | None, clause: Clause) -> None:
    """参观 told first and a meeting after is the meeting; a later call changes nothing."""
    if kind == "meeting" and _FACE_TO_FACE.search(told.start.shape):
        told.draft.slots["kind"] = kind
    elif told.draft.slots["kind"] == "visit" and kind in ("meal", "demo", "meeting"):
        told.draft.slots["kind"] = kind if kind == "demo" and "看了" in clause.shape else "visit"
