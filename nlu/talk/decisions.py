"""Consent and refusal in words: of which paper, whose, and on what condition or why."""

from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.sections import Setting, resolve

LONGEST = 60
_TARGETS = (
    (
        "discount",
        re.compile(r"折扣|特价|特批价?|让利|优惠|[折点]的|价格申请|降价|返[利点]|Ⓕ的?申请"),
    ),
    ("contract", re.compile(r"合同|协议|框架(?!搭)|用印|盖章")),
    (
        "expense",
        re.compile(
            r"报销|费用|[差旅餐油食宿车房招待运路停礼]费|发票|差旅|(?:住宿|餐饮|[车机船过油路停])票|票据|住宿|垫付|花销|打车|油钱|请客"
        ),
    ),
    ("quote", re.compile(r"报价|报的价|价格单|这个价|那个价|询价单")),
)
_TARGET_WORDS = re.compile("|".join(pattern.pattern for _, pattern in _TARGETS))
_REFUSED = re.compile(
    r"驳回|退回(?!公海)|打回去?|不同意|不批|不[能给予让放]?通?过(?!分|错|是|于|来|去)|拒绝|拒了|拒掉|否决|否了|没通过|不予|不准(?!时|确|备)|不给[过批]|过不了|不[能可]以?[过批签走报]|不放行|批不[了下]|驳了|退了|退掉|退(?=$|[,，。!！吧])|毙|别批|不认可|卡掉"
)
_AGREED = re.compile(
    r"同意|批准|批[了掉吧](?!评)|(?:可以|能|给|我)?批(?=$|[,，。])|准了|照准|准予|核准|批一下|我批|放行|(?<![不没])通过(?!了?(?:验收|测试|审核|评审|Ⓟ|Ⓤ))|给过"
)
_WEAK_NO = re.compile(
    r"不行|不可以?(?=$|[,，])|不给(?=$|[,，])|不可以|重[做算报写提新]|有问题|卡住|先?压(?:一?压|一下|着)|先压|不合规|没戏|免谈|拉倒"
)
_WEAK_YES = re.compile(
    r"(?<![a-zA-Z])[oO][kK](?![a-zA-Z])|没问题|没毛病|没啥(?:问题|毛病)|可以(?:盖章|执行|打款|签字|用印|[报走签发过用放付])?|没意见|认可|就?(?:按这个|这么|照这个|照此)(?:来|走|办|执行|报|签|定)|过(?=了?[吧啦]?$)|行(?=了?[吧啦的]*$)|走(?=了?[吧啦]?$)"
)
_PURE = re.compile(
    rf"(?:我|我这[里边]?|这边|那就|就|先|都|已经?|全部|可以|好的?|嗯|行|请)*(?:{_AGREED.pattern}|{_REFUSED.pattern}|{_WEAK_YES.pattern}|{_WEAK_NO.pattern})(?:了|吧|啦|的|掉|走|流程)*"
)
_POINTING = re.compile(
    rf"[Ⓐ-ⓩ]|{_TARGET_WORDS.pattern}|申请单?|审批|[提交报发]的?|[那这]|[份个张笔条单项]|的|刚|才|上来|来|给|我|关于|项目|商机|客户|组|[看审核]过?完?了|[看审核]过|[:：\s]"
)
_OTHERS_SAY = re.compile(
    r"客户说|[他她]们?说|Ⓟ[^,，]{0,4}(?:说|讲|回|让|要)|(?:Ⓟ|对方|他们?|她们?|客户|甲方|领导|老板|人家|业主|院长|董事会|总部)[^,，]{0,6}(?:已经?|都|也|还)?(?:没|不)?(?:同意|批|通过|认可|答应)|拜访|[去见聊谈]了|电话里|会上"
)
_PAPER = re.compile(r"(?<![A-Za-z0-9])(?P<n>[A-Za-z]{1,3}-?\d{3,})(?![A-Za-z0-9])")
_ASKED = re.compile(r"吗$|哪些|多少|几[个份张条]|有没有")


