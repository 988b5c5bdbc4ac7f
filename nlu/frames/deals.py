"""News of deals: money, stage, closing day, needs, rivals, won and lost; and which deal is meant."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from functools import cached_property

from nlu import expressions as re
from nlu.amounts.measures import EACH
from nlu.clauses import NOT, Clause
from nlu.drafts import Draft
from nlu.frames.need_words import ADDS, no_need
from nlu.frames.targets import address
from nlu.frames.which_deal import by_head, fitting_deals
from nlu.known import KnownCustomer, KnownDeal
from nlu.scene import Mention
from nlu.sections import Section, Setting
from nlu.vocabulary import Word

MONEY = re.compile(
    r"还价[到成]?Ⓐ|预算|额度|[Bb]udget|金额|总价|总额|拿Ⓐ|Ⓐ的[货价]|Ⓐ(?:够用|够了|打住|起步)|合计|一共|拢共|总共|单子|项目|标的|年框|框架|年费|开价|要价|心理价|底价|Ⓐ以内|Ⓐ能[做接拿]|报到|压到|加到|[提降涨追调]到|给到|批[下了]|谈到|谈下来|经费|投资|盘子|[出给]到?了?Ⓐ|想花|手[里上头]Ⓐ|控制在|封顶|规模|体量|大概Ⓐ|拦标价|控制价|最高限价|成交价|中标价|定价|这单|那单|合同额|标的额|造价|一年[^,，ⒶⒹ]{0,6}Ⓐ|每年[^,，ⒶⒹ]{0,4}Ⓐ|总包价|Ⓐ的[量单盘规]|总[\u4e00-\u9fff]{1,3}[费价额款]|Ⓐ[^,，]{0,3}(?:确认|没问题|定了)|[Cc]onfirmed|买|钱(?:呢|嘛|的话|这块)?(?:就|还)?(?:是|定)?Ⓐ|Ⓐ(?:没变|不变|没动|照旧|不动)"
)
NOT_DEAL_MONEY = re.compile(
    r"发票|开票|嫌[^,，]{0,8}Ⓐ|单价|(?:首年|第一年)(?![^,，]{0,4}(?:谈|起步|保底|做|目标|任务|量|Ⓐ起))|我们?(?:报(?:了|的|价)?|咬[住死]|坚持|守住|要价|只能给|最低)Ⓐ|第[一二三四两]笔|什么时候|报销|餐费|住宿|打车|油费|回款|到账|打款|尾款|首付|预付|定金|货款|付款|[还欠]差?Ⓐ|欠|保证金|罚款|运费|底线|返点|返利|工资|月薪|账期|收款|垫付|[元块/]每|运费|样品费|服务费|库存|罚|赔|奖金|提成|工程款|押金|质保金|进度款|(?<!年)费(?=Ⓐ)|(?<![定本总])[一-龥]钱(?=Ⓐ)(?<!的钱)(?<!工钱)(?<!价钱)|营业额|年产值|注册资本|产值|营收"
)
RIVAL_MONEY = re.compile(r"报(?!名|备|到|警|修)价?|出价|给的?价|才|只要|卖|低|便宜|降到")
CLOSE = re.compile(
    r"签(?![到了收批不])|下单|下订单|下PO|PO|[Oo]rder|Ⓓ前?下(?=$|[大采订])|[Cc]lose|[Ss]ign|签约|(?<![肯一规固稳设假否特保])定(?![稿金位制期做于向时])|成交|采购(?![方经部主专总员清量])|采(?![样访购])|敲定|落单|决策|拍板|走完合同|落地|(?:拖|推迟|延期?|延|等)到Ⓓ|Ⓓ就?要(?:货|用|上|的)?$|(?<=前)[^,，]{0,2}买|(?<=Ⓓ)(?:就?[想要]|打算|准备|计划)?(?:再)?(?:换|上|添|装|买|订|建)(?!了|次|回)(?=[^,，]{0,6}[ⒼⓆ])"
)
CLOSE_CUE = re.compile(
    r"[Tt]arget|Ⓓ前?下|预计|争取|拖到|推到|延到|等到|打算|计划|有望|希望|能|要|才|之前|前|再|就|可以|年内|[Rr]elease|will|成交|准备|大概|估计|应该|必须|Ⓓ就?要(?:货|用|上|的)?$|Ⓓ(?:签|下单|定|采购|成交|敲定|下PO)"
)
CLOSE_DONE = re.compile(r"签了|签完|签掉|签下|已经?签|签订了|签好|签的|下了单|定下来了|下单了")
OURS_DUE = re.compile(
    r"让我|要我|要求我|我们?得|我要|我们要|我方|给他|给她|发给|寄|提交|交标|递交"
)
_NEED = re.compile(
    r"要(?!是)|想|(?:打算|准备|计划)(?!去)|采(?!购方式)|买|上(?=[了个一套台条新]*Ⓖ|Ⓠ)|添(?!加剂)|换(?!热|向|气)|增(?!值|压|强|效|长率)|加到|加[购装]|需求|需要|缺(?!点|陷)|(?<!装)(?<!分)配(?!件|套|送|置|电|方|额|合|料)|订(?!阅)|批采|集采|新增|更新|意向|感兴趣|问(?!题)|招标|询价|再来|再带Ⓠ|追加|扩|改(?=[^,，的]{0,4}Ⓖ)|试用(?=Ⓖ)|推荐|报的|[改想定用]用|(?<![在前直船民商家军工专农车医食矿通电校])用(?=Ⓖ)|(?:再|另|外|还)加(?:[上个一套台份点])*(?=Ⓖ)|捎带(?=Ⓖ)|做(?=Ⓖ)|了用|是用|转做|代理"
)
_POINTS = re.compile(
    r"^[\s]*(?:Ⓖ)?(?:那|这|的那|的这)?(?:个|块|单|份|边|件|笔)?(?:单|标|项目|单子|合同|事|块|商机|框架)"
)
WON = re.compile(
    r"中选(?!候选)|竞得|中标(?!候选|公示期|通知书还没)|^\s*(?:我们|咱们?|也|是我们)?(?:中了){1,3}$|中的是我们|归我们了|我们中的|给我们了$|赢单|赢下|赢了|拿下(?!来?[^了]{0,3}(?:难|不))|成单|成交了|标[^,，]{0,6}(?:我们|咱们?)[^,，]{0,2}中了|(?:我们|咱们?)(?:中了|拿下)|标中了|(?:标|Ⓖ|项目|单子?)[^,，没未不]{0,4}中了|单子?(?:拿|签)下|下单了|(?:PO|采购单|采购订单|订货单|正式订单)(?:已经?|也|都|终于|Ⓓ)*(?:下来?|发(?:过?来)?|到|传过?来|收到)了|收到[^,，]{0,6}(?:PO|采购订单|正式订单)|下了(?:PO|正式订单)|搞定了(?=[^,，]{0,4}单)|签下来了"
)
LOST = re.compile(
    r"输单|丢单|丢标|落标|没中|未中|输了|丢了|[被让给叫][^,，Ⓡ]{0,3}Ⓡ[^,，]{0,6}(?:拿[走去下了]|抢|签[走了]|中[了标]|截|撬|夺|做了|挖|端[走了]|吃[掉了]|顶[了替]|搞定)|Ⓡ(?![^,，]{0,3}[也在都没未不])[^,，]{0,4}(?:中的?$|中了|中标|拿走|拿下|签走|抢走|截胡|撬走|抢了|夺标|胜出)|没拿[到下]|没中上|(?:转投|投奔|改签|选了)Ⓡ|[输丢败栽]给|黄了|没戏了|标丢|单子?丢|丢掉|出局|没拿下|没拿到(?=[^,，]{0,3}单)|(?:项目|Ⓖ|单子?|标|计划)(?:给|被|又)?取消了?|^\s*取消了$|ⒸⓅ?[^,，ⒶⒹ]{0,6}取消了$|泡汤|凉了|吹了|飞了(?=$)|停工了(?=$)|流失|流单|单子?没了|[按算]输|^\s*输\s*$|项目[^,，]{0,3}砍了|不(?:再|打算)?(?:[做装买换采弄搞印投拍办签订]|(?<![赶跟追比配顾看说用轮谈排够接连算称]不)上)(?:我们的?|咱们的?)?(?:Ⓖ|这个|那个|这块|那块)?了(?!吗)|(?:单|标|项目)[^,，]{0,3}作废|作废吧|按(?:输|丢)单"
)
HYPOTHETICAL = re.compile(
    r"如果|要是|假如|倘若|一旦|只要|必须|务必|一定要|非要|志在|力争|差一?点|险些|梦见|万一|可能|估计|恐怕|会不会|不一定|除非|才能|能(?=进|到|转|走|推)|争取|希望|预计|目标|准备|打算|能不能|有望|听说.*可能|应该能|肯定能"
)
VOID = re.compile(r"流标|废标")
REASON = re.compile(
    r"(?:主要|就是|就|还是)?(?:死在|折在|输在|败在|丢在|栽在|因为|原因是|原因[:：]|原因在于|理由是|由于|是因为|说是|嫌|怪|说)(?:就是|了|我们的?|咱们的?)?(?P<why>[^,，。；;!！\n]{2,16})|主要(?:就是|是|还是)(?P<main>[^,，。；;!！\n]{2,14})"
)
STAGE_GO = re.compile(
    r"(?:推进?到?|(?<![写加放列补改])进入?了?|[转到]到?|改[成到为]|调整?[到成为]|变更[为成到]|升到|挪到|走到|更新[为到成]|已[进到]|变成|标成|设[为成]|放到|进展到|正式|现在(?:就|还)?是|处于|切到|移到|提到|到了|至|拉到|直接|开始|退[回到]|回到|转)[^,，Ⓢ]{0,4}Ⓢ|Ⓢ(?:阶段)?了|(?:现在|目前|眼下|如今)(?:就|还)?在?Ⓢ$|Ⓢ阶段$|(?<=阶段)[:：为是]?Ⓢ"
)
STAGE_NOT = re.compile(
    r"Ⓢ[^,，]{0,6}(?:还没|没走|没过|未|没开始|没完)|(?:还没|没有?|未|才能|后才|后再|再|等)[^,，]{0,5}Ⓢ|Ⓢ[^,，]{0,4}(?:能走完|结束|后)"
)
_NEW = re.compile(
    r"(?<![更翻创])新(?:的)?(?:项目|商机|单子|需求|机会|盘|楼盘|标段?|活|店项目|合作)|新[建开](?:个|一个|一)?(?:商机|项目|单)|(?:另|另外|又|还)(?:一|起|开|有|立|做)?了?(?:一)?个?(?:项目|商机|单(?![独位])|楼盘|标(?![准书]))|是个新|新开(?:了)?(?:一|个|一个)?单|再开一?单|还有一?[批个单笔][^,，]{1,10}(?:要[做上买采换]|想[做上买采换])|新开Ⓠ|新增(?:个|一个)?商机|建个?(?:单|商机|项目)"
)
NEW_THING = r"新(?:的)?(?:项目|商机|单子?|盘|标|活)$"
NAME = re.compile(
    r"(?:叫做?|名为|名称[:：是]?|名字[:：是]?)[“\"「]?(?P<name>[^,，。；;\s”\"」ⓅⒶ]{2,20})"
)
UNIT_BEFORE = re.compile(
    rf"(?:单价|[人台户件平场次套间]均|均价|每[人户]|[一每]个?人|[每一单](?:{EACH}|点位?))[^,，Ⓐ]{{0,3}}$|每(?![年月季周天日])[\u4e00-\u9fffⒽ]{{1,3}}$"
)
UNIT_AFTER = re.compile(rf"\s*(?:[/每]\s*|一(?={EACH})){EACH}")
WHOLE_FEE = re.compile(
    r"(?:总|年|全年|年度|整年|每年|一年)(?:度)?的?[\u4e00-\u9fff]{0,3}费用?(?!率|率)|[\u4e00-\u9fff]{1,3}费用?(?=的?(?:预算|总额|盘子|总盘))"
)
"""年服务费盘子 and 总保费 are what a deal is worth, not a fee beside it."""
GAP = re.compile(
    r"(?<![最不至顶])(?:低|高|贵|便宜|差|降|少|多|让|抹|涨|省|优惠|返|加价|加|追加|增加|另加|再加|砍掉?|(?:又|再)?[压砍磨抠]了|再?[压砍磨抠]掉?|扣)(?:了|出|个)?(?:大概|差不多|将近|近)?$"
)
"""What stands before a difference, which is nobody's price."""


