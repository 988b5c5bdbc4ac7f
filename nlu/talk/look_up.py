"""A customer looked up by a name that nobody known has, so that the answer can say so."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.naming.name_words import COMMON, KINDS, TRADES
from nlu.naming.names import is_place
from nlu.sections import Setting
from nlu.talk.measure_words import ABOUTS, METRICS

_LOOK_UP = re.compile(
    r"(?:请|麻烦|你|帮我|给我|帮忙|我想|我要|再|先)*(?:看一下|看看|看下|查一下|查下|查查|调一下)"
    r"(?:客户)?[:： ]*"
    r"(?P<name>[\u4e00-\u9fffA-Za-z0-9()（）·&\-]{2,20}?)"
    r"(?:这个?(?:客户|公司)|这家)?(?:的?(?:客户)?(?:情况|资料|档案|信息|近况|概况)|(?:现在)?(?:是?什么|啥)情况|怎么?样|如何)?"
    r"[吧呗。.!！?？\s]*"
)
_TALK = re.compile(
    r"[的了吗呢吧啊么你我他她它这那哪谁咱您没不]|怎|什么|啥|多少|几[个点次家]|一下|(?<![智功性节])能(?!源)|是否|如何|为何|有没|再说|"
    r"大家|自己|别人|人家|领导|老板|同事|经理|客户|对方|竞争|对手|产品|价格|反馈|意见|效果|结果|办法|问题|原因|"
    r"机会|时间|时候|日期|日历|天气|气温|新闻|消息|通知|公告|邮件|邮箱|短信|微信|手机|电话|朋友|孩子|家人|"
    r"文件|附件|图片|照片|视频|电影|音乐|表格|文档|资料|材料$|菜单|餐厅|外卖|路[况线]|地图|位置|地址|航班|机票|"
    r"[车船]票|火车|高铁|地铁|股[票市价]|基金|汇率|油价|行情|比赛|成绩|快递|物流$|库存|仓库|发货|发票|密码|账号|"
    r"帮助|功能|系统$|设置|世界|风景|热闹|情况|东西|进度|状态|数据$|网络$|软件$|设备$|仪器$|汽车$|照明$|技术$"
)
_LEGAL = re.compile(r"(?:公司|集团|股份)$")
_INSIDE = frozenset({"product", "industry", "region"})
"""What a firm's name may hold a piece of: 西南制药 is no question about a region."""


def look_up(setting: Setting, clauses: list[Clause]) -> Draft | None:
    """The query for a customer named as said, or None where something else may be meant."""
    text = setting.raw.strip()
    match = _LOOK_UP.fullmatch(text)
    if match is None or len(clauses) != 1:
        return None
    name = match["name"]
    start = setting.raw.index(text) + match.start("name")
    if not _is_name(name) or not _holds_only(clauses[0], name, start):
        return None
    draft = Draft("query", 0)
    draft.put("about", "customer")
    draft.put("customer", name)
    draft.spans["customer"] = (start, start + len(name))
    return draft


def _is_name(name: str) -> bool:
    """Whether a word may be a firm's name rather than a thing, a place or talk."""
    if name in COMMON or name in TRADES or name in KINDS or is_place(name) or _TALK.search(name):
        return False
    if any(pattern.search(name) for _, pattern in METRICS):
        return False
    return bool(_LEGAL.search(name)) or not any(pattern.search(name) for _, pattern in ABOUTS)


def _holds_only(clause: Clause, name: str, start: int) -> bool:
    """Whether the sentence names nothing but, at most, a piece of the name."""
    firm = _LEGAL.search(name) or name.endswith((*TRADES, *KINDS))
    return all(
        mention.kind in _INSIDE
        and start <= mention.start
        and mention.end - mention.start < len(name)
        and (mention.start > start or firm)
        for mention in clause.mentions
    )


_HEAD = re.compile(
    r"(?:看一?下|查一?下|帮我查)?(?P<name>[\u4e00-\u9fff]{3,14}?)(?:的|有哪些|有没有|有什么|什么情况)"
)
"""宏达精密的合同: the beginning of a question about one firm."""


_ALL = re.compile("所有|全部|全体|各|每|今|去|上|本|最近|到期|新|老|其他")


def unknown_firm(setting: Setting, clauses: list[Clause]) -> tuple[str, int, int] | None:
    """The firm that a question begins with and nobody known is called, with its span.

    Only what ends like a firm's name: a question about all would else be taken for one about
    a customer that isn't there, and one about a colleague's customer for one about all.
    """
    match = _HEAD.match(setting.raw)
    if match is None or not clauses:
        return None
    name, start = match["name"], match.start("name")
    if not name.endswith((*TRADES, *KINDS)) or not _is_name(name) or _ALL.match(name):
        return None
    return (name, *match.span("name")) if _holds_only(clauses[0], name, start) else None
