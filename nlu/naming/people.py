"""Persons in a text: surname with title, full names known or new, what they are called."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from nlu import expressions as re
from nlu.known import KnownContact, KnownCustomer
from nlu.naming.linking import fits_title
from nlu.naming.name_words import COMMON, PLACES
from nlu.naming.ordinary import is_common, is_word
from nlu.naming.sound import sounds_of

DOUBLE = [
    "欧阳", "上官", "司马", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙",
    "宇文", "司徒", "端木", "南宫", "呼延", "轩辕", "百里", "闻人", "澹台", "独孤", "赫连", "万俟",
    "濮阳", "淳于", "单于", "申屠", "钟离", "鲜于", "拓跋", "纳兰", "西门", "东郭", "乐正", "完颜",
]  # fmt: skip
SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞"
    "颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房"
    "滕屈饶解牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬卞姬师仇栾隋商刁沙荣"
    "亓訾逄毋仉笪綦郗晁逯阙谌濮竺卿谯"
    "巫寇桑甄丛仲虞敖巩佘池查苑迟邝封匡鞠惠荆郁胥班储栗燕楚鄢粟冼蔺楼闻厉仝郜阚晋扈芮浦伏鹿薄邸辜郝邰杭况隆危亢湛宾昝丰"
)
SURNAME = f"(?:{'|'.join(DOUBLE)}|[{SINGLE}]|(?<![激奖鼓勉勤策])励)"
TITLES = [
    "副总经理", "总经理", "副董事长", "董事长", "副总裁", "总裁", "副院长", "院长", "副校长", "校长", "副主任", "主任",
    "副处长", "处长", "副科长", "科长", "副部长", "部长", "副局长", "局长", "副所长", "所长", "副厂长", "厂长",
    "副经理", "经理", "副总监", "总监", "副主管", "主管", "总工程师", "工程师", "总工", "副总", "组长", "队长",
    "站长", "行长", "店长", "校董", "社长", "会长", "书记", "县长", "镇长", "区长", "市长", "台长",
    "馆长", "园长", "班长", "课长", "室长", "股长", "科员", "专员", "助理", "秘书", "教授", "老师",
    "博士", "医生", "大夫", "护士长", "会计", "出纳", "老板", "老板娘", "师傅", "律师", "代表", "厨师长",
    "领班", "负责人", "采购员", "主席", "理事长", "秘书长", "合伙人",
]  # fmt: skip
_SHORT = (
    r"总(?![部共价计额结体量裁监包]|成(?!交)|装|承[包建揽]|算是?|之|投资)|工(?![厂程作单期业地序资艺具人会商况位时费])|处(?![理于长分罚境]|在(?![\s,，。了场家]|$))|"
    r"科(?![室学技长目研])|局(?![长面])|董(?!事)|院(?![长里内区])|哥|姐|导(?![致入出])|队(?![长伍])"
)
TITLE = f"(?:{'|'.join(sorted(TITLES, key=len, reverse=True))}|{_SHORT})"
_TITLE = re.compile(TITLE)
_CALLED = re.compile(f"(?P<surname>{SURNAME})(?P<title>{TITLE})")
_THINGS = frozenset(["车队", "连队", "商队", "施工", "车工", "石工", "水工", "白工"])
"""Words that only look like a surname with a title."""
_NICK = re.compile(
    f"(?<![大中缩最较变减微])(?P<nick>(?!小时|老时间)[小老](?P<surname>{SURNAME}))(?P<title>{TITLE})?(?![\u4e00-\u9fff](?<![说那是在和跟说问要想也都来打聊坐见谈接陪约回给让管负带看发催讲表今明昨出请送去到叫拿写帮先再刚已很挺真做扯唠侃闲谝碰对过握换升调走离退辞病休人介拍管接点签]))"
)
_BY_SURNAME = re.compile(f"姓(?P<surname>{SURNAME})的(?:那[位个])?")
_GIVEN = r"[\u4e00-\u9fff]{1,2}?"
_NOT_GIVEN = re.compile(
    r"[副处科部局司室组队院所厂店后前中内外时候年月周日天点号单项标价款额金钱电话手机的了在说是和跟与要想就也都有给让把被来去见打聊问着过联负做当帮没不今明昨上下这那他她们您你我吗呢吧啊嗯掉]"
)
_LONG = "|".join(sorted(TITLES, key=len, reverse=True))
_ANY_TITLE = re.compile(_LONG)
_FULL = re.compile(f"(?P<full>{SURNAME}{_GIVEN})(?={_LONG})")
_TWICE = re.compile(
    f"(?P<full>(?P<s>{SURNAME})[\u4e00-\u9fff]{{1,2}})(?=(?P=s)(?:{_LONG}|{_SHORT}))"
)
"""顾盼顾部长: the name, and then how one calls her."""
_AFTER_FIRM = re.compile(
    rf"(?:拜访|走访|回访|见|约|跟|和|陪|给)了?□{{2,}}(?:的)?(?P<full>{SURNAME}[\u4e00-\u9fff]{{1,2}})(?=[,，。;；\s]|$)"
)
_AFTER_CUE = re.compile(
    r"(?:联系人(?:是|叫|[:：])?|(?<![上下])叫做?|名叫|姓名[:：]?|全名(?:是|叫)?|大名|见到了?|(?:接手|接任|接替|继任|接班|顶替|对接|来接|来顶|接[他她][班手位]?子?|接替[他她]|顶[他她]|替[他她])的(?:人?(?:就|就是|是)?叫?|叫)?|(?:换成|改成|交给)了?(?:[他她]们?)?(?:的?(?:同事|助理|下属|徒弟|新人|副手|领导|搭档|师弟|师妹))?|"
    rf"{'|'.join(sorted(TITLES, key=len, reverse=True))})[\s:：是为]*(?P<full>{SURNAME}{_GIVEN})"
    r"(?=接待|出面|接(?:$|替|任)|接手|对接|的(?=[,，。\s])|[，,。；;、\s\n()（）]|$|负责|电话|手机|做|1[3-9]\d)"
)
_ANY_NAME = re.compile(
    rf"(?:{'|'.join(sorted(TITLES, key=len, reverse=True))}|联系人|接手的人?|对接人|新来的|新人)叫做?(?P<full>[\u4e00-\u9fff]{{2,4}})(?=[,，。；;\s:：]|$|电话|手机|微信)"
)
_FILED = re.compile(
    r"(?:[加添录记登建]|新增|登记|补充?)(?:一?[个位名])?(?:新)?(?:联系)?人(?:员)?(?:[:：]|(?=\s))\s*(?P<full>[\u4e00-\u9fff]{2,4})(?=[,，。;；\s:：(（]|$)"
)
"""加个人：权慧: a name that is filed, however rare its surname."""
_CONTACT = re.compile(
    r"联系人(?:是|叫|为|[:：])?\s*(?P<full>(?![待未不没同改变换无暂有还也都就的要])[\u4e00-\u9fff]{2,3})(?=[,，。;；\s(（☎]|电话|手机|$)"
)
"""联系人 普军: named as such, however rare the surname."""
_MET = re.compile(
    rf"(?:[见遇碰]到?[了着]|见的是?|面见|见到|碰上|[跟和与](?=[^,，]{{2,4}}[聊谈碰]))(?P<full>{SURNAME}[\u4e00-\u9fff]{{1,2}}?)(?=[,，。;；\s]|$|[聊谈碰]了|和|跟)"
)
"""见了徐莉: whom one met by the bare name."""
_IN_CHARGE = re.compile(
    rf"(?:归|由|换成?|改由|交给|是)(?:[他她]们?)?(?:的?(?:同事|助理|下属|徒弟|新人|副手))?(?P<full>{SURNAME}{_GIVEN})(?=在?管|接手|接替|接任|接的|接待|陪的|出面|负责|对接|跟进?|接(?=$|[,，。;；\s]))"
)
_FROM_NOW = re.compile(
    rf"(?:以后|今后|往后|现在|后面|后续)[^,，。]{{0,8}}?(?:找|联系|对接|(?<=[都是])跟|认准)(?:的?人)?(?:就是|是|叫)?(?P<full>{SURNAME}{_GIVEN})(?=$|[,，。;；\s])"
)
_NOW_BY = re.compile(
    rf"(?:管|负责|分管|盯|抓|经手|接手|接)[^,，。的]{{0,6}}的(?:人|那位)?(?:就是|是|叫|变成了?|换成了?|改成了?)(?P<full>{SURNAME}{_GIVEN})(?=$|[,，。;；\s(（☎])"
)
"""现在管采购的是张楠: who does what another one did."""
_CUED = re.compile(r"(?:联系人|姓名)(?:是|叫|[:：])?\s*$")
_BY_PHONE = re.compile(
    rf"(?<=[员师长工任理监管])(?P<full>{SURNAME}{_GIVEN})(?=[,，\s:：]*(?:电话|手机)?[\s:：]*☎)"
)
"""安全员武松，13…: a name between a post and a telephone."""
_BEFORE_CUE = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[处科部室院组队]的))(?P<full>{SURNAME}{_GIVEN})(?=(?:的?(?:电话|手机|号码))?[\s:：是]*☎|[,，\s、:(（]+(?:[\u4e00-\u9fff]{{0,6}}(?:{_LONG})|(?:电话|手机)?[\s:]*☎)|\s*$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person as said: full name if it was, else surname and title; owners are customers."""

    said: str
    full: str = ""
    surname: str = ""
    title: str = ""
    owners: frozenset[str] = frozenset()


