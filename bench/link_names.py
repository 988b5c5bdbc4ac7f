"""Made-up Chinese companies for the measure of finding: place, own word, trade, legal form."""

# ruff: noqa: E501, SIM905 - lists of words are read in one piece
from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

PLACES = (
    "上海 北京 深圳 广州 苏州 杭州 东莞 宁波 佛山 成都 重庆 武汉 南京 天津 青岛 无锡 长沙 郑州 西安 济南 "
    "合肥 厦门 福州 泉州 温州 常州 南通 嘉兴 绍兴 台州 金华 中山 珠海 惠州 江门 烟台 潍坊 徐州 扬州 大连 "
    "沈阳 长春 哈尔滨 石家庄 唐山 太原 南昌 昆明 贵阳 南宁 兰州 乌鲁木齐 呼和浩特 海口 银川 洛阳 襄阳 芜湖 "
    "株洲 绵阳 昆山 江阴 义乌 张家港 常熟 慈溪 晋江 顺德 江苏 浙江 广东 山东 河南 四川 湖北 湖南 福建 安徽"
).split()
FIRST = (
    "恒鑫华宏金瑞盛天中新东海永博信嘉德创泰正凯锦宝富荣诚卓智联弘佳美安万科亿铭启利源康力伟晨顺通浩远"
    "旭博亚诺优尚奥森朗捷腾飞龙凤鸿汇聚兴达丰益百千众合同和圣云星月明辉耀景逸雅悦颐润泽沃蓝绿橙紫青碧"
    "昊昌隆祥福禄寿喜吉庆三五九一大立本元一品力群思维拓迈格莱欧罗斯贝艾伊乐纳普迪威克特莫里曼"
)
SECOND = (
    "达通源科华业邦泰丰阳诚和捷翔图新立光辰宇盛鑫兴隆昌发展腾飞远航海洋江河山川林森木石玉珠宝金银铜铁"
    "锐力强劲健康安宁静雅美佳好优品质信义德仁智慧明亮星辰云天地人杰英豪雄伟业博文化艺诺凯旋睿瑞祥和润"
    "泽沃特斯尔顿利维斯克亚洲欧美联合众创想梦圆满园田野原本真实在线点面体系统程序列阵"
)
THIRD = "达通源科华康泰丰诺思维斯特尔克雅美佳亿联龙兴盛宝利得福安力顿森迪奇"
TRADES = (
    "科技 电子 机械 贸易 商贸 实业 建材 装饰工程 建设工程 物流 化工 新材料 环保科技 生物科技 信息技术 网络科技 "
    "医疗器械 自动化设备 精密机械 五金制品 塑料制品 包装材料 纺织 服饰 食品 农业科技 新能源 光电科技 汽车零部件 "
    "仪器仪表 软件 智能科技 印刷 家具 橡塑 模具 电气 阀门 泵业 餐饮管理 企业管理咨询 文化传媒 供应链管理 制药"
).split()
LEGAL = ("有限公司",) * 16 + ("股份有限公司", "有限责任公司", "集团有限公司", "")
KINDS = ("医院", "人民医院", "大学", "职业技术学院", "研究院", "设计院", "检测中心", "实验学校")
WORDS = (
    "阳光 东方 长城 大众 今天 光明 未来 苹果 美的 联合 时代 方正 长安 天山 春天 第一 和平 世纪 大地 朝阳"
).split()
"""Ordinary words that companies are called by."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company by its parts; `name` is how it is registered."""

    place: str
    brand: str
    trade: str
    legal: str
    city: bool
    """Whether the place stands with 市."""

    @property
    def name(self) -> str:
        """The registered name."""
        return f"{self.place}{'市' if self.city else ''}{self.brand}{self.trade}{self.legal}"

    @property
    def ordinary(self) -> bool:
        """Whether its own word is an everyday one."""
        return self.brand in WORDS


def companies(count: int, seed: int) -> Iterator[Company]:
    """That many companies with different registered names; some parts are far commoner."""
    chance = random.Random(seed)
    places = _zipf(PLACES)
    trades = _zipf(TRADES)
    first, second, third = _zipf(FIRST), _zipf(SECOND), _zipf(THIRD)
    seen: set[int] = set()
    while len(seen) < count:
        company = Company(
            place=chance.choices(*places)[0] if chance.random() < 0.9 else "",
            brand=_brand(chance, first, second, third),
            trade=chance.choices(*trades)[0] if chance.random() < 0.95 else chance.choice(KINDS),
            legal=chance.choice(LEGAL),
            city=chance.random() < 0.25,
        )
        if company.trade in KINDS or not company.place:
            company = Company(
                company.place, company.brand, company.trade,
                "" if company.trade in KINDS else company.legal,
                bool(company.place) and company.city,
            )  # fmt: skip
        mark = zlib.crc32(company.name.encode()) << 32 | zlib.adler32(company.name.encode())
        if mark not in seen:
            seen.add(mark)
            yield company


Weighted = tuple[list[str], list[float]]


def _zipf(parts: str | list[str]) -> Weighted:
    """Parts with weights that fall like those of real names: the tenth is a third of the first."""
    unique = list(dict.fromkeys(parts))
    return unique, [1 / (place + 5) ** 0.7 for place in range(len(unique))]


def _brand(chance: random.Random, first: Weighted, second: Weighted, third: Weighted) -> str:
    if chance.random() < 0.01:
        return chance.choice(WORDS)
    brand = chance.choices(*first)[0] + chance.choices(*second)[0]
    return brand + chance.choices(*third)[0] if chance.random() < 0.3 else brand
