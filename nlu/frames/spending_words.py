"""What reps spend money on: rides, beds, meals and gifts, told with a fare."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from nlu import expressions as re

_RIDE = r"打(?:了?个?)?车|打的|叫了?个?车|滴滴|网约车|出租车?|的士|停车(?!场|位|系统|楼|库)|泊车|过[路桥]费?|高速(?:费|过路|通行)|通行费|路桥费|[加充]了?[^,，]{0,3}[油电]|油费|油钱|地铁(?!站|口|线|项目|集团)|公交(?!集团|公司|系统)|代驾|租车|车[费钱]|路费"
_TRIP = r"高铁(?!站|新城|片区|广告|项目|段|集团)|动车|火车|绿皮|[机车船]票|大巴|飞机|航班|轮渡|差旅|改签费|退票费"
_BED = r"住宿|酒店(?=费|钱|[^,，]{0,5}(?:Ⓐ|$)|住)|宾馆|民宿|旅馆|房费|住了?[一两二三四\d]?[个]?晚|住的"
_FOOD = r"[饭餐酒茶菜咖面粉串肉鱼饼虾点]钱|餐费|饭费|[请陪招][^,，]{0,12}[吃喝][^,，]{0,8}Ⓐ|招待费|工作餐|外卖|盒饭|买单|埋单|结账|请客"
_GIFT = r"礼[品物盒]|伴手礼|果篮|花篮|水果|烟酒|茶叶|月饼|特产|红包|随礼|份子钱"
_OTHER = r"快递费?(?=[^,，]{0,4}Ⓐ)|打印费?(?=[^,，]{0,4}Ⓐ)|复印|资料费|门票|话费|垫[付了的]|自掏腰包|自费"
SPENDING = re.compile(
    rf"(?:{_RIDE}|{_TRIP}|{_BED}|{_FOOD}|{_GIFT}|{_OTHER})(?:(?!的量|业务|项目|预算|报价|单价|一个?月|每[月年]|一年)[^Ⓐ]){{0,14}}Ⓐ|(?:花|用|掏)(?:了|掉)Ⓐ|Ⓐ[^,，Ⓐ]{{0,4}}(?:{_RIDE}|{_TRIP}|房费|饭钱|餐费|我?垫)"
)
"""A thing one pays for on the road, with its price in the same clause or right behind."""