def find_people(text: str, customers: Collection[KnownCustomer]) -> list[tuple[int, int, Named]]:
    """(start, end, person), in order; a full name swallows the title that follows it."""
    contacts: dict[str, set[str]] = {}
    for customer in customers:
        for contact in customer.contacts:
            contacts.setdefault(contact.name, set()).add(customer.id)
    found = _known(text, contacts)
    taken = [False] * len(text)
    _take(taken, found)
    called = [
        (m.start(), m.end(), _called(m))
        for m in _CALLED.finditer(text)
        if m.group() not in _THINGS and not text.endswith(_DEPARTMENTS, 0, m.end("surname"))
    ]
    called += [(m.start(), m.end(), _nick(m)) for m in _NICK.finditer(text)]
    called += [
        (m.start(), m.end(), Named(said=m.group(), surname=m["surname"]))
        for m in _BY_SURNAME.finditer(text)
    ]
    called += _rare(text, {name[0] for name in contacts if name[0] not in SINGLE})
    called += _by_own_title(text, customers)
    heard = _heard(text, contacts, taken)
    found += heard
    _take(taken, heard)
    found += _told(text, taken)
    for name in {named.full for _, _, named in found if named.full}:
        again = [
            (at, at + len(name), Named(said=name, full=name))
            for at in _places(text, name)
            if not any(taken[at : at + len(name)])
        ]
        found += again
        _take(taken, again)
    found += [item for item in called if not any(taken[item[0] : item[1]])]
    return _joined(text, sorted(found, key=lambda item: (item[0], -item[1])))


