"""Expressions that are tried only where they may match find what `re` finds."""

from __future__ import annotations

import random
import re
import sys
from datetime import datetime
from typing import Any

import pytest

import nlu.parser
from nlu import expressions
from nlu.acts import to_json
from nlu.known import Known, Person
from nlu.memory import Memory
from nlu.pieces import needed

CASES = [
    ("拜访了?", {"拜访"}),
    ("[打写]错", {"打错", "写错"}),
    ("(?:签|定)(?:约|单)|成交", {"签约", "签单", "定约", "定单", "成交"}),
    ("(?<![上下])叫做?", {"叫", "叫做"}),
    ("(?:哈|呵){2,}了", {"哈了", "呵了"}),
    (r"\d+[万亿]", {"万", "亿"}),
    ("报(?=价)", {"价"}),
    ("(?i:demo)|演示", None),
    ("[^,，]{2,4}", None),
    ("吗?", None),
]


@pytest.mark.parametrize(("source", "pieces"), CASES)
def test_every_match_holds_one_of_the_pieces(source: str, pieces: set[str] | None) -> None:
    assert needed(source) == pieces


def test_pieces_of_what_ignores_case_are_in_every_case() -> None:
    assert needed("kpi", re.IGNORECASE) == {a + b for a in "kK\u212a" for b in "pP"}


def grammar() -> dict[str, expressions.Pattern[str]]:
    """Every expression that a module of the parser keeps."""
    found: dict[str, expressions.Pattern[str]] = {}

    def walk(value: Any) -> None:
        if isinstance(value, expressions.Pattern):
            found[value.pattern] = value
        elif isinstance(value, tuple):
            for item in value:
                walk(item)

    for name, module in list(sys.modules.items()):
        if name.startswith("nlu."):
            for value in list(vars(module).values()):
                walk(value)
    return found


def test_the_grammar_finds_what_re_finds() -> None:
    nlu.parser.warm()
    chance = random.Random(5)
    tried = hits = 0
    for source, pattern in grammar().items():
        plain = re.compile(source, pattern.flags)
        words = re.findall(r"[\u4e00-\u9fffⒶ-Ⓩ]{1,3}|[A-Za-z0-9]", source) or ["好"]
        for _ in range(25):
            said = "".join(chance.choice(words) for _ in range(chance.randint(1, 8)))
            text = expressions.Text(said)
            match, wanted = pattern.search(text), plain.search(said)
            assert (match and match.span()) == (wanted and wanted.span()), (source, said)
            assert [m.span() for m in pattern.finditer(text)] == [
                m.span() for m in plain.finditer(said)
            ]
            assert pattern.sub("■", text) == plain.sub("■", said)
            tried, hits = tried + 1, hits + (wanted is not None)
    assert tried > 5_000
    assert hits > tried / 10


def test_an_expression_made_later_finds_in_an_earlier_text() -> None:
    text = expressions.Text("周三去了抚顺浑江里")
    assert expressions.search("抚顺浑[江河]里$", text) is not None
    assert expressions.search("抚顺浑[江河]外$", text) is None


def test_a_text_with_marks_and_texts_joined_are_searched_as_well() -> None:
    cut, end = expressions.compile("去了□"), expressions.compile("去了□.*，好$")
    text = expressions.Text("去了恒达")
    marked = expressions.Text.marked("去了□□", text)
    assert cut.search(marked) is not None
    assert end.search(expressions.Text.joined([marked, expressions.Text("好")])) is not None
    assert cut.search(expressions.Text(" 去了□ ").strip()) is not None


def test_acts_hold_plain_strings() -> None:
    """What knows of expressions stays in the parser: a database takes no other strings."""
    read = nlu.parser.read(
        "见了王总，预算50万，提醒我周五前发报价",
        at=datetime.fromisoformat("2026-11-25T16:00:00+08:00"),
        sender=Person(id="u1", name="贺一鸣"), known=Known(), memory=Memory(),
    )  # fmt: skip
    assert read.acts
    said = [v for item in read.acts for v in to_json(item.act).values() if isinstance(v, str)]
    assert said
    assert {type(value) for value in said} == {str}
