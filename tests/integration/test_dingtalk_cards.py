"""Cards: made by the template, changed in the tap's own answer or by key; forged taps change
nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.events import Tap
from bot.platforms.dingtalk import render
from handlers.buttons import Decide, pack
from nlu.naming.names import keys_of_name
from sales.approvals import APPROVED
from simulator.dingtalk.config import Member
from simulator.dingtalk.server import DingTalk
from simulator.dingtalk.stream import CARD_TOPIC
from simulator.dingtalk.templates import standard_template
from simulator.faults import Fault
from simulator.ledger import Message
from storage.db import Database, NameKeys
from storage.models.journal import Journal
from storage.models.people import Binding
from storage.models.process import Approval
from storage.models.service import SentCard
from storage.viewer import SYSTEM
from tests.integration import dingtalk_rig as rig
from tests.integration.dingtalk_rig import Bot, calls, open_bot, open_company, open_dingtalk
from tests.integration.simulator_dingtalk_rig import CLIENT, CORP, TEAM

NOTE = "今天拜访了恒通蒋总"
QUOTE = "给恒通二期产线报价138万，八二折"
CREATE, CHANGE = "card/instances/createAndDeliver", "card/instances"


@pytest.fixture
def name_keys() -> NameKeys:
    """As the service finds customers."""
    return keys_of_name


@pytest.fixture
async def dingtalk() -> AsyncIterator[DingTalk]:
    async with open_dingtalk() as made:
        yield made


@pytest.fixture
async def bot(db: Database, dingtalk: DingTalk) -> AsyncIterator[Bot]:
    async with open_bot(db, lambda _: rig.settings(dingtalk)) as made:
        await dingtalk.connected(2)
        await open_company(db)
        yield made


async def noted(dingtalk: DingTalk, chat: str | None = None) -> Message:
    await dingtalk.say("lihua", NOTE, chat=chat)
    return await dingtalk.wait_for(lambda: dingtalk.find_card("lihua", "已记", chat=chat))


async def asked(dingtalk: DingTalk) -> Message:
    """The approval on the manager's phone."""
    await dingtalk.say("lihua", QUOTE)
    return await dingtalk.wait_for(lambda: dingtalk.find_card("wangmin", "报价审批"))


def test_the_variables_are_those_of_the_template_that_a_company_builds() -> None:
    names = set(render.variables(rig.ASKING))
    assert names == standard_template().variables
    paper = (Path(__file__).parents[2] / "docs" / "dingtalk-card.md").read_text(encoding="utf-8")
    named = {f"b{n}_{part}" for n in (1, 6) for part in ("text", "press", "style")}
    named |= {"title", "subtitle", "body", "note", "state"}
    assert [name for name in named if f"`{name}`" not in paper] == []


async def test_the_answer_to_a_tap_changes_the_card_without_a_call(
    bot: Bot, dingtalk: DingTalk
) -> None:
    card = await asked(dingtalk)
    tapped = await dingtalk.press("wangmin", "同意")
    await dingtalk.wait_for(lambda: "已同意" in card.replaced)
    assert await dingtalk.delivered(tapped)
    callback = dingtalk.ledger.callbacks[tapped]
    assert callback.attempts[0].took_seconds < 2
    assert callback.toast == ""
    assert card.buttons == []
    await bot.settled()
    assert calls(dingtalk, CHANGE) == 0
    assert card.warnings == []


async def test_a_change_that_comes_late_is_a_call_after_the_answer(
    db: Database, dingtalk: DingTalk
) -> None:
    """No worker: the tap is answered in time with nothing, and the card changes afterwards."""
    async with open_bot(db, lambda _: rig.settings(dingtalk), answer_seconds=0.2) as bot:
        await dingtalk.connected(2)
        await open_company(db)
        card = await asked(dingtalk)
        await bot.settled()
        for task in bot.tasks[2:]:
            task.cancel()
        tapped = await dingtalk.press("wangmin", "同意")
        assert await dingtalk.delivered(tapped)
        assert "已同意" not in card.replaced
        async with open_bot(db, lambda _: rig.settings(dingtalk), pace=rig.FAST):
            await dingtalk.wait_for(lambda: "已同意" in card.replaced)
        assert calls(dingtalk, CHANGE) == 1
        assert card.warnings == []


async def test_the_other_cards_of_an_approval_change_by_key(bot: Bot, dingtalk: DingTalk) -> None:
    """Decided in words: the card on the phone shows who decided, by one call."""
    card = await asked(dingtalk)
    before = dict(card.content)
    await dingtalk.say("wangmin", "同意")
    await dingtalk.wait_for(lambda: "已同意" in card.replaced)
    await bot.settled()
    assert calls(dingtalk, CHANGE) == 1
    assert card.content["title"] == before["title"]


async def test_a_button_that_only_says_words_is_answered_at_once(
    bot: Bot, dingtalk: DingTalk
) -> None:
    await noted(dingtalk)
    tapped = await dingtalk.press("lihua", "改一下")
    assert await dingtalk.delivered(tapped)
    assert dingtalk.ledger.callbacks[tapped].attempts[0].took_seconds < 1


