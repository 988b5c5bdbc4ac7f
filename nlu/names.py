"""Under which keys a customer's name is kept, and which keys a text holds: both meet in one query.

A key is a piece of at most six characters, or "~" and how it sounds. A name gives some ten
keys, a note some hundred; a customer is a candidate when one key is shared.
"""

from __future__ import annotations

import re

from nlu.sound import sound_of, spoken

KEY_CHARS = 6
_LEGAL = re.compile(
    r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司|分公司|总公司|股份公司|责任公司|公司|集团|股份|总部|\(.*\)|（.*）)+$"
)
TRADES = (
    "生物科技", "生物医药", "信息技术", "网络科技", "医疗科技", "智能科技", "检测技术", "电子科技",
    "医疗器械", "装饰工程", "建设工程", "建筑工程", "物业管理", "供应链管理", "企业管理", "诊断技术",
    "微电子", "半导体", "房地产", "新能源", "新材料", "科技", "技术", "生物", "医药", "制药", "药业",
    "电子", "电器", "电气", "化工", "机械", "精密", "实业", "商贸", "贸易", "物流", "建设", "装饰",
    "工程", "地产", "置业", "物业", "环保", "能源", "材料", "食品", "乳业", "钢铁", "重工", "仪器",
    "仪表", "光电", "通信", "软件", "网络", "信息", "传媒", "文化", "教育", "服饰", "纺织", "汽车",
    "汽配", "模具", "制造", "工业", "控股", "投资", "发展", "产业", "医疗", "检测", "诊断", "航空",
    "航天", "船电", "建材", "家居", "酒店", "餐饮", "农业", "牧业", "饲料", "种业", "包装", "印刷",
    "塑料", "橡胶", "玻璃", "陶瓷", "水泥", "电力", "电缆", "照明", "动力", "装备", "设备", "五金",
    "塑胶", "铸造", "锻造", "轴承", "阀门", "泵业", "冷链", "快递", "供应链", "连锁", "零售", "超市",
    "百货", "集成", "自动化", "机器人", "智能", "数据", "证券", "银行", "保险", "租赁", "担保",
)  # fmt: skip
"""Lines of business that stand behind a firm's own name; what is left before them is short."""
KINDS = (
    "第一附属医院", "附属医院", "人民医院", "体检中心", "疾控中心", "检测中心", "研究院", "研究所",
    "设计院", "管理局", "医院", "大学", "学院", "中学", "小学", "学校", "幼儿园", "中心", "诊所",
    "药房", "工厂", "厂", "局", "院", "所", "店", "馆", "站",
)  # fmt: skip
"""What an organisation is, where it is no company."""
_PLACE_END = re.compile(r"^.{2,7}?(?:特别行政区|自治区|自治州|经济开发区|开发区|高新区|新区|省|市|县|区)")
_PLACES = frozenset(
    "北京 上海 天津 重庆 河北 山西 辽宁 吉林 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 "
    "贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 黑龙江 中国 "
    "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 "
    "临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 "
    "盘锦 铁岭 朝阳 葫芦岛 长春 四平 辽源 通化 白山 松原 白城 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 "
    "七台河 牡丹江 黑河 绥化 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 "
    "嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 "
    "亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 "
    "抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 郑州 开封 洛阳 "
    "平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 "
    "荆门 孝感 荆州 黄冈 咸宁 随州 恩施 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 "
    "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 "
    "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 成都 自贡 攀枝花 泸州 德阳 "
    "绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 贵阳 六盘水 遵义 安顺 毕节 铜仁 昆明 曲靖 "
    "玉溪 保山 昭通 丽江 普洱 临沧 大理 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 兰州 嘉峪关 金昌 白银 "
    "天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 西宁 银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 克拉玛依 拉萨 昆山 江阴 常熟 "
    "张家港 太仓 宜兴 义乌 慈溪 余姚 诸暨 海宁 桐乡 温岭 乐清 瑞安 晋江 石狮 南安 福清 顺德 南海 增城 番禺".split()
)
_CJK = re.compile(r"[\u4e00-\u9fff]")
_PIECES = re.compile(r"[\u4e00-\u9fffA-Za-z0-9&.\-]+")


