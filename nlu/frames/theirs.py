"""What the customer, and not we, will do: promise, sign, pay, send, answer, claim."""

from __future__ import annotations

from nlu import expressions as re
from nlu.frames.to_come import THEIR_EVENT


def is_theirs(shape: str) -> bool:
    """Whether what a clause tells of is theirs to do, or done already by what it tells."""
    if _CLAIM.search(shape) or _BACK_TO_ME.search(shape) or _THEY_WILL.match(shape):
        return True
    if _CALLED_US.search(shape) or THEIR_EVENT.search(shape):
        return True
    if _THEY_TOLD.search(shape) and not re.search(r"我们?[^,，]{0,3}[打发]", shape):
        return True
    if _theirs_to_sign(shape) or _is_promised(shape) or _OWED_TO_US.search(shape):
        return True
    if _THEY_SEND.search(shape) and not _OURS_TO_GIVE.search(shape):
        return True
    if _THEY_PAY.search(shape) and not re.search("我|咱", shape):
        return True
    if _THEY_BUY.search(shape) and not re.search("[我咱给帮让]|提醒|记得", shape):
        return True
    if _THEY_ISSUE.search(shape):
        return True
    if _THEY_PLAN.search(shape):
        return True
    ours = re.search(r"我们?(?:给|得|要|会|来|再|回)", shape)
    return _THEY_ANSWER.search(shape) is not None and not ours


_THEY_PLAN = re.compile(
    r"(?:Ⓟ|Ⓒ|[他她]们?|客户|对方)(?:那边)?(?:说|讲|表示|透露)?[^,，让叫催请我咱]{0,4}Ⓓ[之以]?[前内][^,，我咱]{0,3}(?:想|打算|准备|计划|考虑|有意)"
)
"""某某说年底前想换供应商 is a plan of theirs."""
_THEY_TOLD = re.compile(
    r"(?<![给跟和向])(?<![给跟和向]Ⓒ)(?<![给跟和向]Ⓒ的)(?:Ⓟ|Ⓒ(?:那边|这边)?|[他她]们?)Ⓓ?(?:刚刚?|又|也|亲自|特意|主动)?(?:(?:打|来)(?:了?个?)?电话(?:来|过来)?|发(?:来|了)?个?(?:邮件|微信|消息))(?=说|讲|要|问|催|通知|告|反馈|让)"
    r"|(?:电话|微信|邮件)[^,，]{0,2}(?:通知|告知)的?"
)
"""…下午打电话说: what they told us by phone is no call of ours to make."""
_CALLED_US = re.compile(
    r"(?:Ⓟ|(?<![给跟和向])Ⓒ(?:那边|这边)?|[他她]们?)(?!让|叫|请|要|催)[^,，让叫请要催]{0,3}[给跟和找](?:我|俺|咱)们?(?:打|发|来|回|通|留)[了过个来一]*(?:电话|微信|邮件|消息|语音|短信|视频)"
)
"""下午秦露给我打电话: what came to us is nothing that we must do."""
_BACK_TO_ME = re.compile(
    r"^\s*(?:说|讲|表示)[^,，]*(?:回复|答复|告诉|通知|联系|发给?|回给?|给)我们?\s*$"
)
_THEY_WILL = re.compile(
    r"\s*(?:[他她]们?|Ⓟ|对方|客户|甲方)(?:说|讲)?(?:回头|过两天|改天|下次|到时候?|晚点|先|会)[^,，我咱]*$"
)
"""他回头给数据 is his to do."""
_CLAIM = re.compile(r"(?:给我|帮我?|回头|再)[^,，]{0,3}报(?:一?下|了|销|掉)?(?:吧|了)?\s*$")
"""回头给我报一下 claims an expense and is nobody's task."""


def is_claim(shape: str) -> bool:
    """饭钱1260记得给我报: a claim, though it says 记得."""
    return _CLAIMED.search(shape) is not None


