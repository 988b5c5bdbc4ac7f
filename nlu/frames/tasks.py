"""What we promised, must do or want to be reminded of."""

from __future__ import annotations

import re

from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.meeting_words import ANY_KIND, KINDS
from nlu.frames.targets import address
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of, lies_ahead

_DO = (
    r"给|交|发|出|寄|送|提交|提供|回复|回(?=Ⓒ|Ⓟ|他|她|邮件|电话)|准备|整理|做(?!演示|demo)|改|补|递|打电话|打给|联系|跟进|安排|确认|核实|报价|申请|"
    r"落实|催|约|问|对账|开票|开发票|写|定稿|完成|拿出|拿|报|更新|签掉|签下来|签完|通知|协调|处理|解决|沟通|汇报|反馈|派|备货|发货|盖章|起草|拟|审|查|备|带|订|买|弄"
)
_DUE_BEFORE = re.compile(
    rf"(?:Ⓓ(?:[之以]?前|内)|最[晚迟]Ⓓ|Ⓓ(?:最[晚迟]|截止))[^,，]{{0,14}}?(?:{_DO})"
)
_ASKED = re.compile(
    rf"(?:(?:让|要求?|叫|催|请|喊|希望|需要|嘱咐|麻烦|盯着)(?:我们?|咱们?|我方|俺)(?!的)|(?:我们?|咱们?|我方)[^,，的]{{0,6}}(?:要|得|需要?|必须|准备|打算|负责|答应|承诺)|答应[了]?[他她Ⓟ]?们?|(?:由|是)我方?)[^,，]{{0,16}}?(?:{_DO})"
)
_LABEL = re.compile(
    r"^\s*(?:下一步|下步|后续|后续动作|后续计划|待办|todo|TODO|跟进计划|下步计划|行动项|工作计划|计划)(?:是|工作|动作)?\s*[:：]?"
)
_REMIND = re.compile(
    r"提醒(?:一下)?我们?|(?:加|建|记|新增|添加|创建)(?:一?[个条])?(?:待办|任务|提醒)|别忘了?|记得"
)
_ASSIGN = re.compile(
    rf"@\s*Ⓤ|(?:让|叫|安排|请|通知|派|催|要求|交代|给)Ⓤ[^,，]{{0,16}}?(?:{_DO})|Ⓤ[^,，]{{0,4}}(?:负责|跟进)"
)
_I_WILL = re.compile(
    rf"(?:Ⓓ我(?!们?[已的])|我Ⓓ|我(?:会|来|回头|这边会|今天会)|回头我?|改天我?|回去[我就]?|晚点|稍后|一会儿?|等会儿?|Ⓓ(?:要|得|再|就|去)|(?<=Ⓓ)(?=[给发交寄]))[^,，]{{0,10}}?(?:{_DO})|我[^,，]{{0,10}}Ⓓ[^,，]{{0,3}}(?:前|给|交|发|出)"
)
_THEIRS = re.compile(
    r"(?:他们?|她们?|对方|客户|Ⓟ|Ⓡ|甲方|院里|学校|公司|财务)(?:自己|那边|会|要|准备|打算|答应|说|下面|回头|承诺|先|Ⓓ|把)[^,，让要我]{0,10}(?:给我|付|打款|打过来|签|定|下单|开标|回复我|来)"
)
_PAST = re.compile(rf"(?:{_DO})(?:过去|上去|出去)?了(?!吧)|已经?|刚才?(?:给|发)|没(?:顾上|来得及)")
_WANTED = re.compile(r"Ⓓ[之以]?前[^,，]{0,2}要(?:我们|咱们|我)的")
_NO_NEED = re.compile(r"别催|不用|没有要|不[让要]我")
_TO_HAND_IN = re.compile(r"(?:[要得]|需要?)(?:补[交一个上充]?|提交|提供|递交|出具|寄)(?!的)")
_THEY_MUST = re.compile(r"他们?[^,，]{0,3}要|Ⓡ")
_OURS_FIRST = re.compile(rf"前[^,，]{{0,6}}(?:{_DO})|[让要]我们?[^,，]{{0,10}}(?:发|寄|交|提交)")
_CHANNEL = re.compile("电话|微信|邮件")
_GOES_ON = re.compile(
    r"(?:让我们?|要我们?|[之以]前|Ⓓ前|下一步|后续|提醒我|待办|最[晚迟])\s*[:：]?$"
)
_TAIL = re.compile(
    r"(?:就行|就可以|的话|吧|呢|啊|哦|别忘了?|帮我记一下|记一下|帮记|过去|过来|来|呀|哈|一下)+$"
)
_HEAD = re.compile(
    r"^(?:[\s:：,，]|然后|另外|还有|反正|就是|对了|所以|那么|但是?|嗯|还|再|也|先|务必|一定|必须|我们?这边|我们|咱们?|我方|我|得|要求|要|让|叫|催|请|喊|希望|需要|需|由|来|去|会|负责|答应|承诺|准备|打算|回头|改天|之?前|以前|之内|内|最[晚迟]|截止|[他她]们?(?=让|要|说)|能|把(?=Ⓓ)|加[个条]|建[个条]|待办|任务|提醒|记得|别忘了?|争取|帮忙?|安排|通知|下一步|后续|动作|计划|是|的|说|给你)+"
)


