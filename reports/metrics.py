"""Each metric once: what it is called, how it is reckoned, in what it is counted, how it groups.

Answers, pictures and the words that are understood for a metric come from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.results import Unit

WHO = ("user", "team")
WHERE = ("region", "industry", "source")
WHEN = ("month", "week", "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """`title` heads an answer, `words` are what people say for it besides.

    `groups` are the ways that it can be split. `standing` metrics are as of now and have no
    period; of `smaller_is_better` ones a rise is bad news. `counted` is the word behind a count.
    """

    name: str
    title: str
    words: tuple[str, ...] = ()
    formula: str
    unit: Unit
    groups: tuple[str, ...]
    standing: bool = False
    counted: str = ""
    smaller_is_better: bool = False


METRICS: tuple[Metric, ...] = (
    Metric(
        name="sales",
        title="签约额",
        words=("销售额", "销售", "业绩", "签单额", "签单", "签约", "成交额", "合同额", "出单"),
        formula="期内签订的合同金额之和，按签订日",
        unit="yuan",
        groups=(*WHO, *WHERE, "product", *WHEN),
    ),
    Metric(
        name="collections",
        title="回款",
        words=("回款额", "到账", "收款", "进账", "收了多少钱", "到款"),
        formula="期内实际到账的金额之和，按到账日",
        unit="yuan",
        groups=(*WHO, *WHERE, "product", *WHEN),
    ),
    Metric(
        name="new_customers",
        title="新增客户",
        words=("新客户", "新开客户", "开了多少客户", "客户新增", "新建客户"),
        formula="期内建立的客户数",
        unit="count",
        counted="家",
        groups=(*WHO, *WHERE, *WHEN),
    ),
    Metric(
        name="new_deals",
        title="新增商机",
        words=("新商机", "新建商机", "商机新增", "新机会", "新增机会", "新线索转商机"),
        formula="期内建立的商机数",
        unit="count",
        counted="个",
        groups=(*WHO, *WHERE, "product", "stage", *WHEN),
    ),
    Metric(
        name="activities",
        title="跟进",
        words=("拜访", "拜访量", "拜访次数", "活动", "跟进次数", "活动量", "跑了多少客户"),
        formula="期内已完成的拜访、电话、会议等跟进次数，不含计划",
        unit="count",
        counted="次",
        groups=(*WHO, *WHERE, *WHEN),
    ),
    Metric(
        name="conversion",
        title="转化率",
        words=("商机转化率", "成交转化", "转化"),
        formula="期内建立的商机中，到现在已赢单的占比",
        unit="percent",
        groups=(*WHO, *WHERE, "product", *WHEN),
    ),
    Metric(
        name="win_rate",
        title="赢单率",
        words=("胜率", "成单率", "成交率", "中标率", "赢率"),
        formula="期内结束的商机中赢单的占比：赢单 ÷（赢单 + 输单）",
        unit="percent",
        groups=(*WHO, *WHERE, "product", *WHEN),
    ),
    Metric(
        name="average_deal",
        title="平均单额",
        words=("客单价", "平均客单价", "单均", "平均合同额", "平均每单"),
        formula="期内合同金额 ÷ 合同数",
        unit="yuan",
        groups=(*WHO, *WHERE, "product", *WHEN),
    ),
    Metric(
        name="cycle",
        title="成交周期",
        words=("销售周期", "赢单周期", "多久成交", "成单周期", "平均周期"),
        formula="期内赢单的商机，从建立到赢单的平均天数",
        unit="days",
        groups=(*WHO, *WHERE, "product", *WHEN),
        smaller_is_better=True,
    ),
    Metric(
        name="pipeline",
        title="在手商机",
        words=("商机", "管道", "漏斗", "商机金额", "在跟商机", "商机总额", "储备"),
        formula="现在进行中的商机金额之和",
        unit="yuan",
        groups=(*WHO, *WHERE, "product", "stage"),
        standing=True,
    ),
    Metric(
        name="forecast",
        title="预测",
        words=("销售预测", "预计签约", "预计业绩", "能做多少", "预估"),
        formula="进行中的商机按阶段与停留时间的历史赢单率折算，加上期内已签",
        unit="yuan",
        groups=(*WHO, "region", "month"),
    ),
    Metric(
        name="receivables",
        title="应收",
        words=("应收款", "应收账款", "未回款", "欠款", "没收回来的钱", "尾款"),
        formula="合同金额之和 − 已到账之和，到现在为止",
        unit="yuan",
        groups=(*WHO, *WHERE),
        standing=True,
        smaller_is_better=True,
    ),
    Metric(
        name="overdue",
        title="逾期",
        words=("逾期款", "逾期回款", "逾期应收", "超期", "过期没付"),
        formula="约定日已过、还没到账的计划回款之和",
        unit="yuan",
        groups=(*WHO, *WHERE),
        standing=True,
        smaller_is_better=True,
    ),
    Metric(
        name="attainment",
        title="完成率",
        words=("目标完成率", "达成率", "完成情况", "目标完成", "达成"),
        formula="期内签约额 ÷ 期内各月目标之和",
        unit="percent",
        groups=(*WHO, "month"),
    ),
)

BY_NAME = {metric.name: metric for metric in METRICS}