def decision(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    """The decision that the message is; reps decide nothing but what they name by number."""
    text = setting.text.strip()
    shape = setting.shape
    if len(text) > LONGEST or not clauses or _OTHERS_SAY.search(shape):
        return []
    paper = _PAPER.search(setting.text)
    if setting.sender.role == "rep" and not paper:
        return []
    target = _target(shape)
    found = _decided(clauses, bool(target or paper))
    if found is None or not (target or paper or _is_bare(clauses) or _of_one(clauses[0])):
        return []
    clause, match, agreed = found
    draft = Draft("approve" if agreed else "reject", clause.start)
    draft.put("target", target, (clause.start, clause.end))
    _customer(draft, setting, clauses)
    if paper:
        draft.put("number", paper["n"].upper(), paper.span("n"))
    draft.put(
        "comment", _comment(setting.text, clauses, clause, match), (clause.start, clause.end)
    )
    return [draft]


def _target(shape: str) -> str | None:
    """The paper that is named first: 那份报价我批了，折扣别低于九折 is about the quote."""
    found = [(m.start(), name) for name, pattern in _TARGETS if (m := pattern.search(shape))]
    return min(found)[1] if found else None


def _decided(clauses: list[Clause], named: bool) -> tuple[Clause, re.Match[str], bool] | None:
    """The clause that decides, and whether it consents; weak words only beside a named paper."""
    for refused, agreed, weak in ((_REFUSED, _AGREED, False), (_WEAK_NO, _WEAK_YES, True)):
        for clause in clauses:
            no, yes = refused.search(clause.shape), agreed.search(clause.shape)
            match = no or yes
            if match is None or _ASKED.search(clause.shape):
                continue
            if weak and not (named and _is_verdict(clause, match)):
                continue
            return clause, match, no is None
    return None


def _is_verdict(clause: Clause, match: re.Match[str]) -> bool:
    """Whether a weak word is all that is said of the paper: 那份报价不行."""
    pointed = _POINTING.sub("", clause.shape[: match.start()])
    after = re.sub(r"[了吧啦的掉走流程]", "", clause.shape[match.end() :])
    left = re.sub(r"[就先都已经也倒]|边|里", "", pointed)
    named = _TARGET_WORDS.search(clause.shape[: match.start()])
    if _TO_MEND.search(left):
        return False
    return len(left) <= (2 if named else 0) and not after


_TO_MEND = re.compile("补|改|附|备注|重|缩|降|签字|盖")
"""发票补齐就行 is a condition."""


def _is_bare(clauses: list[Clause]) -> bool:
    """同意 alone, with or without a reason behind it."""
    return _PURE.fullmatch(clauses[0].shape.strip()) is not None


def _of_one(clause: Clause) -> bool:
    """驳回宏达的, 同意盐灯那个: a decision, and of whose paper it is, with nothing else."""
    return bool(clause.of("customer")) and _ITS.fullmatch(clause.shape.strip()) is not None


_ITS = re.compile(
    rf"(?:我|先|就|那)*(?:{_AGREED.pattern}|{_REFUSED.pattern})(?:掉|了)?Ⓒ+(?:的|那[个份张笔单]|这[个份张笔单])*"
    rf"|Ⓒ+(?:的|那[个份张笔单]|这[个份张笔单])+我(?:先|就)*(?:{_AGREED.pattern}|{_REFUSED.pattern})(?:掉|了|吧)*"
)


def _customer(draft: Draft, setting: Setting, clauses: list[Clause]) -> None:
    for clause in clauses:
        for mention in clause.of("customer"):
            ids = resolve(setting, mention, clause)
            if len(ids) == 1:
                draft.put("customer", ids[0], mention)
            else:
                draft.put("options", list(ids), mention)
            if ids:
                return


_LED = re.compile(
    r"^(?:[,，\s]|批了|批|同意|可以|了|吧|的|这个|这份|这单|那个|那份|掉|一下|申请|Ⓒ|Ⓤ|Ⓩ|[:：]|报价单?|合同|报销单?|折扣|[A-Za-z]{1,3}-?\d{3,})+"
)
_POLITE = re.compile(r"辛苦了?|谢谢|好的?|嗯|行|收到|抓紧|尽快")


def _comment(text: str, clauses: list[Clause], deciding: Clause, match: re.Match[str]) -> str:
    """What is said beside the decision: its condition or reason."""
    said = []
    for clause in clauses:
        if clause is deciding:
            at = match.end()
            led = _LED.match(clause.shape[at:])
            rest = clause.cut(at + (led.end() if led else 0), len(clause.shape))
        elif _only_decides(clause) or not _told(clause) or text.startswith("?", clause.end):
            continue
        else:
            rest = _after_pointing(clause)
        rest = _PAPER.sub("", rest)
        rest = re.sub(r"^(?:那就)?(?:批了|同意|可以|批准|通过)[,，]?(?:但是?|不过)?", "", rest)
        said.append(rest.strip(" :：,，。\ue000"))
    return "，".join(s for s in said if len(s) > 1 and not _POLITE.fullmatch(s))


def _after_pointing(clause: Clause) -> str:
    """那单的报价这个价不亏吗: what is said of the paper, without which one it is."""
    words = list(_TARGET_WORDS.finditer(clause.shape))
    pointed = re.match(r"[^,，]{0,12}(?:[ⒸⓊⓏ]|[那这])", clause.shape)
    if not words or not pointed:
        return clause.text
    rest = clause.cut(words[-1].end(), len(clause.shape))
    bare = _POINTING.sub("", rest)
    return rest if len(re.sub(rf"{_WEAK_YES.pattern}|{_WEAK_NO.pattern}", "", bare)) > 1 else ""


def _only_decides(clause: Clause) -> bool:
    """Whether a clause says the verdict again: 准了, 就按这个来."""
    if _PURE.fullmatch(clause.shape.strip()):
        return True
    weak = _WEAK_YES.search(clause.shape) or _WEAK_NO.search(clause.shape)
    return weak is not None and _is_verdict(clause, weak)


_CONDITION = re.compile(
    r"(?:[改降加减缩延控限保]|别|最多|最低|不[超低高]|必须)[^,，ⓅⒸ]{0,5}[ⒶⓆⒻⒹⓄ]|[ⒽⓄ][^,，]{0,4}[改按走要][^,，]{0,3}[ⒶⓆⒻⒹⓄ]|(?:补|齐)[^,，]{0,2}就行|就行$|才行$"
)
"""账期改30天, 发票补齐就行: on what condition it is granted."""


def _told(clause: Clause) -> bool:
    """Whether a clause says more than which paper is meant."""
    if _CONDITION.search(clause.shape):
        return True
    if re.match(
        r"没|不|无|缺|未|少|超|(?:发票|合同|单据|票据?|明细|附件|金额|抬头)[^,，]{0,4}[没不无缺未少超错漏]",
        clause.shape.strip(),
    ):
        return True
    return len(_POINTING.sub("", clause.shape).strip()) > 1
