"""Where dictated speech that runs on without a comma goes over to its next statement."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from nlu import expressions as re
from nlu.scene import TAGS, Mention

LONG = 16
"""Characters without a break that may hold two statements."""
_LEAST = 4
"""Characters of a statement."""
_REST = "\x01"
_WHO = r"(?:Ⓟ\x01*|[他她]们?|对方|客户|人家)"
_NEXT = re.compile(
    r"(?<![给让叫请跟和对找约帮催问带陪说讲的等把被由是在与向为像比])(?:我们?(?:这边)?(?:就|也|还|得|要|会|再|最[晚迟])*Ⓓ\x01*(?=[之以]?前|[得要会把给发交出提寄送再就]|下班前))"
    rf"|(?<![给跟和说讲的被把得要想])(?:{_WHO}?(?:还|又|也|就|非|特意|再三|催着)*(?:让|叫|催|请|要求|叮嘱|嘱咐|麻烦)(?:我们?|咱们?)(?!的|别|不|[去来]?吃))"
    r"|(?<![的说讲总把其个这那从年月按看报比没有])(?:总?预算|总?金额|总价|总额|合同额|盘子|造价)(?:嘛|呢|这块|方面|的话)?(?:是|在|大概|大约|差不多|说是|给到|[提加涨压砍降减缩追调]到|到|也|还|要|就|有|只有|从|定在|批了)?[^Ⓐ,，]{0,3}Ⓐ"
    r"|(?<![被给和跟是有用选找见输比让与同对怕由从的在])Ⓡ\x01*(?=也|还|那边|在|报|给|的?价|已经|这[次家]|说|出)"
    r"|(?<![的说讲把其个这那有是付打给转结汇收到催笔交退])(?:首付|首款|尾款|定金|预付款|余款|货款|进度款|质保金)(?:就|先|要|得|是)?[^,，ⒶⒹ]{0,3}(?:Ⓐ|Ⓓ|[一二三四五六七八九]成)"
    r"|(?<![给让叫请跟和对找约帮催问带陪说讲的等把被由是在与向为像比答应求前后内])我们?(?:这边)?(?:还)?(?:要|得|必须|答应|就)(?:先|尽快|赶紧|抓紧|再)*(?=把|给|出(?!差)|补|交|做|准备|提供|改|安排|发)"
    r"|(?<![给跟和对找帮说讲让叫请等约陪带问催向被把的与替为听看])[他她]们(?=Ⓓ|先|再|会|要|想|说|还|自己|答应|同意|嫌|觉得)(?!的)"
    r"|(?<![给让叫请跟和对找催问被把的是而但])我们?(?=答应|承诺|保证)"
    r"|(?<=[去来好完掉定清]了)(?:我们?|[他她]们?|Ⓟ\x01*(?=说|让|要|在|不))(?!的)"
    r"|(?<![说讲约的到在定改于是等])(?P<hour>Ⓓ)\x01*(?=Ⓒ|Ⓟ|我|回|打|又|就|再|还|去|到|跟|在|见|拜访|给|接|赶)"
    r"|(?<![给跟和听对找问请陪带的约与向让Ⓒ])Ⓟ\x01*(?=说|讲|表示|透露|反馈)"
)
_HOUR = re.compile("上午|下午|中午|晚上|傍晚")
_BEFORE_OWN = frozenset(("date", "customer", "person", "amount"))
"""What a sum or a speaker leans on rather than begins anew after: 今年预算80万, 宏达王总说."""
_FRONTED = re.compile(r"^\s*(?:还有|然后|另外)?[那这](?:个|份|批|套|张|版)[^了过说,，]{1,12}$")
"""那个标书我们八月七号之前要寄到: what is to be sent stands first, and is no statement."""


def run_on(
    text: str, mentions: list[Mention], marks: list[tuple[int, int, bool, bool]]
) -> Iterator[tuple[int, int, bool, bool]]:
    """Cuts before who speaks, asks or acts next, in each stretch that has no break."""
    edges = [(0, 0), *sorted((start, end) for start, end, *_ in marks), (len(text), len(text))]
    stretches = [(a[1], b[0]) for a, b in pairwise(edges) if b[0] - a[1] >= LONG]
    if not stretches:
        return
    told, ends = _marked(text, mentions), {m.end: m.kind for m in mentions}
    for start, stop in stretches:
        last = start
        for found in _NEXT.finditer(told, start, stop):
            at = found.start()
            if at - last < _LEAST or stop - at < _LEAST or ends.get(at) in _BEFORE_OWN:
                continue
            if found["hour"] and not _HOUR.match(text, at):
                continue
            if _FRONTED.match(text[last:at]):
                continue
            last = at
            yield at, at, False, False


def _marked(text: str, mentions: list[Mention]) -> str:
    """The text, as long as it was, with each mention's letter at its first place."""
    pieces: list[str] = []
    at = 0
    for m in mentions:
        pieces += (text[at : m.start], TAGS[m.kind], _REST * (m.end - m.start - 1))
        at = m.end
    return "".join((*pieces, text[at:]))