def is_price(clause: Clause, place: int) -> bool:
    """Whether the money at a place of the shape is a whole price: no unit's, no difference."""
    before, after = clause.shape[:place], clause.shape[place + 1 :]
    return not (UNIT_BEFORE.search(before) or UNIT_AFTER.match(after) or GAP.search(before))


def is_said_as_money(mention: Mention) -> bool:
    """Whether a number is more than a bare one: with 万, 元 or the like, or large."""
    value = mention.amount[0] if isinstance(mention.amount, tuple) else mention.amount
    return (value or 0) >= 10_000 or re.search("[万亿wWkK元块千百]", mention.text) is not None


SOMEBODY_QUOTES = re.compile(
    r"\s*(?![我咱给按总共先]|折后|一共)[\u4e00-\u9fffA-Za-z]{2,8}报[价了]?Ⓐ"
)
"""某某报Ⓐ: a price of somebody whom nobody knows."""
OLD = re.compile(r"(?:从|原价|原来(?:是|报的?)?|之前(?:是|说)?|原(?:先|定|本)?|由)$")


_ORDERED = re.compile(r"(?:[建加录开]|新[建增])(?:一?个)?(?:新)?(?:商机|项目|单子?)\s*[:：,，\n]")
_APART = re.compile(
    r"另开|另外一单|另起|另立|单独(?:一单|立项|走)|算新的?一?单|新的一[块单笔批]|另一块|^\s*(?:是|算)新的\s*$|^\s*(?:这|那)?(?:可|倒|算)?是个?新的?(?:项目|单子?|需求|商机|活|标|盘)"
)
_WANTS = re.compile(r"(?:想|要|打算|准备|计划|需要)[^,，没不]{0,12}$")
_ALSO_WANTS = re.compile(
    r"(?:另外|还|又)[他她]?们?(?:还|又)?(?:想|打算|准备)(?:再|另外?)?(?:做|上|买|采|搞|弄|建|开)|另外[^,，]{0,4}要(?:再)?(?:添|加|做|上|买|采|订|装|换)"
)
_BESIDES = re.compile(
    r"除了[^,，]{1,10}?(?:以外|之外|外)?[,，]?(?:还|也|又|另外|再)[^,，没不]{0,4}(?:想|要|打算|准备|需要|有意|考虑)[^,，]{0,6}Ⓖ"
)
"""除了社保还想做…: another need than the one of the deal that is named."""
_WANTS_MORE = re.compile(r"(?:想|要|打算|准备|计划)(?:再|另外|还)?(?:加|添|上|做|买|采|订|搞)")
INSTEAD = re.compile(
    r"改[上要用做买订采选走]?[^,，Ⓖ的]{0,4}Ⓖ|[改换][成为][^,，Ⓖ]{0,3}Ⓖ|升级[到成为]"
)
"""不要标准版了,改上旗舰版: another thing in the same deal."""
_GROWN = re.compile(
    r"(?:总额|总价|总共|总的|一共|拢共|合计|金额|预算|盘子|合同额|单子)[^,，ⒶⓅ]{0,4}(?:[加给提涨追调]到|增加?到|变成?|成了|到了)Ⓐ|^\s*(?:拢共|总共|一共|合计|加起来|一起|一块儿?|打包)[^,，ⒶⓅ]{0,4}Ⓐ"
)
_ANOTHER = re.compile(r"另外|另一|还有|再就是|其他|别的")
_POINTS_AT = re.compile(r"那个?[单块边项]|[这那]个|原来的?|之前的?|Ⓒ")


