"""Short orders: undo, help, and which of the readers of orders takes a message."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.sections import Setting
from nlu.talk.decisions import decision
from nlu.talk.ownership import handover, pool
from nlu.talk.subscriptions import subscription

LONGEST = 80
"""Of a longer note 先别记 takes back a part, not the whole."""
_TAKE_BACK = r"(?:撤[销回掉了]|回退|撤一下|作废|删[了掉除]|清掉|去掉|取消|收回|回滚|不[算要]了?|不作数|别记|当(?:我)?没说|退回去|撤)"
_LAST = r"(?:刚才|刚刚|刚|上[一条面个]|前[面一]|那[一条笔个步]|这[一条笔个步]|最后|最近)"
_UNDO = re.compile(
    rf"^(?:那|把|请|快|先|赶紧|帮我|给我|麻烦|算了|哦|啊|不对|[记写说发搞弄看听打][错串混岔反漏]了?)*[,，。\s]*(?:{_LAST}[^,，]{{0,8}})?{_TAKE_BACK}(?:上面|前面)?[吧了啦一下掉]*(?:$|[,，。!！\s]|{_LAST})"
    rf"|^[^,，]{{0,10}}(?:[错串混岔反漏重]|不约|不用|不对)[^,，]{{0,6}}[,，。\s]+{_TAKE_BACK}[吧了啦一下掉]*$|^[^,，]{{0,12}}[,，。\s]*(?:撤销|撤回)|{_LAST}[^,，]{{0,8}}{_TAKE_BACK}|(?:取消|删掉?|去掉|清掉){_LAST}"
)
_UNDO_NOT = re.compile(
    r"[?？吗]|约(?!了)|行程|见面|饭局|拜访(?!.{0,6}撤)|会议|合同|订单|项目取消|工单|日报|周报|月报|公海|待办(?!撤)|提醒|Ⓤ"
)
_CALLED_OFF = re.compile(
    r"(?:算了|等等|等下|先)[,，]?(?:先)?别[记录写存](?=[了吧啊]?(?:$|[,，。!！]|这))|(?:先|还是)?(?:不用|不要|别|甭|不)[记录]了?(?=$|[,，。!！吧])|当我没说|别当真|(?:我|跟你|纯属)?开(?:个|句)?玩笑[的呢哈啦哦~～]*(?:$|[^一-龥])|逗你(?:们)?玩?|骗你(?:们)?的|愚人节"
)
_BOT = r"(?:你们?|您|gendan|跟单|这?个?(?:机器人|助手|小助手|小程序|软件|系统|工具|bot|东西|玩意儿?)|它)"
_WHAT = r"(?:什么|啥|嘛|哪些|哪样|哪几|点啥)"
_HELP = re.compile(
    rf"(?:^|[,，])[^,，]{{0,8}}{_BOT}[^,，月周季年]{{0,5}}(?:能|会|可以|支持|懂|擅长)[^,，]{{0,6}}{_WHAT}|{_BOT}(?:到底|究竟)?(?:是|有)(?:干|做|管|啥|什么)[^,，]{{0,2}}(?:什么|啥|嘛|的|用|功能|本事)|^(?:都|还)?(?:能|会|可以)(?:帮我|替我)?(?:干|做|办|查|记)[^,，]{{0,3}}{_WHAT}[呀啊呢?？]*$"
    r"|^(?:[看给]?[^,，]{0,3})(?:帮助|help|使用说明|怎么用|咋用|如何使用|说明书?|使用帮助|菜单|指令|命令|教程|手册|用法|操作指南)(?:[^,，]{0,4})$|功能(?:介绍|列表|有哪些|清单)|(?:什么|哪些|啥)(?:功能|指令|命令|用法|本事|技能)"
    rf"|(?:怎么|如何|咋个?)(?:使?用|使|玩|操作|弄|整)(?:{_BOT}|这个|啊|呀|呢|的|嘛)*(?:$|[,，?？。])|教[教我一]*[下哈]|教(?:教)?我|不(?:会|知道|晓得)(?:怎么|咋|如何)(?:使?用|使|玩|弄|操作)|(?:能|可以)(?:帮|替)我(?:干|做|办|查)?[^,，]{{0,2}}{_WHAT}[呀啊呢?？]*$|我(?:都|该|应该)?(?:可以|能|怎么|该)(?:跟|对|问|让|叫|使唤)你(?:说|做|问|讲|干|办)?(?:{_WHAT}|些|吗)?|有说明|(?:怎么|如何|咋)(?:让|叫|用|跟|使唤)你",
    re.IGNORECASE,
)


def is_undo(text: str, *, written: bool) -> bool:
    """Whether the message takes back what was written last; `written`: something was."""
    said = text.strip()
    found = _UNDO.search(said) if len(said) < 24 else None
    if found is None:
        return False
    sure = re.search(rf"撤[销回]|{_LAST}|[记写说发搞弄][错串混岔反漏重]", said)
    if not (written or sure):
        return False
    return not _UNDO_NOT.search(found.group() if written else said)


def is_called_off(text: str) -> bool:
    """Whether the message says itself that nothing of it is to be kept: 先别记, a joke."""
    return len(text) <= LONGEST and _CALLED_OFF.search(text) is not None


def is_help(text: str) -> bool:
    """Whether the sender asks what the bot can do."""
    return len(text) < 30 and _HELP.search(text.strip()) is not None


def command(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    """The order that the message is, if it is one; an ask for a user has options."""
    for reader in (subscription, handover, pool, decision):
        drafts = reader(setting, clauses)
        if drafts:
            return drafts
    return []