def tasks(section: Section, setting: Setting) -> list[Draft]:
    """The tasks that a section tells."""
    drafts: list[Draft] = []
    done = -1
    for place, first in enumerate(section.clauses):
        if place <= done:
            continue
        clause, last = _with_next(section, place)
        if not _is_task(clause, setting):
            continue
        done = last
        what, due = _what(clause, section, place)
        if len(what) < 2:
            continue
        draft = address(Draft("task", clause.start), section)
        draft.put("what", what, (clause.start, clause.end))
        if due:
            draft.put("due", day_of(due, clause, setting, "plan"), due)
        for near in section.clauses[place : last + 1]:
            near.taken.update([near.start, *([due.start] if due else [])])
        _assignee(draft, clause, setting)
        first.taken.add(first.start)
        drafts.append(draft)
    return drafts


def _is_task(clause: Clause, setting: Setting) -> bool:
    shape = clause.shape
    if _REMIND.search(shape):
        return True
    if 0 in clause.taken or (
        _THEIRS.search(shape) and not re.search(r"[让要]我|我们?[得要]", shape)
    ):
        return False
    if clause.of("date") and _planned_meeting(clause):
        return False
    if _WANTED.search(shape):
        return True
    if _NO_NEED.search(shape):
        return False
    if _DUE_BEFORE.search(shape) or _ASKED.search(shape) or _ASSIGN.search(shape):
        return not _PAST.search(shape) or _DUE_BEFORE.search(shape) is not None
    if _TO_HAND_IN.search(shape) and not _THEY_MUST.search(shape):
        return True
    if _LABEL.match(shape) and len(shape) > 6:
        return True
    return not _PAST.search(shape) and (
        _message_to_come(clause) or (_I_WILL.search(shape) is not None and _ahead(clause, setting))
    )


def _ahead(clause: Clause, setting: Setting) -> bool:
    """Whether its day lies ahead, or is today and still to be used."""
    days = [day_of(m, clause, setting, "plan") for m in clause.of("date")]
    if not days:
        return re.search(r"回头|改天", clause.shape) is not None
    return any(lies_ahead(day, setting.now) for day in days) or (
        re.search(r"(?:Ⓓ|我)[^,，]{0,3}[得要会]|记得|Ⓓ[之以]?前", clause.shape) is not None
        and all(len(day) >= 10 and "/" not in day for day in days)
    )


def _planned_meeting(clause: Clause) -> bool:
    if not ANY_KIND.search(clause.shape):
        return False
    for kind, pattern in KINDS:
        if kind in ("visit", "meeting", "meal", "demo") and pattern.search(clause.shape):
            return not _OURS_FIRST.search(clause.shape)
    return False


