"""Whether a clause tells what happened or what is to come, and which day its dates mean then."""

from __future__ import annotations

from datetime import datetime, timedelta

from nlu import expressions as re
from nlu.calendar.dates import Tense
from nlu.clauses import Clause
from nlu.scene import Mention
from nlu.sections import Setting

BOTH: tuple[Tense, Tense] = ("past", "plan")
_TO_COME = re.compile(
    r"(?:改|推迟?|挪|延期?|提前|顺延|拖)到Ⓓ|约好|约定|约[个了]{0,2}[饭酒茶](?!店)|[改另重再]约|约了|约在|约的|已约|打算|准备(?!好)|计划(?!书|表)|预计|争取|安排在|安排了|拟于|提醒|记得|别忘|要[去来给做到开]|再去|再来|改天|回头|"
    r"Ⓓ[之以]?前|最[晚迟]Ⓓ|Ⓓ要|将(?!近)|(?<!开)会去|得去|截止|目标|下一步|后续|待办"
)
_TOLD = re.compile(r"[去见聊谈吃签打拜做到回发送讲跑]了|过了|说|刚|已|汇总|汇报|总结|纪要|没")
_DONE = re.compile(
    r"[去见聊谈吃签收打开拜做到回发送讲说跑约给看参]了|[来去到见打聊谈]过|过了|刚|已经?|去的|到的|[打谈签约见聊]的|(?:拜访|上门|走访|拜会|登门|回访|考察|参观)的(?!$|[,，])|(?:拜访|上门|走访|拜会|登门|回访|考察|参观)的$|完成|了解到|见到|接待|上门拜访了|Ⓓ(?:去|拜访|走访|拜会|回访|到|跟|跑|和|在|见)"
)


_BEFORE_THEN = re.compile(r"Ⓓ[之以]?前[^,，得要会]{0,6}[过了]")
"""国庆前拜访过 is over."""


def tense_of(clause: Clause) -> Tense:
    """past or plan, by the clause's own words, then by its unambiguous days."""
    shape = clause.shape
    if _BEFORE_THEN.search(shape):
        return "past"
    if _TO_COME.search(shape) and not re.search(r"(?:本来|原来|之前)(?:打算|准备|计划|要)", shape):
        return "plan"
    return "past"


def day_of(mention: Mention, clause: Clause, setting: Setting, tense: Tense | None = None) -> str:
    """The date value of a mention in its clause; 下午 after 昨天 means yesterday's."""
    span = mention.date
    if span is None:
        return ""
    if setting.report_day and span.implicit and tense != "plan":
        return setting.report_day
    value = span.resolve(tense or tense_of(clause))
    if span.floating and value[:4].isdigit() and _NEXT_WEEK.match(setting.text):
        return _in_next_week(value, setting.now)
    return value


_NEXT_WEEK = re.compile(
    r"\s*(?:我的?|咱们?)?下周的?[\u4e00-\u9fff]{0,4}(?:安排|计划|行程|日程|排期)"
)


def _in_next_week(value: str, now: datetime) -> str:
    """下周计划: 周一去…: a weekday under such a heading is that week's."""
    day = _first_day(value, now)
    if day.isocalendar()[:2] != now.isocalendar()[:2]:
        return value
    return (day + timedelta(days=7)).strftime("%Y-%m-%d") + value[10:]


def lies_ahead(value: str, now: datetime) -> bool:
    """Whether a date value begins after today (a clock time: after now)."""
    first = value.split("/", 1)[0]
    if "T" in first:
        return first > now.strftime("%Y-%m-%dT%H:%M")
    if "W" in first:
        return first > f"{now.isocalendar().year}-W{now.isocalendar().week:02d}"
    if "Q" in first:
        return first > f"{now.year}-Q{(now.month + 2) // 3}"
    return first > now.strftime("%Y-%m-%d")[: len(first)]


def _much_nearer(one: str, other: str, now: datetime) -> bool:
    """2月11日 said in January is the next one, whatever the words."""
    days = [abs((_first_day(value, now) - now).days) for value in (one, other)]
    return days[0] * 4 < days[1] and days[1] > 60


def _first_day(value: str, now: datetime) -> datetime:
    try:
        return datetime.fromisoformat(value.split("/", 1)[0][:10])
    except ValueError:
        return now


_ON_THE_WAY = re.compile(
    r"Ⓓ[^,，]{0,3}我?[^,，]{0,6}(?:过去|[再去]|拜访|上门|登门|见|来我们?(?:公司|厂|这边|展厅|总部))(?!了|的|过|拜访[的了过])"
)


def _later_today(mention: Mention, setting: Setting) -> bool:
    """今晚约饭, said at noon, is still to come."""
    return setting.now.hour < 17 and _EVENING.search(mention.text) is not None


_EVENING = re.compile("今晚|今天晚上|今儿晚上|晚上")
_RECAP = re.compile(r"周报|日报|补录|补记|补一[下条]|汇总|小结|复盘|总结")
"""A look back: its bare days are past."""


