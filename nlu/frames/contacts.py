"""News of a customer's people: who came, left, rose, decides, and how to reach them."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import NOT, Clause
from nlu.drafts import Draft
from nlu.frames.posts import of_department, post_changed, went_away
from nlu.frames.targets import address, names_of
from nlu.naming.people import TITLES
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.tenses import day_of, lies_ahead

_WECHAT = re.compile(r"(?:微信|企微)(?:号)?[:：是]?\s*(?P<id>[A-Za-z][\w\-]{4,})")
_LEFT = re.compile(
    r"换届|卸任|免职|退下来|转去?做(?=[^,，]{0,4}(?:内勤|行政|销售|财务|后勤|质检|生产|技术|别的))|调走|离职|(?<![们家他拿抢签撬带取送发提开卖搬撤])走了$|走人|离开了?公司|不在[^,，]{0,4}(?:干|做|上班)了|退休(?=了|$|[,，])|辞职|跳槽|被调|调岗|调去|调到(?!了?Ⓐ)|不干了|换岗|转岗|不负责|退了(?=$|[,，。])|内退|病退|退居二线"
)
_UNSURE = re.compile(
    r"可能|听说|据说|好像|也许|要(?:调|退|离|走|辞|跳|转岗)|快要?(?:退|离|走|调|辞)|准备|打算|不一定|没准|估计|或许|传言|传闻|谣言|谣传|瞎传|误传|假的|没影|没有的事|没这回事"
)
_DECIDES = r"(?:拍板|做主|当家|话事|说了算|说话算数|说话管用|说话算话|点头|定夺|签字权?|一支笔|最终决定|最后决定|主事|决策|大权|拿主意|决定权|管事|一锤定音)"
_DECIDER = re.compile(
    rf"{_DECIDES}(?:的|权|人|者)*[^,，Ⓟ]{{0,4}}(?:是|归|在|要?看|还?得?找)[^,，Ⓟ]{{0,10}}Ⓟ|(?:得|必须|非得)(?:等|要|由)?Ⓟ[^,，Ⓟ]{{0,3}}(?:点头|拍板|定夺|说了算|签字才|做主)|(?:由|归|听)Ⓟ[^,，Ⓟ]{{0,3}}{_DECIDES}|Ⓟ[^,，Ⓟ]{{0,5}}(?:是|才是?|就是)[^,，Ⓟ]{{0,8}}(?:{_DECIDES}|决策[人者]|一把手)|Ⓟ[^,，ⓅⒹ]{{0,6}}(?:说了算|说话算数|做主|当家|话事|一支笔|定夺|拿主意|拍板(?!了)|签字才|点头才|点了头才)"
)
"""说了算的是…, …一个人拍板: who decides, not that somebody just did."""
_JUST_DID = re.compile(
    r"(?:拍板|点头|定夺)(?:了|就|来)?(?:用|选|定|给|要|同意|批|让|上|做|买|签|采)|Ⓓ|刚|电话|会上|已|当场|现场|终于|口头"
)
_ROLES = (
    ("champion", re.compile(r"(?:内部)?支持者|内线|教练(?!员)|自己人|内应|铁粉|帮我们说话的|(?:我们|咱们)的?人(?=$|[,，])|向着我们|站(?:在)?(?:我们|咱们)这边|挺我们")),
    ("decision_maker", re.compile(rf"{_DECIDES}|决策[人者]|一把手")),
    ("gatekeeper", re.compile(r"把关|守门|卡[口住]|技术关|门卫")),
    ("influencer", re.compile(r"影响者|影响人|有影响力|评标专家|话语权|影响力")),
    ("buyer", re.compile(r"采购(?:人员|角色|执行人?|负责人|对接人)?|买方|买手|商务对接")),
    ("user", re.compile(r"使用者|使用人|实际使用|用户|使用部门|操作人")),
)  # fmt: skip
_ROLE_SET = re.compile(r"角色|标成|标为|标记|设成|设为|改成|记成|算是?|定为|属于")
_PROMOTED = re.compile(
    rf"(?:升[任为成]?了?|提[拔成为]+|[改任]{{1,2}}|升职|转任|当上?了?|现在是|(?:现在|目前|如今|还)?兼(?:任|了|着)?|头衔改[成为])\s*(?P<title>[\u4e00-\u9fff]{{0,6}}?(?:{'|'.join(TITLES)}))"
)


def contact_news(section: Section, setting: Setting) -> list[Draft]:
    """Persons told with something new about them."""
    drafts: list[Draft] = []
    for place, clause in enumerate(section.clauses):
        people = clause.of("person")
        if not people:
            _belongs_before(drafts, section, setting, place)
            continue
        for mention in people:
            draft = _contact(clause, mention, section, setting, place)
            if draft:
                drafts.append(draft)
    return _merged(drafts)


def _merged(drafts: list[Draft]) -> list[Draft]:
    by_name: dict[str, Draft] = {}
    for draft in drafts:
        kept = by_name.setdefault(draft.slots["name"], draft)
        if kept is not draft:
            kept.slots.update({k: v for k, v in draft.slots.items() if k not in kept.slots})
            kept.spans.update({k: v for k, v in draft.spans.items() if k not in kept.spans})
    return [d for d in by_name.values() if set(d.slots) - {"customer", "new_customer", "name"}]


def _contact(
    clause: Clause, mention: Mention, section: Section, setting: Setting, place: int
) -> Draft | None:
    names = names_of(mention, section, setting)
    if not names:
        return None
    draft = address(Draft("contact", clause.start), section)
    draft.put("name", names[0], mention)
    shape = clause.shape
    at = clause.place_of(mention)
    known = {c.name: c.title for c in section.customer.contacts} if section.customer else {}
    _left(draft, shape, at, clause, setting)
    _role(draft, shape, at, clause)
    promoted = _PROMOTED.match(shape[at + 1 :])
    after = section.clauses[place + 1 : place + 2]
    if not promoted and _RISEN.match(shape[at + 1 :]) and after:
        promoted = _NOW.match(after[0].shape)
    post = _new_post(shape, at, clause, setting)
    if post:
        draft.put("title", post, (clause.start, clause.end))
    elif promoted and not _UNSURE.search(shape):
        draft.put("title", promoted["title"], (clause.start, clause.end))
    elif names[0] not in known and mention.named and (mention.named.full or _of_whom(shape, at)):
        title = _title(section, clause, mention, at, place) or post_changed(
            section.clauses[:place], shape[:at].rpartition("Ⓒ")[2]
        )
        draft.put("title", title, (clause.start, clause.end))
    if "left" not in draft.slots:
        _reach(draft, clause, section, place, mention)
    return draft


def _of_whom(shape: str, at: int) -> bool:
    """于总的助理小刘: what a nickname is to somebody else is his post."""
    return re.search("Ⓟ的(?:助理|秘书|副手|司机|会计)$", shape[:at]) is not None


_RISEN = re.compile(r"(?:刚)?(?:升职?|提拔|晋升|高升|转正?岗?)了?$")
_NOW = re.compile(
    rf"^\s*(?:现在|现任|改任|新职位|目前)?(?:是|任|做|当)?(?P<title>[\u4e00-\u9fff]{{0,6}}?(?:{'|'.join(TITLES)}))"
)


_OF_ANOTHER = re.compile(
    r"Ⓟ|说|讲|告诉|透露|提到|通知|[的他她]们?的?(?:领导|上司|同事|主管|经理|部长)"
)
"""车部长说他们主任退休了: it isn't who told it."""


