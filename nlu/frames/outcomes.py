"""Deals won and lost: to whom, and why."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import NOT, Clause
from nlu.drafts import Draft
from nlu.frames import deals as d
from nlu.frames.deals import Deals
from nlu.frames.meeting_words import MEETING_OFF
from nlu.scene import Mention
from nlu.tenses import day_of, lies_ahead

_WEAKNESS = re.compile(
    r"(?:我们的?|咱们的?|人家|对方|他们)?(?:价格|报价|单价|总价|价|交期|工期|货期|资质|品牌|账期|付款条件|关系|售后|服务|质量|方案|技术|业绩|案例|性能|配置|返点|返利|产能|覆盖|运力|本地化|响应|时效|样品)[^,，Ⓐ]{0,6}(?:太?高|太?贵|太?长|不够|不行|不符|没优势|差|慢|弱|低|做不到|谈不拢|跟不上|不满足|少|更?好|更?快|便宜|没过|不过关|不达标)了?(?:[^,，]{0,4}[ⓆⒻⒶ])?"
)


def outcome(deals: Deals, clause: Clause) -> None:
    """Puts won or lost where a clause tells it."""
    shape = clause.shape
    if d.VOID.search(shape) or MEETING_OFF.search(shape):
        return
    lost, won = d.LOST.search(shape), d.WON.search(shape)
    staged = stage_mention(deals, clause)
    words = deals.setting.words
    if staged and staged.values[0] == words.lost:
        lost = lost or re.search("Ⓢ", shape)
    ended = _LOST_STAGE.search(shape)
    if ended and not staged and _stage_at(clause, ended.start("stage")) == words.lost:
        lost = lost or ended
    if staged and staged.values[0] == words.won:
        won = won or re.search("Ⓢ", shape)
    found = lost or won
    if not found or d.HYPOTHETICAL.search(shape[: found.start()]):
        return
    if won and not lost and NOT.search(shape[max(0, won.start() - 3) : won.end()]):
        return
    if lost and (_is_not_lost(deals, clause, lost) or _done_otherwise(deals, clause)):
        return
    draft = deals.target(clause)
    draft.put("outcome", "lost" if lost else "won", (clause.start, clause.end))
    if lost:
        _lost(deals, draft, clause)


_NO_MORE = re.compile("不(?:再|打算)?[做装买换上采弄搞印投拍办签订]")
_FOR_NOW = re.compile(r"(?:Ⓓ|年前|节前|暂时|先|目前|这次)[^,，ⒼⒹ]{0,2}$")
_LATER = re.compile(
    r"^[^,，]{0,6}(?:Ⓓ|[年节假]后|以后|回头|下次|到时|过[一两几]|等)[^,，]{0,6}(?:再|看|说|启动|考虑)"
)


def _is_not_lost(deals: Deals, clause: Clause, lost: re.Match[str]) -> bool:
    denied = re.search(r"(?:不会|没|别|不能|怕)$", clause.shape[: lost.start()])
    before = clause.shape[: lost.start()]
    if "没戏" in lost.group() and _FOR_NOW.search(before):
        return True
    rival = _RIVALS_LOSS.search(lost.group()) and _RIVAL_ITSELF.search(before)
    return denied is not None or rival is not None or _put_off(deals, clause, lost)


_RIVALS_LOSS = re.compile("^(?:出局|[没未]中|[落丢]标|没拿|丢了|输了|泡汤|凉了|没戏)")
_RIVAL_ITSELF = re.compile(
    r"Ⓡ(?:[他她]们|那边|那家|家)?(?:也|都|已经?|这回|这次|终于|刚|直接|第[一二三]轮|就|算是|基本|被[踢淘刷])*$"
)
"""A rival that is out leaves the deal open."""


def _put_off(deals: Deals, clause: Clause, lost: re.Match[str]) -> bool:
    """年前不签了,年后再说 puts off what isn't lost."""
    said = _NO_MORE.match(lost.group())
    if said is None:
        return False
    here = deals.section.clauses.index(clause)
    after = deals.section.clauses[here + 1 : here + 2]
    signing = said.group()[-1] in "签订" and _FOR_NOW.search(clause.shape[: lost.start()])
    return bool(signing) or any(_LATER.match(c.shape) for c in after)


def _done_otherwise(deals: Deals, clause: Clause) -> bool:
    """大号的不做了,改小号: the deal goes on with another thing."""
    here = deals.section.clauses.index(clause)
    after = deals.section.clauses[here + 1 : here + 2]
    return _NOT_ANY.search(clause.shape) is not None and any(c.has(d.INSTEAD) for c in after)


_NOT_ANY = re.compile(r"不(?:做|要|用|买|装|换|上|采|印|订)了")
_LOST_STAGE = re.compile(r"(?<![没不未会能])(?P<stage>Ⓢ)(?:处理|吧|了)*\s*$")
"""礼品流单: the stage of lost deals alone says that it is lost."""


