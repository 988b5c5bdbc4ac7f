"""Words that say what a number counts: currencies and measure words."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

CURRENCIES = {
    "元": "CNY", "块": "CNY", "块钱": "CNY", "圆": "CNY", "人民币": "CNY", "元人民币": "CNY",
    "RMB": "CNY", "rmb": "CNY", "CNY": "CNY", "¥": "CNY", "元整": "CNY", "块人民币": "CNY",
    "美元": "USD", "美金": "USD", "元美金": "USD", "USD": "USD", "$": "USD", "US$": "USD",
    "欧元": "EUR", "欧": "EUR", "EUR": "EUR", "€": "EUR", "英镑": "GBP", "GBP": "GBP", "£": "GBP",
    "日元": "JPY", "日币": "JPY", "日圆": "JPY", "元日币": "JPY", "JPY": "JPY",
    "港元": "HKD", "港币": "HKD", "元港币": "HKD", "HKD": "HKD", "HK$": "HKD",
    "台币": "TWD", "新台币": "TWD", "澳元": "AUD", "加元": "CAD", "加币": "CAD", "韩元": "KRW",
    "韩币": "KRW", "新加坡元": "SGD", "新元": "SGD", "泰铢": "THB", "卢布": "RUB",
    "瑞士法郎": "CHF", "法郎": "CHF", "澳币": "AUD", "元台币": "TWD", "卢比": "INR",
}  # fmt: skip

PREFIX_CURRENCIES = (
    r"(?:人民币|RMB|CNY|¥|US\$|HK\$|\$|€|£|USD|EUR|HKD|GBP|JPY|rmb|美元|港币|美金|欧元)"
)

MONEY_UNITS = (
    r"元(?:人民币|美金|日币|港币|台币|整)|元(?![旦宵素件器月])|块(?:钱|人民币)|块|圆(?![满形通])|"
    r"人民币|RMB|rmb|CNY|美元|美金|USD|欧元|EUR|英镑|GBP|日元|日币|日圆|JPY|港元|港币|HKD|新?台币|"
    r"澳[元币]|加[元币]|韩[元币]|新加坡元|新元|泰铢|卢[布比]|(?:瑞士)?法郎"
)

_ASCII_MEASURES = (
    r"(?:kg|KG|Kg|km|mm|cm|m2|㎡|m³|ml|mL|ML|GB|TB|MB|kW|KW|kw|kWh|pcs|PCS|t|L)(?![A-Za-z0-9])"
)
_HAN_MEASURES = (
    r"平方米?|平米|平(?![台均时板安原])|立方米?|公斤|千克|公里|厘米|毫米|毫升|吨|台(?![州湾积])|套|只|件|"
    r"个(?:小时|工作日|月|季度|星期|礼拜)|个(?![%百])|桶|米(?![其林])|升(?![级值])|斤|箱|盒|瓶|包(?![括装工干给])|袋|卷|"
    r"人份|人次|人天|人(?![民事力工])|位|名(?![称下义])|家|次|趟|辆|层|栋|间|户|扇|樘|根|条|把(?![关控])|张|片|页|份(?!额)|"
    r"床|例|测试|端口|节点|用户|账号|点位|路(?![上])|组|对|双|头|座|幅|颗|粒|株|卡|款(?!项|到|打|已|没)|单(?!价|位|子)|项(?!目)|"
    r"种|轮|批(?![了准发])|本(?![月周季年地])|门|块|架|艘|柜|车(?!间)|亩|支|克|度|倍|遍|句|工作日|"
    r"分钟|刻钟|小时|钟头|天|周(?![一二三四五六日天末])|星期|礼拜|季度|年|月|日|号|时"
)
MEASURES = rf"(?:{_ASCII_MEASURES}|{_HAN_MEASURES})"

EACH = r"(?:公斤|千克|平方米?|平米|立方米?|延米|[台套个件只支把张条箱袋桶瓶盒包卷吨斤平方升人次辆车柜托票单份组片块根双米本盏扇樘副床例点位户间亩棵株头罐听板卡趟晚天]|kg|KG|pcs|㎡)"
"""What a price may be for: one of them makes it a unit price."""

NOT_A_TAIL = (
    r"(?: ?(?:[月号日点时年期个台套只件次份家批起共样般些直定周天小分位人名笔单项条款桶箱盒瓶"
    r"包袋卷吨米平层栋间户扇樘根把张片页床例组对双头座幅颗粒株种轮本门倍遍句方成者%折季楼棒万亿千百wWkK"
    r"\-~到至]|k?g\b|[A-Za-z]))"
)
