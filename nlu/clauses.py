"""Cuts a text into clauses and says of each what it names, denies, plans and reports."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from nlu import expressions as re
from nlu.run_on import run_on
from nlu.scene import TAGS, Mention

FILL = "\ue000"
"""Stands for what a speaker says while thinking: dropped from the shape."""

LONGEST = 160
"""Characters of a clause; nobody speaks a longer one."""
_BREAK = re.compile(r"\s+/\s+|\s*[|｜]\s*|[，,。；;！!？?\n\s…~～\U0001F300-\U0001FAFF]+")
_ITEM = re.compile(
    r"(?:[①-⑳❶-❿]|(?:^|(?<=[\n\s；;。：:]))(?:\d{1,2}[.、)）](?!\d)|[一二三四五六七八九十]、|[（(]\d{1,2}[)）]|[-•·*]\s+))\s*"
)
_VERB_ALONE = re.compile(
    r"^\s*(?:拜访|走访|回访|陌拜|跟进|约见|见|去|到)\s*$|^[^,，Ⓒ]{0,8}(?:跑|见|拜访|陌拜|去|谈|访|聊|接触|开发)了?一?[个家]新(?:的)?(?:客户|公司|单位|厂|店)\s*$"
)
_VERB_AND_NOUN = re.compile(
    r"^\s*(?:(?:拜访|走访|回访|陌拜)(?:了|一下|了一下)?|约见|见|去|到|(?:[Cc]all|[Mm]eeting|[Vv]isit|[Mm]et)(?:ed)?(?: with)?)\s*Ⓒ\s*$"
)
_NOUNS = re.compile(r"^[ⒸⓅⓊⒹ的、和跟与\s嗯啊呃那个就]*[ⒸⓅⓊⒹ][ⒸⓅⓊⒹ的、和跟与\s嗯啊呃那个就]*$")
_TRIP = re.compile(
    r"^[^ⒸⓅⓊ,，]{0,4}Ⓓ[^ⒸⓅⓊ,，]{0,4}(?:[去到跑飞回]一?趟|[去飞到])[^ⒸⓅⓊ,，了过的]{0,6}(?:出差)?\s*$"
)
_TRIP_FOR = re.compile(
    r"^\s*(?:顺便|先|再|主要|顺路|顺道)?(?:去)?(?:看看|拜访|走访|回访|见见|会会|见|找)[^,，ⒸⓅ]{0,3}[ⒸⓅ]"
)
"""下月初去趟大连,看看某某: the trip's day is the visit's."""
_PERSON = re.compile(r"^\s*Ⓟ\s*(?:$|Ⓓ)")
_JOINT = re.compile(
    r"然后|后来|(?<![想要算备再还打])另外|对了|接着|再就是|还有就是|但是|(?<![一-龥])还有(?=[他她我下]|那)"
)
_JOINT_OR_PAUSE = re.compile(
    rf"{_JOINT.pattern}|(?<=[一-龥])\ue000+(?=[一-龥])|(?<=[一-龥])(?:就是说|就是)(?=[一-龥]{{2}})|(?<=[一-龥]{{3}})(?=[他她](?:说|讲|表示|让|们说))|(?<=[一-龥]{{3}})(?=(?:上午|下午|中午|晚上|傍晚)(?:又|就|再|还)?(?:去|到|跟|在|见|拜访|给|接|赶))|(?<=[啊嘛呢\ue000])先是"
)
NOT = re.compile(
    r"(?:还|都|也|并|暂时|一直|根本|压根)?(?:没有?|未|尚未|不|别|无法|没法)(?!有?(?:错|问题|准|变|满|止|断|少|光|但|过|同意见|毛病))"
)
_PLAN = re.compile(
    r"打算|准备|计划|预计|争取|要|约|想|得|会|将|安排|拟|提醒|再|下一步|后续|待办|记得|别忘|明[天早晚]|后天|下个?[周月季]|回头|改天|需要|目标|之前|前$|前[给交发出把提寄回递要完搞做补]"
)
_EARLIER = re.compile(r"前[天年]|之前[的给]")
_PAST = re.compile(r"[了过]|刚|已|完|昨|前天|上[周月]|回来|今天去|见|拜访的")


@dataclass(eq=False)
class Clause:
    """A piece between two breaks; `shape` is its text with a letter for each mention."""

    text: str
    start: int
    end: int
    mentions: list[Mention]
    strong: bool = False
    item: bool = False
    index: int = 0
    taken: set[int] = field(default_factory=set)
    shape: re.Text = field(init=False)
    """The text with one letter in place of each mention (Ⓒ a customer, Ⓓ a date, …)."""

    def __post_init__(self) -> None:
        """Everything that each reader asks for, once: some ask a hundred times."""
        pieces: list[str] = []
        self._at: dict[int, Mention] = {}
        self._of_kind: dict[str, list[Mention]] = {}
        at, size = self.start, 0
        for mention in self.mentions:
            piece = self.text[at - self.start : mention.start - self.start].replace(FILL, "")
            pieces += (piece, TAGS[mention.kind])
            size += len(piece)
            self._at[size] = mention
            self._of_kind.setdefault(mention.kind, []).append(mention)
            size += 1
            at = mention.end
        pieces.append(self.text[at - self.start :].replace(FILL, ""))
        self.shape = re.Text("".join(pieces))

    @cached_property
    def _back(self) -> list[int]:
        """Where in the whole text each character of the shape comes from."""
        back: list[int] = []
        at = self.start
        for start, end in (*((m.start, m.end) for m in self.mentions), (self.end, self.end)):
            piece = self.text[at - self.start : start - self.start]
            back += [at + i for i, char in enumerate(piece) if char != FILL]
            back.append(start)
            at = end
        return back[:-1]

    def mention_at(self, place: int) -> Mention | None:
        """The mention whose letter stands at a place of the shape."""
        return self._at.get(place)

    def place_of(self, mention: Mention) -> int:
        """Where in the shape a mention's letter stands."""
        return next(place for place, other in self._at.items() if other is mention)

    def cut(self, start: int, end: int) -> str:
        """The text behind a stretch of the shape."""
        back = self._back
        if start >= end or start >= len(back):
            return ""
        last = self._at.get(end - 1)
        stop = last.end if last else back[end - 1] + 1
        return self.text[back[start] - self.start : stop - self.start].replace(FILL, "")

    def of(self, kind: str) -> list[Mention]:
        """Its mentions of one kind."""
        return self._of_kind.get(kind, [])

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether a pattern is found in the shape."""
        return pattern.search(self.shape) is not None

    @cached_property
    def denied(self) -> bool:
        """Whether something in it did not happen."""
        return NOT.search(self.shape) is not None

    @cached_property
    def planned(self) -> bool:
        """Whether it speaks of what is still to come."""
        if _EARLIER.search(self.shape):
            return False
        return _PLAN.search(self.shape) is not None and not _PAST.search(self.shape)


def split(text: str, mentions: list[Mention]) -> list[Clause]:
    """The clauses in order; a clause of nouns only is joined with the one after it."""
    return _joined(_cut(text, mentions))


def _cut(text: str, mentions: list[Mention]) -> list[Clause]:
    inside = _Inside(mentions)
    breaks, marks = list(_BREAK.finditer(text)), list[tuple[int, int, bool, bool]]()
    for match in breaks:
        if not inside.holds(match.start()) and not _in_english(text, match):
            strong = any(c in "。；;！!？?\n" for c in match.group())
            marks.append((match.start(), match.end(), strong, False))
    marks += [
        (m.start(), m.start(), False, False)
        for m in _joints(text, len(breaks)).finditer(text)
        if m.start() and not inside.holds(m.start())
    ]
    marks += [
        (m.start(), m.end(), True, True)
        for m in _ITEM.finditer(text)
        if not inside.holds(m.start())
    ]
    marks += _between(text, mentions)
    marks += _headed(text, mentions, inside)
    marks += run_on(text, mentions, marks)
    marks += _forced(text, [place for place, *_ in marks], inside)
    clauses: list[Clause] = []
    at, strong, item = 0, True, False
    for start, end, hard, listed in [*sorted(marks), (len(text), len(text), True, False)]:
        if start > at and text[at:start].strip():
            own = inside.between(at, start)
            clauses.append(Clause(text[at:start], at, start, own, strong, item))
            strong, item = hard, listed
        else:
            strong, item = strong or hard, item or listed
        at = max(at, end)
    return clauses


def _between(text: str, mentions: list[Mention]) -> list[tuple[int, int, bool, bool]]:
    """Breaks that two things named beside each other tell: sums, days or stops in a row."""
    marks = [
        (m.start - 1, m.start, False, False)
        for before, m in pairwise(mentions)
        if m.kind == "date" and text[m.start - 1] == "、" and before.kind != "date"
    ]
    marks += [
        (before.end, before.end + 1, False, False)
        for before, m in pairwise(m for m in mentions if m.kind in ("amount", "customer"))
        if before.kind == m.kind == "amount" and _NEXT_SUM.fullmatch(text, before.end, m.start)
    ]
    marks += [
        (before.end, before.end, False, False)
        for before, m in pairwise(m for m in mentions if m.kind in ("customer", "date"))
        if before.kind == m.kind == "customer" and _NEXT_STOP.fullmatch(text, before.end, m.start)
    ]
    return marks


_NEXT_SUM = re.compile(r"、[\u4e00-\u9fffA-Za-z]{2,8}")
"""人事14万、考勤机3万4: each thing with its sum."""
_NEXT_STOP = re.compile("(?:那边)?(?:然后|接着)?再(?:去|到|跑|拜访)")
"""先去甲再去乙: two stops."""
_HEAD = re.compile(
    r"(?:^|(?<=[,，。；;!！?？\n:：]))[^,，。；;!！?？\n:：]{3,60}(?P<colon>[:：]\s*)(?=\S)"
)
_HEADING = re.compile(
    r"补[录记周昨前上一]|盘点|清账|流水|归拢|日志|[汇小总]报?[总结]|汇报|周报|日报|记录|行程|喜报|报喜|签[的了]\s*$|好消息|战报|进展|更新|记一下|录一下|报一下|[趟圈站处家场]\s*$|[一两俩仨二三四五六七八九十\d](?:家|个|位|户)?(?:客户|单位|公司|地方|电话)\s*$|一把\s*$"
)


_SIGNED_BOTH = re.compile(r"[两俩三四几][份个单].*签[的了]\s*$")
"""两份合同今天一起签的:… heads a list of deals."""


def _headed(
    text: str, mentions: list[Mention], inside: _Inside
) -> list[tuple[int, int, bool, bool]]:
    """上周外勤补录:周二拜访…: what heads a report is a clause of its own."""
    starts = {m.start for m in mentions if m.kind in ("customer", "date", "person")}
    return [
        (m.start("colon"), m.end("colon"), False, False)
        for m in _HEAD.finditer(text)
        if (m.end("colon") in starts or _SIGNED_BOTH.search(text, m.start(), m.start("colon")))
        and not inside.holds(m.start("colon"))
        and _HEADING.search(text, m.start(), m.start("colon"))
    ]


def _forced(text: str, places: list[int], inside: _Inside) -> list[tuple[int, int, bool, bool]]:
    """Breaks in what runs on without any, so that the work per clause is bounded."""
    found, last = [], 0
    for place in [*sorted(places), len(text)]:
        while place - last > LONGEST:
            last += LONGEST
            free = next((p for p in range(last, last + 40) if not inside.splits(p)), last)
            found.append((free, free, False, False))
        last = max(last, place)
    return found


def _joints(text: str, breaks: int) -> re.Pattern[str]:
    """Where dictated text goes on without a comma; 嗯 counts only where nothing else parts it."""
    return _JOINT if len(text) < 30 * (1 + breaks) else _JOINT_OR_PAUSE


def _in_english(text: str, gap: re.Match[str]) -> bool:
    """Blanks beside English words part no clauses, nor does one behind a quarter (Q3 签)."""
    if gap.group().strip() or "\n" in gap.group() or _SCALED.search(text, 0, gap.start()):
        return False
    if text[gap.start() - 2 : gap.start()] in ("Q1", "Q2", "Q3", "Q4"):
        return True
    beside = text[gap.start() - 1 : gap.start()] + text[gap.end() : gap.end() + 1]
    return any(char.isascii() and char.isalpha() for char in beside)


_SCALED = re.once(r"\d[wWkK]$")
"""The w of 66w is no English word."""


class _Inside:
    """Which mention holds a place, walking forward only."""

    def __init__(self, mentions: list[Mention]) -> None:
        self._mentions = mentions
        self._ends = [m.end for m in mentions]
        self._starts = [m.start for m in mentions]

    def holds(self, place: int) -> bool:
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and place < self._ends[at]

    def splits(self, place: int) -> bool:
        """Whether a cut here would go through a mention."""
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and self._starts[at] < place < self._ends[at]

    def between(self, start: int, end: int) -> list[Mention]:
        return self._mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


def _joined(clauses: list[Clause]) -> list[Clause]:
    joined: list[Clause] = []
    for clause in clauses:
        before = joined[-1] if joined else None
        if (
            before
            and not clause.strong
            and not clause.item
            and len(before.mentions) < 8
            and (
                _NOUNS.match(before.shape)
                or _VERB_ALONE.match(before.shape)
                or (_TRIP.match(before.shape) and _TRIP_FOR.match(clause.shape))
                or (_VERB_AND_NOUN.match(before.shape) and _PERSON.match(clause.shape))
            )
        ):
            gap = " " * (clause.start - before.end)
            joined[-1] = Clause(
                before.text + gap + clause.text, before.start, clause.end,
                before.mentions + clause.mentions, before.strong, before.item,
            )  # fmt: skip
        else:
            joined.append(clause)
    for index, clause in enumerate(joined):
        clause.index = index
    return joined
