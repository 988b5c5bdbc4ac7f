"""What reps write down after a call or a visit, by how far the deal is; and what they plan."""

from __future__ import annotations

VISITS = {
    "初步接触": (
        "第一次上门，看了车间，{title}对{product}有兴趣，让先发案例",
        "和{title}聊了现状，人工多、招人难，想了解{product}",
        "认识了{title}，今年有技改预算，具体项目还没立",
        "送了样册，{title}说等老板回来再约",
    ),
    "需求确认": (
        "现场量了节拍和来料，{title}要求{seconds}秒一件",
        "和{title}对了工艺卡，{product}要兼容三种规格",
        "{title}给了图纸，换型时间要控制在10分钟以内",
        "确认了场地和用电，{title}希望年前能出方案",
    ),
    "方案呈现": (
        "讲了{product}方案，{title}认可布局，担心交期",
        "方案评审，{title}提了安全围栏和追溯两条意见",
        "带工程师讲方案，{title}要看同行业的案例",
        "方案第二版，{title}说可以进采购流程了",
    ),
    "商务谈判": (
        "谈价格，{title}希望再让3个点，付款三六一",
        "{title}压交期到75天，回来和项目部确认",
        "采购比价中，{rival}报得比我们低，{title}更看重售后",
        "付款方式谈定，质保一年，{title}下周走审批",
    ),
    "合同会签": (
        "合同条款过了一遍，{title}说法务看完就签",
        "技术协议定稿，等{title}盖章",
    ),
    "赢单": (
        "到现场看安装进度，{title}满意",
        "验收前走访，{title}提了两个小问题，已转项目部",
        "{title}说二季度还有一条线，先保持联系",
    ),
    "输单": ("回访，{title}说这次主要是价格，后面有机会再合作",),
}
CALLS = (
    "问了进度，{title}说还在内部讨论",
    "约下周上门，{title}同意",
    "催回款，{title}说已提付款申请",
    "{title}问备件价格，已报",
    "提醒{title}提供来料样件",
    "发了{product}的案例，{title}说转给老板看",
    "{title}问能不能先做样机测试",
)
MEALS = ("和{title}吃了个饭，聊到明年扩产计划", "请{title}和同事吃饭，关系近了一步")
DEMOS = ("请{title}来公司看{product}样机，节拍达标", "线上演示{product}，{title}和同事都参加了")
KINDS = (
    ("visit", 46), ("call", 22), ("wechat", 14), ("meeting", 7), ("demo", 5), ("meal", 4),
    ("email", 2),
)  # fmt: skip
TASKS = (
    "给{title}发{product}案例", "整理{product}报价明细", "和项目部确认交期", "约{title}下次见面",
    "把技术协议发给{title}", "催{title}确认图纸", "跟进付款申请", "准备方案第二版",
    "寄样品到现场", "问{title}招标时间",
)  # fmt: skip
