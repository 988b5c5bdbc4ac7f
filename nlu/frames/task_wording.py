"""What is to be done, in the words of a note: without who asked, when, and who must do it."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.frames.targets import recently, shortly
from nlu.frames.task_things import AGAIN, called_again, done_again
from nlu.frames.task_words import (
    ASKED,
    BACK_ON,
    DUE_BEFORE,
    HEAD,
    I_WILL,
    LABEL,
    REMIND,
    TAIL,
    WANTED,
)
from nlu.scene import Mention
from nlu.sections import Section, Setting


def first_of(dates: list[Mention]) -> Mention | None:
    """The first day named, if any."""
    return dates[0] if dates else None


def what_is_asked(
    clause: Clause, section: Section, place: int, setting: Setting
) -> tuple[str, Mention | None]:
    """What is to be done, without who asked and when."""
    dates, shape = _days_in(clause), clause.shape
    cues = (DUE_BEFORE, ASKED, REMIND, I_WILL)
    cue = next((found for cue in cues if (found := cue.search(shape))), None)
    label = LABEL.match(shape)
    start = max(cue.start() if cue else 0, label.end() if label else 0)
    promised = _PROMISED.match(shape, start) or _TOLD_US.match(shape, start)
    start = promised.end() if promised else start
    due = _due_of(clause, dates, start)
    back = [BACK_ON.match(shape, _place(clause, m) + 1) for m in dates if m is not due]
    returned = max((found.end() for found in back if found), default=0)
    start = max(start, returned)
    wanted = _WANTED_THING.search(shape) if WANTED.search(shape) else None
    if wanted and due:
        thing = clause.cut(*wanted.span("it"))
        return thing if thing.startswith(_GIVES) else "给" + thing, due
    words = _cleaned(_words(clause, start, due))
    if not cue and not label:
        words = re.sub(r"^.*?(?:说(?!明)|讲|表示|提出|反馈)(?=.{4})", "", words)
    front = "" if returned else _front(clause, start, due)
    verb = rf"{re.escape(_verb_of(words)[:1])}(?P<it>.{{2,16}})$"
    same = re.once(verb).search(front) if words else None
    front = same["it"] if same else front
    words = _with_thing(words, front, clause)
    if "把" in front and words:
        words = front[front.index("把") :] + words
    elif _BARE_VERB.fullmatch(words):
        redo = AGAIN.fullmatch(section.clauses[place - 1].shape) if place else None
        thing = front or _asked_for(section, place, words)
        words = _verb_of(words) + thing if thing else words
        if redo:
            words = redo["do"] + section.clauses[place - 1].cut(*redo.span("it"))
    elif (again := done_again(words, front, section, place)) != words:
        words = again
    elif words.endswith("的") and len(words) <= 8:
        words = words.rstrip("的") + front
    words = called_again(_LIGHT.sub("", _verb_first(words)), section, place)
    return _called(words, section, place, setting), due


def _front(clause: Clause, start: int, due: Mention | None) -> str:
    """What stands before the cue: the thing that is to be handed over, if anything."""
    whole = _words(clause, 0, due)
    front = _cleaned(whole[: len(whole) - len(_words(clause, start, due))])
    front = re.sub(
        r"^@|^.*(?:让|叫|请|催|要求)(?:我们?|咱们?)|^.*(?:说(?!明)|讲|表示|提醒|叮嘱|嘱咐)|(?:[得要必须]*在|[得要必须]+|那个|这个|呢|我们?的?|我方|[他她]们?|要求|规定|烦请|敬请|(?<!申)[烦恳]?请|麻烦|尽快|务必|抓紧|赶紧|(?:下班|收盘|中午|上班)前|[的,，\s]*)$|^(?:那边的?|那个|我们的?)|[\u4e00-\u9fff]{2}后$",
        "",
        front,
    )
    if front in {m.text for m in clause.of("person")}:
        front = ""
    for mention in clause.of("customer"):
        front = front.removeprefix(mention.text).removeprefix("的")
    return front.strip()


def _due_of(clause: Clause, dates: list[Mention], start: int) -> Mention | None:
    """The day behind the cue; not the one on which somebody is only back again."""
    behind = [m for m in dates if _place(clause, m) >= start] or dates
    due = [m for m in behind if not BACK_ON.match(clause.shape, _place(clause, m) + 1)]
    return first_of(due or behind)


def _with_thing(words: str, front: str, clause: Clause) -> str:
    """年检报告我明天补给雷工: what is handed over stands before who hands it to whom."""
    names = [re.escape(m.text) for k in ("person", "customer") for m in clause.of(k)]
    whom = "|".join([*names, _THEIR_DESK])
    bare = re.once(
        rf"(?P<do>[给发交送补递寄回提报传])(?:给|到)?(?P<who>{whom})(?:那里|那边|手上)?"
    ).fullmatch(words)
    thing = _THING.fullmatch(front) if bare and "把" not in front else None
    if not bare or not thing:
        return words
    return f"给{bare['who']}{bare['do'].replace('给', '')}{thing['it']}"


_THEIR_DESK = (
    "(?:[他她]们?|人家|客户|对方|甲方)?的?(?:法务|财务|采购|技术|工程|设备|质量|质检|生产|设计|基建|行政|人事|招标)(?:部|办|科|处|那边)?"
    "|[他她]们?|人家|客户|对方|甲方"
)
_THING = re.compile(
    r"(?:[^,，的]{0,6}的)??(?:那|这)?[个份张批套版些台]?(?P<it>[^,，]{2,14}?)(?:我们?|咱们?)?(?:这边)?"
)
_WANTED_THING = re.compile(r"要(?:(?:我们|咱们|我)的)?(?:一?[份版套张]|Ⓠ)?(?P<it>[^,，]{2,14})$")
_LIGHT = re.compile("(?<=^报)个(?=价)")
"""报个价 is to quote."""
_GIVES = ("给", "交", "发", "出", "寄", "送", "补", "提", "递", "做", "准备", "整理")
_PROMISED = re.compile(
    r"[^,，]{0,4}?(?:答应|承诺|应允|应承|许诺|允诺|保证|应(?=[了下]))[了下]?(?:[他她]们?|(?:Ⓒ(?:的|那边)?)?Ⓟ|Ⓒ|客户|对方)"
)
_TOLD_US = re.compile(
    r"(?:Ⓟ|[他她]们?|对方|客户|甲方|Ⓒ)[^,，Ⓟ]{0,6}(?:让|催|叮嘱|嘱咐|叫|喊|要求|请|麻烦)(?:我们?|咱们?)?"
)
_MOVED_TO = re.compile(
    r"(?:提前|改|推迟?|延期?|调|放|挪)(?:到|至)$|(?:能不能|能否|可不可以|问[问一下]*)[^,，]*$"
)


def _days_in(clause: Clause) -> list[Mention]:
    """Its days, but for one that is asked about: 问下能不能提前到20号发货."""
    days = clause.of("date")
    return [m for m in days if not _MOVED_TO.search(clause.shape[: _place(clause, m)])]


_BARE_VERB = re.compile(
    r".?|签(?:掉|下来|完|好|了)|[弄搞办整备](?:好|完|齐|妥|出来)|催催|问问|盯盯|对对|聊聊|追追|跟跟|催一下|问一下|(?:给(?:人家?|[他她]们?|对方|客户))?(?:给|发|交|送|补|递|寄|回|改|办|出|提|做|写|打|报)?(?:提交|提供|出具|递交|答复|回复|回话|完成|准备|处理|[给发交送补递寄回改办出提做写打报])"
    r"(?:[到上下出进过]?[去来]?|好|完|齐|一下)(?:给?[他她我](?:们)?)?"
)


def _verb_of(words: str) -> str:
    found = re.match(
        r"催|问|盯|投|签|提交|提供|出具|递交|答复|回复|完成|准备|处理|[给发交送补递寄回改办出提做写打报]",
        words,
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
    words = re.sub(r"最[晚迟]|^(?:加?个?班|抽空|尽量|连夜|熬夜)+(?=把)", "", words)
    for _ in range(3):
        words = HEAD.sub("", words)
    return TAIL.sub("", words.strip(" ,，。:：")).strip()


_WANTS = re.compile(
    r"(?:(?:[缺差欠漏]|少了?)(?:着|了)?(?:Ⓒ|Ⓟ|[他她]们?)?|(?:催|[想需]要|要求|要(?!求)|等|问|索要|补)(?:着|了)?)(?:我们?|咱们?)?(?:一?[份个张套版些])?(?P<it>[^,，Ⓐ]{2,12})$"
)
_MADE_FIRST = re.compile(
    r"把(?P<it>[^,，把]{2,12}?)(?:整理?|弄|做|写|改|搞|备|理|准备|打印|印|算)(?:出来|好|完|齐|妥)"
)
"""先把补充协议整出来,下周一发过去: what is sent was to be made first."""
_OPEN = re.compile(r"能不能|能否|可不可以|是不是|有没有|要不要|是否|怎么|多少|什么|啥|几|哪|谁")
"""问能不能先试用: a question is no thing that one could give."""
_OF_DAY = re.compile(r"[之以]?[前后]$")


_HOW_FAR = re.compile(
    r"(?:(?:啥时候|什么时候|何时|几时|哪天)(?:能|可以)?)?(?:[好到完出齐做弄批]*了?(?:没有?|吗))$|(?:啥时候|什么时候|何时|几时|哪天)(?:能|可以)?[给发到出寄](?:过来)?$"
)
"""问方案好了没, 问证明啥时候给: how far the thing is, and no piece of its name."""
_NOT_YET = re.compile(
    r"^[^,，]{0,12}?(?:要|催|等)?的?(?:那|这)?(?:[个份张批套版])?(?P<it>[\u4e00-\u9fffA-Z]{2,8}?)(?:我们?|这边)?(?:还|都|一直)?没(?:来得及|顾上|空)?"
    r"(?:寄|发|给|送|交|出|做|弄|补|改|报|回)(?:出去|过去|完|好)?$"
)
"""要的那个色板我还没寄,明天寄."""


def _asked_for(section: Section, place: int, words: str) -> str:
    """任部长在催报价，我周五前给: what is given stands in the clause before."""
    undone = _NOT_YET.match(section.clauses[place - 1].shape) if place else None
    if undone:
        return section.clauses[place - 1].cut(*undone.span("it"))
    for before in reversed(section.clauses[max(0, place - 2) : place]):
        if re.search(r"我(?:们|就)?[说讲]", before.shape):
            continue
        verb = re.once(rf"{re.escape(_verb_of(words)[:1])}(?P<it>[^,，Ⓓ]{{3,14}})$").search(
            before.shape
        )
        found = (verb if words else None) or _WANTS.search(before.shape)
        found = found or _MADE_FIRST.search(before.shape)
        if found and not _OPEN.match(found["it"]):
            return _HOW_FAR.sub("", before.cut(*found.span("it")).lstrip("个的").strip())
    if not place or _OF_DAY.search(words):
        return ""
    before = section.clauses[place - 1]
    plain = (
        not before.mentions and 3 <= len(before.shape.strip()) <= 10 and "我" not in before.shape
    )
    return before.shape.strip() if plain and before.start not in before.taken else ""


_WITH_BA = re.compile(
    r"把(?P<it>.{2,16}?)(?P<do>提交|整理|准备|修改|打印|复印|装订|翻译|[寄发送交给出写补改做签填递办缴传拿报弄装订约调换修清催对审查印贴])"
    r"(?:(?P<way>(?:[出进过上回][来去]))|(?P<how>[好完齐掉])|[到上了]|一遍|一下)?"
)
_THING_FIRST = re.compile(
    r"(?P<it>(?![给跟把重调做改出写整准补打拿]).{2,16}?)(?:赶紧|尽快|抓紧|马上|务必|必须|一定)*(?P<do>提交|(?:[付签办结清开]|打(?!样))(?=[掉完好清])|[寄发送交递补])(?P<how>掉|[完好清])?"
)


def _verb_first(words: str) -> str:
    """把样品送过去 is 送样品过去, 把实施方案交过去 is 交实施方案, 标书交 is 交标书."""
    found = _WITH_BA.fullmatch(words)
    if found:
        way = found["way"] if found["way"] and len(found["it"]) < 4 else ""
        return found["do"] + (found["how"] or "") + found["it"] + way
    found = _THING_FIRST.fullmatch(words)
    return found["do"] + (found["how"] or "") + found["it"].removesuffix("我") if found else words


def _place(clause: Clause, mention: Mention) -> int:
    return clause.place_of(mention)
