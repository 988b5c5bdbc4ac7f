"""What a task is about, where its object stands beside the clause that tells the deed."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.frames.calls import whom_to_call
from nlu.frames.task_words import DO, PAST
from nlu.sections import Section

_FINISH = re.compile(
    r"(?:弄|搞|办|整|做|改|写|备)(?:好|完|出来|妥)?(?P<to>(?:再|就)?(?:给|发|交|送|寄)(?:给|到)?.{1,10})?"
)
AGAIN = re.compile(
    r"\s*(?:Ⓒ的?)?(?:那|这)?[个份批]?(?P<it>[^,，ⒶⒹ不没]{2,8}?)(?:还|也|又)?(?:得|要|需要|必须)(?P<do>重新?[送寄发做打出报补交改写弄画算])(?P<count>一?[份版次遍批])?\s*"
)
"""样品得重送, 15号前寄到: what is to be done again stands in the clause before."""


def done_again(words: str, front: str, section: Section, place: int) -> str:
    """仿真得重做一版, 我12号前弄完给他们: the deed with its thing, where it is told so."""
    before = section.clauses[place - 1] if place else None
    finish = _FINISH.fullmatch(words)
    if finish and finish["to"] and 2 <= len(front) <= 12 and "把" not in front:
        return words[: finish.start("to")] + front + finish["to"]
    redo = AGAIN.fullmatch(before.shape) if before and finish else None
    if before is None or finish is None or redo is None:
        return words
    return redo["do"] + (redo["count"] or "") + before.cut(*redo.span("it")) + (finish["to"] or "")


_ONE_MORE = re.compile(
    r"(?:再|去|重新?)?(?:[打拨]|回(?=[个过]))(?:过?去|回去)?(?:一?[个遍次通])?(?:电话|试试)?"
)


def called_again(words: str, section: Section, place: int) -> str:
    """打电话没打通, 提醒我再打一个: whom to call stands before."""
    if not _ONE_MORE.fullmatch(words):
        return words
    whom = whom_to_call(section, place)
    return f"给{whom}打电话" if whom else words


_REACHES = re.compile(
    r"打个?电话|[打回拨][一]?个?电话|打给|发个?(?:微信|消息|邮件|短信)|联系|打过去|找.{0,3}[ⓅⒸ]"
)
_PURPOSE = re.compile(
    r"\s*(?:主要|顺便|就)?(?:去)?(?:问(?!题)|确认|核[实对]|聊聊?|谈(?!到|成)|说(?!的|是)|讲|催|约|沟通|商量|打听|了解|落实|敲定|对一?下|通知|提醒)[^,，了过]{2,}"
)


def purpose(words: str, after: Clause | None) -> str:
    """明天给王总打个电话, 问验收的事: what the call is for, in the clause after."""
    if after is None or after.item or after.of("date") or after.of("customer"):
        return ""
    fits = _FURTHER.fullmatch(after.shape) or (
        _REACHES.search(words) and _PURPOSE.fullmatch(after.shape)
    )
    return after.text.strip() if fits and not PAST.search(after.shape) else ""


_FURTHER = re.compile(
    r"\s*(?:再|然后|并|都|还要|一起)*(?:签字盖章|盖章|盖好章|签字|装订|打印|扫描|封好|寄出去?|发出去)"
)
"""记得把标书装订好, 盖章: a further step of the same deed."""
_NEXT_DEED = re.compile(
    rf"\s*(?:再|顺便|还[要得]?|然后|并|另外|同时|也)*(?:找|跟|和|给|问|催|联系|通知|请)(?:[ⓅⓊ]|[他她]们?)[^,，了过说讲]{{0,3}}(?:{DO}|对(?=一?下|[账单图表])|核|要(?!是)|签字|盖章)[^,，了过]*"
)


def next_deed(clause: Clause) -> bool:
    """周三前拟好合同, 找周工确认图纸: one more thing to do, told in the same breath."""
    return not clause.item and not clause.of("date") and bool(_NEXT_DEED.fullmatch(clause.shape))
