"""Records and values as people say them: 今天, 周三 12-02, 128.5万, 八五折, 王建国（总经理）."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reports.words import money, weekday
from sales import periods
from storage.models.customers import Contact

ARROW = " → "
KINDS = {
    "visit": "拜访", "call": "电话", "meeting": "会议", "wechat": "微信", "email": "邮件",
    "demo": "演示", "meal": "宴请", "other": "跟进",
}  # fmt: skip
ROLES = {
    "decision_maker": "拍板", "influencer": "影响者", "user": "使用", "gatekeeper": "把关",
    "buyer": "采购", "champion": "支持我们",
}  # fmt: skip
FACTS = {
    "industry": "行业", "region": "地区", "grade": "等级", "source": "来源", "address": "地址",
    "size": "规模", "tags": "标签", "title": "职务", "phone": "电话", "email": "邮箱",
    "wechat": "微信", "role": "角色", "left": "离职", "amount": "金额", "discount": "折扣",
    "date": "日期", "due": "时间", "stage": "阶段", "what": "内容", "new_customer": "客户名",
    "contact": "联系人", "field": "字段", "unit_price": "单价", "quote": "金额或折扣",
    "setup": "设置项", "view": "分法", "group_by": "分法", "metric": "指标",
    "days": "发送日", "at": "时间", "customer": "客户", "contacts": "联系人",
    "signed_on": "日期", "expected_close": "日期",
}  # fmt: skip
STATUSES = {
    "pending": "待审批", "approved": "已同意", "rejected": "已驳回", "withdrawn": "已撤回",
    "won": "赢单", "lost": "输单", "open": "进行中",
}  # fmt: skip
GROUPS = {
    "user": "人", "team": "团队", "region": "地区", "product": "产品", "stage": "阶段",
    "industry": "行业", "source": "来源", "lost_reason": "输单原因", "month": "月",
    "week": "周", "day": "天",
}  # fmt: skip
WEEKDAY_DAYS = 31
"""How far from today a weekday still says something."""
_NEAR = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
_DIGITS = "零一二三四五六七八九"
_QUARTERS = "一二三四"


def day(value: date, today: date) -> str:
    """今天, 明天, 周三 12-02, 2027-01-05."""
    near = _NEAR.get((value - today).days)
    if near:
        return near
    if value.year != today.year and abs((value - today).days) > 60:
        return value.isoformat()
    near_enough = abs((value - today).days) <= WEEKDAY_DAYS
    return f"{weekday(value)} {value:%m-%d}" if near_enough else f"{value:%m-%d}"


def short_day(value: date, today: date) -> str:
    """今天, 12-02, 27-01: what fits the label of a card's row."""
    near = _NEAR.get((value - today).days)
    if near:
        return near
    return f"{value:%m-%d}" if value.year == today.year else f"{value:%y-%m}"


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """14:32"""
    return moment.astimezone(zone).strftime("%H:%M")


def moment(value: datetime, zone: ZoneInfo, today: date) -> str:
    """今天 14:32; the day is left out for today."""
    on = periods.day_of(value, zone)
    at = clock(value, zone)
    return at if on == today else f"{day(on, today)} {at}"


def date_value(value: str, today: date) -> str:
    """A date value at the precision that was said: 明天 15:00, 下周, 12月, 四季度."""
    first, last = periods.span(value)
    at = periods.clock(value)
    if first == last:
        return day(first, today) + (f" {at:%H:%M}" if at else "")
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", value):
        year = "" if int(found[1]) == today.year else f"{found[1]} 年"
        return f"{year}{_QUARTERS[int(found[2]) - 1]}季度"
    if re.fullmatch(r"\d{4}-W\d{2}", value):
        return _week(first, last, today)
    if re.fullmatch(r"\d{4}-\d{2}", value):
        return (
            f"{first.month} 月"
            if first.year == today.year
            else f"{first.year} 年 {first.month} 月"
        )
    if re.fullmatch(r"\d{4}", value):
        return "今年" if first.year == today.year else f"{first.year} 年"
    return f"{first:%m-%d} 至 {last:%m-%d}"


def _week(first: date, last: date, today: date) -> str:
    monday = today - timedelta(days=today.weekday())
    near = {-7: "上周", 0: "本周", 7: "下周"}.get((first - monday).days)
    days = f"{first:%m-%d} 至 {last:%m-%d}"
    return f"{near}（{days}）" if near else days


def amount(low: int | None, high: int | None = None) -> str:
    """150万, 30万～50万, 未定."""
    if low is None:
        return "未定"
    return money(low) if high is None else f"{money(low)}～{money(high)}"


def discount(points: int) -> str:
    """8200 basis points are 八二折, 10000 不打折, 8750 is 8.75 折."""
    if points == 10_000:
        return "不打折"
    if points % 100 or points > 10_000:
        return f"{points / 1000:g} 折"
    tens, ones = divmod(points // 100, 10)
    if tens == 0:
        return f"{points / 1000:g} 折"
    return f"{_DIGITS[tens]}{_DIGITS[ones] if ones else ''}折"


def person(contact: Contact) -> str:
    """王建国（总经理）"""
    return f"{contact.name}（{contact.title}）" if contact.title else contact.name


def people(said: Iterable[str], known: Iterable[Contact]) -> str:
    """The contacts as said, with the titles that are known."""
    titled = {contact.name: person(contact) for contact in known}
    return "、".join(titled.get(name, name) for name in said)


def clipped(text: str, most: int) -> str:
    """At most so many characters, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
