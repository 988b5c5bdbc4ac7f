"""Facts of a customer: its fields, grade, address, tags."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

import itertools
from typing import Any

from nlu import expressions as re
from nlu.clauses import NOT, Clause
from nlu.drafts import Draft
from nlu.frames.service import SOURCES, source_of
from nlu.frames.targets import address
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of

_GRADE = re.compile(
    r"(?:[提上下调整归划列定升降][级调]?[成到为至]|升[级]?[成到为]?|降[级]?[成到为]?|[改调][成到为]|评级[^A-Za-z]{0,4}|等级[^A-Za-z]{0,4}|级别[^A-Za-z]{0,4}|[设标定][成为]|是|评[为成]|,|，|^|\s)\s*(?P<grade>[A-DSa-ds])(?:级|类|[+]?\s*级客户|$|(?=[,，。;；\s]))"
)
_GRADE_CUE = re.compile(r"级|[升降调提][到成为]?[A-D]|评级|等级|类客户")
_FACTS = (
    ("source", re.compile(r"(?:是|从|由)(?P<w>[\u4e00-\u9fff]{2,6}?)(?:上|里)?(?:来|认识|介绍|推荐|找来)的|来源(?:[:：是于为]|[写填记登算][:：成为]?)*\s*(?P<v>[\u4e00-\u9fffA-Za-z0-9]{2,10})")),
    ("address", re.compile(r"地址[^,，:：]{0,4}(?:[:：是在]|[改换更变][新成到为]{1,2}|为)\s*(?P<v>[\u4e00-\u9fffA-Za-z0-9\-#()（）Ⓐ-Ⓩ]{4,40})|地址\s*(?P<w>[\u4e00-\u9fffA-Za-z0-9\-#Ⓐ-Ⓩ]{4,40})")),
    ("size", re.compile(r"(?:规模|人数|员工)[^,，:：\dⓆ]{0,4}[:：是为有在]?\s*(?P<v>Ⓠ(?:左右|以上|以下)?|[\d\u4e00-\u9fff\-~]{1,12}?(?:人|号人|名员工|家店|亿|万)(?:左右|以上|以下)?)")),
    ("industry", re.compile(r"(?:行业|所属行业)[^,，:：]{0,4}?(?:[:：是为]|[改归调换划变][成到为])?\s*(?P<v>[\u4e00-\u9fffⒾ]{1,10})")),
    ("region", re.compile(r"(?:区域|大区|地区|片区)[^,，:：]{0,4}?(?:[:：是为]|[改归调换划变][成到为])?\s*(?P<v>[\u4e00-\u9fffⓋ]{1,6})")),
)  # fmt: skip
_FACT_NOUN = re.compile(
    "认识的|介绍过?来?的|推荐过?来?的|来源|地址|规模|人数|员工|行业|区域|大区|地区|片区"
)
_ASKED = re.compile("线索|哪些|多少|什么|怎么|按")
_QUOTED = re.compile(r"[“\"「『](.{2,12}?)[”\"」』]")
_TAGS = re.compile(
    r"(?:标签|打[上个]?标(?!签))"
    r"(?:[里上中再都就先还成为是]|[加添打贴写改][上入成为下]?|叫[做作]?|名[叫为]|一?[个下])*"
    r"\s*[:：]?\s*[“\"「]?(?P<v>[^。；;\n]{2,40})"
)
_NUMBER = re.compile(r"(?:[:：是为有达到了已共约改成]|Ⓗ)*\s*(?P<n>\d+(?:\.\d+)?)")


def customer_facts(section: Section, setting: Setting) -> list[Draft]:
    """What the section says of the customer itself, as one act."""
    draft = address(Draft("customer", section.clauses[0].start), section)
    found: dict[str, Any] = {}
    for clause in section.clauses:
        before = len(found)
        _fields(found, clause, setting)
        _grade(found, clause)
        _plain_facts(found, clause, section)
        _listed_facts(found, clause, section, setting)
        _tags(found, clause, setting)
        if len(found) > before and not before:
            draft.at = clause.start
            draft.spans["set"] = (clause.start, clause.end)
    if not found:
        return []
    draft.put("set", found)
    return [draft]


def _fields(found: dict[str, Any], clause: Clause, setting: Setting) -> None:
    """Custom fields: the field's name and then a value of its type."""
    shape = clause.shape
    choices = {m.values[0].split("\0")[0]: m for m in clause.of("choice")}
    _bare_choices(found, clause, choices, setting)
    _days_by_verb(found, clause, setting)
    for mention in clause.of("field"):
        name = mention.values[0]
        known = setting.words.fields[name]
        place = clause.place_of(mention)
        rest = shape[place + 1 :]
        if _is_open(clause, place, setting) or (
            mention.short and _is_another_word(known.type, shape, rest)
        ):
            continue
        if known.type == "choice" and name in choices:
            found[name] = choices[name].values[0].split("\0")[1]
        elif known.type == "choice":
            _choice_next(found, name, clause, setting)
        elif known.type == "number":
            value = _told_number(clause, place, name, setting)
            if value is not None:
                found[name] = value
        elif known.type == "date" and clause.of("date"):
            behind = [m for m in clause.of("date") if m.start > mention.start]
            told_day = (behind or clause.of("date")[-1:])[0]
            found[name] = day_of(told_day, clause, setting, "plan")
            clause.taken.add(told_day.start)
        elif known.type == "text":
            told = re.match(
                r"\s*(?:[:：]|是|为|[改换变][成为到]?|[写记填登选定][成为上到]?[上成到]?(?:一下|下)?)+\s*([^,，。；;]{1,30})",
                rest,
            )
            told = told or _PLAIN_VALUE.match(rest) or _HAN_VALUE.fullmatch(rest)
            if told:
                found[name] = clause.cut(place + 1 + told.start(1), place + 1 + told.end(1))