async def test_a_tap_pushed_twice_counts_once(bot: Bot, dingtalk: DingTalk) -> None:
    await noted(dingtalk)
    tapped = await dingtalk.press("lihua", "撤销")
    await dingtalk.repeat(tapped)
    await dingtalk.wait_for(lambda: dingtalk.find_card("lihua", "已撤销"))
    await bot.settled()
    taps = [event for event in await bot.events() if isinstance(event, Tap)]
    assert len(taps) == 1
    assert len([m for m in dingtalk.messages("lihua") if "已撤销：" in m.text]) == 1


async def test_a_card_in_a_group_is_shown_there_and_pressed_by_its_writer(
    bot: Bot, dingtalk: DingTalk
) -> None:
    card = await noted(dingtalk, chat=TEAM)
    await dingtalk.press("wangmin", "撤销")
    refused = await dingtalk.wait_for(
        lambda: [m for m in dingtalk.group(TEAM) if "不是发给你的" in m.text]
    )
    assert refused
    assert card.replaced == ""
    await dingtalk.press("lihua", "撤销")
    await dingtalk.wait_for(lambda: "已撤销" in card.replaced)


async def test_a_card_that_was_not_delivered_is_refused(bot: Bot, dingtalk: DingTalk) -> None:
    dingtalk.arm(CREATE, Fault(undelivered="userId not exist"))
    assert await dingtalk.delivered(await dingtalk.say("lihua", NOTE))
    (row,) = await bot.settled()
    assert row.state == "refused"
    assert "userId not exist" in (row.error or "")


async def test_a_card_that_is_there_already_counts_as_sent(bot: Bot, dingtalk: DingTalk) -> None:
    """The card is there, the answer was cut: the same card is asked for again."""
    dingtalk.arm(CREATE, Fault(code="param.cardAlreadyExist"))
    assert await dingtalk.delivered(await dingtalk.say("lihua", NOTE))
    (row,) = await bot.settled()
    assert row.state == "sent"
    (card,) = await bot.rows(SentCard)
    assert card.codes == ["*"]


@pytest.mark.parametrize(
    "code",
    ["param.templateNotExist", "param.templateUnpublished",
     "Forbidden.AccessDenied.AccessTokenPermissionDenied"],
)  # fmt: skip
async def test_a_broken_template_gives_way_to_words_and_is_told(
    bot: Bot, dingtalk: DingTalk, code: str
) -> None:
    dingtalk.arm(CREATE, Fault(code=code), times=9)
    await dingtalk.say("lihua", QUOTE)
    (card,) = await dingtalk.wait_for(
        lambda: [m for m in dingtalk.messages("wangmin") if "报价审批" in m.text]
    )
    assert [button.text for button in card.buttons] == ["同意", "驳回"]
    await bot.settled()
    assert len(bot.alerts) == 1
    assert "卡片先以文字发出" in bot.alerts[0]


async def test_without_a_template_links_decide(db: Database, dingtalk: DingTalk) -> None:
    """The whole approval with links and words; what is over is not told a second time."""
    async with open_bot(db, lambda _: rig.settings(dingtalk, card_template="")) as bot:
        await dingtalk.connected(2)
        await open_company(db)
        await dingtalk.say("lihua", QUOTE)
        (card,) = await dingtalk.wait_for(lambda: dingtalk.messages("wangmin"))
        assert "回复：同意 Q-1001 或 驳回 Q-1001 加原因" in card.text
        assert await dingtalk.delivered(await dingtalk.press("wangmin", "同意"))
        await bot.settled()
        (approval,) = await bot.rows(Approval)
        assert approval.status == "approved"
        told = [m.text for m in dingtalk.messages("wangmin")[1:]]
        assert len(told) == 1
        assert "已同意" in told[0]
        assert calls(dingtalk, CREATE, CHANGE) == 0


# Forged taps: each body as the platform would push it, though no thumb did it.


@dataclass(frozen=True)
class Scene:
    """What a forger may know: keys of cards, what their buttons carry."""

    approval: Approval
    manager_card: str
    rep_card: str
    approve: str
    undo: str


Forgery = Callable[[Scene], dict[str, Any]]


def decide(scene: Scene, **changes: Any) -> str:
    given = {"approval_id": scene.approval.id, "version": scene.approval.version}
    return pack(Decide(**{**given, "verdict": APPROVED, **changes}))


