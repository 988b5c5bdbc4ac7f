"""Names of companies that the world lacks, where the text says that they are one."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from collections.abc import Iterator

from nlu import expressions as re
from nlu.naming.linking import HEARD
from nlu.naming.name_words import COMMON, KINDS, PLACES, TRADES
from nlu.naming.visited import visited
from nlu.scene import Mention

_MET_NEW = "跑|开|拓|找|挖|谈|接触|聊|认识|约|联系|拜访|发展|开发|摸|扫|接|加|签|对接|碰"
INTRODUCED = re.compile(
    rf"新客户|新名单|新资源|新[增建录加]个?客户|陌拜|扫[街楼]|新(?:{_MET_NEW})[^,，]{{0,4}}一?[家个]|(?:建|录|加|登)[个一]*(?:客户)?档案?|[建录加]了?个?(?:新)?客户|客户名称|(?:新建|登记|录入?|建档|添加|入库|报备|开)(?:一下|下|一?[个家户])*(?:新的|新户|客户|新客户|公司|单位|档案?)*[:：]|第一次(?:拜访|上门|接触|去|见|联系)|(?:首|初)次(?:拜访|上门|接触|联系)|头一[回次]|(?:介绍|推荐|引荐|认识)[了过]?(?:一?[个位家])?(?:新)?客户"
)
"""What a message says of a company that it names for the first time."""
_NAMED = re.compile(
    r"(?:(?:新建|登记|录入?|建档|添加|入库|报备|开)(?:一下|下|一?[个家户])*(?:新的|新户|客户|新客户|公司|单位|档案?)*[:：]|新客户(?:是|叫|[:：])?|新[建增录](?:一个|个)?客户(?:是|叫|[:：])?|陌拜了?|客户名称?[:：]|新开(?:发)?了?一?[个家]客户(?:是|叫|[:：])?|(?:建|录|加|登)[个一]*(?:新)?(?:客户)?(?:档案?|客户)[:：])\s*(?:[^,，:：]{0,6}(?:陌拜|拜访|去|见)了?)?\s*(?P<name>[\u4e00-\u9fffA-Za-z0-9()（）]{4,30})"
)
_ENDS = "|".join(
    sorted(
        {
            *TRADES, *KINDS, "有限公司", "股份公司", "公司", "集团", "建工", "城建", "院", "坊", "居", "汇", "轩", "楼", "园", "城",
        },
        key=len, reverse=True,
    )
)  # fmt: skip
_ORG = re.compile(
    r"(?<!跳槽)(?<!调)(?<!转)(?:联系了?|拜访了?|走访了?|陌拜了?|去了?趟?|到了?|见了|上门|跟|和)(?P<name>[\u4e00-\u9fffA-Za-z]{2,16}?(?:有限公司|股份公司|公司|集团|医院|大学|学院|研究院|研究所|工厂|酒店|超市|中学|小学|幼儿园|科技|制药|药业|电子|置业|地产|物业|半导体|机械|化工|食品|生物|建设|装饰|物流|实业|贸易))(?=[^\u4e00-\u9fff]|的|[张王李赵刘陈杨黄周吴徐孙朱马胡郭林何高梁]|见|聊|谈|$)"
)
_CALLED = re.compile(
    rf"(?:叫做?|名叫|一家[,，:：]?)\s*(?P<name>[\u4e00-\u9fff]{{2,12}}?(?:{_ENDS}))(?=$|[,，。;\s的])"
)
_AFTER_INTRO = re.compile(
    rf"(?:新客户|客户|新店|新单位|[一两]?[个家](?:公司|店|单位|厂)?)\s*[,，:：\s]\s*(?:(?:{'|'.join(sorted(PLACES, key=len, reverse=True))})[\u4e00-\u9fff]{{0,4}}的)?(?P<name>[\u4e00-\u9fff]{{2,10}}?(?:{_ENDS}))(?=$|[,，。;；\s])"
)
"""认识了一家新客户，汕头的金凤装饰: the firm is named in a piece of its own."""
_COMMON = re.compile(
    r"^(?:别|另|其他|某|哪|同)一?[家个]|客户公司|对方公司|我们?公司|他们?|(?<!有限)(?<!股份)(?<!责任)公司$|(?:这|那|该|本|贵|总|分|子)公司|机场|^[住到在的]?酒店$|[住订在]酒店$"
)
_TALK = re.compile(
    r"[今去前明]年|[本上下这][个]?[月周季年]|多少|几[个家]|哪|什么|怎么|[吗呢]|按[月周人]|走势|趋势|排名|占比|统计|情况|来源"
)
"""What a question holds, and no firm's name."""
_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z()（）]{2,14}")
_STOP = re.compile(
    r"陌拜|扫街|拜访|走访|拜会|考察|调研|培训(?!$|学校|中心|机构|班|公司)|出差|开会|参展|见到|见了|聊|谈|行业|区域|电话|微信|要|的|,|做|在|想|说|是|找|有(?!限|机|色)|对|老板|联系人|接待|一家|[一二两三]趟"
)
_AREA = ("路", "街", "号", "区", "县", "镇", "大道", "一天", "出差", "那边", "这边")
_LED = re.compile(r"一?[个家](?!居)|叫做?|名叫|是")


