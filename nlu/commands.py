"""Short orders: undo, help, consent, refusal, hand-over, the pool, subscriptions."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

import re

from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.scene import Mention
from nlu.sections import Setting, resolve

_UNDO = re.compile(
    r"^[^,，]{0,12}[,，。\s]*(?:撤销|撤回|撤了|撤掉|回退|撤一下|作废)"
    r"|(?:刚才|刚刚|刚|上[一条面]|前面|那[条笔个]|这[条笔]|最后)[^,，]{0,8}(?:取消|删|不算|不作数|作废|不要了?|去掉|当没说|清掉|退回去)"
    r"|(?:取消|删掉?|去掉|清掉)(?:刚才|刚刚|上一?|前面|那[条笔]|这[条笔])"
)
_UNDO_NOT = re.compile(
    r"[?？吗]|约|行程|见面|饭局|拜访|会议|合同|订单|项目取消|工单|日报|周报|月报|公海|待办(?!撤)|提醒"
)
_BOT = r"(?:你们?|您|gendan|跟单|这?个?(?:机器人|助手|小助手|小程序|软件|系统|工具|bot|东西|玩意儿?)|它)"
_WHAT = r"(?:什么|啥|嘛|哪些|哪样|哪几|点啥)"
_HELP = re.compile(
    rf"^[^,，]{{0,8}}{_BOT}[^,，月周季年]{{0,5}}(?:能|会|可以|支持|懂|擅长)[^,，]{{0,6}}{_WHAT}|{_BOT}(?:到底|究竟)?(?:是|有)(?:干|做|管|啥|什么)[^,，]{{0,2}}(?:什么|啥|嘛|的|用|功能|本事)|^(?:都|还)?(?:能|会|可以)(?:帮我|替我)?(?:干|做|办|查|记)[^,，]{{0,3}}{_WHAT}[呀啊呢?？]*$"
    r"|^(?:[看给]?[^,，]{0,3})(?:帮助|help|使用说明|怎么用|咋用|如何使用|说明书?|使用帮助|菜单|指令|命令|教程|手册|用法|操作指南)(?:[^,，]{0,4})$|功能(?:介绍|列表|有哪些|清单)|(?:什么|哪些|啥)(?:功能|指令|命令|用法|本事|技能)"
    rf"|(?:怎么|如何|咋个?)(?:使?用|使|玩|操作|弄|整)(?:{_BOT}|这个|啊|呀|呢|的|嘛)*(?:$|[,，?？。])|教[教我一]*[下哈]|教(?:教)?我|不(?:会|知道|晓得)(?:怎么|咋|如何)(?:使?用|使|玩|弄|操作)|(?:能|可以)(?:帮|替)我(?:干|做|办|查)?[^,，]{{0,2}}{_WHAT}[呀啊呢?？]*$|我(?:都|该|应该)?(?:可以|能|怎么|该)(?:跟|对|问|让|叫|使唤)你(?:说|做|问|讲|干|办)?(?:{_WHAT}|些|吗)?|有说明",
    re.IGNORECASE,
)
_TARGETS = (
    ("discount", re.compile(r"折扣|特价|让利|优惠|折的|价格申请|降价")),
    ("contract", re.compile(r"合同|协议")),
    ("expense", re.compile(r"报销|费用|差旅|[餐油车]费|住宿|招待|车票|机票|发票")),
    ("quote", re.compile(r"报价|报的价")),
)
_REJECT = re.compile(
    r"驳回|退回(?!公海)|打回|不同意|不批|不通过|拒绝|拒了|否决|没通过|不予|不准|不给[过批]|不让过|过不了|不能[过批]|不放行|批不了|驳了|先不批|退了|退掉|打回去|毙"
)
_APPROVE = re.compile(
    r"同意|批准|批了|准了|通过(?!了?(?:验收|测试|审核|评审))|核准|可以批|审批通过|[oO][kK]|没问题|可以|准予|批一下|我批|批吧|放行"
)
_WEAK = re.compile(r"^[oO][kK]|没问题|可以")
_PAPER = re.compile(r"(?<![A-Za-z0-9])(?P<n>[A-Za-z]{1,3}-?\d{3,})(?![A-Za-z0-9])")
_TRANSFER = re.compile(
    r"给(?=[^,，]{1,4}跟(?:进|着|吧|$))|转给|转到|移交给?|交给|划给|划到|分给|分配给|过户给?|转交给?|交接给|给到|接手|(?<=的)[^,，的]{1,12}给(?=[^我你他她们])|挂到|归|调给|交由"
)
_CLAIM = re.compile(
    r"我名下|领(?!导|域|先|军|带|料)|认领|捞|(?:公海|池)[^,，]{0,6}(?:拿|转给我|给我|分给我)|我(?:来)?跟进?吧?$|归我|抢"
)
_POOL = re.compile(r"公海|客户池|共享池|公共池|公池")
_RELEASE = re.compile(
    r"(?:放|退|扔|丢|还|释放|移|转|归|踢|回)[到回入进]?(?:给)?(?:了)?公(?:海|池|共池)|释放|放弃跟进|退公海|放公海|扔公海|丢公海|回公海|进公海"
)
_REPORTS = (
    ("ranking", re.compile(r"排行榜?|排名|龙虎榜|业绩榜|战报")),
    ("funnel", re.compile(r"漏斗")),
    ("forecast", re.compile(r"预测")),
    ("receivables", re.compile(r"应收|欠款|回款报表|账款")),
    ("monthly", re.compile(r"月报")),
    ("weekly", re.compile(r"周报")),
    ("daily", re.compile(r"日报|简报|早报|晚报")),
)
_PUSH = re.compile(r"发|推|送|订阅|给我|要|来[一份个]|出[一份个]|弄[一份个]|报[一份个]")
_EVERY = re.compile(
    r"每[天日周月个星]|工作日|天天|以后|定时|订阅|周[一二三四五六日天]到周|上班日|逢"
)
_OFF = re.compile(
    r"别再?(?:给我|往群里)?[推发送]|不[用要再]{1,2}(?:给我)?[推发送]?|取消|停[了掉止]|关[了掉闭]|(?:停|关)(?:一下)?[吧。]?$|^(?:停|关)(?=[掉了闭]|一下)|退订|不看了|免了|暂停"
)
_DAYS = "一二三四五六日"


def is_undo(text: str) -> bool:
    """Whether the message takes back what was written last."""
    return len(text) < 24 and bool(_UNDO.search(text.strip())) and not _UNDO_NOT.search(text)


def is_help(text: str) -> bool:
    """Whether the sender asks what the bot can do."""
    return len(text) < 30 and _HELP.search(text.strip()) is not None


def command(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    """The order that the message is, if it is one; an ask for a user has options."""
    for reader in (_subscription, _handover, _pool, _decision):
        drafts = reader(setting, clauses)
        if drafts:
            return drafts
    return []


def _decision(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    text = setting.text.strip()
    rejected, approved = _REJECT.search(text), _APPROVE.search(text)
    found = rejected or approved
    if not found or len(text) > 60 or re.search(r"[吗?？]|哪些|客户说|[他她]说|们同意", text):
        return []
    paper = _PAPER.search(text)
    target = _target(text)
    if not target and not paper and not _is_bare(text, found):
        return []
    if not rejected and _WEAK.match(found.group()) and not (paper or target):
        return []
    if setting.sender.role == "rep" and not paper:
        return []
    draft = Draft("reject" if rejected else "approve", found.start())
    draft.put("target", target, found.span())
    _decided_customer(draft, setting, clauses)
    if paper:
        draft.put("number", paper["n"].upper(), paper.span("n"))
    draft.put("comment", _comment(clauses, found), found.span())
    return [draft]


def _target(text: str) -> str | None:
    """The paper that is named first: 那份报价我批了，折扣别低于九折 is about the quote."""
    found = [(m.start(), name) for name, pattern in _TARGETS if (m := pattern.search(text))]
    return min(found)[1] if found else None


def _is_bare(text: str, found: re.Match[str]) -> bool:
    return re.fullmatch(
        r"(?:我|都|全部|行|好的?|嗯)*[,，]?", text[: found.start()].strip()
    ) is not None and (
        found.end() >= len(text.strip("。!！~了吧 ")) or text[found.end()] in ",，。了 "
    )


def _decided_customer(draft: Draft, setting: Setting, clauses: list[Clause]) -> None:
    for clause in clauses:
        for mention in clause.of("customer"):
            ids = resolve(setting, mention, clause)
            if len(ids) == 1:
                draft.put("customer", ids[0], mention)
            else:
                draft.put("options", list(ids), mention)
            if ids:
                return


def _comment(clauses: list[Clause], found: re.Match[str]) -> str:
    """What is said beside the decision: its condition or reason."""
    said = []
    for clause in clauses:
        bare = clause.text
        if clause.start <= found.start() < clause.end:
            bare = clause.text[found.end() - clause.start :]
            bare = re.sub(
                r"^(?:[,，\s]|批了|批|同意|可以|了|吧|的|这个|这份|这单|掉|一下|[A-Za-z]{1,3}-?\d{3,})+",
                "",
                bare,
            )
            if not re.match(r"^[:：]|^(?:但|不过|只|最|理由|原因|因为)", bare):
                bare = ""
        elif (
            (
                clause.end <= found.start()
                and re.search(r"Ⓒ|那[个份单]|报价|合同|报销|折扣|的$|Ⓤ|申请", clause.shape)
            )
            or re.search(
                r"(?:Ⓒ|那[份个张单])[^,，]{0,6}(?:报价|合同|报销|折扣|申请|单)$", clause.shape
            )
            or (clause.end <= found.start() and len(clause.text) < 5)
        ):
            bare = ""
        bare = _PAPER.sub("", bare)
        bare = re.sub(r"^(?:那就)?(?:批了|同意|可以|批准|通过)[,，]?(?:但|不过)?", "", bare)
        said.append(bare.strip(" :：,，。"))
    return "，".join(
        s for s in said if len(s) > 1 and not re.fullmatch(r"(?:辛苦了?|谢谢|好的?|嗯|行)", s)
    )


def _handover(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    text = setting.text
    found = _TRANSFER.search(text)
    if (
        not found
        or re.search(r"[?？]|资料|方案|文件|样[品机]|报价|合同(?!.*客户)", text)
        or len(text) > 90
    ):
        return []
    users = [m for c in clauses for m in c.of("user")]
    receiver = _receiver(users, found, text)
    if receiver is None:
        return []
    draft = Draft("transfer", found.start())
    giver = next((m for m in users if m is not receiver and m.start < receiver.start), None)
    chosen = _customers(setting, clauses, draft)
    if (
        re.search(
            r"名下[^,，]{0,3}(?:都|全|所有)[^,，]{0,2}(?:转|交|划|给|移)|(?:所有|全部|全都|名下|手[上里头]|手下)[^,，]{0,8}客户|客户[^,，]{0,4}(?:全|都|所有)",
            text,
        )
        and not chosen
    ):
        draft.put("customers", "all")
    if "customers" not in draft.slots and "options" not in draft.slots:
        return []
    if giver and len(giver.values) == 1:
        draft.put("from_user", giver.values[0], giver)
    elif re.search(r"把?我(?:的|名下|手[上里头])", text):
        draft.put("from_user", setting.sender.id)
    options = (
        [setting.settled.get(receiver.text, "")]
        if receiver.text in setting.settled
        else list(receiver.values)
    )
    if len(options) == 1:
        draft.put("to_user", options[0], receiver)
    else:
        draft.put("users", options, receiver)
    return [draft]


def _receiver(users: list[Mention], found: re.Match[str], text: str) -> Mention | None:
    after = [m for m in users if m.start >= found.end() - 1 and m.start - found.end() <= 3]
    if after:
        return after[0]
    if found.group() in ("接手", "归"):
        before = [m for m in users if m.end <= found.start() and found.start() - m.end <= 4]
        return before[-1] if before else None
    return None


def _customers(setting: Setting, clauses: list[Clause], draft: Draft) -> list[str]:
    chosen: list[str] = []
    for clause in clauses:
        for mention in clause.of("customer"):
            ids = resolve(setting, mention, clause)
            if len(ids) > 1:
                draft.put("options", list(ids), mention)
            elif ids and ids[0] not in chosen:
                chosen.append(ids[0])
                draft.put("customers", list(chosen), mention)
    if (
        not chosen
        and "options" not in draft.slots
        and setting.recent
        and re.search(r"他们|这个客户|这家|那家|该客户|它", setting.text)
    ):
        chosen = [setting.recent[0]]
        draft.put("customers", list(chosen))
    return chosen


def _pool(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    text = setting.text
    asks = not re.search(r"我来|我领|领走|领了|给我|归我", text)
    if asks and (
        re.search(r"有(?:什么|哪些|多少|啥|没有)|哪些|多少|几个|[吗?？]|看看|列", text)
        or len(text) > 60
    ):
        return []
    kind = "release" if _RELEASE.search(text) else ""
    if not kind and _CLAIM.search(text):
        pooled = any(
            link.customer.owner is None
            for c in clauses for m in c.of("customer") for link in m.links
        )  # fmt: skip
        if _POOL.search(text) or (
            re.search(r"认领|领[给到取一走]|领了|我领|捞|抢|我名下|归我|我来|我要|我接", text)
            and (pooled or "领" in text)
        ):
            kind = "claim"
    if not kind:
        return []
    found = Draft(kind, 0)
    chosen = _customers(setting, clauses, found)
    if "options" in found.slots:
        return [found]
    drafts = []
    for one in chosen:
        draft = Draft(kind, 0)
        draft.put("customer", one, found.spans.get("customers"))
        drafts.append(draft)
    return drafts


def _subscription(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    text = setting.text
    report = next((name for name, pattern in _REPORTS if pattern.search(text)), None)
    if not report or len(text) > 50:
        return []
    off = _OFF.search(text) and not re.search(r"别忘", text)
    if off:
        draft = Draft("subscribe", 0)
        draft.put("report", report)
        draft.put("off", True)
        return [draft]
    if not _EVERY.search(text) or not _PUSH.search(text):
        return []
    draft = Draft("subscribe", 0)
    draft.put("report", report)
    draft.put("at", clock_of(setting, clauses))
    draft.put("days", days_of(text))
    return [draft]


_CLOCK = re.compile(
    r"(?P<part>凌晨|早上|早晨|清晨|上午|中午|下午|晚上|傍晚|早|晚)?\s*(?P<hour>\d{1,2}|[一二三四五六七八九十]{1,3}|两)(?:[:：](?P<minute>\d{2})|[点时](?:钟|整)?(?P<half>半|一刻|三刻|\d{1,2}分?|[一二三四五]?十[一二三四五六七八九]?分?)?)"
)
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {
    "两": 2,
    "十一": 11,
    "十二": 12,
}


def clock_of(setting: Setting, clauses: list[Clause]) -> str | None:
    """The time of day in the text as HH:MM."""
    match = _CLOCK.search(setting.text)
    if not match:
        return None
    said = match["hour"]
    hour = int(said) if said.isdigit() else _NUMERALS.get(said, -1)
    if not 0 <= hour <= 24:
        return None
    if match["part"] in ("下午", "晚上", "傍晚", "晚") and hour < 12:
        hour += 12
    if match["part"] == "中午" and hour < 6:
        hour += 12
    return f"{hour % 24:02d}:{_minute(match):02d}"


def _minute(match: re.Match[str]) -> int:
    if match["minute"]:
        return int(match["minute"]) % 60
    half = (match["half"] or "").rstrip("分")
    fixed = {"": 0, "半": 30, "一刻": 15, "三刻": 45}
    if half in fixed:
        return fixed[half]
    if half.isdigit():
        return int(half) % 60
    tens, _, ones = half.partition("十")
    return _NUMERALS.get(tens or "一", 1) * 10 + (_NUMERALS.get(ones, 0) if ones else 0)


def days_of(text: str) -> str | None:
    """On which days: daily, workdays, weekly-N or monthly-N."""
    if re.search(r"工作日|上班日|周一到周五|周一至周五|每个?工作", text):
        return "workdays"
    week = re.search(r"每?(?:个)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天1-7])", text)
    if week:
        day = week["d"].replace("天", "日")
        return f"weekly-{_DAYS.index(day) + 1 if day in _DAYS else int(day)}"
    month = re.search(
        r"每?个?月(?:的)?(?P<d>\d{1,2}|[一二三]?十?[一二三四五六七八九十]?)[号日]", text
    )
    if month and month["d"]:
        day = month["d"]
        number = int(day) if day.isdigit() else _minute_number(day)
        return f"monthly-{number}" if 1 <= number <= 31 else None
    if re.search(r"每个?月(?:初|的?第一天)|月初", text):
        return "monthly-1"
    if re.search(r"每个?月(?:底|末|最后)|月底", text):
        return "monthly-31"
    if re.search(r"每[天日晚早]|天天|每个?(?:早|晚)", text):
        return "daily"
    return None


def _minute_number(said: str) -> int:
    if "十" in said:
        tens, _, ones = said.partition("十")
        return _NUMERALS.get(tens or "一", 1) * 10 + (_NUMERALS.get(ones, 0) if ones else 0)
    return _NUMERALS.get(said, 0)
