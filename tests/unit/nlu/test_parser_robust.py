"""No text breaks the parser or keeps it long; nothing is loaded on import."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.spans import spans
from tests.unit.nlu.company_words import acts
from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, acts_of

NOW = datetime(2026, 11, 25, 16)  # noqa: DTZ001 - wall clock of the message
_PIECES = ["盐灯", "启橙", "大木", "白总", "麦穗", "不对", "是", "预算", "60万", "下周三", "前", "给", "合同", "签了", "没", "，", "。", "\n", "①", "1.", "报价", "折", "驳回", "他们", "那个单子", "第二个", "撤销", "呢", "多少", "排名", "嗯", "\u200b", "\u202e", "😀", "1e309", "9999999999999亿", "百思特", "推到", "价格磋商", "转给", "小唐", "(", ")", "〔", "Ⓒ", "□", "\ue000"]  # fmt: skip
_STRANGE = ["\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "😀", "👨‍👩‍👧", "\U0001f1e8\U0001f1f3", "１２３", "٣٤٥", "①②", "\x00", "\x07", "ﷺ", "𠮷", "㍿", "½", "e\u0301", "\ud800"]  # fmt: skip
_ABSURD = ["1e309", "1e-400", "99999999999万", "9" * 60, "9" * 400 + "亿", "0.0000000001元", "2月30日", "13月1号", "9999年", "99999年13月", "0年0月0日", "25点70分", "第99季度", "周八", "三百五十八万零五", "零零零", "亿亿亿", "万万", "十百千万", "二〇二六年二月三十号", "-5万", "∞万", "NaN", "１２３４５万", "٣٤٥万", "半个亿", "1000000天后", "九千九百九十九年前", "最近999999年", "2月29号", "0折", "一百折", "120%"]  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_any_mix_of_words_is_read(text: str) -> None:
    acts(text)


@settings(max_examples=100)
@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    acts(text)


@settings(max_examples=80)
@given(st.lists(st.sampled_from([*_STRANGE, *_ABSURD, "盐灯", "预算", "，", "签", "前给方案"]), max_size=12).map("".join))  # fmt: skip
def test_strange_characters_and_numbers_are_read(text: str) -> None:
    acts(text)
    spans(text, NOW)


@pytest.mark.parametrize("said", _ABSURD)
def test_an_absurd_number_gives_a_value_or_nothing(said: str) -> None:
    for act in acts(f"盐灯预算{said}，{said}签"):
        amount = act.get("amount")
        assert amount is None or all(
            value == value and abs(value) < 10**45  # no NaN, no infinity
            for value in (amount if isinstance(amount, list) else [amount])
        )
    for span in spans(f"{said}签，预算{said}", NOW):
        assert span.text
        assert "None" not in str(span.value)


@pytest.mark.parametrize(
    ("plain", "strange"),
    [
        ("今天拜访盐灯白总，预算60万", "今天拜访\u200b盐灯\u202e白总，预算\u2066６０万"),
        ("昨天给盐灯麦穗打了电话", "昨天👉给盐灯麦穗打了电话😀😀"),
        ("盐灯今天签了，58万", "\ufeff盐灯今天签了，５８万🎉"),
    ],
)
def test_what_nobody_sees_changes_nothing(plain: str, strange: str) -> None:
    assert acts(strange) == acts(plain)


@pytest.mark.parametrize(
    "unit",
    ["盐灯", "白总", "1", "一", "5万", "周三", "，", " ", "嗯", "a@", "不对", "签了", "(", "😀",
     "预算100万 ", "见了白总和麦穗 ", "盐灯下周三前签50万，", "启橙丘部长不在，", "让我周五前给方案。", "①盐灯：没见到人\n"],
)  # fmt: skip
def test_time_grows_with_the_length_and_no_faster(unit: str) -> None:
    """Four times the characters, four times the work; sixteen would be quadratic."""
    acts("预热")
    short, long = (min(_spent(unit, length) for _ in range(2)) for length in (2_500, 10_000))
    assert long < 9 * short + 0.05


def _spent(unit: str, length: int) -> float:
    """Seconds of the processor for so many characters."""
    text = unit * (length // len(unit))
    started = time.process_time()
    acts(text)
    return time.process_time() - started


def test_random_characters() -> None:
    chance = random.Random(7)
    for _ in range(30):
        acts("".join(chr(chance.randrange(0x20, 0x9FFF)) for _ in range(80)))


def test_a_fuzzer_finds_no_text_that_breaks_it() -> None:
    """Sentences of the trades cut, swapped, doubled and salted, for two seconds at most."""
    from tests.unit.nlu import (
        test_trades_deals,
        test_trades_meetings,
        test_trades_papers,
        test_trades_tasks,
    )

    tables = (test_trades_deals, test_trades_meetings, test_trades_papers, test_trades_tasks)
    seeds = [text for table in tables for _, _, text, _ in table.CASES]
    chance = random.Random(20261125)
    stop = time.process_time() + 2
    while time.process_time() < stop:
        text = _mutated(chance, seeds)
        acts_of(chance.choice((LOGISTICS, ENERGY, WORKSHOP)), "u03", text)


def _mutated(chance: random.Random, seeds: list[str]) -> str:
    text = chance.choice(seeds)
    for _ in range(chance.randrange(1, 5)):
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        text = chance.choice((
            text[:at] + text[to:],
            text[:to] + text[at:],
            text[:at] + chance.choice([*_STRANGE, *_ABSURD]) + text[at:],
            text[:at] + chance.choice(seeds),
            text[:at] + text[at:to][::-1] + text[to:],
        )) or "。"  # fmt: skip
    return text[:400]


def test_importing_loads_no_dictionary() -> None:
    code = "import nlu.parser, sys; print([m for m in ('jieba', 'pypinyin') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
