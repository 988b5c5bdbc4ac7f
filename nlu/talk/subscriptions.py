"""Reports ordered or stopped in words: which, on what days, at what time."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.sections import Setting
from nlu.talk.question_words import RETRACTED

LONGEST = 60
_REPORTS = (
    ("ranking", re.compile(r"排行榜?|排名|龙虎榜|[业战]绩榜|榜单|战报|红黑榜")),
    ("funnel", re.compile(r"漏斗")),
    ("forecast", re.compile(r"预测|预估")),
    ("receivables", re.compile(r"应收|欠款|回款(?:报表|表|情况|汇总)|账款|逾期|账龄")),
    ("monthly", re.compile(r"月报|月度(?:报告|报表|汇总|总结)")),
    ("weekly", re.compile(r"周报|周度(?:报告|报表|汇总)|一周汇总")),
    ("daily", re.compile(r"日报|简报|早报|晚报|每日(?:汇总|播报)|日结")),
)
_PUSH = re.compile(
    r"发|推|送|订|给我|要|来[一份个张]|[出弄报做][一份个张]|同步|抄|看(?:一[份眼下]|到)?|收到|@我|提供|整[一份个张]|更新|[设建加搞定][一个]|安排"
)
_EVERY = re.compile(
    r"每[天日周月个星礼季晚早]|工作日|天天|以后|今后|往后|定时|定期|订阅|周[一二三四五六日天]到周|上班日|逢|固定|(?:每)?月[初底末]|日日"
)
_OFF = re.compile(
    r"别再?(?:给我|往群里|每天|天天)?[推发送@]|不[用要再必]{1,2}(?:再)?(?:给我)?(?:[推发送]|[日周月简早晚]报[了啦]?|了|$|看)|取消|停[了掉止吧]|关[了掉闭]|(?:停|关)(?:一下|用)?[吧。]?$|^(?:先)?(?:把)?(?:停|关)(?=[掉了闭]|一下)|退订|不看了?|免了|暂停|停发|停推|撤了|屏蔽|不想[看收要]|不订了?|够了|收不到也行"
)
_RESET = re.compile(
    r"(?:报|榜|排名|漏斗|预测|应收)(?:的)?(?:推送|发送)?(?:的)?(?:时间)?[^,，]{0,3}(?:改|换|挪|调整?|提前|推迟)(?:到|成|为|在)(?![^,，]{0,8}(?:交|写|做|给[他她]))"
)
"""周报改到周四发: an order that stands gets another day or time."""
_NOT_OFF = re.compile(r"别忘|不要(?:漏|忘|晚)|别(?:漏|晚)")
_STARTING = re.compile(
    r"(?:从)?(?:下|这|本|上)?个?(?:明[天日]|后天|下周|月|周|星期|礼拜|季度|年)?(?:[一二三四五六日天]|\d{1,2}[号日])?(?:开始|起)[,，]?"
)
_DAYS = "一二三四五六日"
_CLOCK = re.compile(
    r"(?P<part>凌晨|早上|早晨|清早|大早|清晨|上午|中午|下午|晚上|傍晚|午后|夜里|早|晚)?\s*(?P<hour>\d{1,2}|[一二三四五六七八九十]{1,3}|两)(?:[:：](?P<minute>\d{2})|[点时](?:钟|整)?(?P<half>半|[一三]刻|\d{1,2}分?|[零〇]?[一二三四五]?十?[一二三四五六七八九]?分?)?)"
)
_NUMERALS = {char: number for number, char in enumerate("零一二三四五六七八九十")} | {
    "两": 2, "〇": 0, "十一": 11, "十二": 12,
}  # fmt: skip
_AFTERNOON = ("下午", "晚上", "傍晚", "晚", "午后", "夜里")


def subscription(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    """The order for a report, or to stop one."""
    if len(setting.text) > LONGEST:
        return []
    text = _kept(setting.text)
    report = _report(text)
    if report is None:
        return []
    off = next((part for part in _parts(text) if _OFF.search(part)), None)
    if off is not None and not _NOT_OFF.search(off):
        draft = Draft("subscribe", 0)
        draft.put("report", _report(off) or report)
        draft.put("off", True)
        return [draft]
    moved = _RESET.search(text) and (clock_of(text) or days_of(text))
    if not moved and not (_EVERY.search(text) and _PUSH.search(text)):
        return []
    if re.search(r"[吗?？]|哪些|多少", text):
        return []
    draft = Draft("subscribe", 0)
    draft.put("report", report)
    draft.put("at", clock_of(text))
    draft.put("days", days_of(text))
    return [draft]


def _kept(text: str) -> str:
    """What stands after the speaker thought again: 每周二……算了，每周三."""
    back = RETRACTED.search(text)
    before, after = (text[: back.start()], text[back.end() :]) if back else ("", text)
    return after if _EVERY.search(after) or _CLOCK.search(after) else before + after


def _parts(text: str) -> list[str]:
    return re.split(r"[,，。;；!！\s]+", text)


def _report(text: str) -> str | None:
    """The report named first; 周报 before the 排名 in it."""
    found = [(m.start(), name) for name, pattern in _REPORTS if (m := pattern.search(text))]
    return min(found)[1] if found else None


def clock_of(text: str) -> str | None:
    """The time of day in the text as HH:MM."""
    match = _CLOCK.search(re.sub(r"(?:周|星期|礼拜)[一二三四五六日天]|[号日]", " ", text))
    if not match:
        return None
    said = match["hour"]
    hour = int(said) if said.isdigit() else _numeral(said)
    if not 0 <= hour <= 24:
        return None
    if match["part"] in _AFTERNOON and hour < 12:
        hour += 12
    if match["part"] == "中午" and hour < 6:
        hour += 12
    return f"{hour % 24:02d}:{_minute(match):02d}"


def _minute(match: re.Match[str]) -> int:
    if match["minute"]:
        return int(match["minute"]) % 60
    half = (match["half"] or "").rstrip("分").lstrip("零〇")
    fixed = {"": 0, "半": 30, "一刻": 15, "三刻": 45}
    if half in fixed:
        return fixed[half]
    return (int(half) if half.isdigit() else _numeral(half)) % 60


def days_of(text: str) -> str | None:
    """On which days: daily, workdays, weekly-N or monthly-N."""
    text = _STARTING.sub("", text)
    if re.search(r"工作日|上班日|周一[到至]周?五|每个?工作|平日", text):
        return "workdays"
    week = re.search(r"每?(?:个|逢)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天末1-7])", text)
    if week:
        day = week["d"].replace("天", "日")
        if day == "末":
            return "weekly-7"
        return f"weekly-{_DAYS.index(day) + 1 if day in _DAYS else int(day)}"
    month = re.search(
        r"每?个?月(?:的)?(?P<d>\d{1,2}|[一二三]?十?[一二三四五六七八九十]?)[号日]", text
    )
    if month and month["d"]:
        number = int(month["d"]) if month["d"].isdigit() else _numeral(month["d"])
        return f"monthly-{number}" if 1 <= number <= 31 else None
    if re.search(r"月[底末]|每个?月的?(?:底|末|最后)|月的?最后", text):
        return "monthly-31"
    if re.search(r"月初|每个?月(?:的?(?:初|第一天|头一天))", text):
        return "monthly-1"
    if re.search(r"每[天日晚早]|天天|每个?(?:早|晚)|日日", text):
        return "daily"
    return None


def _numeral(said: str) -> int:
    """三十一 is 31; -1 for what is no number."""
    if said in _NUMERALS:
        return _NUMERALS[said]
    if "十" not in said:
        return -1
    tens, _, ones = said.partition("十")
    return _NUMERALS.get(tens or "一", 1) * 10 + (_NUMERALS.get(ones, 0) if ones else 0)