_WITHIN = re.compile(
    rf"调[到去任了]{{1,2}}(?:[他她]们)?(?P<place>[\u4e00-\u9fff]{{0,8}}?(?:部|处|科|室|组|中心|车间|分公司|子公司|基地|厂|店|院|校))?(?:当|做|任|担任|出任)(?:了|上)?(?P<title>[\u4e00-\u9fff]{{0,6}}?(?:{'|'.join(TITLES)}))"
)
"""调到采购部当部长 is a new post in the same house."""


def _new_post(shape: str, at: int, clause: Clause, setting: Setting) -> str | None:
    """The post that somebody was moved to, unless he is still to go."""
    found = _WITHIN.search(shape, at + 1, at + 24)
    dates = [day_of(m, clause, setting, "plan") for m in clause.of("date")]
    if not found or _UNSURE.search(shape) or any(lies_ahead(d, setting.now) for d in dates):
        return None
    return (found["place"] or "") + found["title"]


def _left(draft: Draft, shape: str, at: int, clause: Clause, setting: Setting) -> None:
    found = _LEFT.search(shape, at + 1)
    found = found if found and found.start() < at + 13 else None
    between = shape[at + 1 : found.start()] if found else ""
    if found and _WITHIN.match(shape, found.start()):
        return
    if not found and went_away(shape[at + 1 :], setting.text):
        draft.put("left", True, (clause.start, clause.end))
        return
    days = [day_of(m, clause, setting, "plan") for m in clause.of("date")]
    if any(lies_ahead(day, setting.now) for day in days) and "了" not in between + shape[-1:]:
        return
    if found and not _UNSURE.search(shape) and not _OF_ANOTHER.search(between):
        draft.put("left", True, (clause.start, clause.end))


def _role(draft: Draft, shape: str, at: int, clause: Clause) -> None:
    if shape.count("Ⓟ") > 1 and not re.search(r"[是的归由]Ⓟ", shape[max(0, at - 4) : at + 1]):
        return
    for role, pattern in _ROLES:
        found = pattern.search(shape)
        if not found or NOT.search(shape[: found.start()]):
            continue
        if _ROLE_SET.search(shape) or _is_told(role, shape):
            draft.put("role", role, (clause.start, clause.end))
            return