def _told(text: str, taken: list[bool]) -> list[tuple[int, int, Named]]:
    """Full names that stand beside a title, a cue or a telephone number; marks them as taken."""
    found: list[tuple[int, int, Named]] = []
    for pattern in _TELLING:
        new = [
            (*m.span("full"), Named(said=m["full"], full=m["full"]))
            for m in pattern.finditer(text)
            if not any(taken[m.start("full") : m.end("full")])
            and m["full"] not in COMMON
            and m["full"] not in PLACES
            and not (pattern in _BARE and is_word(m["full"]))
            and not (pattern is _BEFORE_CUE and _PAID.match(m["full"]))
            and (
                pattern in (_ANY_NAME, _FILED)
                or (pattern is _CONTACT and not _NOT_GIVEN.search(m["full"]))
                or _CUED.search(text, max(0, m.start("full") - 8), m.start("full"))
                or pattern is _TWICE
                or _is_given(m["full"], text, m.end("full"))
            )
        ]
        found += new
        _take(taken, new)
    return found


_TELLING = (
    _TWICE,
    _AFTER_FIRM,
    _FULL,
    _AFTER_CUE,
    _IN_CHARGE,
    _FROM_NOW,
    _NOW_BY,
    _ANY_NAME,
    _FILED,
    _CONTACT,
    _MET,
    _BEFORE_CUE,
    _BY_PHONE,
)
"""In the order in which they claim what they find."""
_BARE = (_AFTER_FIRM, _MET, _CONTACT, _FROM_NOW, _NOW_BY)
"""Where nothing but the words around tells that it is a name."""
_COUNTED = re.compile("[一两这那几每各某该本][个份张台家位次批种条件]?$")
"""那个单子师傅弄好了 names no 单子."""
_PAID = re.compile("付[清完齐掉好讫款了]")
"""月底付清 ends with no name."""


