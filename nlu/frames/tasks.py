"""What we promised, must do or want to be reminded of."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.calls import call_to_make
from nlu.frames.colleagues import assign, charged
from nlu.frames.meeting_words import ANY_KIND, KINDS
from nlu.frames.reminders import to_remember, told_again
from nlu.frames.targets import address
from nlu.frames.task_things import next_deed, purpose
from nlu.frames.task_wording import first_of, what_is_asked
from nlu.frames.task_words import (
    ASKED,
    ASSIGN,
    BY_OUR_DESK,
    CHANNEL,
    DEED,
    DEED_NEXT,
    DUE_BEFORE,
    DUE_WITH_BA,
    GOES_ON,
    I_WILL,
    LABEL,
    NO_NEED,
    OURS_FIRST,
    OURS_TO_DO,
    PART,
    PAST,
    REMIND,
    THEIR_PAPER,
    THEIRS,
    THEY_MUST,
    THING_OF,
    TO_HAND_IN,
    WANTED,
)
from nlu.frames.theirs import is_claim, is_theirs
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import all_bare, day_of, lies_ahead, looks_back


def tasks(section: Section, setting: Setting) -> list[Draft]:
    """The tasks that a section tells."""
    drafts: list[Draft] = []
    done = -1
    for place in range(len(section.clauses)):
        if place <= done:
            continue
        clause, last = _with_next(section, place)
        asked = _is_task(clause, setting) and not _done_by_now(section, last)
        call = "" if asked else call_to_make(section, place)
        asked = asked or (not call and 0 <= done == place - 1 and next_deed(clause))
        if not (asked or call):
            continue
        done = last
        what, due = (
            what_is_asked(clause, section, place, setting)
            if asked
            else (call, first_of(clause.of("date")))
        )
        if drafts and _is_the_same(drafts[-1], what, section, place):
            if due and "due" not in drafts[-1].slots:
                drafts[-1].put("due", day_of(due, clause, setting, "plan"), due)
                _take([clause], due)
            continue
        if len(what) < 2 or _NO_DEED.fullmatch(what) or told_again(drafts, what, due):
            continue
        extra = purpose(what, _after(section, last))
        what, done = what + extra, last + bool(extra)
        draft = address(Draft("task", clause.start), section)
        draft.put("what", what, (clause.start, clause.end))
        if due and drafts and _left_to_desk(drafts[-1], section, place):
            del drafts[-1]
        if not extra:
            due, done = _whole_due(due, section, last, place)
        if due:
            draft.put("due", _day_due(due, clause, section, place, setting), due)
        _take(section.clauses[place : done + 1], due)
        assign(draft, clause, setting)
        drafts.append(draft)
    return drafts


def _whole_due(
    due: Mention | None, section: Section, last: int, place: int
) -> tuple[Mention | None, int]:
    return _said_again(due, section, last) if due else _due_beside(section, last, place)


def _day_due(due: Mention, clause: Clause, section: Section, place: int, setting: Setting) -> str:
    day = day_of(due, clause, setting, "plan")
    day = day[:10] if due.start < clause.start and REMIND.search(clause.shape) else day
    return _last_day(_on_that_day(due, day, section, place, setting), due)


def _is_the_same(before: Draft, what: str, section: Section, place: int) -> bool:
    """Whether a clause only says once more to see to what the clause before told."""
    beside = before.at == section.clauses[place - 1].start
    return beside and bool(_SEES_TO_IT.match(what) or str(before.slots["what"]) in what)


def _after(section: Section, last: int) -> Clause | None:
    after = section.clauses[last + 1 : last + 2]
    return after[0] if after else None


def _left_to_desk(before: Draft, section: Section, place: int) -> bool:
    """我让质检部准备, 周四寄: one task, whoever of ours has a hand in it."""
    last = section.clauses[place - 1]
    return before.at == last.start and "due" not in before.slots and last.has(BY_OUR_DESK)


def _take(clauses: list[Clause], due: Mention | None) -> None:
    """Marks what the task tells, so that no other frame reads it again."""
    for place, near in enumerate(clauses):
        near.taken.update([near.start, *([due.start] if due else []), *([PART] if place else [])])


_SEES_TO_IT = re.compile(
    r"(?:给|发|交|送|寄)(?:给|到)?(?:[他她]们?|对方|客户|人家)的?(?:法务|财务|采购|技术|设备|质量|生产|工程)?部?(?:手上|那边)?$|"
    r"(?:去|来)?[办弄搞交做整](?:好|完|出来?|上去|过去)?(?:$|先|给[他她])"
)
_NO_DEED = re.compile(
    r"(?:回去|回头|再|先|去)*(?:问|说|看|想|商量|请示|考虑|研究)(?:一?下|问|看|想)?|[^:：]{0,12}[:：]\s*(?:已经?|刚)[^,，]+|干得[\u4e00-\u9fff]{2}|辛苦[了啊]?|加油|真棒|(?:帮我|请|麻烦)?(?:[记录设建加]|新[建增]|添加|创建)(?:一?[个条下])?(?:到|进|入)?(?:待办|任务|提醒|日程|闹钟)(?:里|事项|清单)?(?:一?下|吧|了)?|(?P<c>.)(?P=c){2,}"
)
"""回去问 alone is nothing that one could tick off."""
_DAY_THEN = re.compile(r"^[^,，了过]{0,14}(?:是|就|在|到)Ⓓ\s*$")
"""收假后第一天也就是7号,我得交…: the day stands in the clause before."""


_BARE_DUE = re.compile(
    r"^\s*就?(?:我(?:们)?(?:说|答应|答复|回复|承诺)?了?)?(?:最[晚迟])?Ⓓ(?:[之以]?前|下班前)?(?:给|发|交|出|送|回|补)?(?:[回过出上]去)?[他她我]?(?:们)?(?:就行|吧|的)?\s*$|^\s*Ⓓ(?:就|可)?是?(?:最后期限|最后一天|[Dd]eadline|DDL|ddl|截止|死线)\s*$"
)


_BY_NOW = re.compile(
    r"^\s*我?(?:已经?|刚|都)?[^,，Ⓓ]{0,4}(?:改|发|交|办|弄|搞|处理|寄|送|给|回|解释|说)(?:好|完|过去?|掉|定|清楚)?了$|不用管了?$"
)


_SAID_NO = re.compile(
    r"我(?:们)?(?:说|讲)?(?:不行|不同意|没法)|没(?:有)?(?:答应|同意|松口)|(?:拒绝|回绝|推掉|推辞)了"
)


def _done_by_now(section: Section, place: int) -> bool:
    """让改发票抬头,改好了: nothing is left to do."""
    after = section.clauses[place + 1 : place + 2]
    return any(
        _SAID_NO.search(c.shape) or (_BY_NOW.search(c.shape.strip()) and not c.strong)
        for c in after
    )


def _said_again(due: Mention, section: Section, last: int) -> tuple[Mention, int]:
    """元旦前给他,12月29号吧: a nearer day said right after counts."""
    for after in section.clauses[last + 1 : last + 2]:
        if _DAY_AGAIN.fullmatch(after.shape):
            return after.of("date")[-1], last + 1
    return due, last


_DAY_AGAIN = re.compile(r"\s*(?:就|也就是|就是|是|即)?Ⓓ(?:\s*就?Ⓓ)?[之以]?前?(?:吧|就行)?\s*")


def _due_beside(section: Section, last: int, place: int) -> tuple[Mention | None, int]:
    """让把…发她邮箱,明天上午之前: the day stands in the clause after, or in the one before."""
    for step, after in enumerate(section.clauses[last + 1 : last + 3], 1):
        if after.item or (step > 1 and after.strong):
            break
        if _BARE_DUE.match(after.shape):
            return after.of("date")[0], last + step
        if after.mentions or len(after.shape.strip()) > 6:
            break
    before = section.clauses[place - 1] if place else None
    if before and (
        _DAY_THEN.search(before.shape) or _event_before(before, section.clauses[place])
    ):
        return before.of("date")[-1], last
    return None, last


_EVENT = re.compile(
    r"开标|投标|述标|开会|开工|评审|答辩|验收|上会|签约|签合同|签字|面谈|考察|参观|出发|到货|培训|演示|洽谈|开业|上门|拜访|开庭|截标|交货|发货|开园|开学|进场|比选|踏勘"
)


def _event_before(before: Clause, clause: Clause) -> bool:
    """下周一开标, 提醒我带授权书: what is to be taken along is due on the day itself."""
    told = (
        before.of("date") and _EVENT.search(before.shape) and not re.search("[了过]", before.shape)
    )
    return bool(told) and REMIND.search(clause.shape) is not None


def _on_that_day(due: Mention, value: str, section: Section, place: int, setting: Setting) -> str:
    """明天上午来考察,提醒我八点半去接: a bare clock time after a day to come is that day's."""
    before = section.clauses[place - 1] if place else None
    days = before.of("date") if before else []
    if not (before and days and due.date and due.date.implicit and "T" in value):
        return value
    day = day_of(days[-1], before, setting, "plan")
    ahead = len(day) >= 10 and "/" not in day and day[:10] > value[:10]
    return day[:10] + value[10:] if ahead else value


