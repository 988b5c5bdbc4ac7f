"""Whether a message asks, and its text with names hidden, in which figures are looked for."""

from __future__ import annotations

from itertools import pairwise

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.frames.faults import orders_mending
from nlu.scene import TAGS, Mention
from nlu.sections import Setting
from nlu.talk.measure_words import ABOUTS, METRICS
from nlu.talk.question_words import (
    ASKS,
    FILLING,
    GROUP,
    INDEFINITE,
    NOUN_END,
    ORDERS,
    RETRACTED,
    SHOW,
    TELLS,
    TOLD,
    VIEWS,
)

Metric = tuple[str, int, int]
"""A figure's name and where its words stand."""
LONGEST = 60
MOST_CLAUSES = 4
_HIDDEN = frozenset(
    {"customer", "user", "team", "region", "industry", "product", "rival", "field"}
)
"""Whose own words ask nothing: a team 销售一组 is no figure, a stage 报价 no list of quotes."""
_AMOUNT_ASKED = re.compile(r"[?？]|多少|哪些|以上|超过|大于|几个")
_EDGES = "。.!！~～ "


def plain_text(setting: Setting, clauses: list[Clause]) -> str:
    """The text as said, of the same length, with names hidden behind their letters."""
    text: str = setting.raw
    for mention in (m for clause in clauses for m in clause.mentions):
        if _is_hidden(mention, text, setting):
            blank = TAGS[mention.kind] * (mention.end - mention.start)
            text = text[: mention.start] + blank + text[mention.end :]
    return text


def _is_hidden(mention: Mention, text: str, setting: Setting) -> bool:
    if mention.kind == "stage":
        return _is_stage(text, mention.start, mention.end)
    if mention.kind == "person" and mention.named:
        return bool(mention.named.title or mention.named.owners)
    return mention.kind in _HIDDEN


_AS_STAGE = re.compile(r"的?(?:阶段|这一?步|期间|的(?:商机|单|项目|客户))|的|压|有|还|里|卡")


def _is_stage(text: str, start: int, end: int) -> bool:
    """Whether a stage's name stands for the stage: 签约多少 asks for a figure."""
    if end - start > 2 and not any(pattern.search(text[start:end]) for _, pattern in METRICS):
        return True
    before = text[max(0, start - 1) : start]
    return bool(_AS_STAGE.match(text[end:])) or before in ("在", "到", "处", "于")


def is_question(setting: Setting, clauses: list[Clause]) -> bool:
    """Whether the message asks rather than tells."""
    text = setting.raw.strip(_EDGES)
    if not clauses or len(text) > LONGEST or len(clauses) > MOST_CLAUSES:
        return False
    if orders_mending(clauses):
        return False
    shape = setting.shape
    if ORDERS.search(shape) and not re.search(r"[?？]|多少|哪些", text):
        return False
    if (_COMES.search(shape) or _TOLD_TO.search(shape)) and not re.search("[?？]", text):
        return False
    if "Ⓐ" in shape and not _AMOUNT_ASKED.search(shape):
        return False
    if _WAITING.fullmatch(text):
        return True
    hidden = plain_text(setting, clauses)
    asking = [c for c in clauses if _asks(hidden, c)]
    if asking:
        others = [c.shape for c in clauses if c not in asking]
        told = any(TOLD.search(other) or TELLS.search(other) for other in others)
        return not told and (clauses[-1] in asking or not TOLD.search(shape))
    return not TOLD.search(shape) and _is_noun_phrase(hidden, shape)


_WAITING = re.compile(
    r"(?:还|现在|目前)?(?:有)?(?:哪些|什么|没有)?(?:[待等要需该](?:我们?|着我?)?|等着我)(?:来|去)?"
    r"(?:审批|审核|批|审|签|处理)(?:的)?(?:报价|申请|单子|单|合同|费用|折扣|东西|事)?"
    r"(?:列表|清单|呢|有吗|有没有)?"
)
"""待我审批的: what waits for a decision, asked for by its bare name."""
_COMES = re.compile(
    r"Ⓓ[^,，?？]{0,3}[跟和与同约][ⒸⓅ]{1,2}[^,，?？了过]{0,4}(?:开个?|碰个?|吃个?|见个?|过个?)[^,，?？了过]{0,4}(?:会|头|面|饭|餐|$)|Ⓓ[^,，?？]{0,4}(?:[去到跑飞回]一?趟|[去飞到])[^,，?？]{0,6}[,，\s]+(?:顺便|先|再|主要)?(?:看看|见见|会会)|约(?:好|了|在|我们?)*[,，]?Ⓓ|Ⓓ[^,，]{0,4}[来到去](?:我们?)?(?:公司|厂里?|展厅|仓库|店里?)[^,，的]{0,2}(?:看|谈|对|审|核)"
)
"""某某约今天四点来公司看清单 tells of a visit, whatever is looked at."""