def _is_told(role: str, shape: str) -> bool:
    """Whether a role is told outright, without a way of filing it."""
    if role == "decision_maker":
        decider = _DECIDER.search(shape)
        by_verb = (
            decider
            and not decider.group().startswith(("得", "必须", "非得"))
            and re.search(r"拍板$|点头|签字", decider.group())
        )
        return decider is not None and not (by_verb and _JUST_DID.search(shape))
    return role in ("champion", "user", "influencer", "gatekeeper") and bool(
        re.search(r"[Ⓟ他她](?:[^,，Ⓟ]{0,4})(?:是|算|属于|相当于)", shape)
    )


_TITLE_WORDS = re.compile(
    rf"(?P<t>[\u4e00-\u9fffA-Z]{{0,8}}(?:{'|'.join(sorted(TITLES, key=len, reverse=True))}|工程师|HRBP|HRD|HRM|C[EFOTIMHP]O|(?<![A-Za-z])(?:VP|GM|PM|HR|PMC|IT)(?![A-Za-z])))"
)


def _title(section: Section, clause: Clause, mention: Mention, at: int, place: int) -> str | None:
    """The title beside a new name: 新来的采购经理石岩, or 张磊，采购主管."""
    text = clause.text
    firms = [m.end for m in clause.of("customer") if m.end <= mention.start]
    before = text[max(firms, default=clause.start) - clause.start : mention.start - clause.start]
    if place and _CALLED.fullmatch(before):
        above = section.clauses[:place]
        above = above[:-1] if len(above) > 1 and _SURNAME_ONLY.match(above[-1].text) else above
        said = above[-1].shape.rpartition("Ⓒ")[2]
        before = _CAME_TO.sub(r"新\g<t>", said.replace("Ⓟ", "")) + "叫"
    elif place and not before.strip() and _POST_ALONE.search(section.clauses[place - 1].shape):
        before = section.clauses[place - 1].text.rstrip()
    before = before[-LONGEST_POST:]
    post = _POST.search(before)
    if post:
        return of_department(before[: post.start()], _bare_title(post["t"]))
    found = re.search(rf"{_TITLE_WORDS.pattern}(?:是|叫)?\s*$", before)
    if found:
        return _bare_title(found["t"])
    bare = mention.text[len(mention.named.full) :] if mention.named else ""
    rest = text[mention.end - clause.start :]
    follow = re.match(rf"\s*(?:[,，(（是]|做|任)?\s*{_TITLE_WORDS.pattern}", bare + rest)
    if follow:
        return _bare_title(follow["t"])
    for after in _beside(section, place):
        alone = re.match(
            rf"^(?:还是|也是|仍是|是|任|职位[:：是]?)?{_TITLE_WORDS.pattern}(?:这个?岗位?|一职)?(?:$|[\s,，])",
            after,
        )
        if alone and len(alone["t"]) <= 10:
            return _bare_title(alone["t"])
    return None


_CALLED = re.compile(r"\s*(?:他|她|名字|全名|大名)?(?:叫做?|名叫|是|姓名|全名|大名)\s*")
_SURNAME_ONLY = re.compile(r"\s*(?:他|她)?姓[\u4e00-\u9fff]{1,2}\s*$")
_CAME_TO = re.compile(
    rf"(?P<t>[\u4e00-\u9fff]{{0,4}}(?:{'|'.join(TITLES)}|HRBP|HRD|C[EFOTIMHP]O|VP))(?:这?个?岗?位?置?)(?:换|变|改|来)[了成]*(?:个|一个)?(?:新人|人|新的|别人)?了?$"
)
"""CFO换成了新人，叫…: the post stands before what came of it."""
_POST_ALONE = re.compile(
    rf"^[^ⓅⓊ]{{0,12}}(?:{'|'.join(sorted(TITLES, key=len, reverse=True))})\s*$"
)
"""接任的是副总 祝文, 法务主管 陶然: a post alone before the name."""
LONGEST_POST = 24
"""Characters before a name in which its post is looked for."""
_POST = re.compile(
    r"(?:(?:来了?|换了?|调来了?|派了?|招了?)(?:个|位|一个|一位)?新?的?|新[来任](?:了?[个位名]|的)?|(?<![\u4e00-\u9fff])新|接手的?|接替的?|接任的?|对接人?是)[个位一]*(?P<t>[\u4e00-\u9fffA-Z]{1,7}[员师长工总管理监任导厨书代助]|采购|销售|内勤|文员|财务|前台|仓管|质检|会计|出纳|技术|设备|法务|行政|人事|[\u4e00-\u9fff]{0,4}[A-Z]{2,5})\s*[,，]?(?:他|她)?(?:名?叫做?|是|姓名)?\s*$"
)
"""来了个新教研员，叫…: a post is told by its last character where somebody comes to it."""