def _last_day(value: str, due: Mention) -> str:
    """三天内 is due on the third day."""
    within = due.date is not None and due.date.bound == "within"
    return value.rpartition("/")[2] if within else value


def _is_task(clause: Clause, setting: Setting) -> bool:
    shape = clause.shape
    if REMIND.search(shape):
        return not is_claim(shape)
    if charged(clause, setting) or (ASSIGN.search(shape) and not PAST.search(shape)):
        return True
    if 0 in clause.taken or (THEIRS.search(shape) and not OURS_TO_DO.search(shape)):
        return False
    if clause.of("date") and _planned_meeting(clause):
        return False
    if WANTED.search(shape):
        return True
    if NO_NEED.search(shape) or is_theirs(shape):
        return False
    if DUE_BEFORE.search(shape) or ASKED.search(shape) or ASSIGN.search(shape):
        return not PAST.search(shape) or DUE_BEFORE.search(shape) is not None
    if BY_OUR_DESK.search(shape) or DUE_WITH_BA.search(shape):
        return not PAST.search(shape)
    if TO_HAND_IN.search(shape) and not THEY_MUST.search(shape):
        return True
    if LABEL.match(shape) and len(shape) > 6:
        return True
    if THEIR_PAPER.search(shape) or (looks_back(setting) and all_bare(clause)):
        return False
    return not PAST.search(shape) and (
        _message_to_come(clause) or (I_WILL.search(shape) is not None and _ahead(clause, setting))
    )


