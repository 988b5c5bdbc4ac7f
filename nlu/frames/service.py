"""Tickets raised or closed, and leads that came in."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.faults import FAULT, raises_fault, tells_mended
from nlu.frames.targets import address
from nlu.naming.name_words import PLACES
from nlu.sections import Section, Setting

_RAISE = re.compile(
    r"工单|(?<!报)[销结关]单|(?:登记|转|提|开)(?:一?[个下])?售后|(?:记|登记|提|开|走)(?:一?[个条笔下])?(?:投诉|客诉)|客诉[^,，]{0,6}(?:闭环|关|结|处理[完好]|解决|搞定)|售后单|单售后|急单|报修|派单|派人(?:去|过去|上门)|售后(?:单|处理|跟一下)|服务单|报障|开个?单|提个?单|投诉单|[漏坏堵裂包警修故障潮胶色霉锈][^,，]{0,3}(?:那|这)?[个张]?(?:的)?单子?[^,，]{0,3}(?:结|关|销|处理|搞定)"
)
_CLOSE = re.compile(
    r"关掉|关闭|关了|关一?下|关吧|结一下|处理完|处理好|[办弄搞换修补]完|弄好|处理掉|解决了|修好|搞定|结单|结[掉了]|销[掉了]|(?<!报)关单|完事了?|闭环|完结|办结|可以关|结案|销单"
)
_URGENT = re.compile(r"急(?!诊)|加急|紧急|赶紧|马上|尽快|停[机产线工]|立刻|火速|十万火急")
_TROUBLE = re.compile(
    r"坏了?|故障|报警|停机|停产|不达标|不工作|不能用|用不了|打不开|开不了|死机|宕机|漏[水油气液电]|渗漏|异响|异味|太[低慢吵薄软硬稀]|偏[高低慢软硬]|率[太偏]?低|[一-龥]不[了进出上下动通着来亮热冷准清灵开转稳]|不(?:出|转|动|通|亮|灵|稳|响|显示|识别|启动|加热|制热)|松[了脱]|掉[了漆皮色屑块]|翘[边起了]|糊了|花屏|闪屏|发烫|烧[了坏焦]|蛀|缺[件斤]|歪|褪色|起球|起泡|串味|长虫|不发芽|倒伏|错位|错版|重影|卡[住死顿]|断[了裂头]|老停|常停|裂|脱落|起皮|发黄|变形|松动|短路|跳闸|失灵|失效|报错|出错|错误|"
    r"不准|偏差|超标|投诉|不合格|损坏|破损|堵[了塞]|掉线|黑屏|启动不了|不亮|不制冷|不热|没反应|开裂|空鼓|鼓包|爆了|爆[裂胎管]|炸[了裂]|塌[了陷]|散架|垮了|崩[了开裂]|脱[焊线]|漏电|打滑|瘪了|弯了|返工|质量问题|有问题|连不上|闪退|发霉|生锈|锈|磨损|过热|冒烟|漏|渗|有虫|变质|过期|受潮|结块|发臭|异物|少发|漏发|错发|发错|少了|破[了洞]|碎|压坏|泡水|迟到|晚到|延误|丢[件货]|货损|短缺|色差|气泡|跑[味冒]|停电|噪音"
)
_LEAD = re.compile(r"线索")
_COMPANY = re.compile(
    r"(?P<v>[\u4e00-\u9fffA-Za-z（）()]{2,24}?(?:公司|集团|医院|大学|学院|研究院|研究所|中心|厂|局|科技|生物|药业|制药|电子|基因|半导体|医疗|地产|置业|物业|装饰|建设|物流|食品|化工|机械|材料|能源|环保|学校|酒店|商贸|实业|诊断|检测|智能|软件|信息|银行|超市|农业|工程|精密|汽配|汽车|贸易|"
    r"家居|服饰|餐饮|连锁|传媒|教育|院|店|行|社|馆|城|园))(?=[^\u4e00-\u9fff]|的?$|的)"
)
SOURCES = re.compile(
    r"(?P<v>转介绍|老客户介绍|朋友介绍|[\u4e00-\u9fff]{1,4}介绍|官网|展会|网站|(?:百度|360|头条|美团|搜狗|谷歌)(?:推广|竞价|投放)|百度|抖音|公众号|小红书|阿里巴巴|1688|电话咨询|电话陌拜|地推|扫街|招标网|朋友圈|广告|[\u4e00-\u9fff]{0,3}(?:广交|交易|糖酒|订货|博览|进博|高交|洽谈|推介)会|会议|论坛|直播|视频号|[\u4e00-\u9fff]{0,4}展(?:销会|览会|会)?(?!厅|示|开))(?:来的|来了?条?|线索|过来|上|获取|推荐|认识|留)?"
)

_FROM = re.compile(
    r"^\s*(?:是|通过|从)?(?P<v>[一-龥A-Za-z0-9]{2,8}?)(?:上|里|那边)?(?<![推引介])(?:过?来的|认识的|[看刷搜问聊找加]到?的|找来的?|找到的|加的|获取|拉来的|问过?来的?|留言的?|私信的?)$"
)
_BY_SOMEBODY = re.compile(r"^\s*(?:是)?(?P<v>[一-龥]{1,6}(?:介绍|推荐|引荐))(?:过?来)?的$")


def source_of(shape: str) -> re.Match[str] | None:
    """How somebody was found, in a clause that says nothing else: group v."""
    return _FROM.match(shape) or _BY_SOMEBODY.match(shape)


def tickets(section: Section, setting: Setting) -> list[Draft]:
    """A ticket where one is to be opened or closed."""
    for place, clause in enumerate(section.clauses):
        by_fault = raises_fault(section, place) or tells_mended(section, place)
        if not (by_fault or _RAISE.search(clause.shape)) or re.search(
            r"多少|哪些|怎么样|咋样|如何|几个|[了好]没|[吗?？]", clause.shape
        ):
            continue
        if _NO_TICKET.search(clause.shape):
            continue
        draft = address(Draft("ticket", clause.start), section)
        around = section.clauses[max(0, place - 3) : place + 4]
        named = _NAMED.search(clause.shape)
        closing = [c for c in section.clauses[place : place + 3] if _CLOSE.search(c.shape)]
        if closing and not _OPENS.search(clause.shape):
            if named:
                draft.put(
                    "what", _bare(clause.cut(*named.span("what"))), (clause.start, clause.end)
                )
            elif told := [c for c in around if _TROUBLE.search(c.shape)]:
                draft.put("what", _done(_what(told[0])), (told[0].start, told[0].end))
            draft.put("status", "closed", (clause.start, clause.end))
            return [draft]
        trouble = _trouble(section, place)
        what = "，".join(filter(None, (_what(c) for c in trouble)))
        draft.put("what", what, (trouble[0].start, trouble[-1].end) if trouble else None)
        draft.put("status", "open", (clause.start, clause.end))
        if any(_URGENT.search(_NO_HURRY.sub("", c.shape)) for c in around):
            draft.put("urgent", True, (clause.start, clause.end))
        for near in [*around[: around.index(clause) + 2], *trouble]:
            near.taken.add(near.start)
            near.taken.update(m.start for m in near.of("product"))
        return [draft]
    return []


_NO_TICKET = re.compile(
    r"(?:新|另|再)(?:开|建|起|立)了?[个一张条]*单|(?:不用|不必|不要|没必要|无需|甭|别|没(?![声电水网货图画温油气压信反显输动])(?:有)?(?:要求|让|说)?|先不|暂不|暂时不|不(?:想|打算|需要)|不(?=[开建提报派]))[^,，]{0,4}(?:[开建提报派下录]|工单|报修|处理)"
)
_NO_HURRY = re.compile(r"(?:不(?:太|是很|怎么|算|着)?|没那么|不用|别)(?:着|赶|加)?急")
_FEELING = re.compile(
    r"^[^,，]{0,6}(?:急(?:死|疯|坏|得)|[发生][了好]?大?[火气脾]|脾气|着急|很急|催|跳脚|不高兴|不满|气得|骂|火大|抓狂|吓|闹|炸锅|发飙|恼火)"
)
_NAMED = re.compile(
    r"(?P<what>[^Ⓒ,，]{2,16}?)(?:的)?(?:那|这)?(?:[个张条份])?(?:的)?(?:工单|报修单?|服务单|投诉单?|售后单)"
)
_OPENS = re.compile(r"处理一下|[开建提报派下录]了?[个一张条]|^[开建提]工单")
_SAID = re.compile(r"说|反馈|反映|投诉(?=.{2})|[:：]")


def _trouble(section: Section, place: int) -> list[Clause]:
    """The clauses that tell what is wrong: before the order, in it, or behind its colon."""
    clauses = section.clauses
    around = [c for c in clauses[max(0, place - 4) : place + 3] if not _FEELING.search(c.shape)]
    told = [c for c in around if _TROUBLE.search(c.shape) or FAULT.search(c.shape)]
    if told:
        after = clauses[place + 1 : place + 2] if told[-1] is clauses[place] else []
        plain = [
            c
            for c in after
            if len(_what(c)) >= 4
            and not c.of("person")
            and not c.strong
            and not _THEY.match(c.shape)
        ]
        return [*told, *plain][:2]
    said = [c for c in around if _SAID.search(c.shape) and len(_what(c)) >= 4]
    if said:
        return said[:1]
    if len(_what(clauses[place])) >= 4:
        return [clauses[place]]
    before = [c for c in clauses[max(0, place - 3) : place] if not _FEELING.search(c.shape)]
    near = [*reversed(before), *clauses[place + 1 : place + 2]]
    return [c for c in near if len(_what(c)) >= 3 and not _URGENT.fullmatch(c.shape.strip())][:1]


_THEY = re.compile(r"\s*(?:客户|业主|他们?|她们?|人家|甲方|让|麻烦|请|赶紧|尽快|加急|挺?急)")


_AFTERWARDS = re.compile(
    r"的?[那这][个张单条笔][^,，]*$|的?(?:单子?|售后)[^,，]{0,8}$|(?:的?[事问题那个]*)?(?:已经?|都)?(?:解决|处理|修|搞定|弄|结).{0,4}$"
)


def _done(words: str) -> str:
    """报警的事解决了, 漏气那单补发完了: the trouble, without what was done about it."""
    return _AFTERWARDS.sub("", words) or words


def _what(clause: Clause) -> str:
    """The trouble, without the customer's name and who told it."""
    words = ""
    for place, char in enumerate(clause.shape):
        mention = clause.mention_at(place)
        if mention is None:
            words += char
        elif mention.kind not in ("customer", "date", "person"):
            words += mention.text
    if _SAID.search(words):
        told = re.sub(r"^.*?(?:说|反馈|反映|投诉(?=.{2})|[:：])", "", words)
        if len(_bare(told)) < 2:
            return _bare(words)
        words = re.sub(r"^.*?(?:说|反馈|反映|投诉(?=.{2})|[:：])", "", words)
    return _bare(words)