_ENDS_ON = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{2,4}?)(?P<verb>到期|过期|截止|届满|期满|验收|开业|开学|投产|交付|交房|开工|竣工|完工|搬迁)(?:日|日期|时间|时)"
)
_LEAN = r"(?:那边|合同|服务|的|是|到|在|大概|大约|今年|明年|要到|要|约){0,3}"


def _days_by_verb(found: dict[str, Any], clause: Clause, setting: Setting) -> None:
    """保单明年3月31号到期 says 保单到期日: the field's words with the day between."""
    for mention in clause.of("date"):
        before = clause.text[: mention.start - clause.start]
        after = clause.text[mention.end - clause.start :].lstrip()
        for name, field in setting.words.fields.items():
            told = _ENDS_ON.fullmatch(name) if field.type == "date" else None
            if told is None or not re.match(
                rf"[才就会要的]?{told['verb']}(?!前|之前|以前)", after
            ):
                continue
            if re.search(rf"{told['what']}{_LEAN}$", before):
                found[name] = day_of(mention, clause, setting, "plan")
                clause.taken.add(mention.start)


def _choice_next(found: dict[str, Any], name: str, clause: Clause, setting: Setting) -> None:
    """开票方式定了，专票: the choice alone in the clause behind."""
    for after in setting.clauses[clause.index + 1 : clause.index + 2]:
        if re.fullmatch(r"\s*(?:就|是|按|走|定)*Ⓞ[的了吧]?\s*", after.shape):
            field, _, choice = after.of("choice")[0].values[0].partition("\0")
            if field == name:
                found[name] = choice


def _told_number(clause: Clause, place: int, name: str, setting: Setting) -> float | int | None:
    value = _number(clause, place, name)
    return _number_next(clause, setting, name) if value is None else value


def _number_next(clause: Clause, setting: Setting, name: str) -> float | int | None:
    """面积量出来了，8600平: the number alone in the clause behind."""
    for after in setting.clauses[clause.index + 1 : clause.index + 2]:
        told = re.fullmatch(
            r"\s*(?:大概|大约|约|差不多|是|有|一共|总共)*[ⓆⒶ](?:左右|上下|多|的样子)?\s*",
            after.shape,
        )
        if told and clause.shape.rstrip().endswith(("了", "过", "完", "定")):
            return _number(after, -1, name)
    return None


_PLAIN_VALUE = re.compile(
    r"\s*((?:[A-Za-z0-9ⒶⓆⒹⓏⓇⒼ]|[一二两三四五六七八九十]+[台套级个条间])[^,，。；;]{0,29})"
)
"""变压器容量1250kVA: a value that stands behind its field without any verb."""
_HAN_VALUE = re.compile(
    r"\s*((?![还没未不要需是在有改被再问谈定换变都也又就待想])(?:(?![了过没不要谈定换问改给让等说还再被差吗呢确])[\u4e00-\u9fff、ⓋⒾ]){2,10}(?<![的好中完着]))\s*"
)
"""开户地锦州: a field and its value, and nothing else."""


