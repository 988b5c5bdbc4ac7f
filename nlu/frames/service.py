"""Tickets raised or closed, and leads that came in."""

from __future__ import annotations

import re

from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.targets import address
from nlu.sections import Section, Setting

_RAISE = re.compile(
    r"工单|报修|派单|派人(?:去|过去|上门)|售后(?:单|处理|跟一下)|服务单|报障|开个?单|提个?单|投诉单"
)
_CLOSE = re.compile(
    r"关掉|关闭|关了|处理完|处理好|解决了|修好|搞定|结单|结了|完结|办结|可以关|结案|销单"
)
_URGENT = re.compile(r"急(?!诊)|加急|紧急|赶紧|马上|尽快|停[机产线工]|立刻|火速|十万火急")
_TROUBLE = re.compile(
    r"坏了?|故障|报警|停机|停产|不达标|不工作|不能用|用不了|打不开|开不了|死机|宕机|漏[水油气液电]|渗漏|异响|异味|卡[住死顿]|断[了裂]|裂|脱落|起皮|发黄|变形|松动|短路|跳闸|失灵|失效|报错|出错|错误|"
    r"不准|偏差|超标|投诉|不合格|损坏|破损|堵[了塞]|掉线|黑屏|启动不了|不亮|不制冷|不热|没反应|开裂|空鼓|鼓包|返工|质量问题|有问题|连不上|闪退|发霉|生锈|锈|磨损|过热|冒烟|漏"
)
_LEAD = re.compile(r"线索")
_COMPANY = re.compile(
    r"(?P<v>[\u4e00-\u9fffA-Za-z（）()]{2,24}?(?:公司|集团|医院|大学|学院|研究院|研究所|中心|厂|局|科技|生物|药业|制药|电子|基因|半导体|医疗|地产|置业|物业|装饰|建设|物流|食品|化工|机械|材料|能源|环保|学校|酒店|商贸|实业|诊断|检测|智能|软件|信息|银行|超市|农业|工程|精密|汽配|汽车|贸易|"
    r"家居|服饰|餐饮|连锁|传媒|教育|院|店|行|社|馆|城|园))(?=[^\u4e00-\u9fff]|的?$|的)"
)
_SOURCES = re.compile(
    r"(?P<v>转介绍|老客户介绍|朋友介绍|[\u4e00-\u9fff]{1,4}介绍|官网|展会|网站|百度|抖音|公众号|小红书|阿里巴巴|1688|电话咨询|电话陌拜|地推|扫街|招标网|朋友圈|广告|会议|论坛|直播|视频号|[\u4e00-\u9fff]{0,4}展(?!厅|示|开))(?:来的|线索|过来|上|获取|推荐|认识|留)?"
)


def tickets(section: Section, setting: Setting) -> list[Draft]:
    """A ticket where one is to be opened or closed."""
    for place, clause in enumerate(section.clauses):
        if not _RAISE.search(clause.shape) or re.search(
            r"多少|哪些|怎么样|几个|[吗?？]", clause.shape
        ):
            continue
        draft = address(Draft("ticket", clause.start), section)
        around = section.clauses[max(0, place - 3) : place + 2]
        closing = [c for c in section.clauses[place : place + 2] if _CLOSE.search(c.shape)]
        if closing and not re.search(r"处理一下|开[个一]", clause.shape):
            draft.put("status", "closed", (clause.start, clause.end))
            return [draft]
        trouble = [c for c in around if _TROUBLE.search(c.shape)]
        if trouble:
            what = " ".join(_what(c) for c in trouble[:2])
            draft.put("what", what, (trouble[0].start, trouble[-1].end))
        else:
            draft.put("what", _what(clause), (clause.start, clause.end))
        draft.put("status", "open", (clause.start, clause.end))
        if any(_URGENT.search(c.shape) for c in around):
            draft.put("urgent", True, (clause.start, clause.end))
        for near in around:
            near.taken.add(near.start)
        return [draft]
    return []


def _what(clause: Clause) -> str:
    """The trouble, without the customer's name and who told it."""
    words = ""
    for place, char in enumerate(clause.shape):
        mention = clause.mention_at(place)
        if mention is None:
            words += char
        elif mention.kind not in ("customer", "date", "person"):
            words += mention.text
    words = (
        re.sub(r"^.*?(?:说|反馈|反映|[:：])", "", words)
        if re.search(r"说|反馈|反映|[:：]", words)
        else words
    )
    words = re.sub(
        r"帮[我忙]?|给|开[个一]*|提[个一]*|加急|紧急|工单|报修|派单|处理一下|的$|^的|吧$|赶紧|一个",
        "",
        words,
    )
    return words.strip(" ,，。:：的")


def lead_of(section: Section, setting: Setting) -> list[Draft]:
    """A lead told with its company, person, phone, source or product."""
    cue = next((c for c in section.clauses if _LEAD.search(c.shape)), None)
    if cue is None or re.search(r"哪些|多少|几[条个]|[吗?？]|怎么样", cue.shape):
        return []
    draft = Draft("lead", cue.start)
    for clause in section.clauses:
        _company(draft, clause, section)
        for mention in clause.of("person"):
            if mention.named and "contact" not in draft.slots:
                draft.put("contact", mention.named.full or mention.named.said, mention)
        for mention in clause.of("phone"):
            draft.put("phone", mention.values[0].replace(" ", ""), mention)
        for mention in clause.of("product"):
            draft.put("product", mention.values[0], mention)
        source = _SOURCES.search(clause.shape)
        if source and "source" not in draft.slots:
            draft.put("source", clause.cut(*source.span("v")), (clause.start, clause.end))
    return [draft] if set(draft.slots) & {"company", "contact", "phone"} else []


def _company(draft: Draft, clause: Clause, section: Section) -> None:
    if "company" in draft.slots:
        return
    mention = section.mention
    if section.new_name and mention and clause.start <= mention.start < clause.end:
        draft.put("company", section.new_name, mention)
        return
    known = clause.of("customer")
    if known:
        draft.put("company", known[0].text, known[0])
        return
    text = re.sub(r"^.*?线索\s*[:：,，]?", "", clause.text)
    if not text.strip():
        return
    text = re.sub(r"^(?:公司|客户|企业)(?:名称?)?[:：]\s*", "", text.strip())
    match = _COMPANY.search(text) or re.match(
        r"^(?P<v>[\u4e00-\u9fff]{4,16})$", text.strip() if not clause.mentions else ""
    )
    if match:
        start = clause.text.find(match["v"]) + clause.start
        draft.put("company", match["v"], (start, start + len(match["v"])))