class Deals:
    """Collects a section's deal news, one draft for each deal that is meant."""

    def __init__(self, section: Section, setting: Setting) -> None:
        self.section = section
        self.setting = setting
        self.drafts: dict[str, Draft] = {}
        self._current: str | None = None
        self._passed: list[Clause] = []
        self._seen: dict[int, str | None] = {}

    @cached_property
    def first(self) -> str | None:
        """The first deal that the section names."""
        return next((which for c in self.section.clauses if (which := self.named(c))), None)

    def _first_for(self, clause: Clause) -> str | None:
        """The first deal named; one that 另外 brings up later leaves the other for what is before."""
        later = [c for c in self.section.clauses if c.start > clause.start]
        named = next((c for c in later if self.named(c) == self.first), None)
        customer = self.section.customer
        if (
            self.first is None
            or named is None
            or customer is None
            or not _ANOTHER.search(named.shape)
        ):
            return self.first
        left = [d.id for d in customer.deals if d.id != self.first]
        return left[0] if len(left) == 1 else None

    def target(self, clause: Clause) -> Draft:
        """The draft of the deal that the clause speaks of."""
        which = (
            self._kept_new(clause)
            or self._new_next(clause)
            or self.named(clause)
            or self.current
            or self._first_for(clause)
        )
        which = which or self._only(clause)
        self._current = which if which != "?" else self.current
        if which not in self.drafts:
            draft = address(Draft("deal", clause.start), self.section)
            if which != "?":
                draft.put("deal", which)
            else:
                draft.confidence = 0.4
            self.drafts[which] = draft
        return self.drafts[which]

    def goes_to(self, clause: Clause) -> None:
        """What is told next is of the deal that a clause names, though it tells no news itself."""
        self._passed.append(clause)

    @property
    def current(self) -> str | None:
        """The deal that is spoken of, looked for only once some news needs it."""
        passed, self._passed = self._passed, []
        for clause in passed:
            which = None if self._kept_new(clause) else self.named(clause)
            if which and (which != "new" or clause.has(_NEW)):
                self._current = which
        return self._current

    def amount_of(self, clause: Clause) -> float | None:
        """What is known of the money of the deal that a clause speaks of."""
        which = self.named(clause) or self.current or self.first or self._only(clause)
        deals = self.section.customer.deals if self.section.customer else ()
        return next((float(d.amount) for d in deals if d.id == which and d.amount), None)

    @cached_property
    def _first_new(self) -> float:
        """Where the section says first that a deal is new."""
        return min((c.start for c in self.section.clauses if c.has(_NEW)), default=float("inf"))

    @cached_property
    def ordered(self) -> bool:
        """Whether the section orders a deal to be made: 建个商机: …"""
        return _ORDERED.search(self.text) is not None

    @cached_property
    def text(self) -> str:
        """The section's text, joined once."""
        return self.section.text

    @cached_property
    def _fitting(self) -> list[KnownDeal]:
        """The deals that the section's text as a whole fits."""
        customer = self.section.customer
        return fitting_deals(customer, self.text, True) if customer else []

    def _kept_new(self, clause: Clause) -> str | None:
        """A deal told as new stays meant, though its product is another deal's as well."""
        if self.current != "new":
            return None
        told = self._first_new <= clause.start
        return (
            "new"
            if self.current == "new" and told and not _POINTS_AT.search(clause.shape)
            else None
        )

    def _new_next(self, clause: Clause) -> str | None:
        """还要一批…，另开一单: the clause after says that it is a deal of its own."""
        here = self.section.clauses.index(clause) if clause in self.section.clauses else -1
        after = self.section.clauses[here + 1 : here + 3] if here >= 0 else []
        new = any(c.has(_APART) and not c.strong for c in after)
        wants = _WANTS_MORE.search(clause.shape)
        return "new" if new and (wants or not _POINTS_AT.search(clause.shape)) else None

    def named(self, clause: Clause) -> str | None:
        """The deal that the clause names, "new" where it says so."""
        if clause.start not in self._seen:
            self._seen[clause.start] = self._find(clause)
        return self._seen[clause.start]

    def _find(self, clause: Clause) -> str | None:
        customer = self.section.customer
        if customer is None or not customer.deals:
            return None
        if clause.has(_NEW) or clause.has(_BESIDES):
            return "new"
        other = self._other_product(clause, customer) and not self._sum_grows(clause)
        fitting = fitting_deals(customer, clause.text, len(customer.deals) > 1)
        fitting = by_head(clause, fitting) if len(fitting) > 1 else fitting
        if len(fitting) == 1:
            return fitting[0].id
        also = clause.has(_ALSO_WANTS) and not self._sum_grows(clause)
        return "new" if other or also else None

    def _other_product(self, clause: Clause, customer: KnownCustomer) -> bool:
        """The clause names the need of a product that no open deal is about."""
        alone = self._is_listed(clause) or self.told_alone(clause)
        needed = [m for m in clause.of("product") if alone or is_needed(clause, m)]
        if not needed or not customer.deals or clause.has(INSTEAD) or self._adds(clause):
            return False
        about = {p: d for d in customer.deals for p in products_in(d.name, self.setting)}
        silent = [d for d in customer.deals if not products_in(d.name, self.setting)]
        if silent:
            return False
        return not any(value in about for m in needed for value in m.values)

    def _sum_grows(self, clause: Clause) -> bool:
        """另外要加…,总额加到125万: what is wanted beside is part of the deal that grows by it."""
        here = self.section.clauses.index(clause) if clause in self.section.clauses else -1
        after = self.section.clauses[here + 1 : here + 3] if here >= 0 else []
        return any(c.has(_GROWN) for c in after)

    def _adds(self, clause: Clause) -> bool:
        """要上…,再加…: one thing more in the deal that the clause before is about."""
        here = self.section.clauses.index(clause) if clause in self.section.clauses else 0
        before = self.section.clauses[here - 1] if here else None
        return before is not None and bool(before.of("product")) and clause.has(ADDS)

    def _is_listed(self, clause: Clause) -> bool:
        """配送110万、云仓30万: the second thing with its sum."""
        before = self.setting.text[clause.start - 1 : clause.start]
        return before == "、" and clause.shape.strip() == "ⒼⒶ"

    def told_alone(self, clause: Clause) -> bool:
        """他的车要全换胎,卡客车胎: a product alone is what the clause before wants."""
        if self._is_listed(clause):
            return self.named(clause) == "new"
        if clause.shape.strip() != "Ⓖ":
            return False
        if self.section.new_name or self.current == "new":
            return True
        here = self.section.clauses.index(clause) if clause in self.section.clauses else 0
        before = self.section.clauses[here - 1] if here else None
        return before is not None and _WANTS.search(before.shape) is not None

    def _only(self, clause: Clause) -> str:
        customer = self.section.customer
        if customer is None or not customer.deals:
            return "new"
        if len(customer.deals) == 1:
            return customer.deals[0].id
        settled = self.setting.settled.get("deal")
        if settled in {d.id for d in customer.deals}:
            return str(settled)
        recent = self.setting.recent_deal
        if recent in {d.id for d in customer.deals}:
            return str(recent)
        fitting = self._fitting
        return fitting[0].id if len(fitting) == 1 else "?"


