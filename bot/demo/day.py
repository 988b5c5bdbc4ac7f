"""The day that `gendan demo --play` plays, and what the demo page offers to say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.demo.play import TEAM, Step
from bot.demo.stands import Stage

REP, MANAGER, NEWCOMER = "liqiang", "wangmin", "chenjing"
NOTE = "今天拜访了宏达王总，二期预算150万左右，西门子也在报，下周三前给方案"
SUGGESTIONS = (
    (REP, "宏达到账50万"),
    (REP, NOTE),
    (REP, "看一下宏达精密"),
    (REP, "给宏达精密二期报价138万，打八二折，西门子报135万，王总要周五定"),
    (REP, "我的待办"),
    (REP, "华东这个月回款多少"),
    (REP, "撤销"),
    (MANAGER, "待我审批的"),
    (MANAGER, "这个月销售额排名"),
)


Travel = Callable[[datetime], Awaitable[None]]
"""Lets it be that instant, once everything that was begun has ended."""


def steps(stage: Stage, travel: Travel, zone: ZoneInfo) -> Sequence[Step]:
    """A rep's day from the first word to the picture in the group."""
    return (
        *_first(stage), *_notes(), *_heavy(), *_quotes(stage), *_questions(), *_talk(),
        *_times(travel, zone),
    )  # fmt: skip


def _first(stage: Stage) -> Sequence[Step]:
    """Everybody opens the chat; where that tells the bot nothing, the rep asks what it can do."""
    if stage.opens is None:
        return (Step(title="第一次问", who=REP, say="帮助", expect=[(REP, "直接打字就行")]),)
    opened = Step(title="第一次打开", who=REP, expect=[(REP, "说一句就记下")])
    # An AI bot may only push to somebody who has written to it.
    asked = (
        Step(title="第一次问", who=who, say="帮助", expect=[(who, "直接打字就行")])
        for who in (MANAGER, NEWCOMER)
    )
    return (opened, *asked)


def _notes() -> Sequence[Step]:
    recorded = (REP, "已记", "宏达精密", "120万 → 150万", "西门子", "前给方案")
    return (
        Step(
            title="两家宏达要问",
            who=REP,
            say="宏达到账50万",
            expect=[(REP, "哪家", "宏达精密", "宏达物流")],
            absent=["已记"],
        ),
        Step(
            title="选一家就记下，也记住了叫法",
            who=REP,
            press="宏达精密（华东）",
            expect=[(REP, "已记", "宏达精密", "50万", "记住了")],
        ),
        Step(title="一句话记拜访", who=REP, say=NOTE, expect=[recorded]),
        Step(title="撤销", who=REP, press="撤销", expect=[(REP, "已撤销")]),
        Step(title="再记一次", who=REP, say=NOTE, expect=[recorded]),
        Step(
            title="拜访前看一眼",
            who=REP,
            say="看一下宏达精密",
            expect=[(REP, "宏达精密", "二期产线改造", "150万", "王建国")],
        ),
        Step(
            title="新客户先问",
            who=REP,
            say="今天拜访了新客户南京启衡测控，见了吴总，想要一条柔性装配线，预算90万",
            expect=[(REP, "启衡测控", "新建")],
        ),
        Step(title="新建客户", who=REP, press="新建", expect=[(REP, "已记", "启衡测控", "90万")]),
    )


def _heavy() -> Sequence[Step]:
    return (
        Step(
            title="签了要确认",
            who=REP,
            say="宏达二期签了 148万 合同号HD-2611",
            expect=[(REP, "请确认", "HD-2611", "148万")],
            absent=["已记"],
        ),
        Step(title="先不签", who=REP, press="不对", expect=[(REP, "没有写入")]),
    )


def _quotes(stage: Stage) -> Sequence[Step]:
    asked = "给宏达精密二期报价138万，打八二折"
    return (
        Step(
            title="超过权限的报价",
            who=REP,
            say=asked,
            expect=[(REP, "报价", "138万", "王敏"), (MANAGER, "报价审批", "李强", "138万")],
        ),
        Step(
            title="经理点同意",
            who=MANAGER,
            press="同意",
            expect=[(MANAGER, "已同意", "王敏"), (REP, "王敏", "同意")],
        ),
        Step(
            title="再报一次",
            who=REP,
            say="给宏达精密二期报价130万，打八折",
            expect=[(MANAGER, "报价审批", "130万")],
        ),
        *_refusal(stage),
    )