_TOLD_TO = re.compile(
    r"(?:[ⓅⒸ]|[他她]们?|客户|对方)[^,，]{0,4}(?:让|要|叫|催|托|请|问)(?:我们?|咱们?)(?!公司|这边)|(?:提|开|建|报|派|记|登记|起|下)(?:了?一?)?[个张条](?:加急|紧急)?(?:工单|报修|服务单|售后单|投诉)"
)
"""某某让我查一下… is theirs to ask and ours to do; 提个工单让…看看 raises one."""


def only_asks(setting: Setting, clauses: list[Clause]) -> bool:
    """Whether every clause is an asking one, so that nothing is told beside it."""
    hidden = plain_text(setting, clauses)
    return all(ASKS.search(hidden[c.start : c.end]) for c in clauses)


def _asks(hidden: str, clause: Clause) -> bool:
    said = hidden[clause.start : clause.end].strip(_EDGES)
    if hidden[clause.end : clause.end + 1] in ("?", "？"):
        return True
    if INDEFINITE.search(said) or _I_LOOK.search(said):
        return False
    return bool(ASKS.search(said) or SHOW.search(said))


def _is_noun_phrase(hidden: str, shape: str) -> bool:
    """各组本月业绩: nothing but what is asked for, of whom and when."""
    if "Ⓕ" in shape or "申请" in shape or _DONE_FIRST.search(shape):
        return False
    back = RETRACTED.search(hidden)
    hidden = hidden[back.end() :].lstrip(" ,，") if back else hidden
    rest = names_blanked(hidden)
    if _NEGLECTED.search(hidden) or _TO_SIGN.search(hidden.strip(_EDGES)):
        return True
    if NOUN_END.search(hidden.strip(_EDGES)):
        return not _ACTS.search(rest) and not TELLS.search(rest)
    figures = any(NOUN_END.search(hidden[start:end]) for _, start, end in metrics_in(hidden))
    dated = re.sub(r"[\d一二三四五六七八九十今去前上下本半]", "", FILLING.sub("", rest))
    return (figures or _POOL.search(hidden) is not None) and not dated


_DONE_FIRST = re.compile(r"[头口好批完过定成下到交齐清]了[,，]|[就只还]差|就等着?(?!我)")
"""老板点头了,就差走合同 tells, though it ends as a list does."""
_I_LOOK = re.compile("(?:得|要|我|会)(?:再|先|来)?(?:去|到)[^,，]{0,6}(?:找|查|翻|看)[一了]?下?$")
"""得去公司找一下 is what one has to do oneself."""
_POOL = re.compile("公海")
_TO_SIGN = re.compile(r"[要会能该]签的(?:全部|所有)?(?:单子?|商机|项目|客户)$")
_NEGLECTED = re.compile(
    r"没(?:人|有)?(?:怎么)?(?:跟进?|联系|动|推进|拜访|回访|更新)[过的]*(?:客户|商机|单子?|项目)$"
)
"""超过两周没跟进的客户."""
_ACTS = re.compile(r"[改推转加建交签给发开提记领放扔退丢]|同意|批|驳|没|不(?!同)|未|别")


def names_blanked(hidden: str) -> str:
    """The text without names and without the words that name figures, records and views."""
    rest = re.sub("[Ⓐ-ⓩ]", "", hidden)
    named = [pattern for _, pattern in (*METRICS, *ABOUTS, *VIEWS)]
    for pattern in (*named, GROUP):
        rest = pattern.sub(" ", rest)
    return rest


def metrics_in(text: str) -> list[Metric]:
    """The figures asked for, in the text's order; two of them only where a joint is between."""
    found: list[Metric] = []
    for name, pattern in METRICS:
        match = pattern.search(text)
        if match and not any(
            match.start() < end and start < match.end() for _, start, end in found
        ):
            found.append((name, *match.span()))
    if len(found) < 2:
        return found
    primary = found[0]
    ordered = sorted(found, key=lambda item: item[1])
    joined = all(
        re.search(r"[和、,，?？跟及与;；]|还有|以及", text[a[2] - 1 : b[1] + 1])
        for a, b in pairwise(ordered)
    )
    return ordered if joined else [primary]
