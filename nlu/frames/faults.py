"""Faults told with a demand to act, or told as mended: a ticket without the word."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.sections import Section

FAULT = re.compile(
    r"报警|停机|宕机|死机|故障|报错|出错|坏了|坏掉|漏[水油气液电粉料]|渗[水油漏]|打不开|开不了|启动不了|动不了|用不了|不能用|连不上|登不上|没反应|不工作|不制冷|不制热|不通电|花屏|黑屏|蓝屏|闪退|异响|跳闸|短路|断电|失灵|失效|冒烟|堵[了塞]|断货|投诉|掉线|过热|烧[了坏]|开胶|脱胶|掉[色漆皮]|褪色|开裂|断裂|鼓包|起泡|起皮|变形|发霉|生锈|变质|结块|受潮|粘不住|装不上|对不上|登不上|刷不了|困[了住]?人|卡[住死]|少发|漏发|错发|发错|短少|停水|停电|又停了|(?:设备|机器|产线|电梯|系统|空调|服务器|锅炉)[^,，]{0,3}停了"
)
"""What is wrong with a thing that somebody bought."""
_HURRY = r"尽快|赶紧|赶快|抓紧|马上|立刻|立即|加急|紧急|火速|优先|快点?"
_MEND = r"处理|解决|修|看[看下]?|维修|抢修|检修|排查|检查|排除|更换|换|跟进|响应|安排|派"
DEMAND = re.compile(
    rf"^\s*(?:{_HURRY})[^,，Ⓒ]{{0,6}}?(?:{_MEND})|(?:{_HURRY})(?:安排|派|找|叫|去|来|给|帮|上门|人|[他她]们?|Ⓒ){{0,4}}(?:{_MEND})|"
    r"(?:派|安排|找|叫|来)个?(?:人|工程师|师傅|售后|技术员?|技工|维修工?|同事)(?:[^,，]{0,4}(?:去|来|过去|上门|到|看|修|处理|检查|维修)|$)|"
    r"(?:^|[要需得请来]|麻烦|帮忙?)\s*(?:去|上门|过去|现场)?(?:处理|解决|抢修|维修|检修|修理|修|看看?|检查)一?下?$|(?:上门|去|过去|现场)(?:修|看看|看一下|维修|处理|抢修)"
)
"""Somebody is to see to it."""
_MENDED = re.compile(
    r"(?:处理|修理|维修|抢修|修|解决|搞|弄|排除|换|恢复|疏通|调试?)(?:好|完|掉|妥|定|正常)?了|(?:问题|事[情儿]?|故障|报警|漏水|漏油)?(?:已经?|都|现在)?(?:好了|恢复正常|没事了|没问题了)"
)
_NOT_MENDED = re.compile(
    r"没|未|不(?!通|了|制|工|开)|[吗么呢?？]|等|再|就[能会可]|才|如果|要是|之?后|可能|估计|怎么|什么时候|何时|能不能|答应|保证|说要|还要"
)
_TALK = re.compile(
    r"聊|谈到|谈起|谈了|说起|讲起|提起|听说|据说|以前|之前|去年|上次|经常|[老总]是?(?=报警|坏|漏|停|死|出)|常常|怕|担心|万一|如果|要是|避免|防止|会不会|对手|竞品|同行|别家|别人家|友商|演示|功能|方案"
)
_NOT_ORDERED = re.compile(
    r"让我|要我|要求我|催我|叫我|答应|承诺|保证|我(?:们)?(?:明|后|下|周|会|去|来|要|得|准备|打算|Ⓓ)|Ⓓ[之以]?前|最[晚迟]|[吗么呢?？]|怎么|不用|不必|无需|别|没|已经?|过了|多少|哪些|提醒|记得"
)


def raises_fault(section: Section, place: int) -> bool:
    """设备报警停机，派人去看看: whether a clause wants a fault seen to that its section tells."""
    clause = section.clauses[place]
    if not DEMAND.search(clause.shape) or _NOT_ORDERED.search(clause.shape):
        return False
    near = section.clauses[max(0, place - 3) : place + 1]
    return any(_is_fault(c) for c in near) and not any(_is_talk(c) for c in near)


def orders_mending(clauses: list[Clause]) -> bool:
    """Whether a message that may look like a question (派人去看看) orders a fault seen to."""
    whole = Section(clauses)
    return any(raises_fault(whole, place) for place in range(len(clauses)))


def tells_mended(section: Section, place: int) -> bool:
    """漏水修好了: whether a clause tells that a fault is mended."""
    before = section.clauses[place - 1 : place] if place else []
    clause = section.clauses[place]
    found = FAULT.search(clause.shape)
    own = found is not None and _MENDED.search(clause.shape, found.start()) is not None
    after = bool(before) and _is_fault(before[0]) and _SINCE_MENDED.match(clause.shape) is not None
    told = [clause, *before] if after else [clause]
    return (own or after) and not any(
        _is_talk(c) or _NOT_MENDED.search(FAULT.sub("", c.shape)) for c in told
    )


_SINCE_MENDED = re.compile(
    r"\s*(?:已经?|都|也|刚刚?|现在|今天|Ⓓ)*(?:给|帮)?(?:[他她]们?|客户)?(?:处理|维?修|抢修|解决|搞定|弄|排除)(?:好|完|掉|妥)?了\s*$"
)


def _is_fault(clause: Clause) -> bool:
    return FAULT.search(clause.shape) is not None


def _is_talk(clause: Clause) -> bool:
    return bool(clause.of("rival")) or _TALK.search(clause.shape) is not None