def _bare(words: str) -> str:
    words = re.sub(
        r"^(?:先|请|麻烦|快)*(?:登记?|录|挂|走|下)(?:一|个|张|条|下)+|^[一-龥]{1,4}的[那这][一]?[批个台套次]|^(?:上|这|那|前)[一]?[批次]|^[那这]个|帮[我忙]?|给|(?<!裂)(?<!打不)(?:开|建|提|报|派)(?:[个一张条]+)(?=工单|单|$)|(?:开|建|提|报|派)[个一张条]*(?=加急|紧急|工单|服务单|报修)|加急|紧急|工单|报修|派单|处理一下|跟一下|的$|^的|吧$|赶紧|一个|[那这]个$",
        "",
        words,
    )
    words = re.sub(r"^(?:[那这]边|那里|这里)(?:的|有)?(?=.{2})", "", words)
    return re.sub(r"(?<=.{2})(?<!坏)了$", "", words.strip(" ,，。:：的!！"))


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
        source = SOURCES.search(_undated(clause).replace("来源", "  "))
        source = source or source_of(clause.shape)
        if source and "source" not in draft.slots:
            draft.put("source", source["v"], (clause.start, clause.end))
    return [draft] if set(draft.slots) & {"company", "contact", "phone"} else []


def _undated(clause: Clause) -> str:
    """The text with its days blanked: 昨天广交会 was no fair of that name."""
    text = clause.text
    for mention in clause.of("date"):
        text = text.replace(mention.text, " " * len(mention.text))
    return text


