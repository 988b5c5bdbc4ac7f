"""Dates as reps write them, against Wednesday 25 November 2026, half past ten."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.calendar.dates import find_dates, find_times
from nlu.calendar.lunar import lunar_day, solar_term
from nlu.normal import normalise

NOW = datetime.fromisoformat("2026-11-25T10:30:00+08:00")


def said(text: str) -> list[str]:
    return [span.value for span in find_dates(text, NOW)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("今天", "2026-11-25"),
        ("大前天", "2026-11-22"),
        ("昨晚", "2026-11-24"),
        ("上周三", "2026-11-18"),
        ("本周三", "2026-11-25"),
        ("下周三", "2026-12-02"),
        ("下下周一", "2026-12-07"),
        ("下周的周五", "2026-12-04"),
        ("下周", "2026-W49"),
        ("这个月", "2026-11"),
        ("上上个月", "2026-09"),
        ("下个月15号", "2026-12-15"),
        ("11月6日", "2026-11-06"),
        ("四月二十八号", "2026-04-28"),
        ("十二月十五", "2026-12-15"),
        ("2027年3月31日", "2027-03-31"),
        ("2027-03-31", "2027-03-31"),
        ("7/28", "2026-07-28"),
        ("26年Q1", "2026-Q1"),
        ("明年一季度", "2027-Q1"),
        ("上季度", "2026-Q3"),
        ("去年上半年", "2025-01/2025-06"),
        ("下半年", "2026-07/2026-12"),
        ("月底", "2026-11-30"),
        ("下个月底", "2026-12-31"),
        ("年底", "2026-12-31"),
        ("明年年初", "2027-01-01"),
        ("下月初", "2026-12-01"),
        ("下月中旬", "2026-12-11/2026-12-20"),
        ("3月下旬", "2026-03-21/2026-03-31"),
        ("去年", "2025"),
        ("年初至今", "2026-01-01/2026-11-25"),
        ("元旦", "2027-01-01"),
        ("春节", "2027-02-06"),
        ("农历正月初六", "2027-02-11"),
        ("明年母亲节", "2027-05-09"),
    ],
)
def test_reads_calendar_words(text: str, value: str) -> None:
    assert said(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三天后", "2026-11-28"),
        ("一周后", "2026-12-02"),
        ("半个月后", "2026-12-10"),
        ("一个月后", "2026-12-25"),
        ("两年前", "2024"),
        ("最近30天", "2026-10-27/2026-11-25"),
        ("近一周", "2026-11-19/2026-11-25"),
        ("三天内", "2026-11-25/2026-11-28"),
        ("上两个月", "2026-09/2026-10"),
        ("今年前三季度", "2026-Q1/2026-Q3"),
        ("12月的第一个周一", "2026-12-07"),
        ("一小时后", "2026-11-25T11:30"),
        ("一个半小时后", "2026-11-25T12:00"),
        ("三个工作日内", "2026-11-25/2026-11-30"),
        ("1号的3天后", "2026-12-04"),
    ],
)
def test_counts_from_now(text: str, value: str) -> None:
    assert said(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("明天下午三点", "2026-11-26T15:00"),
        ("下周二上午十点半", "2026-12-01T10:30"),
        ("明天14:30", "2026-11-26T14:30"),
        ("后天两点一刻", "2026-11-27T14:15"),
        ("今晚12点", "2026-11-26T00:00"),
        ("中午1点", "2026-11-25T13:00"),
        ("凌晨2点", "2026-11-25T02:00"),
        ("明天上午", "2026-11-26"),
        ("3:15pm", "2026-11-25T15:15"),
    ],
)
def test_reads_clock_times(text: str, value: str) -> None:
    assert said(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("23号到27号", "2026-12-23/2026-12-27"),
        ("3-5号", "2026-12-03/2026-12-05"),
        ("周一到周五", "2026-11-23/2026-11-27"),
        ("12月28号到1月3号", "2026-12-28/2027-01-03"),
        ("2025年8月至11月", "2025-08/2025-11"),
        ("从上周一到今天", "2026-11-16/2026-11-25"),
        ("明天下午3点到6点", "2026-11-26T15:00/2026-11-26T18:00"),
        ("12月12号那周", "2026-W50"),
    ],
)
def test_joins_ranges(text: str, value: str) -> None:
    assert said(text) == [value]


@pytest.mark.parametrize(
    ("text", "past", "plan"),
    [
        ("周五", "2026-11-20", "2026-11-27"),
        ("周三", "2026-11-25", "2026-11-25"),
        ("8号", "2026-11-08", "2026-12-08"),
        ("31号", "2026-10-31", "2026-12-31"),
        ("3月", "2026-03", "2027-03"),
        ("12月5号", "2025-12-05", "2026-12-05"),
        ("Q1", "2026-Q1", "2027-Q1"),
        ("月初", "2026-11-01", "2026-12-01"),
    ],
)
def test_resolves_open_dates_by_tense(text: str, past: str, plan: str) -> None:
    (span,) = find_dates(text, NOW)
    assert (span.floating, span.resolve("past"), span.resolve("plan")) == (True, past, plan)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("周五打的电话", "2026-11-20"),
        ("周五见了王总", "2026-11-20"),
        ("周五前给报价", "2026-11-27"),
        ("约了周五", "2026-11-27"),
        ("周五", "2026-11-27"),
    ],
)
def test_words_around_decide_the_tense(text: str, value: str) -> None:
    assert said(text) == [value]


def test_the_turn_of_the_year_is_near() -> None:
    december = datetime.fromisoformat("2026-12-30T09:00:00+08:00")
    january = datetime.fromisoformat("2027-01-04T09:00:00+08:00")
    assert [span.value for span in find_dates("1月5号", december)] == ["2027-01-05"]
    assert [span.value for span in find_dates("12月28号", january)] == ["2026-12-28"]


@pytest.mark.parametrize(
    "text",
    [
        "国庆后再说", "年后签", "过两天给", "尽快", "前几天", "每周一早上8点", "每个月5号",
        "便宜一点", "说两点", "三点要求", "3号楼", "验收后30天内付款", "国庆快乐", "早上好",
        "2月30日", "99999999天后", "去千万家", "质保3年", "账期60天", "让了5个点",
    ],
)  # fmt: skip
def test_finds_no_date(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "bound"),
    [("周五前", "before"), ("最晚周五", "before"), ("周五之后", "after"), ("三天内", "within")],
)
def test_tells_the_bound(text: str, bound: str) -> None:
    assert [span.bound for span in find_dates(text, NOW)] == [bound]


def test_a_part_of_the_day_alone_is_implicit_and_a_bare_number_weak() -> None:
    texts = ("上午见了王总", "刚才打了电话", "今天上午", "新盘叫港湾二号")
    found = [find_dates(text, NOW)[0] for text in texts]
    assert [(span.implicit, span.weak) for span in found] == [
        (True, False), (True, False), (False, False), (False, True),
    ]  # fmt: skip


def test_later_words_point_back() -> None:
    assert said("8月3号回来,当天打给他") == ["2026-08-03", "2026-08-03"]
    assert said("9月10号,11号") == ["2026-09-10", "2026-09-11"]
    assert said("本月和去年同期比") == ["2026-11", "2025-11"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("每天下午6点", "18:00"), ("每周一早上8点半", "08:30"), ("14:05推", "14:05")],
)
def test_finds_clock_times_of_what_recurs(text: str, value: str) -> None:
    assert [span.value for span in find_times(text)] == [value]


def test_the_lunar_calendar_agrees_with_the_published_one() -> None:
    new_years = {2020: "01-25", 2024: "02-10", 2026: "02-17", 2027: "02-06", 2033: "01-31"}
    assert {y: f"{lunar_day(y, 1, 1):%m-%d}" for y in new_years} == new_years
    assert str(lunar_day(2025, 8, 15)) == "2025-10-06"
    assert str(solar_term(2026, 15)) == "2026-04-05"


@given(
    st.text(
        alphabet="〇一二两三十百几半0123456789年月日号点周天初底前后内上下这个近到-/.:的第Q ",
        max_size=40,
    )
)
def test_never_fails_on_any_heap_of_date_words(text: str) -> None:
    for span in find_dates(normalise(text).text, NOW, vague=True):
        assert span.start < span.end <= len(text)
        span.resolve("past")
        span.resolve("plan")