def products_in(name: str, setting: Setting) -> frozenset[str]:
    """The products that a deal's name holds."""
    kept = setting.words.products_of.get(name)
    if kept is None:
        found = setting.words.forms.find(name)
        kept = frozenset(
            w.value
            for *_, words in found
            for w in words
            if isinstance(w, Word) and w.kind == "product"
        )
        setting.words.products_of[name] = kept
    return kept


_PAPER = "盘点|报表|明细|数据|台账|记录|对账|测算|样|证明|报告|证书|方案|资料|手册|样[册本品]|说明|参数|标准|检测|检验|合格证|发票|培训|演示|案例|图纸|清单|袋子|包装|质量|价格|报价|小样|色卡"
"""What is asked for, made or complained of is the paper about a product, not the product."""


_LARGER_WORD = re.compile("[房间楼店押包厂员部费钱票证厅站区层]")
"""What makes a product's short form a piece of another word: 酒店押金, 酒店包间."""


_TAKES_OURS = re.compile(
    r"[^,，Ⓖ没不别]{0,3}(?:用|选|要|采|认|换成|改用|定)(?:了|的是|的|成)?(?:我们?|咱们?)(?:家|公司)?的"
    r"|[^,，Ⓖ]{0,8}(?:要|加到|增加?到|改成|从Ⓠ[^,，]{0,3}到)Ⓠ"
)
"""膜组件用我们的: ours is taken; 箱子加到Ⓠ: so many are."""
_TALKED_OVER = re.compile(
    r"(?:过|对|聊|讲|看|理|梳理|确认|沟通|讨论|调研|演示|介绍)[了过]?(?:一?[遍下]|一轮|Ⓠ)[^,，]{0,4}$"
)
"""过了一遍薪酬模块需求 tells of a talk, and no new need."""