def _is_open(clause: Clause, place: int, setting: Setting) -> bool:
    """Whether the value of the field at a place is only wished, asked for or refused."""
    before, rest = clause.shape[:place], clause.shape[place + 1 :]
    if _WISHES.match(rest) and not _is_granted(clause, setting):
        return True
    if re.match(r"[^,，]{0,4}(?:还没|没有?|未|多少|怎么|什么|吗)", rest):
        return True
    demanded = before.endswith(("每", "单")) or _DEMANDED.search(before)
    return bool(demanded) or _refused(clause, setting)


_WISHES = re.compile(
    r"(?:[他她]们?|客户|Ⓟ|那边|这块|上)*(?:还|也|又|就)?(?:想|希望|要求|争取|能不能|能否|可不可以|可否|问|在谈|正谈|谈不|打算|考虑)"
)
"""开票方式想改专票 is a wish."""
_DEMANDED = re.compile(r"(?:要|要求|让|想让|逼)(?:我们?|咱们?)[^,，]{0,4}$")
_NO_DEAL = re.compile(r"没(?:有)?(?:答应|同意|松口|接受|接茬|表态|吭声)|不(?:同意|接受|答应)|拒绝")


def _refused(clause: Clause, setting: Setting) -> bool:
    """What they want and we didn't grant is no fact."""
    after = setting.clauses[clause.index + 1 : clause.index + 2]
    return any(_NO_DEAL.search(c.shape) for c in after)


def _in_a_row(clause: Clause, setting: Setting) -> bool:
    """账期45天, 月结, 质保到…: a choice alone between facts of the customer is one as well."""
    beside = setting.clauses[max(0, clause.index - 1) : clause.index + 2]
    return any(c.of("field") and not NOT.search(c.shape) for c in beside if c is not clause)


_WISHED = re.compile(
    r"(?:能不能|可不可以|可否|能否|想|要求?|希望|申请|提出|问|改)(?:走|用|做|按|改[成为]|换成|给他们)*的?$"
)
_GRANTED = re.compile(
    r"(?:答应|同意|准|可以|没问题|行|[oO][kK]|点头|松口|依了)(?:[他她]们?|下来|给)?[了的吧]?(?:$|[,，。])"
)


_IS_SO = re.compile(
    r"\s*(?:[他她]们?|Ⓒ|这家|客户|对方|Ⓟ(?:说|讲|说是))?(?:的|那边|那)?(?:[一-龥]{0,3}[钱款资金账费]|合同|结算|付款|开票|采购)?(?:都|还|也|就|一般|目前|现在|这边|这次|统一)*(?:是|用|走|靠|出自|来自)的?"
)
"""钱是自有资金, 他们都是月结: a choice that is told of them outright."""
_ASKS = re.compile("吗|还是|行不行|可以不|[?？]")


def _is_granted(clause: Clause, setting: Setting) -> bool:
    after = setting.clauses[clause.index + 1 : clause.index + 2]
    return any(_GRANTED.search(c.shape) and not _NO_DEAL.search(c.shape) for c in after)


def _bare_choices(
    found: dict[str, Any], clause: Clause, choices: dict[str, Mention], setting: Setting
) -> None:
    """走公开招标 names its field by the choice alone; 想月结 does, once it is granted."""
    granted = _is_granted(clause, setting)
    for name, mention in choices.items():
        at = clause.place_of(mention)
        before = clause.shape[:at]
        said = re.search(r"(?:走|采用|[改换][成为]|定[了成为]|属于|按照?)的?$", before)
        row = clause.shape.strip() == "Ⓞ" and _in_a_row(clause, setting)
        if not _ASKS.search(clause.shape[at:]):
            said = said or _IS_SO.fullmatch(before)
        kept = (said or row) and not NOT.search(clause.shape) and not _refused(clause, setting)
        if kept or (granted and _WISHED.search(before)):
            found[name] = mention.values[0].split("\0")[1]


