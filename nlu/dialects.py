"""Dialects written as they are spoken, in the words of common speech of the same length."""

# ruff: noqa: E501 - a list of words is read in one piece
from __future__ import annotations

from nlu import expressions as re

_SAME = (("我司", "我们"), ("我方", "我们"), ("俺们", "我们"))
"""Ways to say us and them."""
_THEM = re.compile("对方(?![案式法便面向])")
"""Not of 视频对方案."""
_DONE = str.maketrans("啦喽咯咗", "了了了了")
"""Ways to say that it is done."""
_SOUTHERN = re.compile("[咗喺嘅佢哋畀俾冇嚟睇嘢係嗰]|听日|寻日|同埋|而家")
"""Characters that only Cantonese writes."""
_CHARACTERS = str.maketrans("喺嘅佢哋畀俾冇嚟睇係嗰唔搵", "在的他们给给没来看是那不找")
_WORDS = (
    ("听日", "明天"), ("寻日", "昨天"), ("琴日", "昨天"), ("今日", "今天"), ("同埋", "还有"), ("而家", "现在"), ("在度", "正在"),
    ("倾了", "谈了"), ("倾过", "谈过"), ("饮茶", "喝茶"), ("食饭", "吃饭"), ("边个", "哪个"), ("礼拜", "礼拜"), ("返个", "一个"),
)  # fmt: skip
_SAYS = re.compile(r"(?<=[总工哥姐他生理任长])话(?=[^,，。费题务术]{2})")
"""陈总话… tells what he said."""
_NORTHERN = re.compile(r"嘞(?=$|[,，。!！\s])|嘞(?=[\u4e00-\u9fff])")
_WEST = re.compile(r"(?<=[先午天又再后就才早])切(?=[了的到趟]|[\u4e00-\u9fff]{2,6}[那见找拜])")
"""先切的…, 下午切了…: went there, as Sichuan says it."""


def in_common_speech(text: str) -> str:
    """The text with what a dialect says otherwise, place by place, so that offsets stay."""
    for said, meant in _SAME:
        text = text.replace(said, meant)
    if "对方" in text:
        text = _THEM.sub("他们", text)
    if _SOUTHERN.search(text):
        text = text.translate(_CHARACTERS)
        for said, meant in _WORDS:
            text = text.replace(said, meant)
        text = _SAYS.sub("说", text)
    text = text.translate(_DONE)
    if "嘞" in text:
        text = _NORTHERN.sub(
            lambda found: "的" if text[found.end() :][:1].isalpha() else "了", text
        )
    return _WEST.sub("去", text) if "切" in text else text