def _ahead(clause: Clause, setting: Setting) -> bool:
    """Whether its day lies ahead, or is today and still to be used."""
    days = [day_of(m, clause, setting, "plan") for m in clause.of("date")]
    if not days:
        return (
            re.search(r"回头|改天|(?:节|年|假|五一|国庆|元旦|回来|到货)后", clause.shape)
            is not None
        )
    if any(lies_ahead(day, setting.now) for day in days) or _LATER_TODAY.search(clause.text):
        return True
    return re.search(
        r"(?:Ⓓ|我)[^,，]{0,3}(?:[得要会]|必须|务必)|记得|Ⓓ[之以]?前", clause.shape
    ) is not None and all(len(day) >= 10 and "/" not in day for day in days)


_LATER_TODAY = re.compile(
    r"我(?:今[天儿]?晚上?|今天下班前?|晚上|待会儿?|等会儿?|一会儿?)(?:就|再|来|去)?(?=[给发寄送补回打写])"
)


def _planned_meeting(clause: Clause) -> bool:
    if not ANY_KIND.search(clause.shape):
        return False
    for kind, pattern in KINDS:
        if kind in ("visit", "meeting", "meal", "demo") and pattern.search(clause.shape):
            return not OURS_FIRST.search(clause.shape)
    return False


def _message_to_come(clause: Clause) -> bool:
    """A call, message or mail still to be made is a task."""
    if not CHANNEL.search(clause.shape):
        return False
    return re.search(
        r"(?:明[天早]|后天|回头|改天|待会|一会|下[周午]|Ⓓ我?(?:得|要)|记得)[^,，]{0,10}(?:打|发|回|写)",
        clause.text,
    ) is not None and not PAST.search(clause.shape)


def _with_next(section: Section, place: int) -> tuple[Clause, int]:
    """让我们 下周四前给…: a clause that ends in its cue goes on in the next."""
    clause = to_remember(section, place) or section.clauses[place]
    for after in section.clauses[place + 1 : place + 3]:
        goes_on = GOES_ON.search(clause.shape) or _closes(clause, after)
        if not (goes_on or _names_the_thing(clause, after)):
            break
        gap = " " * (after.start - clause.end)
        mentions = clause.mentions + after.mentions
        clause = Clause(clause.text + gap + after.text, clause.start, after.end, mentions)
        place += 1
    return clause, place


def _closes(clause: Clause, after: Clause) -> bool:
    """标书13号截止,我去递."""
    return bool(_CLOSING.search(clause.shape) and _I_DO_IT.fullmatch(after.shape))


def _names_the_thing(clause: Clause, after: Clause) -> bool:
    """@某某 …那个标书,周五之前交给我: what, and then what is to be done with it."""
    told = THING_OF.match(clause.shape)
    return bool(told and not DEED.search(told["thing"]) and DEED_NEXT.match(after.shape))


_CLOSING = re.compile(r"Ⓓ(?:就|要)?截止$")
_I_DO_IT = re.compile(r"\s*我[去来得要再]*[递交送投寄办报]\s*")
