"""What we promised, must do or want to be reminded of."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.calls import call_to_make
from nlu.frames.colleagues import assign, charged
from nlu.frames.meeting_words import ANY_KIND, KINDS
from nlu.frames.targets import address, recently, shortly
from nlu.frames.task_words import (
    ASKED,
    ASSIGN,
    BACK_ON,
    CHANNEL,
    DEED,
    DEED_NEXT,
    DUE_BEFORE,
    GOES_ON,
    HEAD,
    I_WILL,
    LABEL,
    NO_NEED,
    OURS_FIRST,
    OURS_TO_DO,
    PAST,
    REMIND,
    TAIL,
    THEIRS,
    THEY_MUST,
    THING_OF,
    TO_HAND_IN,
    WANTED,
)
from nlu.frames.theirs import is_theirs
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of, lies_ahead


def tasks(section: Section, setting: Setting) -> list[Draft]:
    """The tasks that a section tells."""
    drafts: list[Draft] = []
    done = -1
    for place, first in enumerate(section.clauses):
        if place <= done:
            continue
        clause, last = _with_next(section, place)
        asked = _is_task(clause, setting) and not _done_by_now(section, last)
        call = "" if asked else call_to_make(section, place)
        if not (asked or call):
            continue
        done = last
        what, due = (
            what_is_asked(clause, section, place, setting)
            if asked
            else (call, _first(clause.of("date")))
        )
        if (
            drafts
            and drafts[-1].at == section.clauses[place - 1].start
            and _SEES_TO_IT.match(what)
        ):
            if due and "due" not in drafts[-1].slots:
                drafts[-1].put("due", day_of(due, clause, setting, "plan"), due)
            continue
        if len(what) < 2 or _NO_DEED.fullmatch(what):
            continue
        draft = address(Draft("task", clause.start), section)
        draft.put("what", what, (clause.start, clause.end))
        due, done = _said_again(due, section, last) if due else _due_beside(section, last, place)
        if due:
            day = day_of(due, clause, setting, "plan")
            value = _on_that_day(due, day, section, place, setting)
            draft.put("due", _last_day(value, due), due)
        for near in section.clauses[place : done + 1]:
            near.taken.update([near.start, *([due.start] if due else [])])
        assign(draft, clause, setting)
        first.taken.add(first.start)
        drafts.append(draft)
    return drafts


_NO_DEED = re.compile(
    r"(?:回去|回头|再|先|去)*(?:问|说|看|想|商量|请示|考虑|研究)(?:一?下|问|看|想)?|干得[\u4e00-\u9fff]{2}|辛苦[了啊]?|加油|真棒"
)
"""回去问 alone is nothing that one could tick off."""
_DAY_THEN = re.compile(r"^[^,，了过]{0,14}(?:是|就|在|到)Ⓓ\s*$")
"""收假后第一天也就是7号,我得交…: the day stands in the clause before."""


def _first(dates: list[Mention]) -> Mention | None:
    return dates[0] if dates else None


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
    if before and _DAY_THEN.search(before.shape):
        return before.of("date")[-1], last
    return None, last


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
        return True
    if charged(clause, setting) or (ASSIGN.search(shape) and not PAST.search(shape)):
        return True
    if 0 in clause.taken or (
        THEIRS.search(shape) and not OURS_TO_DO.search(shape)
    ):
        return False
    if clause.of("date") and _planned_meeting(clause):
        return False
    if WANTED.search(shape):
        return True
    if NO_NEED.search(shape) or is_theirs(shape):
        return False
    if DUE_BEFORE.search(shape) or ASKED.search(shape) or ASSIGN.search(shape):
        return not PAST.search(shape) or DUE_BEFORE.search(shape) is not None
    if TO_HAND_IN.search(shape) and not THEY_MUST.search(shape):
        return True
    if LABEL.match(shape) and len(shape) > 6:
        return True
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
    return any(lies_ahead(day, setting.now) for day in days) or (
        re.search(r"(?:Ⓓ|我)[^,，]{0,3}[得要会]|记得|Ⓓ[之以]?前", clause.shape) is not None
        and all(len(day) >= 10 and "/" not in day for day in days)
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
    clause = section.clauses[place]
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


def what_is_asked(
    clause: Clause, section: Section, place: int, setting: Setting
) -> tuple[str, Mention | None]:
    """What is to be done, without who asked and when."""
    dates, shape = clause.of("date"), clause.shape
    cues = (DUE_BEFORE, ASKED, REMIND, I_WILL)
    cue = next((found for cue in cues if (found := cue.search(shape))), None)
    label = LABEL.match(shape)
    start = max(cue.start() if cue else 0, label.end() if label else 0)
    promised = _PROMISED.match(shape, start) or _TOLD_US.match(shape, start)
    start = promised.end() if promised else start
    due = _due_of(clause, dates, start)
    wanted = _WANTED_THING.search(shape) if WANTED.search(shape) else None
    if wanted and due:
        return "给" + clause.cut(*wanted.span("it")), due
    words = _cleaned(_words(clause, start, due))
    if not cue and not label:
        words = re.sub(r"^.*?(?:说(?!明)|讲|表示|提出|反馈)(?=.{4})", "", words)
    front = _cleaned(
        _words(clause, 0, due)[: len(_words(clause, 0, due)) - len(_words(clause, start, due))]
    )
    front = re.sub(
        r"^.*(?:说(?!明)|讲|表示|提醒|叮嘱|嘱咐)|(?:[得要必须]+|那个|这个|呢|我们?的?|我方|[他她]们?)$|^(?:那个|我们的?)|[\u4e00-\u9fff]{2}后$",
        "",
        front,
    )
    if front in {m.text for m in clause.of("person")}:
        front = ""
    for mention in clause.of("customer"):
        front = front.removeprefix(mention.text).removeprefix("的")
    again = rf"{re.escape(_verb_of(words)[:1])}(?P<it>.{{2,16}})$"
    same = re.once(again).search(front) if words else None
    front = same["it"] if same else front
    if "把" in front and words:
        words = front[front.index("把") :] + words
    elif _BARE_VERB.fullmatch(words):
        words = _verb_of(words) + (front or _asked_for(section, place, words))
    elif words.endswith("的") and len(words) <= 8:
        words = words.rstrip("的") + front
    return _called(_verb_first(words), section, place, setting), due


def _due_of(clause: Clause, dates: list[Mention], start: int) -> Mention | None:
    """The day behind the cue; not the one on which somebody is only back again."""
    behind = [m for m in dates if _place(clause, m) >= start] or dates
    due = [m for m in behind if not BACK_ON.match(clause.shape, _place(clause, m) + 1)]
    return _first(due or behind)


_WANTED_THING = re.compile(r"要(?:(?:我们|咱们|我)的)?(?:一?[份版套张]|Ⓠ)?(?P<it>[^,，]{2,14})$")
_SEES_TO_IT = re.compile(r"(?:去|来)?[办弄搞交](?:好|完)?(?:$|先)")
_PROMISED = re.compile(
    r"[^,，]{0,4}?(?:答应|承诺|应允|应承|许诺|允诺|保证)[了]?(?:[他她]们?|Ⓟ|Ⓒ|客户|对方)"
)
_TOLD_US = re.compile(
    r"(?:Ⓟ|[他她]们?|对方|客户|甲方|Ⓒ)[^,，Ⓟ]{0,6}(?:让|催|叮嘱|嘱咐)(?:我们?|咱们?)?"
)
_BARE_VERB = re.compile(
    r".?|签(?:掉|下来|完|好|了)|催催|问问|盯盯|对对|聊聊|追追|跟跟|催一下|问一下|(?:给|发|交|送|补|递|寄|回|改|办|出|提|做|写|打|报)?(?:提交|答复|回复|回话|完成|准备|处理|[给发交送补递寄回改办出提做写打报])"
    r"(?:[到上下出进过]?[去来]?|好|完|齐|一下)(?:给?[他她我](?:们)?)?"
)


def _verb_of(words: str) -> str:
    found = re.match(
        r"催|问|盯|投|签|提交|答复|回复|完成|准备|处理|[给发交送补递寄回改办出提做写打报]", words
    )
    return found.group() if found and len(words) > 1 else words


def _called(words: str, section: Section, place: int, setting: Setting) -> str:
    """他 and 她 by the name of the person spoken of before."""
    if not re.search("[他她](?!们)", words):
        return words
    before = [m for c in section.clauses[: place + 1] for m in c.of("person")]
    said = shortly(before[-1]) if before else recently(section, setting)
    return re.sub("[他她](?!们)", said, words) if said and said not in words else words


def _words(clause: Clause, start: int, due: Mention | None) -> str:
    words = ""
    for place in range(start, len(clause.shape)):
        mention = clause.mention_at(place)
        words += (
            "\0"
            if mention and mention is due
            else mention.text
            if mention
            else clause.shape[place]
        )
    return words


def _cleaned(words: str) -> str:
    words = re.sub(r"\0(?:[之以]?前|之内|内|以内)?", "", words)
    words = re.sub(r"最[晚迟]", "", words)
    for _ in range(3):
        words = HEAD.sub("", words)
    return TAIL.sub("", words.strip(" ,，。:：")).strip()


_WANTS = re.compile(
    r"(?:催|[想需]要|要求|要(?!求)|等|缺|少了?|差|问|索要|补)(?:着|了)?(?:我们?|咱们?)?(?:一?[份个张套版些])?(?P<it>[^,，Ⓐ]{2,12})$"
)
_OF_DAY = re.compile(r"[之以]?[前后]$")


def _asked_for(section: Section, place: int, words: str) -> str:
    """任部长在催报价，我周五前给: what is given stands in the clause before."""
    for before in reversed(section.clauses[max(0, place - 2) : place]):
        if re.search(r"我(?:们|就)?[说讲]", before.shape):
            continue
        verb = re.once(rf"{re.escape(_verb_of(words)[:1])}(?P<it>[^,，Ⓓ]{{3,14}})$").search(
            before.shape
        )
        found = (verb if words else None) or _WANTS.search(before.shape)
        if found:
            return before.cut(*found.span("it")).removeprefix("个").strip()
    if not place or _OF_DAY.search(words):
        return ""
    before = section.clauses[place - 1]
    plain = (
        not before.mentions and 3 <= len(before.shape.strip()) <= 10 and "我" not in before.shape
    )
    return before.shape.strip() if plain and before.start not in before.taken else ""


_WITH_BA = re.compile(
    r"把(?P<it>.{2,16}?)(?P<do>提交|整理|准备|修改|[寄发送交给出写补改做签填递办缴传拿报弄装订约调换修清催对审查印贴])"
    r"(?:(?P<way>(?:[出进过上回][来去]))|(?P<how>[好完齐掉])|[到上了]|一遍|一下)?"
)
_THING_FIRST = re.compile(
    r"(?P<it>(?![给跟把重调做改出写整准补打拿]).{2,16}?)(?:赶紧|尽快|抓紧|马上)?(?P<do>提交|[寄发送交递补])"
)


def _verb_first(words: str) -> str:
    """把样品送过去 is 送样品过去, 把实施方案交过去 is 交实施方案, 标书交 is 交标书."""
    found = _WITH_BA.fullmatch(words)
    if found:
        way = found["way"] if found["way"] and len(found["it"]) < 4 else ""
        return found["do"] + (found["how"] or "") + found["it"] + way
    found = _THING_FIRST.fullmatch(words)
    return found["do"] + found["it"].removesuffix("我") if found else words


def _place(clause: Clause, mention: Mention) -> int:
    return clause.place_of(mention)