def _rare(text: str, surnames: set[str]) -> list[tuple[int, int, Named]]:
    """Contacts whose surname is too rare to stand in the list of surnames."""
    found = []
    for surname in surnames:
        for at in _places(text, surname):
            title = _TITLE.match(text, at + 1)
            if title:
                said = Named(said=text[at : title.end()], surname=surname, title=title.group())
                found.append((at, title.end(), said))
    return found


def _by_own_title(text: str, customers: Iterable[KnownCustomer]) -> list[tuple[int, int, Named]]:
    """戚总厨: a surname with the end of the very title that the contact has."""
    found = []
    for contact in (c for customer in customers for c in customer.contacts):
        for size in range(len(contact.title), 1, -1):
            said = contact.name[0] + contact.title[-size:]
            if said in text:
                title = contact.title[-size:]
                named = Named(said=said, surname=contact.name[0], title=title)
                found += [(at, at + len(said), named) for at in _places(text, said)]
                break
        if len(contact.name) > 3 and contact.name[:2] in text:
            found += _by_first_name(text, contact.name)
    return found


def _by_first_name(text: str, name: str) -> list[tuple[int, int, Named]]:
    """扎西总 for 扎西顿珠: a name of four characters and more has no surname of one."""
    titled = ((at, _TITLE.match(text, at + 2)) for at in _places(text, name[:2]))
    return [
        (at, title.end(), Named(said=text[at : title.end()], full=name, title=title.group()))
        for at, title in titled
        if title
    ]


def _known(text: str, contacts: dict[str, set[str]]) -> list[tuple[int, int, Named]]:
    return [
        (at, at + len(name), Named(said=name, full=name, owners=frozenset(owners)))
        for name, owners in contacts.items()
        if name in text
        for at in _places(text, name)
    ]