_ENDS_ON = re.compile("到期|截止|届满|[到至]Ⓓ|有效|过期")
"""保单2028年3月到期 is the field 保单到期日."""
_LARGER_NOUN = re.compile("[楼室桌椅区间房厅厂柜品场层台网点机站类]")
"""教学楼 is no 教学人数: the short form of a field is a piece of another noun."""


def _is_another_word(type_: str, shape: str, rest: str) -> bool:
    ended = type_ != "date" or _ENDS_ON.search(shape)
    return not ended or _LARGER_NOUN.match(rest) is not None


_COUNTED_IN = (
    (re.compile("人数|人员|员工|坐席|学生"), "人名位个号人次人份"),
    (re.compile("天数|天$|账期"), "天日个号"),
    (re.compile("店数|门店"), "家间个店"),
    (re.compile("台数|台量"), "台套部辆个"),
)
"""What some numbers are counted in: 30把 is no number of people."""


def _fits(name: str, mention: Mention) -> bool:
    units = next((units for pattern, units in _COUNTED_IN if pattern.search(name)), "")
    if mention.kind == "date":
        return re.search(r"\d\s*(?:天|日|年|个月)", mention.text) is not None
    return not units or not mention.unit or mention.unit in units


_FROM_TO = re.compile(
    r"[^,，ⓆⒶ]{0,4}从?[ⓆⒶ][^,，ⓆⒶ]{0,3}(?:[变改加减升降增涨扩缩]?[到成为]|变|→|->)[^,，ⓆⒶ]{0,3}[ⓆⒶ]"
)
"""从8台变10台: the number it became."""


def _number(clause: Clause, place: int, name: str) -> float | int | None:
    shape = clause.shape
    places = range(place + 1, min(place + 12, len(shape)))
    changed = re.search(
        r"改[成到为]|[调延缩升降涨变扩增加减长]到|变[成为]|扩[成为]|[放提拉砍压宽拓铺干做开缩][宽长短大展]?[到成至]|(?<=[ⓆⒶⒹ])[到至成变](?=[ⓆⒶⒹ])",
        shape[place:],
    )
    became = _FROM_TO.match(shape, place + 1)
    if became:
        places = range(became.end() - 1, len(shape))
    for at in places:
        if changed and at <= place + changed.start():
            continue
        mention = clause.mention_at(at)
        if mention and mention.kind in ("quantity", "amount", "date") and _fits(name, mention):
            value = mention.factor if mention.kind == "quantity" else mention.amount
            if mention.kind == "date":
                days = re.search(r"\d+", mention.text)
                value = float(days.group()) if days else None
            if isinstance(value, (int, float)):
                clause.taken.add(mention.start)
                return int(value) if float(value).is_integer() else value
    digits = _NUMBER.search(shape[place : place + 14])
    if not digits:
        return None
    number = float(digits["n"])
    return int(number) if number.is_integer() else number


def _grade(found: dict[str, Any], clause: Clause) -> None:
    match = _GRADE.search(clause.shape) if _GRADE_CUE.search(clause.shape) else None
    if match and not re.search(r"哪些|多少|有没有|[吗?？]|维持|不变|保持|照旧", clause.shape):
        found["grade"] = match["grade"].upper()


def _plain_facts(found: dict[str, Any], clause: Clause, section: Section) -> None:
    shape = clause.shape
    if not _FACT_NOUN.search(shape) or _ASKED.search(shape) or clause.denied:
        return
    for name, pattern in _FACTS:
        match = pattern.search(shape)
        if not match:
            continue
        group = "v" if match["v"] else "w"
        if (
            name in ("industry", "region")
            and not section.new_name
            and not re.search("[改归调换划变][成到为]", shape)
            and not re.search(r"(?:行业|区域)(?:[:：]|是|为)", shape)
        ):
            continue
        value = clause.cut(*match.span(group))
        value = re.sub(
            r"^(?:[改归调换划变][成到为]|[搬迁换]到?|[:：是为])+|了$", "", value
        ).strip()
        if value and len(value) >= 2:
            found.setdefault(name, value)


_FILED = re.compile(
    r"(?:建|录入?|加|登记?|添|开|新[建增录])[个一家下]*(?:新的?)?(?:客户|户)?(?:档案?|客户|公司|单位)|新客户|新增客户|新建[:：]|登记[^,，]{0,4}新的|建档|入库"
)
_TRADE = re.compile(
    r"^\s*(?:做|搞)?(?P<v>[一-龥]{2,6}?)(?:行业|类)(?:的|客户)?$|^\s*行业\s*(?P<w>[一-龥]{2,8})$"
)


