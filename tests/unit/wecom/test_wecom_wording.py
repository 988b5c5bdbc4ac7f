"""Words that stay words, and cuts that tear nothing apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.cutting import cut, cut_bytes, one_line, split_bytes
from bot.platforms.wecom.wording import markdown, plain


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('<a href="http://x">点我</a>', '＜a href="http://x">点我＜/a>'),
        ("< A href=x>", "＜ A href=x>"),
        ("<@all> <@lihua>", "＜@all> ＜@lihua>"),
        ("<!-- x --><?xml?>", "＜!-- x -->＜?xml?>"),
        ("折扣<0.9，利润>3万", "折扣<0.9，利润>3万"),
        ("王\u202e总\u2066", "王总"),
        ("一\x00\x08\x1b[31m二\x7f", "一[31m二"),
        ("一\r\n二\t三", "一\n二\t三"),
        ("坏\ud800字", "坏字"),
    ],
)
def test_text_holds_no_live_markup(said: str, shown: str) -> None:
    assert plain(said) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("**急** `码`", "＊＊急＊＊ ｀码｀"),
        ("[点我](http://x)", "［点我］(http://x)"),
        ("# 大标题\n > 引用", "＃ 大标题\n ＞ 引用"),
        ('<font color="warning">x</font>', '＜font color="warning">x＜/font>'),
        ("合同 HD_2611 #3，毛利>20%", "合同 HD_2611 #3，毛利>20%"),
    ],
)
def test_markdown_marks_nothing_up(said: str, shown: str) -> None:
    assert markdown(said) == shown


def test_one_line() -> None:
    assert one_line(" 一 \n\n 二\u2028三　四 ") == "一 二 三　四"


@pytest.mark.parametrize(
    ("text", "characters", "shown"),
    [
        ("一二三", 3, "一二三"),
        ("一二三四", 3, "一二…"),
        ("一 二三四", 3, "一…"),
        ("ab👨‍👩‍👧cd", 6, "ab…"),
        ("a👍🏽bc", 3, "a…"),
        ("🇨🇳🇨🇳🇨🇳", 4, "🇨🇳…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
    ],
)
def test_cut(text: str, characters: int, shown: str) -> None:
    assert cut(text, characters) == shown


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("一二三", 9, "一二三"),
        ("一二三四", 9, "一二…"),
        ("一二三四", 10, "一二…"),
        ("a𠮷𠮷", 8, "a𠮷…"),
        ("👨‍👩‍👧👨‍👩‍👧", 25, "👨‍👩‍👧…"),
    ],
)
def test_cut_bytes(text: str, limit: int, shown: str) -> None:
    assert cut_bytes(text, limit) == shown


def test_long_text_is_split_between_lines() -> None:
    lines = [f"{number}. 跟进客户，报方案" for number in range(40)]
    parts = split_bytes("\n".join(lines), 300, 100)
    assert len(parts) > 3
    assert "\n".join(parts).split("\n") == lines


def test_what_is_too_long_for_all_parts_ends_in_an_ellipsis() -> None:
    parts = split_bytes("字" * 5000, 2048, 3)
    assert [len(part.encode()) <= 2048 for part in parts] == [True, True, True]
    assert [part[-1] for part in parts] == ["字", "字", "…"]


@given(st.text(max_size=400), st.integers(min_value=60, max_value=300))
def test_any_text_fits(text: str, limit: int) -> None:
    words = plain(text)
    assert len(cut_bytes(words, limit).encode()) <= limit
    assert len(cut(words, 30)) <= 30
    parts = split_bytes(words, limit, 3)
    assert len(parts) <= 3
    assert all(len(part.encode()) <= limit for part in parts)


@given(st.text(max_size=200))
def test_plain_is_stable_and_can_be_sent(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert plain(text).encode().decode() == plain(text)
