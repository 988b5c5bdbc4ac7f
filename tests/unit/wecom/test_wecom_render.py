"""Neutral replies as WeCom's payloads, within the limits that it documents."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

from bot.platforms.wecom import render
from handlers.replies import Button, Card, Line

NOTED = Card(
    title="已记 · 客户甲",
    lines=(
        Line(label="拜访", value="今天 · 王建国（总经理）"),
        Line(label="金额", value="150万", before="120万"),
    ),
    buttons=(
        Button(text="撤销", press="undo:12"),
        Button(text="改一下", press="say:改一下", primary=True),
    ),
    note="还缺：预计成交时间",
    hint="回“撤销”可以取消",
)


def test_a_card_with_buttons() -> None:
    assert render.live_card(NOTED, "Zx-9_a") == {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "main_title": {"title": "已记 · 客户甲"},
            "sub_title_text": "还缺：预计成交时间",
            "horizontal_content_list": [
                {"keyname": "拜访", "value": "今天 · 王建国（总经理）"},
                {"keyname": "金额", "value": "120万 → 150万"},
            ],
            "task_id": "Zx-9_a",
            "button_list": [
                {"text": "撤销", "style": 2, "key": "undo:12"},
                {"text": "改一下", "style": 1, "key": "say:改一下"},
            ],
        },
    }


def test_what_does_not_fit_a_row_is_told_in_words() -> None:
    lines = (
        Line(label="客户", value="客户甲"),
        Line(label="说明", value="长" * 31),
        Line(label="预计成交时间", value="下月"),
        Line(label="金额", value="50万"),
    )
    card = render.template_card(replace(NOTED, lines=lines), "k")
    assert [row["keyname"] for row in card["horizontal_content_list"]] == ["客户", "金额"]
    assert card["sub_title_text"].split("\n") == [
        "说明　" + "长" * 31, "预计成交时间　下月", "还缺：预计成交时间",
    ]  # fmt: skip


def test_more_lines_than_rows_keep_their_order() -> None:
    lines = tuple(Line(label=f"第{n}", value=str(n)) for n in range(8))
    card = render.template_card(replace(NOTED, lines=lines, note=""), "k")
    assert card["sub_title_text"].split("\n") == ["第0　0", "第1　1"]
    assert [row["keyname"] for row in card["horizontal_content_list"]] == [
        f"第{n}" for n in range(2, 8)
    ]


def test_a_list_with_a_long_line_keeps_its_order() -> None:
    values = ("1. 寄样", "2. " + "长" * 30, "3. 回电")
    lines = tuple(Line(label="今天", value=value) for value in values)
    card = render.template_card(replace(NOTED, lines=lines, note=""), "k")
    assert card["sub_title_text"].split("\n") == ["今天　1. 寄样", "今天　2. " + "长" * 30]
    assert [row["value"] for row in card["horizontal_content_list"]] == ["3. 回电"]


def test_limits_of_a_card() -> None:
    crowded = Card(
        title="题" * 50,
        subtitle="副" * 60,
        lines=tuple(Line(label="行", value="值" * 40) for _ in range(12)),
        buttons=tuple(Button(text="按" * 12, press=f"choose:1:{n}") for n in range(8)),
    )
    card = render.template_card(crowded, "k")
    assert len(card["main_title"]["title"]) == 36
    assert len(card["main_title"]["desc"]) == 44
    assert len(card["sub_title_text"]) == 160
    assert [len(button["text"]) for button in card["button_list"]] == [10] * 6


def test_a_press_is_listed_once() -> None:
    twice = replace(NOTED, buttons=(Button(text="好", press="undo:1"),) * 2)
    assert len(render.template_card(twice, "k")["button_list"]) == 1


def test_a_decided_card_shows_who_decided() -> None:
    card = render.template_card(replace(NOTED, decided="已同意 · 王敏 · 14:32"), "k")
    assert card["replace_text"] == "已同意 · 王敏 · 14:32"
    assert len(card["button_list"]) == 2


def test_an_update_without_buttons_still_lists_one() -> None:
    over = replace(NOTED, buttons=(), decided="已撤销")
    update = render.card_update(over, "k", "code", "lihua")
    assert (update["userids"], update["response_code"]) == (["lihua"], "code")
    assert update["template_card"]["replace_text"] == "已撤销"
    assert len(update["template_card"]["button_list"]) == 1


def test_a_card_without_buttons_is_markdown() -> None:
    still = replace(NOTED, buttons=(), hint="")
    assert render.still_card(still) == {
        "msgtype": "markdown",
        "markdown": {
            "content": "**已记 · 客户甲**\n"
            "> 拜访　今天 · 王建国（总经理）\n"
            "> 金额　120万 → 150万\n\n"
            "还缺：预计成交时间"
        },
    }


def test_a_group_reads_what_to_answer() -> None:
    content = render.group_card(NOTED)["markdown"]["content"]
    assert content.endswith("还缺：预计成交时间\n\n回“撤销”可以取消")


def test_a_decided_card_in_a_group_asks_for_nothing() -> None:
    content = render.group_card(replace(NOTED, decided="已撤销"))["markdown"]["content"]
    assert content.endswith("已撤销")
    assert "回“撤销”" not in content


def test_long_markdown_is_cut_to_its_limit() -> None:
    long = replace(NOTED, buttons=(), note="字" * 3000)
    assert len(render.still_card(long)["markdown"]["content"].encode()) <= 2048
    assert len(render.group_card(long)["markdown"]["content"].encode()) <= 4096


def test_names_stay_names() -> None:
    nasty = Card(
        title="**客户**<a href='x'>",
        lines=(Line(label="联系人", value="[王](http://x)\n# 总 <@all>"),),
        buttons=(Button(text="<b>好\n的", press="undo:1"),),
    )
    content = render.group_card(nasty)["markdown"]["content"]
    assert content == "**＊＊客户＊＊＜a href='x'>**\n> 联系人　［王］(http://x) # 总 ＜@all>"
    card = render.template_card(nasty, "k")
    assert card["main_title"]["title"] == "**客户**＜a href='x'>"
    assert card["button_list"][0]["text"] == "＜b>好 的"


def test_texts() -> None:
    assert render.texts("好") == [{"msgtype": "text", "text": {"content": "好"}}]
    parts = render.texts("字" * 1000)
    assert [len(part["text"]["content"].encode()) <= 2048 for part in parts] == [True, True]
    assert "".join(part["text"]["content"] for part in parts) == "字" * 1000


def test_a_picture_for_a_group() -> None:
    image = render.group_image(b"\x89PNG bytes")["image"]
    assert base64.b64decode(image["base64"]) == b"\x89PNG bytes"
    assert image["md5"] == hashlib.md5(b"\x89PNG bytes", usedforsecurity=False).hexdigest()