def _listed_facts(
    found: dict[str, Any], clause: Clause, section: Section, setting: Setting
) -> None:
    """建个客户档案: …, 连锁餐饮, 华南, 转介绍来的: facts by their kind alone."""
    if not section.new_name or not _FILED.search(setting.text):
        return
    shape = clause.shape.strip()
    if (shape.startswith("Ⓒ") and " " in shape) or _KINDS_IN_ROW.fullmatch(shape):
        for letter, kind in (("Ⓘ", "industry"), ("Ⓥ", "region")):
            if letter in shape:
                found.setdefault(kind, clause.of(kind)[0].values[0])
        graded = re.search(r"(?<![A-Za-z])(?P<g>[A-DSa-ds])[级类]", shape)
        if graded:
            found.setdefault("grade", graded["g"].upper())
    for letter, kind in (("Ⓘ", "industry"), ("Ⓥ", "region")):
        if re.fullmatch(rf"{letter}(?:的|大?区|地区|片区|那边的?|这边的?|行业|客户)*", shape):
            found.setdefault(kind, clause.of(kind)[0].values[0])
    if re.fullmatch("[A-DSa-ds][级类]?(?:客户)?", shape):
        found.setdefault("grade", shape[0].upper())
    told = SOURCES.fullmatch(shape)
    if told:
        found.setdefault("source", told["v"])
    source = source_of(shape)
    if source:
        found.setdefault("source", clause.cut(*source.span("v")))
    trade = _TRADE.match(clause.text)
    if trade:
        found.setdefault("industry", trade["v"] or trade["w"])


_KINDS_IN_ROW = re.compile(r"[ⒾⓋ\s/、]*[ⒾⓋ][ⒾⓋ\s/、]*(?:[A-DSa-ds][级类]?)?(?:客户)?")
"""商超 胶东 C级: facts in a row, parted by blanks."""
_ONE_TAG = re.compile(r"\s*[\u4e00-\u9fff]{2,6}\s*")
_TAGS_NEXT = re.compile(
    r"(?:(?:打|贴|加|给)[^,，]{0,8}标签|标签(?:[加打贴添]上?|改[成为]|[为是]))\s*[:：]?$"
)


_WORN = re.compile(
    r"(?:打|贴|加|挂)[上了个]*(?P<v>(?!标|个)[^,，:：“”\"「」]{2,12}?)的?标签[吧了]?$"
)
"""贴上老客户的标签: the tag before its noun."""


def _tags(found: dict[str, Any], clause: Clause, setting: Setting) -> None:
    quoted = _QUOTED.findall(clause.text) if "标签" in clause.text else []
    if quoted and re.search(r"打|加|贴", clause.text):
        found["tags"] = quoted
        return
    worn = _WORN.search(clause.shape)
    if worn:
        text = clause.cut(*worn.span("v"))
        found["tags"] = [t for t in re.split(r"[、,，和]", text) if t]
        return
    if _TAGS_NEXT.search(clause.shape):
        after = setting.clauses[clause.index + 1 : clause.index + 2]
        behind = setting.clauses[clause.index + 2 : clause.index + 6]
        more = itertools.takewhile(lambda c: _ONE_TAG.fullmatch(c.text) and not c.strong, behind)
        after += more if after and _ONE_TAG.fullmatch(after[0].text) else []
        tags = [t for c in after for t in re.split(r"[、,，和/\s]", c.text) if 2 <= len(t) <= 8]
        if tags:
            found["tags"] = tags
        return
    match = _TAGS.search(clause.shape)
    if match and re.search(r"打|加|贴|标签[:：是]", clause.shape):
        text = clause.cut(*match.span("v"))
        tags = [t.strip('“”"「」 ') for t in re.split(r"[、,，和/]", text)]
        after = setting.clauses[clause.index + 1 :]
        more = itertools.takewhile(lambda c: _ONE_TAG.fullmatch(c.text) and not c.strong, after)
        tags += [c.text.strip() for c in more]
        found["tags"] = [re.sub(r"^(?:是|为|个|[:：])+|(?:的?标签?)$", "", t) for t in tags if t]