def _stage_at(clause: Clause, place: int) -> str:
    mention = clause.mention_at(place)
    return mention.values[0] if mention else ""


def _lost(deals: Deals, draft: Draft, clause: Clause) -> None:
    """To whom and why, in this clause or beside it."""
    clauses = deals.section.clauses
    here = clauses.index(clause)
    for near in clauses[here : here + 4]:
        rivals = near.of("rival")
        if (
            rivals
            and "lost_to" not in draft.slots
            and not NOT.search(near.shape.replace("没中", ""))
        ):
            draft.put("lost_to", rivals[0].values[0], rivals[0])
            near.taken.add(rivals[0].start)
    told = [*clauses[here : here + 4], *clauses[max(0, here - 1) : here]]
    for near in told:
        reason = _reason(near, near is clause)
        if reason and "lost_reason" not in draft.slots:
            draft.put("lost_reason", reason, (near.start, near.end))
    for near in clauses[here + 1 : here + 4]:
        if "lost_reason" not in draft.slots and _may_be_why(near):
            why = re.sub(r"^(?:是|说|就是|主要是|他们说)", "", near.text.strip())
            if why not in str(draft.slots.get("lost_to", "")):
                draft.put("lost_reason", why, (near.start, near.end))


_THIS_YEAR = re.compile(r"(?:公司|集团|[他她]们|单位|学校|院里|厂里|老板)?Ⓓ[^ⒶⒸⓅⓊⓇ,，]{3,}$")
"""公司今年不参展."""
_NO_WHY = re.compile(
    r"没关系|无关|^(?:唉|哎|可惜|白忙|认栽|算了|按丢单|记一下|更新|难受|郁闷|下次|以后)|不是(?:输|被|给|让|谁|别人|因为|价格|我们|咱们|哪家|对手|竞)|别的|复盘|辛苦|[ⒶⓈⓃ]|下次|继续|再看|他们选|投标的|排第|公示|落选|出局|[帮给]我|报[上一]"
)


def _may_be_why(clause: Clause) -> bool:
    """Whether the clause after a loss tells why: a plain statement about them, us or the plan."""
    shape = clause.shape.strip()
    if d.LOST.search(shape) or d.WON.search(shape):
        return False
    kinds = {m.kind for m in clause.mentions}
    plain = kinds - {"date"} <= {"industry", "region", "quantity", "product", "field"}
    plain = plain and ("date" not in kinds or _THIS_YEAR.match(shape) is not None)
    return plain and 4 <= len(shape) <= 20 and not _NO_WHY.search(shape)


def _reason(clause: Clause, itself: bool) -> str:
    found = None if itself and "说" in clause.shape else d.REASON.search(clause.shape)
    if found:
        group = "why" if found["why"] else "main"
        why = clause.cut(*found.span(group))
        return re.sub(r"^(?:就是|因为|是|我们的?)|(?:上|了|吧|啊|嘛)$", "", why.strip())
    cancelled = re.search(
        r"(?:总部|公司|领导|老板|集团|董事会|财务)[^,，]{0,4}[砍停]了?[^,，]{2,}|(?:总部|公司|领导|老板|集团|董事会|财务|上[面头级]|院里|学校|局里)[^,，]{0,3}(?:[不没](?:给|肯|让)?批|不让|不同意|否了|叫停)[^,，]{0,4}|(?:预算|经费|资金|钱)[^,，]{0,3}(?:[挪转]|拿去|花在|用在)[^,，]{1,10}|(?:项目|经费|预算|计划)[^,，]{0,4}(?:取消|冻结|砍|暂停|搁置|没批|没了)",
        clause.shape,
    )
    found = cancelled or _WEAKNESS.search(clause.shape)
    return clause.cut(*found.span()) if found else ""


def is_to_come(deals: Deals, clause: Clause, place: int) -> bool:
    """下周走合同: a stage that a day to come stands before isn't reached."""
    now = deals.setting.now
    days = [m for m in clause.of("date") if clause.place_of(m) < place]
    return any(lies_ahead(day_of(m, clause, deals.setting, "past"), now) for m in days[-1:])


RIVAL_WENT = re.compile(
    r"(?<![跟和与同])Ⓡ(?![^,，]{0,3}(?:都|一起|一块|两家))[^,，我咱ⒸⓅⒼ单标]{0,10}$"
)
"""锦会也进了比稿: how far a rival got is no stage of the deal."""


def stage_mention(deals: Deals, clause: Clause) -> Mention | None:
    """The stage that a clause says a deal got to."""
    shape = clause.shape
    if "Ⓢ" not in shape or d.STAGE_NOT.search(shape):
        return None
    found = d.STAGE_GO.search(shape)
    if not found or d.HYPOTHETICAL.search(shape[: found.start() + 1]):
        return None
    place = shape.index("Ⓢ", found.start())
    if RIVAL_WENT.search(shape[:place]) or is_to_come(deals, clause, place):
        return None
    return clause.mention_at(place)