FORGERIES: dict[str, Forgery] = {
    "the requester": lambda s: {"userId": "lihua"},
    "a stranger": lambda s: {"userId": "newcomer"},
    "an outsider": lambda s: {"userId": "guest"},
    "a colleague": lambda s: {"userId": "zhouer"},
    "another manager": lambda s: {"userId": "fengwu"},
    "the administrator": lambda s: {"userId": "weiba"},
    "the same name in capitals": lambda s: {"userId": "WangMin"},
    "nobody": lambda s: {"userId": ""},
    "another company": lambda s: {"corpId": "dingother"},
    "another company, requester": lambda s: {"corpId": "dingother", "userId": "lihua"},
    "no card": lambda s: {"outTrackId": ""},
    "a card that never was": lambda s: {"outTrackId": "x" * 32},
    "two cards in one": lambda s: {"outTrackId": f"{s.manager_card};{s.rep_card}"},
    "a foreign card": lambda s: {"outTrackId": s.rep_card},
    "a foreign card, its owner": lambda s: {"outTrackId": s.rep_card, "userId": "lihua"},
    "an old version": lambda s: {"press": decide(s, version=s.approval.version - 1)},
    "a version to come": lambda s: {"press": decide(s, version=s.approval.version + 1)},
    "another approval": lambda s: {"press": decide(s, approval_id=s.approval.id + 1)},
    "another verdict": lambda s: {"press": decide(s, verdict="approved ")},
    "another button's deed": lambda s: {"press": s.undo},
    "no button": lambda s: {"press": "approve"},
    "a long button": lambda s: {"press": s.approve + "x" * 9000},
    "a statement": lambda s: {"press": "decide:1;drop table approval:1:approved"},
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_tap_decides_nothing(quick: Bot, dingtalk: DingTalk, name: str) -> None:
    scene = await forged_scene(quick, dingtalk)
    assert await push(dingtalk, FORGERIES[name](scene), scene) == {}
    await quick.settled()
    await assert_untouched(quick, dingtalk, scene)


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_at": datetime.now(UTC) - timedelta(seconds=1)},
        {"platform": "wecom"},
        {"address": {"corp": "dingother", "app": CLIENT}},
        {"address": {"corp": CORP, "app": "dingotherapp"}},
        {"user_id": None},
        {"presses": []},
    ],
    ids=["expired", "another platform's", "another company's", "another app's", "nobody's",
         "without this button"],
)  # fmt: skip
async def test_a_card_that_may_not_be_pressed_decides_nothing(
    quick: Bot, dingtalk: DingTalk, changes: dict[str, Any]
) -> None:
    scene = await forged_scene(quick, dingtalk)
    async with quick.db.write(SYSTEM) as session:
        mine = SentCard.card_key == scene.manager_card
        await session.execute(update(SentCard).where(mine).values(**changes))
    assert await push(dingtalk, {}, scene) == {}
    await quick.settled()
    await assert_untouched(quick, dingtalk, scene)


async def test_the_unforged_tap_does_decide(quick: Bot, dingtalk: DingTalk) -> None:
    scene = await forged_scene(quick, dingtalk)
    await push(dingtalk, {}, scene)
    await quick.settled()
    (approval,) = await quick.rows(Approval)
    assert approval.status == "approved"


@pytest.fixture
async def quick(db: Database, dingtalk: DingTalk) -> AsyncIterator[Bot]:
    """Phones don't wait long: no change comes to a forger."""
    async with open_bot(db, lambda _: rig.settings(dingtalk), answer_seconds=0.05) as made:
        await dingtalk.connected(2)
        firm = await open_company(db)
        others = (("zhouer", firm.colleague), ("fengwu", firm.far_manager), ("weiba", firm.admin))
        async with db.write(SYSTEM) as session:
            for account, user in others:
                binding = {"corp": CORP, "platform_user": account, "user_id": user.id}
                session.add(Binding(platform="dingtalk", **binding))
                await dingtalk.join(Member(userid=account, name=user.name))
        yield made


async def forged_scene(bot: Bot, dingtalk: DingTalk) -> Scene:
    await asked(dingtalk)
    await bot.settled()
    (approval,) = await bot.rows(Approval)
    cards = {card.address["user"]: card for card in await bot.rows(SentCard)}
    manager, rep = cards["wangmin"], cards["lihua"]
    undo = next(press for press in rep.presses if press.startswith("undo"))
    return Scene(approval, manager.card_key, rep.card_key, manager.presses[0], undo)


async def push(dingtalk: DingTalk, changes: dict[str, Any], scene: Scene) -> dict[str, Any]:
    """The manager's 同意 with these changes; acknowledged in time, with what it changes."""
    given = {"userId": "wangmin", "corpId": CORP, "outTrackId": scene.manager_card,
             "press": scene.approve, **changes}  # fmt: skip
    params = {"press": given.pop("press")}
    content = json.dumps({"cardPrivateData": {"actionIds": ["b1"], "params": params}})
    body = {"type": "actionCallback", "spaceType": "IM_ROBOT", "content": content, **given}
    headers = {"messageId": f"forged-{len(str(body))}-{id(body)}"}
    ack = await dingtalk.stream.push("CALLBACK", CARD_TOPIC, body, headers, 2.0)
    assert ack.code == 200
    return dict(ack.data["response"])


async def assert_untouched(bot: Bot, dingtalk: DingTalk, scene: Scene) -> None:
    (approval,) = await bot.rows(Approval)
    assert (approval.status, approval.version) == ("pending", scene.approval.version)
    written = [row for row in await bot.rows(Journal) if row.record_type == "approval"]
    assert len(written) == 1
    card = dingtalk.find_card("wangmin", "报价审批")
    assert card is not None
    assert [button.text for button in card.buttons] == ["同意", "驳回"]