def _bare_title(title: str) -> str:
    return re.sub(
        r"^.*(?:[来换派调招]了个?新?的?|新来的?|新任的?|来了?个|一个|他们|她们|由|归|那边的?|的|是|个|任)(?=[\u4e00-\u9fffA-Z]{2})",
        "",
        re.sub(r"^新(?!能|闻|材|媒|兴|零|农|业|产)", "", title),
    )


def _beside(section: Section, place: int) -> list[str]:
    """The clause after the name, or the one behind its telephone number."""
    after = section.clauses[place + 1 : place + 4]
    reach = next(
        (n for n, c in enumerate(after) if not re.fullmatch(r"[^,，]{0,3}[ⓃⒺ]", c.shape.strip())),
        None,
    )
    return [] if reach is None else [after[reach].text.strip()]


_INTRODUCES = re.compile(r"新来的|接手的|接任的|换成|接替")


def _reach(draft: Draft, clause: Clause, section: Section, place: int, who: Mention) -> None:
    """The numbers beside a person; what stands behind the clause is of the last it names."""
    people = clause.of("person")
    after = [m.start for m in people if m.start > who.start]
    for near in section.clauses[place : place + (1 if after else 4)]:
        others = [m for m in near.of("person")]
        if near is not clause and (others or clause.of("person")[-1:] not in ([], [who])):
            break
        if not others and _INTRODUCES.search(near.shape):
            break
        for kind in ("phone", "email"):
            for reach in near.of(kind):
                if near is clause and after and reach.start > after[0]:
                    continue
                draft.put(kind, re.sub(r"[ ]", "", reach.values[0]), reach)
        match = _WECHAT.search(near.shape)
        if match:
            draft.put("wechat", match["id"], (near.start, near.end))


def _reached(
    clause: Clause, section: Section, setting: Setting, before: list[Mention]
) -> list[Draft]:
    """他电话…: of the person named before, here or in the conversation."""
    names = names_of(before[-1], section, setting) if before else [setting.recent_person]
    if not names or not names[0]:
        return []
    draft = address(Draft("contact", clause.start), section)
    draft.put("name", names[0])
    for kind in ("phone", "email"):
        for mention in clause.of(kind):
            draft.put(kind, mention.values[0].replace(" ", ""), mention)
    return [draft]


def _says_role(shape: str) -> bool:
    """他是我们的内线, 这人说了算."""
    said = as_person(shape)
    return any(_is_told(role, said) for role, pattern in _ROLES if pattern.search(said))


_POINTED = re.compile(r"(?:[他她](?!们|那边)|这人|此人)")


def as_person(shape: str) -> str:
    """以后都她拍板, 拍板的就是他 and 是个把关的 with the person spelled out."""
    return _POINTED.sub("Ⓟ", _IS_ONE.sub("Ⓟ是", shape), count=1)


_IS_ONE = re.compile(r"^\s*(?:就|也)?是(?=个|我们|咱们)")
_SOMEBODY_ELSE = re.compile(
    "老板|领导|老总|上司|上级|老大|一把手|姓|[他她]们?的?[\u4e00-\u9fff]{0,3}[总长任]"
)
"""王娅说她们老板姓田,都是他拍板: another person came between."""


def _belongs_before(drafts: list[Draft], section: Section, setting: Setting, place: int) -> None:
    """燕西刘洋退休: nothing to do; kept for clauses that say of 他 that he left."""
    clause = section.clauses[place]
    near = section.clauses[max(0, place - 4) : place]
    before = [m for c in near for m in c.of("person")]
    between = "".join(c.shape for c in near).rpartition("Ⓟ")[2]
    if _SOMEBODY_ELSE.search(between):
        before = []
    filed = re.search("标|设|角色|记", clause.shape) or "Ⓟ" in as_person(clause.shape)
    if before and filed and (_ROLE_SET.search(clause.shape) or _says_role(clause.shape)):
        draft = address(Draft("contact", clause.start), section)
        said = as_person(clause.shape)
        _role(draft, said, said.find("Ⓟ"), clause)
        names = names_of(before[-1], section, setting)
        if "role" in draft.slots and names:
            draft.put("name", names[0], before[-1])
            drafts.append(draft)
            return
    if re.match(r"[他她]的?[^,，]{0,10}[ⓃⒺ]", clause.shape) and not drafts:
        drafts += _reached(clause, section, setting, before)
        return
    if not drafts or not clause.shape.startswith(("他", "她")) or _UNSURE.search(clause.shape):
        return
    if _LEFT.search(clause.shape):
        drafts[-1].put("left", True, (clause.start, clause.end))
