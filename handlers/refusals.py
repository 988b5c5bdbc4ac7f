"""What a rule refused, as one kind sentence that says what to do instead."""

from __future__ import annotations

from datetime import date
from typing import assert_never
from zoneinfo import ZoneInfo

from handlers import wording
from sales.errors import Clash, Conflict, Forbidden, Invalid, NotAllowed, NotFound, SalesError

UNSEEN = "没有找到这个客户，或者你无权查看。说全称试试，或者问问你的主管。"
_MISSING = {
    "customer": UNSEEN,
    "deal": "没有找到这个商机。说“XX的商机”看有哪些。",
    "contact": "没有找到这个联系人。说“XX有哪些联系人”看看。",
    "task": "没有找到这条待办，或者它不是你的。说“我的待办”看看。",
    "ticket": "这个客户没有未关闭的工单。说“XX的工单”看看。",
    "approval": "没有找到这个审批，或者你无权查看。说“待我审批的”看看。",
    "user": "没有找到这位同事，或者已经停用。",
    "written": "没有可以撤销的记录。",
    "pending": "这个问题已经不在了，请再说一遍。",
}
_FORBIDDEN: dict[Forbidden, str] = {
    "unclaimed": "{name}还在公海，先领取再记：说“领取{name}”。",
    "role": "你的角色不能做这件事，请找销售或主管。",
    "own_request": "{name} 是你自己提的，不能自己审批，等主管处理。",
    "not_approver": "{name} 不归你审批。",
    "assignee": "不能给{name}派待办，只能派给自己团队的人。",
    "unseen": "{name}的数据你看不到，只能看你自己和你下属的。",
    "unsigned": (
        "这里收到的消息没有签名，这件事打字不算数，没有写入。"
        "请点卡片上的按钮；没有卡片就请管理员改用 Stream 模式。"
    ),
    "not_owner": "{name}不在你名下，只有负责人和他的主管能转交或退回。",
    "full": "你名下的客户已到上限，先退回一个再领取{name}。",
}
_CLASHES: dict[Clash, str] = {
    "decided": "{name} 已由{who}{verdict}（{at}），不用再处理。",
    "withdrawn": "{name} 已经撤回，不用再审批。",
    "newer": "{name} 在这之后改过，请看最新的那张卡片。",
    "decision": "审批决定不能撤销。需要改的话，请提报人重新报一次。",
    "changed": "确认之前记录被改过了，没有写入。请再说一遍。",
    "handled": "这条已处理过了。",
    "expired": "这个问题已过期，没有写入。请再说一遍。",
    "undone": "这条已经撤销过了。",
    "duplicate": "{name}已经有人在跟（负责人 {who}），没有新建。要一起跟，请找主管共享或转交。",
    "closed": "{name}已经{verdict}，不能再改。有新的机会就说“新商机”。",
    "no_approver": "这份报价超出权限，但没有可以审批的人。请管理员先设置主管，这次没有写入。",
    "owned": "{name}已经有负责人了，不能领取。",
    "ambiguous": "上一条里不止一个{name}，不知道改哪个，没有改。撤销后分开再说一次。",
    "several": "{name}有几个商机，说清楚是哪一个。",
}


def sentence(error: SalesError, zone: ZoneInfo, today: date) -> str:
    """The one place where a refusal of the rules becomes words."""
    match error:
        case NotFound():
            return _MISSING[error.what]
        case NotAllowed():
            return _FORBIDDEN[error.reason].format(name=error.name)
        case Conflict(reason="built_upon"):
            return _built_upon(error, zone, today)
        case Conflict():
            at = wording.moment(error.at, zone, today) if error.at else ""
            verdict = wording.STATUSES.get(error.verdict, error.verdict).removeprefix("已")
            words = _CLASHES[error.reason].format(
                name=error.name, who=error.who, at=at, verdict=verdict
            )
            return words.replace("（）", "")
        case Invalid():
            return _invalid(error)
        case _:
            assert_never(error)  # type: ignore[arg-type]  # SalesError itself is never raised


def _built_upon(error: Conflict, zone: ZoneInfo, today: date) -> str:
    at = wording.moment(error.at, zone, today) if error.at else ""
    by = " ".join(part for part in (error.who, at) if part)
    return f"这条撤不了：后来又有改动{f'（{by}）' if by else ''}。直接说要改成什么就行。"


def _invalid(error: Invalid) -> str:
    if error.slot == "corrected":
        return f"上一条里没有{error.value}可改，没有写入。说全一点：是哪家客户、改什么。"
    slot = wording.FACTS.get(error.slot, error.slot)
    said = wording.clipped(str(error.value), 20)
    if error.allowed:
        names = "、".join(wording.FACTS.get(item, item) for item in error.allowed[:8])
        return f"{slot}没有“{said}”，可以是：{names}。没有写入。"
    return f"{slot}“{said}”看不懂，没有写入。换个说法再试。" if said else f"还缺{slot}，没有写入。"