def _later_this_week(dates: list[Mention], setting: Setting) -> bool:
    """周五, said on a Wednesday and told of no past, is the one that comes."""
    days = [m.date for m in dates if m.date and m.date.floating]
    ahead = [day.resolve("plan") for day in days]
    week = setting.now.isocalendar()[:2]
    return bool(ahead) and all(
        lies_ahead(value, setting.now) and _first_day(value, setting.now).isocalendar()[:2] == week
        for value in ahead
    )


_DAY_ALONE = re.compile(r"\s*(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})[号日]")
_ASPECT = re.compile(r"[了过完]|的(?![\u4e00-\u9fff])|刚|已|昨|没")


def _day_to_come(clause: Clause, setting: Setting) -> bool:
    """25号去做演示, said on the 11th: a day of this month, and nothing says that it is over."""
    if _ASPECT.search(clause.shape) or _RECAP.search(setting.text[:16]):
        return False
    dates = [m for m in clause.of("date") if m.date and _DAY_ALONE.match(m.text)]
    past = [day_of(m, clause, setting, "past") for m in dates]
    return bool(past) and all(value[:7] < setting.now.strftime("%Y-%m") for value in past)


def looks_back(setting: Setting) -> bool:
    """Whether the message is headed as a look back: 这周小结."""
    return _RECAP.search(setting.text[:16]) is not None


def all_bare(clause: Clause) -> bool:
    """Whether its days are weekdays alone (周三), and nothing in it is said to be still to do."""
    days = [m.date for m in clause.of("date") if m.date]
    return bool(days) and all(d.floating for d in days) and not _STILL.search(clause.shape)


_STILL = re.compile("[要得会再]|准备|打算|计划|记得|务必|前")
_GOING = re.compile("Ⓓ去(?![的了过])")


_THEN_ON = re.compile(r"\s*(?:然后|接着)?再(?:去|到|跑|拜访)Ⓒ")
_SET_OUT = re.compile(r"(?:去|到|跑|拜访)了?[^,，]{0,3}Ⓒ")


def _first_of_trip(clause: Clause, setting: Setting) -> Clause:
    """先去甲, 再去乙: the second is to come only where the first is."""
    if clause.of("date") or not _THEN_ON.match(clause.shape):
        return clause
    for before in reversed(setting.clauses[max(0, clause.index - 6) : clause.index]):
        if not _SET_OUT.search(before.shape):
            break
        if before.of("date") or not _THEN_ON.match(before.shape):
            return before
    return clause


def day_of_trip(clause: Clause, setting: Setting) -> list[Mention]:
    """The day on which a trip of several stops began."""
    return _first_of_trip(clause, setting).of("date")[:1]


_SCHEDULE = re.compile(
    r"\s*(?:我的?|咱们?)?(?:本周|这周|下周|今天|明天|后天|这两天|接下来|近期|下月|本月|明后天|周[一二三四五六日末]|\d{1,2}月|上半周|下半周)?的?(?:工作|拜访|出差|外勤|客户|走访|跑客户|出访)?(?:安排|计划|行程|日程|排期)(?:如下|表|是|报一下|报备|同步)?\s*[:：\n]"
)
"""本周安排: what stands under it is still to come."""


def _is_scheduled(clause: Clause, setting: Setting) -> bool:
    if _SCHEDULE.match(setting.text) is None or _ASPECT.search(clause.shape):
        return False
    days = [day_of(m, clause, setting, "plan") for m in clause.of("date")]
    return any("W" not in day and day[:10] >= setting.now.strftime("%Y-%m-%d") for day in days)


def is_planned(clause: Clause, setting: Setting) -> bool:
    """Whether what the clause tells is still to come."""
    clause = _first_of_trip(clause, setting)
    dates = clause.of("date")
    if dates and _is_scheduled(clause, setting):
        return True
    plan = tense_of(clause) == "plan"
    for mention in dates:
        past, ahead = (day_of(mention, clause, setting, t) for t in BOTH)
        if past == ahead:
            return lies_ahead(past, setting.now) or (plan and _later_today(mention, setting))
        if _much_nearer(ahead, past, setting.now):
            return lies_ahead(ahead, setting.now)
        if not plan and _much_nearer(past, ahead, setting.now):
            return False
    if plan or _day_to_come(clause, setting):
        return True
    if not dates or _DONE.search(_GOING.sub("", clause.shape)):
        return False
    if re.search(r"Ⓓ(?:再|要|得|还要|会)", clause.shape):
        return True
    if _RECAP.search(setting.text[:16]):
        return False
    if _later_this_week(dates, setting) and _ON_THE_WAY.search(clause.shape):
        return True
    told = any(_TOLD.search(other.shape) for other in setting.clauses)
    return re.search(r"Ⓓ(?:我)?[去来到拜]", clause.shape) is not None and not told