def keys_of_name(name: str) -> frozenset[str]:
    """The keys under which a name is kept: the whole, its short parts, and how they sound."""
    keys = set()
    for form in short_forms(name):
        keys.add(form[:KEY_CHARS].lower())
        for way in spoken(form[:KEY_CHARS]):
            keys.add("~" + "".join(f"{sound}'" for sound in way))
    return frozenset(keys)


def keys_of_deal(name: str) -> frozenset[str]:
    """The keys under which a deal's name leads to its customer: its beginnings, no sounds."""
    bare = re.sub(r"\s+", "", name).lower()
    return frozenset(bare[:size] for size in range(3, KEY_CHARS + 1) if len(bare) >= size)


def keys_of_text(text: str) -> frozenset[str]:
    """Every piece of two to six characters that the text holds, as written and as heard."""
    keys = set()
    lowered = text.lower()
    for piece in _PIECES.finditer(lowered):
        word = piece.group()
        sounds = [sound_of(char) if char > "\u2fff" else "" for char in word]
        for start in range(len(word) - 1):
            heard = "~"
            silent = False
            for end in range(start, min(start + KEY_CHARS, len(word))):
                silent = silent or not sounds[end]
                heard += sounds[end] + "'"
                if end > start:
                    keys.add(word[start : end + 1])
                    if not silent:
                        keys.add(heard)
    return frozenset(keys)


def short_forms(name: str) -> dict[str, int]:
    """The ways to say a registered name or alias, with how far each is from it (0 is itself)."""
    bare = re.sub(r"\s+", "", name)
    forms = {bare: 0}
    plain = _LEGAL.sub("", bare) or bare
    forms.setdefault(plain, 1)
    placeless = without_place(plain)
    forms.setdefault(placeless, 1)
    place = plain[: len(plain) - len(placeless)]
    for core in (cut for cut in (_without(placeless, TRADES), _without(placeless, KINDS)) if cut):
        forms.setdefault(core, 2)
        if place:
            forms.setdefault(place + core, 1)
            forms.setdefault(place.rstrip("省市县区") + core, 1)
    if place:
        forms.setdefault(place.rstrip("省市县区") + placeless, 1)
    common = (*TRADES, *KINDS)
    return {
        form: rank
        for form, rank in forms.items()
        if not rank or (len(form) >= 2 and not is_place(form) and form not in common)
    }


def without_place(name: str) -> str:
    """A name without the place in front, if something of two characters or more is left."""
    rest = name
    for _ in range(3):
        marked = _PLACE_END.match(rest)
        cut = marked.end() if marked and _is_place(marked.group()) else _place_length(rest)
        if not cut or len(rest) - cut < 2 or rest[cut:] in KINDS:
            break
        rest = rest[cut:]
    return rest


def is_place(text: str) -> bool:
    """Whether a word is a Chinese place of prefecture size or more, or a well-known county."""
    return text.rstrip("省市县区") in _PLACES or text in _PLACES


def _is_place(marked: str) -> bool:
    return marked[:-1] in _PLACES or len(marked) <= 4


def _place_length(name: str) -> int:
    for length in (4, 3, 2):
        if name[:length] in _PLACES:
            return length + (name[length : length + 1] in ("省", "市"))
    return 0


def _without(name: str, endings: tuple[str, ...]) -> str:
    """The name cut of such endings, "" where nothing of two characters is left or none stood."""
    rest = name
    for _ in range(2):
        ending = next((e for e in endings if rest.endswith(e) and len(rest) - len(e) >= 2), None)
        if ending is None:
            break
        rest = rest[: -len(ending)]
    return rest if rest != name else ""


def is_chinese(char: str) -> bool:
    """Whether a character is a Chinese one of the basic plane."""
    return bool(_CJK.match(char))
