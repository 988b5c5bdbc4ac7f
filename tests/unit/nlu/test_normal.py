"""One spelling for every text, with exact places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.normal import find_fillers, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("８５折，ＡＢＣ（￥３）", "85折,ABC(¥3)"),
        ("預算從壹佰萬漲到兩百萬", "预算从壹佰万涨到两百万"),
        ("乾坤著名", "乾坤著名"),
        ("零\u200b宽\ufeff\u202e字", "零宽字"),
        ("٣٤万", "34万"),
        ("🎉🎉中标", "🎉🎉中标"),
        ("①捷报 ②再报", "①捷报 ②再报"),
        ("一\t二\r\n三\u3000四", "一 二\n三 四"),
        ("", ""),
    ],
)
def test_spells_alike(text: str, expected: str) -> None:
    assert normalise(text).text == expected


def test_leads_back_to_the_source() -> None:
    source = "見\u200b了\u200b王總"
    normal = normalise(source)
    start = normal.text.index("王总")
    assert source[slice(*normal.original(start, start + 2))] == "王總"


@given(st.text(max_size=60))
def test_every_character_keeps_its_place(text: str) -> None:
    normal = normalise(text)
    assert len(normal.offsets) == len(normal.text) + 1
    assert normal.offsets[-1] == len(text)
    assert list(normal.offsets) == sorted(set(normal.offsets))
    assert normalise(normal.text).text == normal.text


def test_finds_what_is_said_while_thinking() -> None:
    text = "嗯今天那个 就是说见了王总"
    assert [text[slice(*span)] for span in find_fillers(text)] == ["嗯", "那个", "就是说"]