_A_KIND_OF = re.compile(
    r"(?:[想要采订买加配])[^,，的]{0,2}[\dⒶ][\d.A-Za-z级mM*×x/-]{0,8}的$|(?:[想要做采订买加配]|上(?!次|回|周|月))[^,，]{0,2}[一两几Ⓠ][款批个套种份条台]?[^,，的]{0,6}的$"
)
"""想上一款年份酒的礼盒: what is wanted, with what is said of it before its noun."""


def is_needed(clause: Clause, mention: Mention) -> bool:
    """Whether the clause tells a need or an order of the product, rather than pointing with it."""
    shape, place = clause.shape, clause.place_of(mention)
    if _TALKED_OVER.search(shape[:place]):
        return False
    if re.match(
        r"(?:[、和跟\s]Ⓖ)*(?:[他她]们?|Ⓟ)?(?:都|也|全)*(?:(?:整包|打包|外包|委托)*(?:给|交给?|包给)[^,，ⒼⒶ]{1,4}(?:做|弄|办|供|管)|要(?=$|[,，了]|我们?[^,，]{0,4}(?:做|供|提供|负责|报|弄|出)|一?[批点些套台车箱件])|[^,，]{0,3}(?:想|要|打算)[^,，]{0,8}(?:给|交|包)给?(?:我们|咱))",
        shape[place + 1 :],
    ):
        return True
    if _TAKES_OURS.match(shape, place + 1):
        return True
    if no_need(clause, place + 1) or re.match(rf"(?:的)?(?:{_PAPER})", shape[place + 1 :]):
        return False
    if mention.short and _LARGER_WORD.match(shape, place + 1):
        return False
    if re.match(
        r"[Ⓖ]?(?:仪|机)?(?:那|这|的)?[个块单份边件笔]?(?:单|标|项目|单子|合同|事|块|商机|框架|实验室|平台)",
        shape[place + 1 :],
    ):
        return False
    if re.match(
        r"\s*(?:要|想要?|加到?|需要|采购|共|[*×xX])?\s*Ⓠ", shape[place + 1 :]
    ) or re.search(r"Ⓠ的?$", shape[:place]):
        return not NOT.search(shape[:place])
    found = _NEED.search(shape[max(0, place - 8) : place + 1]) or re.match(
        r"[^,，]{0,4}(?:需求|意向|要Ⓠ|要[做买采订换上加添补追](?=$|[,，了Ⓠ]|[两二三四五六七八九十几]+[\u4e00-\u9fff])|有兴趣|感兴趣)|(?:顶多|最多|最高|只能|只肯|可以|能|肯|愿意|这回|[他我]们|给)*(?:出到|给到|出得起)Ⓐ|[^,，Ⓖ没不]{0,4}(?:[他她]们?|Ⓟ)?(?:拿来|用来)?[做当装配][^,，没不]{1,8}用的?$",
        shape[place + 1 :],
    )
    return (
        bool(found)
        and (
            _A_KIND_OF.search(shape[:place]) is not None
            or not re.search(r"(?<!我们)(?<!咱们)(?<!咱)的$", shape[:place])
        )
        and not re.search(
            r"(?:不|没|别)(?:想|要|需|打算)[^,，]{0,4}$|(?:现在|目前|在|一直)用的?$|用的$|[:：]\s*$",
            shape[:place],
        )
    )