def newcomers(text: str, known: list[Mention]) -> list[Mention]:
    """Mentions of companies that are new, none over a known name."""
    found: list[Mention] = []
    told_new = INTRODUCED.search(text) is not None
    met = list(visited(text))
    for start, end, name in (*_names(text), *met):
        taken = any(m.start < end and start < m.end and _is_certain(m, told_new) for m in known)
        again = any(f.start < end and start < f.end for f in found)
        if (
            taken
            or again
            or _COMMON.search(name)
            or _TALK.search(name)
            or (len(name) < 4 and (start, end, name) not in met)
            or name[0].isdigit()
        ):
            continue
        found.append(Mention(kind="customer", start=start, end=end, text=name, values=(name,)))
    return found


def _is_certain(mention: Mention, told_new: bool) -> bool:
    """Whether a mention leaves no room for a new name: not one that only looks or sounds alike."""
    if mention.kind == "customer":
        return not told_new or any(link.rank < HEARD for link in mention.links)
    return mention.kind in ("person", "user", "field", "choice")


def _names(text: str) -> Iterator[tuple[int, int, str]]:
    if INTRODUCED.search(text):
        for match in _NAMED.finditer(text):
            yield _cut(match["name"], match.start("name"))
        for match in _CALLED.finditer(text):
            yield _cut(match["name"], match.start("name"), whole=True)
        for match in _AFTER_INTRO.finditer(text):
            if not _STOP.search(match["name"]):
                yield _cut(match["name"], match.start("name"), whole=True)
        yield from _by_place(text)
    for match in _ORG.finditer(text):
        yield _cut(match["name"], match.start("name"), whole=True)


def _cut(name: str, start: int, *, whole: bool = False) -> tuple[int, int, str]:
    led = _LED.match(name)
    if led:
        name, start = name[led.end() :], start + led.end()
    if not whole:
        name = _STOP.split(name)[0]
    return start, start + len(name), name


def _by_place(text: str) -> Iterator[tuple[int, int, str]]:
    """抚顺浑江里置业: a firm's name begins with its town, and runs to the end of the phrase."""
    at = 0
    while at < len(text) - 3:
        size = next((n for n in (4, 3, 2) if text[at : at + n] in PLACES), 0)
        run = _HAN.match(text, at + size) if size else None
        if run is None:
            at += 1
            continue
        rest = _STOP.split(run.group())[0]
        whole = re.fullmatch(rf".{{1,12}}(?:{_ENDS})", rest)
        ended = whole or re.match(rf".{{1,10}}?(?:{_ENDS})(?=$|[\u4e00-\u9fff]{{0,3}}$)", rest)
        rest = ended.group() if ended else rest
        plain = (
            (len(rest) >= 3 or ended)
            and not re.match(r"[省市县区]", rest)
            and not rest.endswith(_AREA)
            and rest not in COMMON
            and (len(rest) > 2 or not text.startswith("的", run.start() + len(rest)))
        )
        if plain and (ended or run.end() == len(text) or not text[run.end()].isalnum()):
            yield at, at + size + len(rest), text[at : at + size] + rest
        at += size + len(rest)