def _message_to_come(clause: Clause) -> bool:
    """A call, message or mail still to be made is a task."""
    if not _CHANNEL.search(clause.shape):
        return False
    return re.search(
        r"(?:明[天早]|后天|回头|改天|待会|一会|下[周午]|Ⓓ我?(?:得|要)|记得)[^,，]{0,10}(?:打|发|回|写)",
        clause.text,
    ) is not None and not _PAST.search(clause.shape)


def _with_next(section: Section, place: int) -> tuple[Clause, int]:
    """让我们 下周四前给…: a clause that ends in its cue goes on in the next."""
    clause = section.clauses[place]
    if place + 1 < len(section.clauses) and _GOES_ON.search(clause.shape):
        after = section.clauses[place + 1]
        gap = " " * (after.start - clause.end)
        mentions = clause.mentions + after.mentions
        return Clause(clause.text + gap + after.text, clause.start, after.end, mentions), place + 1
    return clause, place


def _what(clause: Clause, section: Section, place: int) -> tuple[str, Mention | None]:
    """What is to be done, without who asked and when."""
    dates, shape = clause.of("date"), clause.shape
    cue = _DUE_BEFORE.search(shape) or _ASKED.search(shape) or _REMIND.search(shape)
    label = _LABEL.match(shape)
    start = max(cue.start() if cue else 0, label.end() if label else 0)
    due = next((m for m in dates if _place(clause, m) >= start), dates[0] if dates else None)
    wanted = re.search(r"[前]?[^,，]{0,2}要(?:我们|咱们|我)的(?P<it>[^,，]{2,12})$", shape)
    if wanted and due:
        return "给" + clause.cut(*wanted.span("it")), due
    words = _cleaned(_words(clause, start, due))
    front = _cleaned(
        _words(clause, 0, due)[: len(_words(clause, 0, due)) - len(_words(clause, start, due))]
    )
    front = re.sub(
        r"^.*(?:说|提醒)|(?:[得要必须]+|那个|这个|呢|我们的?|我方|[他她]们?)$|^(?:那个|我们的?)",
        "",
        front,
    )
    if "把" in front and words:
        words = front[front.index("把") :] + words
    elif len(words) <= 2 or (words.endswith("的") and len(words) <= 8):
        words = (words.rstrip("的") if words.endswith("的") else words) + (
            front or _asked_for(section, place)
        )
    return _verb_first(words), due


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
        words = _HEAD.sub("", words)
    return _TAIL.sub("", words.strip(" ,，。:：")).strip()


def _asked_for(section: Section, place: int) -> str:
    """任部长在催报价，我周五前给: what is given stands in the clause before."""
    if not place:
        return ""
    before = section.clauses[place - 1]
    found = re.search(
        r"(?:催|[想需]?要|等|缺|少|差)(?:着|一?[份个张套版])?(?P<it>[^,，ⒶⒹ]{2,10})$", before.shape
    )
    return before.cut(*found.span("it")) if found else ""


def _verb_first(words: str) -> str:
    """把样品送到 is 送样品."""
    found = re.fullmatch(
        r"把(?P<it>.{2,16}?)(?P<do>提交|整理|准备|[寄发送交给出写补改做签填递办])(?:出来|过去|过来|出去|上来|上去|[到掉好完出]|一遍|一下)?",
        words,
    )
    return found["do"] + found["it"] if found else words


def _place(clause: Clause, mention: Mention) -> int:
    return next(i for i in range(len(clause.shape)) if clause.mention_at(i) is mention)


def _assignee(draft: Draft, clause: Clause, setting: Setting) -> None:
    found = re.search(
        r"(?:让|叫|安排|请|通知|派|催|要求|交代|@)\s*(Ⓤ)|(Ⓤ)[^,，]{0,4}(?:负责|跟进)", clause.shape
    )
    if not found:
        return
    mention = clause.mention_at(found.start(1) if found[1] else found.start(2))
    if mention and len(mention.values) == 1 and mention.values[0] != setting.sender.id:
        draft.put("assignee", mention.values[0], mention)
        draft.slots["what"] = (
            str(draft.slots["what"]).replace(mention.text, "", 1).lstrip("@让叫请 你")
        )