def _places(text: str, word: str) -> Iterable[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _take(taken: list[bool], found: list[tuple[int, int, Named]]) -> None:
    for start, end, _ in found:
        taken[start:end] = [True] * (end - start)


def _called(match: re.Match[str]) -> Named:
    return Named(said=match.group(), surname=match["surname"], title=match["title"])


def _nick(match: re.Match[str]) -> Named:
    title = match["title"] or ""
    return Named(said=match["nick"] + title, surname=match["surname"], title=title)


_DEPARTMENTS = (
    "供应链", "供应", "安全", "财务", "行政", "采购", "生产", "质量", "技术", "销售", "市场", "运营", "物流", "仓储",
    "研发", "设备", "工程", "项目", "人事", "法务", "后勤", "总务", "教务", "信息", "宣传", "品牌", "客服", "售后",
    "成本", "招采", "招标", "预算", "合约", "商务", "营销", "渠道", "战略", "投资", "审计", "国资", "基建", "实训",
    "包装", "应用", "安装", "计量", "方案", "施工", "康复", "金融", "全科", "关务", "车辆", "党委", "党建", "温控", "车险",
    "单证", "连锁", "纪检", "管网", "常务", "高级", "高压", "程序", "养护", "焊接", "钣金", "冲压", "模具", "工艺", "结构",
    "科研", "集采", "储运", "计划", "调度", "车间", "能源", "环保", "动力", "机电", "物资", "管理", "业务", "区域",
)  # fmt: skip
"""What stands before a title and is no name: 供应链总监."""


def _is_given(full: str, text: str, end: int) -> bool:
    """Whether what follows the surname can be a given name, and no title is cut into."""
    surname = full[:2] if full[:2] in DOUBLE else full[:1]
    given = full[len(surname) :]
    if text.endswith(_DEPARTMENTS, 0, end):
        return False
    if given in ("子", "头", "儿") or (
        is_common(full) and _COUNTED.search(text, 0, end - len(full))
    ):
        return False
    if given.endswith("明") and text[end : end + 1] in tuple("天年早晚"):
        return False
    if _NOT_GIVEN.search(given) or _ANY_TITLE.search(full) or full in COMMON:
        return False
    around = text[end - len(given) : end + 3]
    return not _TITLE.match(around)


_OF_FIRM = re.compile("□的")


def _heard(
    text: str, contacts: dict[str, set[str]], taken: list[bool]
) -> list[tuple[int, int, Named]]:
    """Full names of contacts that only sound so; two characters need a title beside them."""
    if not contacts or not (_TITLE.search(text) or _OF_FIRM.search(text)):
        return []
    heard, found = sounds_of(text), []
    begins: dict[str, list[int]] = {}
    for at, sound in enumerate(heard):
        begins.setdefault(sound, []).append(at)
    for name, owners in contacts.items():
        sounds = sounds_of(name)
        size = len(name)
        if size < 2 or not all(sounds):
            continue
        for at in begins.get(sounds[0], ()):
            if heard[at : at + size] != sounds:
                continue
            if any(taken[at : at + size]) or text[at : at + size] == name:
                continue
            after = at + size + (text[at + size : at + size + 1] == text[at])
            of_firm = text[at - 2 : at] == "□的" and not is_word(text[at : at + size])
            if (of_firm or _TITLE.match(text, after)) and not _CALLED.match(text, at):
                named = Named(said=text[at : at + size], full=name, owners=frozenset(owners))
                found.append((at, at + size, named))
    return found


def _joined(text: str, found: list[tuple[int, int, Named]]) -> list[tuple[int, int, Named]]:
    """郑琳郑主任 and 崔健主任 are one person each."""
    joined: list[tuple[int, int, Named]] = []
    for start, end, named in found:
        if joined and start < joined[-1][1]:
            continue
        before = joined[-1] if joined else None
        if before and start == before[1] and _same_person(before[2], named):
            joined[-1] = (before[0], end, _with_title(before[2], named.title))
            continue
        if named.full:
            title = _TITLE.match(text, end)
            if title:
                end, named = title.end(), _with_title(named, title.group())
        joined.append((start, end, named))
    return joined


def _same_person(full: Named, called: Named) -> bool:
    return bool(full.full) and not called.full and full.full.startswith(called.surname)


def _with_title(named: Named, title: str) -> Named:
    return Named(
        said=named.said, full=named.full, surname=named.surname, title=title, owners=named.owners
    )


def contact_of(named: Named, customer: KnownCustomer | None) -> tuple[KnownContact, ...]:
    """The customer's contacts that this person may be; several are a question."""
    if customer is None:
        return ()
    if named.full:
        return tuple(c for c in customer.contacts if c.name == named.full)
    alike = [c for c in customer.contacts if c.name.startswith(named.surname)]
    called = (named.surname + named.title, f"姓{named.surname}的", f"姓{named.surname}的那位")
    if not named.title and named.said in (f"小{named.surname}", f"老{named.surname}"):
        return tuple(alike)
    if named.said not in called and not named.title:
        return ()
    fitting = [c for c in alike if fits_title(c.title, named.title)]
    exact = [c for c in fitting if named.title and named.title in c.title]
    if named.title == "经理":
        exact = [c for c in exact if not c.title.endswith("总经理")] or exact
    return tuple(exact or fitting)
