"""Replies as DingTalk's JSON: a card's variables, words with links, nothing alive in a name."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest

from bot.platforms.dingtalk import render
from bot.platforms.dingtalk.wording import markdown, plain
from handlers import buttons
from handlers.replies import Button, Card, Line, Picture

APPROVAL = Card(
    title="报价审批 Q-1042 · 李强",
    subtitle="二期产线改造",
    lines=(
        Line(label="客户", value="宏达精密"),
        Line(label="金额", value="150万", before="120万"),
    ),
    note="西门子报 135万",
    buttons=(
        Button(
            text="同意", primary=True,
            press=buttons.pack(buttons.Decide(approval_id=7, version=1, verdict="approved")),
        ),
        Button(
            text="驳回",
            press=buttons.pack(buttons.Decide(approval_id=7, version=1, verdict="rejected")),
        ),
    ),
    hint="回复：同意 Q-1042 或 驳回 Q-1042 加原因",
    subject="approval:7",
)  # fmt: skip
EVIL = "](http://x)<@all><font color=red>**粗**@all # 1\n- 点\n> 引"


def links(said: render.Said) -> dict[str, str]:
    """What a press on each link says."""
    found = re.findall(r"\[([^\]]+)\]\(dtmd://dingtalkclient/sendMessage\?content=([^)]*)\)",
                       said.param["text"])  # fmt: skip
    return {label: unquote(words) for label, words in found}


def test_the_variables_are_all_there_and_texts() -> None:
    values = render.variables(APPROVAL)
    names = {"title", "subtitle", "body", "note", "state"}
    names |= {f"b{n}_{part}" for n in range(1, 7) for part in ("text", "press", "style")}
    assert set(values) == names
    assert all(isinstance(value, str) for value in values.values())
    assert values["title"] == "报价审批 Q-1042 · 李强"
    assert values["body"] == "客户　宏达精密  \n金额　120万 → 150万"
    assert (values["b1_text"], values["b1_style"]) == ("同意", "primary")
    assert (values["b2_text"], values["b2_style"]) == ("驳回", "normal")
    assert buttons.unpack(values["b1_press"]) == buttons.Decide(
        approval_id=7, version=1, verdict="approved"
    )
    assert (values["state"], values["b3_text"], values["b3_press"]) == ("", "", "")


def test_a_decided_card_shows_who_and_no_button() -> None:
    values = render.variables(Card(title="审批", decided="已同意 · 王敏 · 14:32"))
    assert values["state"] == "已同意 · 王敏 · 14:32"
    assert {values[f"b{n}_text"] for n in range(1, 7)} == {""}


def test_values_stay_within_the_limits_and_tear_nothing() -> None:
    long = Card(
        title="👨‍👩‍👧" * 100,
        lines=tuple(Line(label=f"行{n}", value="宏达" * 60) for n in range(30)),
        note="字" * 5000,
        buttons=(Button(text="领取" * 30, press="say:x"),),
    )
    values = render.variables(long)
    assert len(values["title"]) <= 40
    assert values["title"].replace("👨‍👩‍👧", "") == "…"
    assert len(values["body"].encode()) <= 3000
    assert len(values["note"].encode()) <= 1024
    assert len(json.dumps(render.still_card(long, linked=True).param).encode()) <= 15_000 * 2


def test_without_a_template_links_say_what_a_press_would() -> None:
    said = render.still_card(APPROVAL, linked=True)
    assert links(said) == {"同意": "同意 Q-1042", "驳回": "驳回 Q-1042"}
    assert "回复：同意 Q-1042 或 驳回 Q-1042 加原因" in said.param["text"]
    assert said.webhook["markdown"] == said.param
    assert said.param["title"] == "报价审批 Q-1042 · 李强"


@pytest.mark.parametrize(
    ("press", "words"),
    [
        (buttons.Confirm(pending_id=1), "确认"),
        (buttons.Dismiss(pending_id=1), "不对"),
        (buttons.Choose(pending_id=1, option=2), "第三个"),
        (buttons.Say(words="宏达的跟进记录"), "宏达的跟进记录"),
        (buttons.UndoEvent(event_id=9), None),
        (buttons.DoneTask(task_id=9), None),
    ],
)
def test_what_each_press_is_in_words(press: buttons.Press, words: str | None) -> None:
    card = Card(title="问", buttons=(Button(text="按", press=buttons.pack(press)),))
    assert links(render.still_card(card, linked=True)) == ({"按": words} if words else {})


def test_in_a_group_no_link_but_what_to_answer() -> None:
    said = render.still_card(APPROVAL, linked=False)
    assert links(said) == {}
    assert said.param["text"].endswith("回复：同意 Q-1042 或 驳回 Q-1042 加原因")
    press = buttons.pack(buttons.Say(words="领取宏达"))
    bare = Card(title="公海", buttons=(Button(text="领取", press=press),))
    assert render.still_card(bare, linked=False).param["text"].endswith("可以回复：领取宏达")


def test_a_long_card_keeps_its_links_whole() -> None:
    lines = tuple(Line(label=f"行{n}", value="宏达" * 90) for n in range(40))
    said = render.still_card(Card(title="审批", lines=lines, buttons=APPROVAL.buttons,
                                  hint=APPROVAL.hint), linked=True)  # fmt: skip
    assert links(said) == {"同意": "同意 Q-1042", "驳回": "驳回 Q-1042"}
    assert len(json.dumps(said.param, ensure_ascii=False).encode()) < 15_000


@pytest.mark.parametrize(
    "where", ["title", "subtitle", "value", "before", "label", "note", "hint"]
)
def test_nothing_in_a_name_becomes_markup(where: str) -> None:
    line = {"label": "客户", "value": "x", "before": None}
    card = {"title": "标题", "note": "", "subtitle": "", "hint": ""}
    (line if where in line else card)[where] = EVIL  # type: ignore[assignment]
    made = Card(lines=(Line(**line),), buttons=APPROVAL.buttons, **card)  # type: ignore[arg-type]
    shown = [render.still_card(made, linked=False).param["text"]]
    shown += [value for name, value in render.variables(made).items() if "press" not in name]
    for text in shown:
        assert "](" not in text
        assert "<@" not in text
        assert "<font" not in text
        assert "://" not in text
        assert "@all" not in text
        assert "**粗" not in text
        assert not re.search(r"^- 点", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("**急** `码` ~~删~~", "＊＊急＊＊ ｀码｀ ～～删～～"),
        ("[点](http://x)", "［点］(http：//x)"),
        ("![图](@lA)", "!［图］(＠lA)"),
        ("# 题\n> 引\n- 项\n+ 项\n---\n===", "＃ 题\n＞ 引\n－ 项\n＋ 项\n－--\n＝=="),
        ("    四格", "四格"),
        ("_斜_ HD_26_11", "＿斜＿ HD_26_11"),
        ("a@b.com @所有人", "a@b.com ＠所有人"),
        ("<font>x</font> 毛利<0.9", "＜font>x＜/font> 毛利<0.9"),
        ("-4% 比上月", "-4% 比上月"),
        ("a|b", "a｜b"),
    ],
)
def test_markdown(said: str, shown: str) -> None:
    assert markdown(said) == shown


def test_plain_keeps_words() -> None:
    assert plain("折扣<0.9 **真的** [x]") == "折扣<0.9 **真的** [x]"
    assert plain("王\u202e总\x00<@all>") == "王总＜@all>"


def test_a_text_is_never_empty_nor_too_long() -> None:
    assert render.text("").param == {"content": "…"}
    assert len(render.text("字" * 9000).param["content"].encode()) <= 6000


def test_pictures() -> None:
    assert render.picture("@lAid").param == {"photoURL": "@lAid"}
    shown = render.group_picture("@lAid", Picture(attachment_id=1, alt="本月[回款]"))
    assert shown.webhook["markdown"] == {"title": "本月[回款]", "text": "![本月［回款］](@lAid)"}
