"""No text breaks the parser or keeps it long; nothing is loaded on import."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.nlu.company_words import acts

_PIECES = ["盐灯", "启橙", "大木", "白总", "麦穗", "不对", "是", "预算", "60万", "下周三", "前", "给", "合同", "签了", "没", "，", "。", "\n", "①", "1.", "报价", "折", "驳回", "他们", "那个单子", "第二个", "撤销", "呢", "多少", "排名", "嗯", "\u200b", "\u202e", "😀", "1e309", "9999999999999亿", "百思特", "推到", "价格磋商", "转给", "小唐", "(", ")", "〔", "Ⓒ", "□", "\ue000"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_any_mix_of_words_is_read(text: str) -> None:
    acts(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    acts(text)


@pytest.mark.parametrize(
    "unit", ["盐灯", "白总", "1", "一", "5万", "周三", "，", " ", "嗯", "a@", "不对", "签了", "("]
)
def test_ten_thousand_characters_take_no_second(unit: str) -> None:
    text = unit * (10_000 // len(unit))
    acts("预热")
    started = time.perf_counter()
    acts(text)
    assert time.perf_counter() - started < 2.0, "quadratic: the goal is 0.2 s on a quiet machine"


def test_random_characters() -> None:
    chance = random.Random(7)
    for _ in range(30):
        acts("".join(chr(chance.randrange(0x20, 0x9FFF)) for _ in range(80)))


def test_importing_loads_no_dictionary() -> None:
    code = "import nlu.parser, sys; print([m for m in ('jieba', 'pypinyin') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
