"""Visits, calls, meetings, meals and demos: what happened, what is still to come, who was there."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

import re
from dataclasses import dataclass, field

from nlu.clauses import NOT, Clause
from nlu.drafts import Draft
from nlu.frames.targets import address, names_of
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of, is_planned

KINDS = (
    ("demo", re.compile(r"演示|demo|Demo|DEMO|试讲|宣讲|路演")),
    ("other", re.compile(r"高尔夫|打[了场]*球|爬山|唱[K歌]|钓鱼|看球|打牌|洗脚|足浴|KTV")),
    ("meeting", re.compile(
        r"[Mm]eeting|开了?[^,，]{0,12}会(?![计员所])|[^\s]{2}会议(?!室|纪要)|(?:研讨|座谈|评审|论证|答疑|交流|澄清|启动|协调|沟通|推进|碰头|对接|例|视频|线上|讨论|洽谈|述标|协商)会(?!议?纪要)"
        r"|会上|参会|会议纪要|开了?个?会")),
    ("meal", re.compile(r"吃[了过个顿的]*[^,，]{0,3}[饭餐]|食饭|饮茶|(?:[跟和请陪与同]|一起)[^,，]{0,16}吃(?=[^亏力紧惊透准老])|请[^,，]{0,10}吃|吃[了过]?[顿个]|饭局|宴请|聚餐|喝[了个顿]*[酒茶]|晚饭|午饭|晚餐|午餐|晚宴|应酬")),
    ("call", re.compile(r"电话(?!号|[:：]?\s*Ⓝ|[是为]\s*Ⓝ)|通话|通了个?[话电]|来电|致电|\b[Cc]all(?:ed)?\b|语音沟通|打过来|打给|通了话")),
    ("wechat", re.compile(r"(?<!加)(?<!加了)(?<!加个)微信(?!号|[:：]?\s*[A-Za-z\d])|企微|钉钉上|发消息")),
    ("email", re.compile(r"邮件|[Ee]-?mail")),
    ("visit", re.compile(
        r"拜访|走访|回访|陌拜|登门|上门|到访|面谈|面访|见了|见到|见的|去见|[碰见]了?[个一]?面|扑空|白跑|会面|面聊|见着|参观了|来我们?(?:公司|展厅|厂|这边)|到工地|去工地|跑工地|去项目部|到项目部|转了一?圈|[去跑]了?[一]?趟|(?<![出过回进上下送带寄])去了|去的|去(?:到)?(?:了|的)?(?=Ⓒ)|(?<![收打签拿得迟达找])[来回]?到了?的?(?=Ⓒ)|"
        r"赶到|Ⓟ(?:也|刚好|正好)?在(?=$|\s)|Ⓟ[^,，Ⓟ]{0,4}接待|坐了|在(?=Ⓒ(?!的))|跑了?(?=Ⓒ)|(?<=Ⓓ)跑(?:的)?|勘察|踏勘|考察|到现场|去现场|驻场|巡检|去(?=[^,，]{0,6}找Ⓟ)|去(?=[^,，]{0,6}见Ⓟ)")),
)  # fmt: skip
ANY_KIND = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in KINDS))
"""Whether any of them is there, in one search: most clauses hold none."""
_NO_TRIGGER = re.compile(
    r"(?:Ⓡ|(?<![约了给跟和陪与])(?:他们?|她们?)|对方|客户)[^我,，]{0,8}(?:要去|来做|去给|去[^,，]{0,4}演示|开会去)|开会去了|去开会|在[^,，]{0,6}开会$|(?:去|在)?外地开会|看完?演示|"
    r"会议室|机会|会签|总会|社会|工会|学会|委员会|展会|约会|不会|就会|才会|还会|都会|也会|可能会|一会|会员|会计|研究会|公司会|会[^,，]{0,2}(?:过了|通过)|吃饭去"
)
_CANCELLED = re.compile(
    r"(?:没|未)(?:顾上|来得及|去成|打成|打通|接|约上|去|打|人接|联系上|拜访|空去|约到)|打不通|无人接听|不接|没人接|取消了?(?:拜访|会议|行程)|改期|拒接|占线|关机"
)
_TRIP = re.compile(
    r"扑空|白跑|会面|面聊|见着|参观了|来我们?(?:公司|展厅|厂|这边)|到工地|去工地|跑工地|去项目部|到项目部|转了一?圈|没见[到着]|没碰[到上着]|没找[到着]|没在|不在|出差|出国|外出|没人"
)
_ABSENT = re.compile(
    r"Ⓟ[^Ⓟ,，]{0,8}(?:不在|没在|没见|没碰|没遇|没露面|没空|没来|没时间|出差|出国|开会去|去开会|在开会|开会没|上课|请假|休假|外出|在外地|在开会|出去|临时有事|手术)"
    r"|(?:没有?见[到着上]?|没碰[到着上]|没找[到着]|没遇[到着上]|没约上|没联系上|不见)[^Ⓟ,，]{0,4}Ⓟ|想[^,，Ⓟ]{0,8}[找见]Ⓟ"
)
_ABSENT_NEXT = re.compile(
    r"^(?:[他她]?(?:又|正好|刚好|临时|人)?(?:去?开会|出差|出国|上课|外出|请假|休假|在外地|不在|没在|没见|没碰|没遇|又扑空|人在外地|没找))"
)
_THERE = re.compile(
    r"Ⓟ(?:[和跟、及与]Ⓟ)*(?:老师)?(?:也|都|刚好|正好|刚|人|两个|当时|倒是|他|她|今天|一直|本人){0,2}在(?:了|的|场|呢|家|厂里|办公室|现场|那儿?|$|\s)"
    r"|(?:见了|见到了?|见的是?|碰到|碰上|遇到|遇上|面见|会见|跟|和|与|同|陪|找到|又见|只跟|请|约|找|见|拜访|问了?)[^,，Ⓟ]{0,8}Ⓟ(?:[和跟、及与](?:[^,，Ⓟ]{0,5})Ⓟ)*"
    r"|(?:Ⓟ[^,，Ⓟ]{0,4}[和跟、及与][^,，Ⓟ]{0,6})*Ⓟ[^,，Ⓟ]{0,6}(?:接待|带[着我]|参加|主持|陪同|出席|见了|在场|到场|面谈|对接的)"
    r"|(?:参会|参加|对象|出席|人员|接待人?|联系人|拜访人|受访人?)[^,，Ⓟ]{0,6}[:：]?\s*[^,，Ⓟ]{0,8}Ⓟ(?:[和跟、及与][^,，Ⓟ]{0,10}Ⓟ)*"
)
_SAYS = re.compile(
    r"Ⓟ[^,，Ⓟ]{0,10}(?:说|讲|表示|反馈|提|告诉|透露|答应|同意|要求|让|希望|问|想|确认|认可|觉得|担心|嫌|催|松口|点头|很|对|要|亲自|签)"
)


_PAPERS = re.compile(r"名片|线索|合同号|发票|报销")
_NOT_MET = re.compile(r"没见[到着]|没碰[到上]")
_DENIED = re.compile(r"(?:没有?|未|不|别)(?:再|能|去|给)?$")
_RIVAL_BEFORE = re.compile(r"Ⓡ[^我,，]{0,10}$")
_WISH = re.compile(r"想|本来|原计划|准备|打算")
_DATE_LABEL = re.compile(r"\s*(?:日期|时间|拜访日期|拜访时间)\s*[:：]")


@dataclass(eq=False)
class _Told:
    """What a section tells of one activity."""

    draft: Draft
    people: list[tuple[str, Mention]] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)


def activities(section: Section, setting: Setting) -> list[Draft]:
    """The past activity of a section, and those planned."""
    drafts: list[Draft] = []
    told: _Told | None = None
    pending: tuple[str, Clause] | None = None
    for place, clause in enumerate(section.clauses):
        kind = _kind(clause)
        after = section.clauses[place + 1] if place + 1 < len(section.clauses) else None
        if kind and _is_cancelled(clause, after):
            pending = (kind, clause)
            continue
        if kind and is_planned(clause, setting):
            planned = _planned(kind, clause, section, setting)
            if planned:
                drafts.append(planned)
            continue
        if not kind and pending and re.search(r"Ⓓ(?:才|又|再)?[打去聊谈]的", clause.shape):
            kind = pending[0]
        if kind and told is None:
            told = _Told(_draft(kind, clause, section))
            drafts.append(told.draft)
            if pending:
                told.people += [
                    (name, m)
                    for m in pending[1].of("person")
                    for name in names_of(m, section, setting)
                ]
            _people(told, clause, section, setting, after)
        elif told is not None:
            _better_kind(told, kind, clause)
            _people(told, clause, section, setting, after)
    if told:
        _finish(told, section, setting)
    return drafts


def _kind(clause: Clause) -> str | None:
    shape = _NO_TRIGGER.sub(lambda found: found.group()[0].replace("会", "■"), clause.shape)
    if _PAPERS.search(shape):
        return None
    for kind, pattern in KINDS if ANY_KIND.search(shape) else ():
        found = pattern.search(shape)
        if found and not _denied(shape, found.start()) and not _by_rival(shape, found.start()):
            return kind
    if clause.of("person") and _NOT_MET.search(shape):
        return "visit"
    return None


def _denied(shape: str, place: int) -> bool:
    return _DENIED.search(shape[max(0, place - 3) : place]) is not None


def _by_rival(shape: str, place: int) -> bool:
    return "Ⓡ" in shape and "我" not in shape[:place] and bool(_RIVAL_BEFORE.search(shape[:place]))


def _is_cancelled(clause: Clause, after: Clause | None) -> bool:
    if _CANCELLED.search(clause.shape):
        return True
    return bool(after and _WISH.search(clause.shape) and _CANCELLED.search(after.shape))


def _draft(kind: str, clause: Clause, section: Section) -> Draft:
    draft = Draft("activity", clause.start)
    draft.put("kind", kind, (clause.start, clause.end))
    address(draft, section)
    return draft


def _planned(kind: str, clause: Clause, section: Section, setting: Setting) -> Draft | None:
    """A visit, meeting, meal or demo to come; a call or message to come is a task."""
    if kind in ("call", "wechat", "email") or re.search(r"提醒", clause.shape):
        return None
    dates = clause.of("date")
    if not dates and not re.search(r"约好|约了|再去|计划|打算|准备", clause.shape):
        return None
    clause.taken.add(0)
    draft = _draft(kind, clause, section)
    later = section.clauses[section.clauses.index(clause) + 1 :][:1]
    if not dates and later and re.match(r"^\s*(?:就|时间)?[:：]?Ⓓ", later[0].shape):
        dates, clause = later[0].of("date"), clause
    if dates:
        draft.put("date", day_of(dates[0], clause, setting, "plan"), dates[0])
    for mention in clause.of("person"):
        for name in names_of(mention, section, setting):
            draft.add("contacts", name, mention)
    if not clause.of("person") and re.search(
        r"约[了好]?[他她](?!们)|[给跟和见][他她](?!们)", clause.shape
    ):
        last = _last_person(section, clause)
        for name in names_of(last, section, setting) if last else ():
            draft.add("contacts", name, last)
    after = section.clauses[section.clauses.index(clause) + 1 :][:1]
    if "contacts" not in draft.slots and after and _MET_THEN.search(after[0].shape):
        for name in names_of(after[0].of("person")[0], section, setting):
            draft.add("contacts", name, after[0].of("person")[0])
    draft.put("planned", True, (clause.start, clause.end))
    return draft


_MET_THEN = re.compile(r"^\s*(?:是|已)?(?:约|跟|和|找|见)(?:了|好|的是?)?[^,，Ⓟ]{0,3}Ⓟ\s*$")


def _last_person(section: Section, clause: Clause) -> Mention | None:
    before = [m for c in section.clauses if c.start < clause.start for m in c.of("person")]
    return before[-1] if before else None


def _better_kind(told: _Told, kind: str | None, clause: Clause) -> None:
    """参观 told first and a meeting after is the meeting; a later call changes nothing."""
    if told.draft.slots["kind"] == "visit" and kind in ("meal", "demo") and not clause.of("date"):
        told.draft.slots["kind"] = kind if kind == "demo" and "看了" in clause.shape else "visit"


def _people(
    told: _Told, clause: Clause, section: Section, setting: Setting, after: Clause | None
) -> None:
    people = clause.of("person") + _colleague_contacts(clause, section, setting)
    for mention in people:
        names = names_of(mention, section, setting)
        if _gone(clause, mention) or (
            mention is people[-1] and after and not after.of("person") and not after.item
            and _ABSENT_NEXT.search(after.shape)
        ):  # fmt: skip
            told.absent.update(names)
            continue
        first = not told.people and clause.start == told.draft.at
        bullet = clause.item and re.match(r"^\s*Ⓟ[:：]", clause.shape)
        if first or bullet or _present(clause, mention):
            told.people += [(name, mention) for name in names]


def _colleague_contacts(clause: Clause, section: Section, setting: Setting) -> list[Mention]:
    """吴经理 may be ours or theirs: theirs when the customer has one."""
    return [m for m in clause.of("user") if m.short and names_of(m, section, setting)]


def _gone(clause: Clause, mention: Mention) -> bool:
    return any(
        clause.mention_at(place) is mention
        for match in _ABSENT.finditer(clause.shape)
        for place in range(match.start(), match.end())
    )


def _present(clause: Clause, mention: Mention) -> bool:
    if re.search(r"让|提醒|要求|得给|发给|寄给|交给|答应", clause.shape) and not re.search(
        r"见了|见到|接待", clause.shape
    ):
        return False
    return any(
        clause.mention_at(place) is mention
        for match in _THERE.finditer(clause.shape)
        for place in range(match.start(), match.end())
    )


def _finish(told: _Told, section: Section, setting: Setting) -> None:
    draft = told.draft
    start = next(c for c in section.clauses if c.start >= draft.at or c.end > draft.at)
    if not told.people:
        told.people = _speakers(section, setting, start, told.absent)
    for name, mention in told.people:
        if name not in told.absent:
            draft.add("contacts", name, mention)
    _date(draft, start, section, setting)


def _speakers(
    section: Section, setting: Setting, start: Clause, absent: set[str]
) -> list[tuple[str, Mention]]:
    """Nobody was named as met: then the first who said something was."""
    for clause in section.clauses:
        if clause.start < start.start:
            continue
        for match in _SAYS.finditer(clause.shape):
            mention = clause.mention_at(match.start())
            if mention and not NOT.search(match.group()):
                names = [n for n in names_of(mention, section, setting) if n not in absent]
                if names:
                    return [(name, mention) for name in names]
    return _named_next(section, setting, start, absent)


def _named_next(
    section: Section, setting: Setting, start: Clause, absent: set[str]
) -> list[tuple[str, Mention]]:
    """去了趟…，乔处长这个人…: whoever the next clause begins with."""
    here = section.clauses.index(start)
    for clause in section.clauses[here + 1 : here + 2]:
        mention = clause.mention_at(0) if clause.shape.startswith("Ⓟ") else None
        if mention:
            return [(n, mention) for n in names_of(mention, section, setting) if n not in absent]
    return []


def _date(draft: Draft, start: Clause, section: Section, setting: Setting) -> None:
    """The day said in the clause, else before it in the section, else for the whole message."""
    labelled = [c for c in section.clauses if _DATE_LABEL.match(c.shape)]
    earlier = [c for c in section.clauses if c.start < start.start]
    for clause in [start, *labelled, *reversed(earlier)]:
        mention = next((m for m in clause.of("date") if _is_report_date(m, clause)), None)
        if mention:
            value = day_of(mention, clause, setting, "past")
            draft.put("date", value, mention)
            return
    if re.search(
        r"刚刚|刚才|刚(?=[^,，]{0,4}[从去跟见和拜到打])", start.shape + draft_lead(section)
    ):
        draft.put("date", setting.now.strftime("%Y-%m-%d"), (start.start, start.end))
    elif setting.lead_day:
        draft.put("date", setting.lead_day)


def draft_lead(section: Section) -> str:
    """The shape of the section's first clause."""
    return section.clauses[0].shape if section.clauses else ""


def _is_report_date(mention: Mention, clause: Clause) -> bool:
    """Not a deadline or a forecast that stands in the same clause."""
    place = next(i for i in range(len(clause.shape)) if clause.mention_at(i) is mention)
    after, before = clause.shape[place + 1 : place + 4], clause.shape[max(0, place - 4) : place]
    if re.match(r"[之以]?前|截止|要[签定采下]|能[签定]|[签定]|下单|采购|到期", after):
        return False
    return not re.search(r"预计|争取|最晚|最迟|到期|拖到|改到", before)
