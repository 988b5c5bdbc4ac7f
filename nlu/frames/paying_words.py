"""Money on its way to us, told by a verb that moves it and a noun or sum that is moved."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from nlu import expressions as re

_NOUN = r"(?:款项?|款子|费用?|租金|定金|订金|尾数|钱|账|首付|[首尾余头][款笔]|第[一二三四五六七八]?[笔批期]|[这那上][笔批]|[一二两三四五六七八九\d]+成|百分之[一二三四五六七八九十\d]+|\d+%|一半|大头|大部分|一部分)"
_SEND = r"(?:支付|打(?!算|样|印|包|听|开|动|[车的折场版电球])|付|汇(?!报|总|率)|转(?!到|入|型|为|成|介|Ⓢ|Ⓤ|让|达|告)|划(?!算|分)|拨(?!打|通)|结(?!果|构|束|合|论|婚|块)|还(?!是|有|要|没|在|能|会|得|不|想|差|欠|剩|可|行|价)|缴)"
_GIVE = rf"(?:{_SEND}|给|补)"
_WAY = r"(?:过来|进来|来|到|清|讫|完|齐|掉|进)"
CAME = re.compile(
    rf"到账|进账|入账|落账|到位|[回进到过]来了|到了(?=$|Ⓐ)|(?<![营税创年招])收(?:到|讫|回来?|了)|{_SEND}{_WAY}?了|给{_WAY}?了(?=[^,，]{{0,4}}(?:款|钱|[定订租]金))|[打汇转划拨]{_WAY}(?=[^,，]{{0,4}}(?:Ⓐ|款|钱))|Ⓓ(?:[到入进收付打转汇结]{_WAY}?(?:了|的账|账的|的))$|已{_SEND}"
)
"""Said of money, it is here."""
_PROMISE = re.compile(
    rf"(?:Ⓓ|先|再|答应|说|讲|承诺|保证|拍胸脯|同意|[节年假周月季]后|以后|之后|过了|就|把|安排|准备|打算|会|能|要)[^,，]{{0,8}}?(?:{_SEND}|(?:欠|{_NOUN})[^,，]{{0,10}}给){_WAY}?(?=$|[^,，]{{0,6}}(?:Ⓐ|{_NOUN}))|(?:欠|{_NOUN})[^,，]{{0,10}}(?:Ⓓ|就|先|再)给{_WAY}?$"
)
_OF_MONEY = re.compile(rf"{_NOUN}|Ⓐ(?!的)")
NO_MONEY = re.compile(
    rf"Ⓐ(?:多|左右)?的?(?:货(?!款)|量|单|订单|活|生意|业务|额度|合同|项目|发票|预算|报价|盘|规模)|给[^,，]{{0,5}}留了?Ⓐ|(?:得|要|让|由|该)(?:我们|咱们?|我)[^,，款钱]{{0,4}}(?:付|出|垫|交|赔|退)|(?:我们|咱们?)[^,，]{{0,3}}(?:付|垫|赔|退|补)(?!给我)|"
    rf"{_GIVE}给?(?:了)?Ⓡ|Ⓡ[^我,，]{{0,6}}{_GIVE}|(?:要是|如果|一旦|万一|等|待)[^,，]{{0,12}}(?:到|付|打|收)|(?:到账|付|打)了?(?:[之以]?后|再|才)|赔|罚|索赔|退款|退回|发票|保证金|押金|预算|(?:价|折|报价)[^,，]{{0,3}}给|给[到个]?[^,，]{{0,3}}[折价]|[给打]了?[^,，]{{0,4}}[Ⓕ折]|[没不未](?:肯|能|想)?{_GIVE}|没到|未到|租给|卖给|[吗么?？]|多少"
)
_ALL_CAME = re.compile(
    r"^\s*(?:这?[两三几Ⓠ][笔家个]|一起|分别|刚|刚刚)?(?:都|全|均|也|已经?)*(?:是)?Ⓓ?(?:刚|都|全|均|也|已经?|上午|下午|同时)*(?:到账|到的?账?|入的?账|进的?账|收到|打过?来|汇来|转来|付清?|结清?)了?的?\s*$"
)
BARE_SUM = re.compile(
    r"^[\s、,和跟]*Ⓒ?(?:那边|的)?(?:Ⓓ(?:份|度)?的?)?(?![^ⒶⒹ,，]{0,8}(?:预算|价|合同|差|要))[^ⒶⒹ,，]{0,8}Ⓐ[\s、,和跟]*$"
)
ANOTHER_PART = re.compile(r"第[二三四五六]|另一?[笔批]|下一?[笔批]|剩|余|其余|[尾末]款")
"""A sum beside the one that was told, with a day of its own."""


def moves_money(shape: str) -> bool:
    """Whether a clause tells of money that came or is to come, to us."""
    if NO_MONEY.search(shape) or not _OF_MONEY.search(shape):
        return False
    return CAME.search(shape) is not None or _PROMISE.search(shape) is not None


def all_came(shape: str) -> bool:
    """今天都到账了: said once behind its sums."""
    return _ALL_CAME.match(shape) is not None


def is_promise(shape: str) -> bool:
    """Whether a clause without a sum promises the money told before."""
    return _PROMISE.search(shape) is not None and not NO_MONEY.search(shape)
