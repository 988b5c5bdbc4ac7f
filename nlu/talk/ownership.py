"""Whose a customer is: handed over to a colleague, taken from the shared pool, given back."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.scene import Mention
from nlu.sections import Setting, resolve

LONGEST = 90
_GIVE = r"(?:安排给|分配给|指派给|[放搁]到|[放搁]在|转|移|交|划|分|拨|调|挪|派|过户|归属?|挂|让|推|甩|给|接)(?:给|到|交|移|由|配|派|接|手|让|拨|入|归|在|去|户)*"
_CARE = r"(?:来|去)?(?:负责|接|跟|管|盯|维护|对接|服务|照看|打理)"
_TO = (
    re.compile(rf"(?<![一-龥]让)(?P<v>{_GIVE})(?P<who>Ⓤ)"),
    re.compile(
        rf"(?:由|换成?|划?归|改[由成让为]|(?:以后|今后|往后|之后|后面|后续)(?:都|就)?(?:归|给|由|让|是)?)(?P<who>Ⓤ)(?:名下|{_CARE}|(?<=[归给]Ⓤ)[了吧]?$)"
    ),
    re.compile(r"(?P<who>Ⓤ)(?:来|去)?(?:接手|接管|接过|接替)"),
)
_TO_ME = re.compile(rf"(?P<v>{_GIVE})我(?=名下|手|这|吧|来|跟|$|[,，。了])")
_LOOSE_VERBS = re.compile(r"^(?:给|让|推|派|接|分|交|归|挂|调)$")
_GIVEN = ("安排给", "分配给", "指派给", "放到", "搁到", "放在", "搁在")
_EXCEPT = re.compile(r"除了?|(?<!之)以外|留下|先不|不包括|不算")
"""All but some: nothing that an act could say."""
_ENDS = re.compile(
    rf"^(?:名下|手[上里]|那[边里]?)?(?:去|来|了|吧|就行|哈|啊|即可|{_CARE}|[,，。\s]|$)"
)
_THINGS = re.compile(
    r"资料|方案|文件|样[品机本]|报价|合同(?!.*客户)|发票|报销|[^\s]费(?!用户)|申请|审批|单据|图纸?|电话|手机|邮[箱件]|微信|礼|[钱款]|订单|工单|标书|清单|表[格单]?|名片|[日周月]报|照片|链接|货|票|Ⓐ"
)
_PAPERS = re.compile(rf"{_THINGS.pattern}|折扣|特价|优惠|价格|Ⓕ|毛利|协议|预算|单据")
"""What is sent back is one of these, and no customer."""
_ALL = re.compile(
    r"名下的?[^,，]{0,3}(?:都|全|所有)[^,，]{0,2}(?:转|交|划|给|移|分)|(?:所有|全部|全都|名下|手[上里头]|手下|底下)[^,，Ⓒ]{0,8}客户|客户[^,，Ⓒ]{0,4}(?:全|都|所有)"
)
_POSSESSED = re.compile(
    r"^(?:要|下周|下月|Ⓓ|已经?|马上|快|刚|最近|在)*(?:的(?!微信|电话)|名下|手[上里头下]|那[边里儿]?|这边|跟的|负责的?|管的?|在跟|之前跟|原来|离职|休|走|调|请假|产假|转岗|忙)"
)
_GIVER_BEFORE = re.compile(r"(?:从|把|将|原)$")
_POOL = re.compile(r"公海|客户池|共享池|公共池|公池|池子|海里")
_I_TAKE = re.compile(
    r"我(?:来|要|想|先|去|自己|就|这边)*(?:接|收|领|拿|抢|认|捡|捞|跟|要|包|揽|盯|开发|负责|维护|对接|攻|啃|做)(?:下|走|了|过来|手|回|一下|进)*(?=[吧啦呀了]?(?:$|[,，。!！]))"
)
_TO_MY_SIDE = re.compile(
    r"(?:给|归|分|转|划|派|拨|放|挂|拉|弄|捞|领|调|拿|落)(?:给|到|在)?我(?:名下|手[上里]|这[边里儿]?|来|吧|跟|去|了|$|[,，。!！])|给我(?:挂|加|划|放|归)(?:上|进来|过来)?(?=$|[吧,，])|到我名下|我名下(?=$|[吧,，])"
)
_TAKE = re.compile(
    r"认领|(?<![一-龥带本率])领(?!导|域|先|军|带|料|会|班|队|证|款|奖)|(?<!把我)(?<!我们)(?<!带我)领[走取到给一下了过出]|(?<!被)(?:捞|抢|捡)"
)
_OWN_TAKE = re.compile(r"认领|(?<!把)我领|领[走了]|领(?:一下|给我|到我)")
_BACK = re.compile(
    r"(?:放|退|扔|丢|还|释放|移|转|归|踢|回|交|吐|送|清|进|入|拨|让)(?:[到回入进给出去了还掉]|一下)*(?:公(?:海|共?池)|客户池|共享池|池子|海里)"
)
_LET_GO = re.compile(
    r"(?:放|让|吐|丢|扔|退|清)(?:掉|出[来去]|回去)(?=[了吧啦]*(?:$|[,，。]))|释放|放弃跟进|放了吧|(?:不跟|不要)了?[,，]?(?:放|让|给)(?:了|掉|出|别人|给别)"
)
_ASKS = re.compile(r"有(?:什么|哪些|多少|啥|没有)|哪些|多少|几[个家]|[吗?？]|看看|列")
_MINE = re.compile(r"我(?:来|领|要|接|跟)|领走|领了|给我|归我")


def handover(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    """Customers that go to another owner; an ask where several colleagues answer to the name."""
    shape = setting.shape
    if len(setting.text) > LONGEST or re.search(r"[?？]", setting.text) or _THINGS.search(shape):
        return []
    found = _receiver(clauses)
    if found is None:
        return []
    clause, receiver = found
    draft = Draft("transfer", clause.start)
    chosen = customers_of(setting, clauses, draft)
    if _ALL.search(shape) and _EXCEPT.search(shape):
        return []
    if _ALL.search(shape) and not chosen:
        draft.put("customers", "all")
    if not draft.slots.keys() & {"customers", "options"}:
        return []
    giver = _giver(clauses, receiver)
    if giver:
        draft.put("from_user", giver.values[0], giver)
    elif re.search(r"我(?:的(?!意思)|名下|手[上里头]|跟的|负责的)|从我(?:这|那)", setting.text):
        draft.put("from_user", setting.sender.id)
    if receiver is None:
        if not giver:
            return []
        draft.put("to_user", setting.sender.id)
        return [draft]
    settled = setting.settled.get(receiver.text)
    options = [settled] if settled else list(receiver.values)
    if len(options) == 1:
        draft.put("to_user", options[0], receiver)
    else:
        draft.put("users", options, receiver)
    return [draft]


def _receiver(clauses: list[Clause]) -> tuple[Clause, Mention | None] | None:
    """Who gets them; None stands for the sender."""
    for clause in reversed(clauses):
        for pattern in _TO:
            for match in pattern.finditer(clause.shape):
                if _is_handing(clause, match):
                    return clause, clause.mention_at(match.start("who"))
        if any(c.of("user") for c in clauses) and _TO_ME.search(clause.shape):
            return clause, None
    return None


def _is_handing(clause: Clause, match: re.Match[str]) -> bool:
    """给小唐 hands something over only after 把 or a customer, and where nothing else follows."""
    verb = match.groupdict().get("v")
    if verb is None or not (verb in _GIVEN or _LOOSE_VERBS.match(verb)):
        return True
    before, after = clause.shape[: match.start()], clause.shape[match.end() :]
    if verb in _GIVEN:
        return _ENDS.match(after) is not None
    return bool(re.search(r"把|将|Ⓒ|客户|全部?|都", before) and _ENDS.match(after))


def _giver(clauses: list[Clause], receiver: Mention | None) -> Mention | None:
    """Whose they are, where the message says it: 从…那, …名下, …要休假了."""
    for clause in clauses:
        for at in range(len(clause.shape)):
            mention = clause.mention_at(at)
            if mention is None or mention.kind != "user" or len(mention.values) != 1:
                continue
            if mention is receiver:
                continue
            before, after = clause.shape[:at], clause.shape[at + 1 :]
            if _GIVER_BEFORE.search(before) or _POSSESSED.match(after):
                return mention
    return None


def customers_of(setting: Setting, clauses: list[Clause], draft: Draft) -> list[str]:
    """The customers that the message names or points to; those it may mean go into the draft."""
    chosen: list[str] = []
    for clause in clauses:
        for mention in clause.of("customer"):
            ids = resolve(setting, mention, clause)
            if len(ids) > 1:
                draft.put("options", list(ids), mention)
            elif ids and ids[0] not in chosen:
                chosen.append(ids[0])
                draft.put("customers", list(chosen), mention)
    back = re.search(r"他们|这个客户|这家|那家|该客户|它", setting.text)
    if not chosen and "options" not in draft.slots and setting.recent and back:
        chosen = [setting.recent[0]]
        draft.put("customers", list(chosen))
    return chosen


def pool(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    """Customers claimed from the shared pool, or released into it."""
    shape = setting.shape
    if (_ASKS.search(shape) and not _MINE.search(shape)) or len(setting.text) > 60:
        return []
    kind = _kind(setting, clauses, shape)
    if not kind:
        return []
    found = Draft(kind, 0)
    chosen = customers_of(setting, clauses, found)
    if "options" in found.slots:
        return [found]
    drafts = []
    for one in chosen:
        draft = Draft(kind, 0)
        draft.put("customer", one, found.spans.get("customers"))
        drafts.append(draft)
    return drafts


def _kind(setting: Setting, clauses: list[Clause], shape: str) -> str:
    if _BACK.search(shape):
        return "release"
    links = [link for c in clauses for m in c.of("customer") for link in m.links]
    pooled = any(link.customer.owner is None for link in links) or _POOL.search(shape)
    takes = _I_TAKE.search(shape) or _TO_MY_SIDE.search(shape) or _TAKE.search(shape)
    if (pooled and takes) or _OWN_TAKE.search(shape):
        return "claim"
    owned = links and not pooled and "Ⓐ" not in shape
    return "release" if owned and _LET_GO.search(shape) and not _PAPERS.search(shape) else ""