def _refusal(stage: Stage) -> Sequence[Step]:
    """In words, or where words can't be trusted with it, by the card."""
    refused = [(MANAGER, "已驳回"), (REP, "王敏", "驳回")]
    words = "驳回，价格太低了"
    if stage.signed:
        return (Step(title="经理用文字驳回", who=MANAGER, say=words, expect=refused),)
    return (
        Step(
            title="没有签名的文字不能审批",
            who=MANAGER,
            say=words,
            expect=[(MANAGER, "卡片")],
            absent=["已驳回"],
        ),
        Step(title="经理在卡片上驳回", who=MANAGER, press="驳回", expect=refused),
    )


def _questions() -> Sequence[Step]:
    return (
        Step(title="我的待办", who=REP, say="我的待办", expect=[(REP, "我的待办")]),
        Step(title="问数字", who=REP, say="华东这个月回款多少", expect=[(REP, "回款", "万")]),
        Step(
            title="经理看排名",
            who=MANAGER,
            say="这个月销售额排名",
            expect=[(MANAGER, "李强"), (MANAGER, "")],
            picture="ranking",
        ),
        Step(
            title="看不到别人的客户",
            who=NEWCOMER,
            say="看一下宏达精密",
            expect=[(NEWCOMER, "没有")],
            absent=["王建国", "150万"],
        ),
        Step(title="没看懂就说没看懂", who=REP, say="那个弄好了没", expect=[(REP, "没看懂")]),
    )


def _talk() -> Sequence[Step]:
    """Two customers in one note, 第二个, 不对, 撤销, and questions that lean on the one before."""
    return (
        Step(
            title="一句话两家客户",
            who=REP,
            say="上午去了岚桥医疗见邵华，招标推到下个月，下午到澄川汽配跟许可开会，"
            "预算加到80万，后天前把报价给他",
            expect=[(REP, "已记", "岚桥医疗", "邵华", "澄川汽配", "→ 80万", "报价给许可")],
        ),
        Step(
            title="不对",
            who=REP,
            say="不对，是85万",
            expect=[(REP, "已改", "澄川汽配", "→ 85万")],
        ),
        Step(title="撤销刚才的改动", who=REP, say="撤销", expect=[(REP, "已恢复", "→ 80万")]),
        Step(
            title="经理也问哪家",
            who=MANAGER,
            say="看一下宏达",
            expect=[(MANAGER, "哪家", "宏达精密", "宏达物流")],
        ),
        Step(title="第二个", who=MANAGER, say="第二个", expect=[(MANAGER, "宏达物流", "马俊峰")]),
        Step(
            title="再问数字",
            who=MANAGER,
            say="华东这个月回款多少",
            expect=[(MANAGER, "华东", "回款", "万")],
        ),
        Step(title="上个月呢", who=MANAGER, say="上个月呢", expect=[(MANAGER, "华东", "回款")]),
        Step(title="华南呢", who=MANAGER, say="华南呢", expect=[(MANAGER, "华南", "回款")]),
    )


def _times(travel: Travel, zone: ZoneInfo) -> Sequence[Step]:
    return (
        Step(
            title="记一个提醒",
            who=REP,
            say="提醒我明天上午9点给王总打电话",
            expect=[(REP, "打电话")],
        ),
        Step(
            title="日报发到群里",
            due=_at(travel, zone, days=0, at=time(23, 59)),
            expect=[(TEAM, "")],
            picture="daily",
        ),
        Step(
            title="提醒到点",
            due=_at(travel, zone, days=1, at=time(9)),
            expect=[(REP, "打电话", "提醒")],
        ),
    )


def _at(travel: Travel, zone: ZoneInfo, *, days: int, at: time) -> Callable[[], Awaitable[None]]:
    """Let it be that time, so many days from now."""
    day = datetime.now(zone).date() + timedelta(days=days)
    then = datetime.combine(day, at, zone) + timedelta(seconds=1)
    return partial(travel, then)