_HOW_FOUND = re.compile(
    r"^.*(?:认识|来|推荐|介绍|加|碰到|聊到?|遇到|接触到?|找到?|问|进)的(?:线索)?(?:是|叫)?(?:[:：]|(?=[\u4e00-\u9fff]{4})|$)"
)
"""展会上认识的…: how a lead was found, before its company."""


_POST_BEHIND = re.compile(
    r"(?:采购|生产|技术|行政|财务|设备|后勤|运营|工程|市场|销售|人事|供应链)*(?:总监|经理|主管|主任|部长|科长|处长|厂长|院长|老板|负责人)?的?\s*$"
)
"""美达电器采购总监何慧: the firm ends where the post begins."""
_IN_NAMES = frozenset({"region", "industry", "product"})
_WANTED = re.compile(r"\s*(?:想|要|问|了解|打听|找|需|看上|咨询|有意|对)")


def _is_bare_name(clause: Clause, text: str) -> bool:
    """Whether a piece at the clause's end may be a firm's name: nothing that they want."""
    start = clause.end - len(text.rstrip())
    rest = [m for m in clause.mentions if m.start >= start and m.kind not in _IN_NAMES]
    return not rest and not _WANTED.match(text)


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
    text = re.sub(r"^.*?线索(?:[一两]?[个条家]|来了?|到了?)*\s*[:：,，]?", "", clause.text)
    people = [m for m in clause.of("person") if m.start > clause.start]
    if people and clause.text.endswith(text):
        text = text[: max(0, len(text) - (clause.end - people[0].start))]
        text = _POST_BEHIND.sub("", text)
        firm = re.match(r"[\u4e00-\u9fff]{4,16}$", text)
        if firm and text[:2] in PLACES:
            draft.put("company", text, (clause.start, clause.start + len(text)))
            return
    text = _HOW_FOUND.sub("", text)
    if SOURCES.match(text) and len(text) < 6:
        return
    if not text.strip():
        return
    text = re.sub(r"^(?:公司|客户|企业)(?:名称?)?[:：]\s*", "", text.strip())
    match = _COMPANY.search(text) or re.match(
        r"^(?P<v>[\u4e00-\u9fff]{4,16})$", text.strip() if _is_bare_name(clause, text) else ""
    )
    if match:
        start = clause.text.find(match["v"]) + clause.start
        draft.put("company", match["v"], (start, start + len(match["v"])))
