"""Sums, discounts and quantities as reps write them."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.amounts.money import find_amounts, find_discounts, find_numbers, find_quantities
from nlu.normal import normalise
from nlu.spans import spans

NOW = datetime.fromisoformat("2026-11-25T10:30:00+08:00")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("150万", 1_500_000),
        ("1.2亿", 120_000_000),
        ("80w", 800_000),
        ("15k", 15_000),
        ("8w5", 85_000),
        ("19万6", 196_000),
        ("三十五万八", 358_000),
        ("一百三十二万五", 1_325_000),
        ("尾款5万4下周三打", 54_000),
        ("三十来万", 300_000),
        ("小二百万", 2_000_000),
        ("200多万", 2_000_000),
        ("140万出头", 1_400_000),
        ("上百万", 1_000_000),
        ("1亿2千万", 120_000_000),
        ("一万二千", 12_000),
        ("两个亿", 200_000_000),
        ("三点五万", 35_000),
        ("120万一次性付", 1_200_000),
        ("五万四千块", 54_000),
        ("伍万陆仟元整", 56_000),
        ("1,200,000元", 1_200_000),
        ("¥3,500.50", 3500.5),
        ("五元三毛", 5.3),
        ("九块九", 9.9),
        ("两毛五", 0.25),
        ("130-150万", (1_300_000, 1_500_000)),
        ("二百到三百万", (2_000_000, 3_000_000)),
        ("95万到100万", (950_000, 1_000_000)),
        ("8000到1万", (8_000, 10_000)),
        ("七八十万", (700_000, 800_000)),
        ("十几万", (100_000, 200_000)),
        ("几十万", (100_000, 1_000_000)),
    ],
)
def test_reads_sums(text: str, value: object) -> None:
    (span,) = find_amounts(text)
    assert (span.value, span.unit_said) == (value, True)
    assert type(span.value) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("报了150", 150), ("两千三", 2300), ("单价15.8", 15.8), ("一千八百六", 1860)],
)
def test_marks_bare_numbers(text: str, value: float) -> None:
    assert [(span.value, span.unit_said) for span in find_amounts(text)] == [(value, False)]


def test_names_the_currency() -> None:
    found = {span.value: span.currency for span in find_amounts("3万美元,5万元,$200")}
    assert found == {30_000: "USD", 50_000: "CNY", 200: "USD"}


def test_keeps_what_came_before_and_after_a_change_apart() -> None:
    assert [span.value for span in find_amounts("从310万调到345万")] == [3_100_000, 3_450_000]


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("八五折", 0.85),
        ("85折", 0.85),
        ("9.5折", 0.95),
        ("九折", 0.9),
        ("让了5个点", 0.95),
        ("降3个点", 0.97),
        ("优惠10%", 0.9),
        ("优惠百分之十", 0.9),
        ("给了三个点的优惠", 0.97),
        ("下浮2%", 0.98),
        ("按目录价的85%", 0.85),
    ],
)
def test_reads_discounts_as_the_factor_paid(text: str, factor: float) -> None:
    assert [span.value for span in find_discounts(text)] == [factor]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("2台", 2, "台"),
        ("精密件2000只", 2000, "只"),
        ("3500平", 3500, "平"),
        ("两千五百套", 2500, "套"),
        ("30-40台", (30, 40), "台"),
        ("账期60天", 60, "天"),
        ("预付30%", 30, "%"),
    ],
)
def test_reads_quantities(text: str, value: object, unit: str) -> None:
    assert [(span.value, span.unit) for span in find_quantities(text)] == [(value, unit)]
    assert find_amounts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "千万别忘", "便宜一点", "这一块", "一分不少", "第3名", "3D打印", "参数", "统一", "1e309万",
        "9" * 60 + "万", "分3期", "1. 见了人",
    ],
)  # fmt: skip
def test_finds_no_sum(text: str) -> None:
    assert find_amounts(text) == []


def test_masks_codes_and_dates_before_numbers() -> None:
    text = "合同号HT-2026-001,电话13900001122,8月17日签,¥50万,2台,九折"
    assert [(span.kind, span.text) for span in spans(text, NOW)] == [
        ("code", "HT-2026-001"), ("phone", "13900001122"), ("date", "8月17日"),
        ("amount", "¥50万"), ("quantity", "2台"), ("discount", "九折"),
    ]  # fmt: skip


def test_places_are_those_of_the_text_as_sent() -> None:
    text = "預算\u200b１５０萬，下周三"
    found = {span.text: span.value for span in spans(text, NOW)}
    assert found == {"１５０萬": 1_500_000, "下周三": "2026-12-02"}


@given(
    st.text(
        alphabet="0123456789.,一二两三五十百千万亿wk几多来个元块毛分折点%让-到¥ 半e", max_size=60
    )
)
def test_never_fails_on_any_heap_of_figures(text: str) -> None:
    for span in find_numbers(normalise(text).text):
        assert 0 <= span.start < span.end <= len(text)


@given(st.text(max_size=80))
def test_spans_never_fail(text: str) -> None:
    for span in spans(text, NOW):
        assert text[span.start : span.end] == span.text