_CLAIMED = re.compile(
    r"(?:记得|别忘了?)[^,，ⒹⓊ]{0,2}(?:给我|帮我|给俺)?报(?:一?下|了|销|掉|上)*(?:一?下)?(?:吧|啊|哈)?\s*$"
)


def _is_promised(shape: str) -> bool:
    """他承诺月底给 is the customer's to do."""
    return _THEY_PROMISE.search(shape) is not None and not re.search("我", _TO_US.sub("", shape))


_TO_US = re.compile(
    "(?:[发给寄传交送回拿带打付转]|答复|回复)(?:给|到)?我(?:们|司)?(?=$|[,，这看])"
)
"""他答应明天把图纸发我: what comes to us is theirs to do."""
_OWED_TO_US = re.compile(
    r"(?:欠|差)[着了]?(?:我们?|咱们?)的?[^,，]{0,10}(?:拖|推|延|挪|等)|(?:款|钱|账|费)[^,，]{0,6}(?:拖|推迟?|延|挪|等)到Ⓓ|给(?:我们?|咱们)[^,，]{0,4}(?:反馈|答复|回复|消息|信儿?|结果|准话|准信|说法|通知)"
)
_THEY_SEND = re.compile(
    r"(?:Ⓒ|Ⓟ|[他她]们?|客户)[^,，]{0,3}(?:说|讲|表示|回复)[^,，让要我得]{0,12}(?:寄|送|发|给|出|回|定|交)"
)
_OURS_TO_GIVE = re.compile(
    r"我|咱|报价|方案|样[品册板]|资料|合同|标书|授权|发票|清单|图纸|计划|文件|证明|报告"
)
_THEY_PAY = re.compile(
    r"(?:款|钱|费|账|租|定金|首付)[^,，]{0,8}Ⓓ[之以]?前[^,，]{0,2}(?:[付打转汇结]|到账)|Ⓓ[^,，]{0,6}(?:付|打|转|汇|结)[^,，]{0,4}Ⓐ"
)
_THEY_BUY = re.compile(r"Ⓓ[之以]?前[^,，]{0,4}(?:买(?!点|些|个|两|[束张]|票)|采购|下单|拿货|提货)")
"""六月底前买 is when they order."""
_THEY_ANSWER = re.compile(
    r"(?:^\s*(?:说|讲)|[他她]们?说|Ⓟ说)[^,，让要]{0,6}给(?:我们?|咱们)?[^,，]{0,4}(?:反馈|答复|回复|消息|信|结果|准话|说法|通知|报告)"
)
_THEY_PROMISE = re.compile(
    r"(?:Ⓟ|[他她]们?|对方|客户|甲方|老板)[^,，我]{0,4}(?:答应|承诺|应允|应承|许诺|允诺|保证)(?:[^,，]{0,6}(?:给|付|打|结|转|汇|签|定|回)|(?![他她我客ⒸⓅ]))"
)


_THEY_ISSUE = re.compile(
    r"Ⓓ[之以]?(?:前|内)(?![^,，]*把)[^,，我咱让交写做改补投递备整]{0,4}(?:[出发定给报下批走])(?:了|完|好|个)?(?:采购)?(?:需求|招标|标书(?!给)|结果|订单|PO|中标|名次|批复|批文|预算|立项|流程|公告|终审|内部审批)|Ⓓ[之以]?前[^,，我咱让交写做改补投递备整]{0,3}(?:定标|开标|评标|上会|过会|立项|招标(?!参数|文件|书|要求|资料|方案)|挂网|公示|比选)(?![会材书资])"
)
"""月底前出需求 is what a buyer does."""


def _theirs_to_sign(shape: str) -> bool:
    """月底前必须签掉 without 我们 is the customer's day, no task of ours."""
    return re.search(
        r"前[^,，]{0,6}签|(?:Ⓟ|[他她]们?|客户)[^,，]{0,4}[说讲][^,，]{0,4}前[^,，]{0,4}(?:盖章|用印)",
        shape,
    ) is not None and not re.search("我|咱", shape)
