"""Visits to come that are told without a verb of visiting."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.meeting_words import MADE_UP
from nlu.frames.task_words import BACK_ON
from nlu.scene import Mention
from nlu.sections import Setting
from nlu.tenses import day_of, is_planned, lies_ahead

_FREE = re.compile(
    r"Ⓓ[^,，不没]{0,4}(?:有空|有时间|方便|都?在(?:$|公司|厂|店|家|办公室)|得空|空着)"
)
_I_GO = re.compile(
    r"^\s*(?:那|所以)?我们?(?:到时候?|到时|那时候?|就|再|就再)*(?:过去|去|上门|去趟)(?:找?[他她见]们?)?(?:一趟)?\s*$"
)
"""王工说周四有空,我到时候过去: the day that the clause before offers."""


_ITEM = re.compile(r"\s*Ⓓ(?:去|到|是|在)?Ⓒ(?:的?Ⓟ)?\s*(?:都|已|全)?(?:约好了?)?(?:去?拜访)?\s*")
_ITINERARY = re.compile("约好|约了|都约|已约|拜访|走访|行程|安排(?!了人)|跑一[圈遍趟]|日程")


_BEEN = re.compile("了(?!约)")


PASSING = re.compile("路过|经过|顺路|绕到|开到")
NOT_IN = re.compile(
    r"\s*(?:但|就|也|时间[不没]够|来不及)?没(?:有|来得及|空|好意思|顾上)?(?:进|上|停|下车|拐|去)(?!展)"
)
"""路过…,没进去: nobody was called on."""
THEIR_EVENT = re.compile(
    r"(?:(?<![在去到跟和给与陪])(?:[他她]们|客户|对方|人家|集团|学校|院里|局里|公司)(?:那边|这边|自己|内部|今年|也|都|还|Ⓓ)*(?:要|打算|准备|计划|想|会|有|得|正|在|又){0,2}|(?<![在去到跟和给与陪])Ⓒ(?:那边|自己|内部|今年|也|还|Ⓓ)*(?:要|打算|准备|计划|想)+)"
    r"(?:开|办|搞|组织|举办|召开|承办|主办|筹办|参加)(?!了|会)[^,，我咱]{0,8}会(?![^,，]{0,6}(?:我|咱|邀|让|叫|请))"
)
"""他们明年要开一场大会: an event of theirs, and no meeting with us."""


def first_days(clause: Clause) -> list[Mention]:
    """Its days, but for one on which somebody is only back: 元旦回来1月5号去."""
    days = clause.of("date")
    return [m for m in days if not BACK_ON.match(clause.shape, clause.place_of(m) + 1)] or days


def goes_when_free(before: Clause, clause: Clause) -> bool:
    """Whether we go on the day that the clause before offers."""
    return bool(_I_GO.match(clause.shape) and _FREE.search(before.shape))


_SENT_FOR = re.compile(
    r"(?:让|叫|(?<!只)要(?!是)|喊|催|派)(?:我们?|咱们?)(?:Ⓓ|再|先|务必|一定|尽快|赶紧|安排[^,，]{0,3}人|派[^,，]{0,3}人)*(?:过?去|上门|跑|来)(?!了|过|的)"
)


def is_sent_for(clause: Clause) -> bool:
    """让我去昆明讲方案, 让我安排人去拉: nobody has gone yet."""
    return _SENT_FOR.search(clause.shape) is not None


def invited_for(clause: Clause, after: list[Clause], setting: Setting) -> bool:
    """Whether somebody only asks us to come, whatever day stands behind."""
    return is_sent_for(clause) or day_behind(clause, after, setting)


_INVITES = re.compile(
    r"(?:喊|约|叫|邀|请|安排|定|订)[^,，了过Ⓓ]{0,6}(?:饭|酒|茶|餐|串|聚|坐坐?|锅|会)"
)
_DAY_FIRST = re.compile(
    r"\s*(?:时间|日子)?(?:就|约|定|安排)*(?:在|到|了)?[:：]?Ⓓ\s*(?:$|[\s(（]|在)"
)


def day_behind(clause: Clause, after: list[Clause], setting: Setting) -> bool:
    """喊吃饭, 周六晚上六点: an invitation whose day to come stands in the clause behind."""
    if clause.of("date") or not after:
        return False
    if not (_INVITES.search(clause.shape) or is_sent_for(clause)):
        return False
    if not _DAY_FIRST.match(after[0].shape):
        return False
    return lies_ahead(day_of(after[0].of("date")[0], after[0], setting, "plan"), setting.now)


def is_item(clause: Clause, setting: Setting) -> bool:
    """周一某某 周二某某, 都约好了: whether a clause is an item of a plan, a day and a customer."""
    if not _ITEM.fullmatch(clause.shape) or not _ITINERARY.search(setting.shape):
        return False
    day = day_of(clause.of("date")[0], clause, setting, "plan")
    told = any(_BEEN.search(c.shape) and not MADE_UP.search(c.shape) for c in setting.clauses)
    return lies_ahead(day, setting.now) and not told


def same_day_to_come(clause: Clause, before: Clause | None, setting: Setting) -> bool:
    """明天下午来参观,晚上安排吃饭: the evening of a day to come."""
    if before is None or not is_planned(before, setting) or re.search("[了过]", clause.shape):
        return False
    dates = [m.date for m in clause.of("date") if m.date]
    days = [day_of(m, before, setting, "plan") for m in before.of("date")]
    ahead = bool(days) and len(days[-1]) >= 10 and lies_ahead(days[-1], setting.now)
    return ahead and bool(dates) and all(d.implicit and "T" not in d.value for d in dates)


def on_the_plan(clause: Clause, setting: Setting) -> bool:
    """后天去河北转一圈:上午拜访…: an item of the plan that a day to come leads."""
    days = [m.date for m in clause.of("date") if m.date]
    return (
        setting.lead_ahead
        and all(d.implicit for d in days)
        and not re.search("[了过]", clause.shape)
    )


def put_day(
    draft: Draft, dates: list[Mention], clause: Clause, beside: list[Clause], setting: Setting
) -> None:
    """The day of what is to come: the clause's own, or that of the plan it is an item of."""
    before = [c for c in beside if c.start < clause.start]
    later = [c for c in beside if c.start > clause.start]
    behind = later and day_behind(clause, later, setting)
    if not dates and later and (behind or re.match(r"^\s*(?:就|时间)?[:：]?Ⓓ", later[0].shape)):
        dates = later[0].of("date")
    if not dates:
        draft.put("date", setting.lead_day if setting.lead_ahead else None)
        return
    values = [day_of(mention, clause, setting, "plan") for mention in dates]
    if on_the_plan(clause, setting) and setting.lead_day:
        values = [setting.lead_day + value[10:] for value in values]
    elif before and same_day_to_come(clause, before[0], setting):
        values = [day_of(before[0].of("date")[-1], before[0], setting, "plan")[:10]]
    nearest = next((i for i, v in enumerate(values) if len(v) >= 10 and "/" not in v), 0)
    value = values[nearest] + _clock_after(later, setting, values[nearest], dates[nearest].text)
    draft.put("date", value, dates[nearest])


def _clock_after(later: list[Clause], setting: Setting, value: str, said: str) -> str:
    """周五去看样,下午三点: the time may stand behind."""
    alone = later[0].of("date") if later and _TIME_ALONE.match(later[0].shape) else []
    if len(value) != 10 or not alone or alone[0].date is None or not alone[0].date.implicit:
        return ""
    clock = day_of(alone[0], later[0], setting, "plan")[10:]
    late = clock[1:3] < "12" and re.search("晚", said)
    return f"T{int(clock[1:3]) + 12:02d}{clock[3:]}" if late and clock else clock


_TIME_ALONE = re.compile(r"\s*Ⓓ\s*(?:$|\s)")


def arranged_before(clause: Clause, before: Clause, setting: Setting) -> bool:
    """下周三十点约了某某, 上门看现场: the day agreed on stands in the clause before."""
    if clause.of("date") or clause.item or _BEEN.search(clause.shape) or not before.of("date"):
        return False
    if not MADE_UP.search(before.shape):
        return False
    return lies_ahead(day_of(before.of("date")[-1], before, setting, "plan"), setting.now)
