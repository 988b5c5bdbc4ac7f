"""Sending through WeCom's API, against a WeCom on the loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import web

from bot.events import Event, Tap
from bot.platforms.contract import Address, Parcel, Refused, RetryLater, Unauthorised
from bot.platforms.wecom.send import WeComPlatform
from bot.platforms.wecom.settings import WeComSettings
from handlers.replies import Button, Card, CardUpdate, Content, Line, Picture, Text
from simulator.faults import Fault
from simulator.wecom.server import WeCom
from storage.db import Database
from tests.integration import simulator_rig as rig

GROUP = "华东销售"
KEY = "team-key"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)
CARD = Card(
    title="已记 · 客户甲",
    lines=(Line(label="金额", value="150万", before="120万"),),
    buttons=(Button(text="撤销", press="undo:12"),),
)


@dataclass
class Rig:
    """A WeCom, the platform that talks to it, and the events that it called back."""

    wecom: WeCom
    platform: WeComPlatform
    settings: WeComSettings
    db: Database
    events: list[Event]

    def to(self, content: Content, key: str = "e1-0", user: str = "lihua", **more: Any) -> Parcel:
        """A parcel for a member."""
        address = self.platform.address_of(rig.CORP, user)
        return Parcel(key=key, address=address, content=content, **more)

    def shown(self, user: str = "lihua") -> list[str]:
        """The words on a member's phone."""
        return [message.text for message in self.wecom.messages(user)]

    def calls(self, api: str, outcome: str = "0") -> int:
        """How often the API answered so."""
        return self.wecom.ledger.calls[api, outcome]


@pytest.fixture
async def stage(sqlite_db: Database) -> AsyncIterator[Rig]:
    wecom = WeCom(rig.config())
    await wecom.start()
    settings = WeComSettings(
        corp_id=rig.CORP,
        agent_id=1000002,
        secret="s3cret",
        token=rig.TOKEN,
        aes_key=rig.AES_KEY,
        api_base=wecom.url,
        groups={GROUP: KEY, "gone": "unknown-key"},
    )
    platform = WeComPlatform(settings, sqlite_db, call_seconds=0.5)
    yield Rig(wecom, platform, settings, sqlite_db, [])
    await platform.close()
    await wecom.stop()


async def test_text(stage: Rig) -> None:
    receipt = await stage.platform.send(stage.to(Text(text="好 <a href='x'>")))
    assert receipt.message_id
    assert stage.shown() == ["好 ＜a href='x'>"]


async def test_long_text_arrives_whole_and_in_order(stage: Rig) -> None:
    words = "\n".join(f"{n}. 跟进客户" for n in range(150))
    await stage.platform.send(stage.to(Text(text=words)))
    messages = stage.wecom.messages("lihua")
    assert len(messages) == 2
    assert not any(message.was_cut for message in messages)
    assert "\n".join(message.text for message in messages) == words


async def test_a_retry_after_a_lost_answer_shows_once(stage: Rig) -> None:
    stage.wecom.arm("message/send", Fault(lose_reply=True))
    parcel = stage.to(CARD, card_key="card-1")
    with pytest.raises(RetryLater):
        await stage.platform.send(parcel)
    receipt = await stage.platform.send(parcel)
    assert receipt.update_code
    assert len(stage.shown()) == 1


async def test_equal_words_of_two_events_both_show(stage: Rig) -> None:
    for key in ("e1-0", "e2-0"):
        await stage.platform.send(stage.to(Text(text="没有待办"), key))
    assert stage.shown() == ["没有待办", "没有待办"]


async def test_a_card_is_pressed_and_changes(stage: Rig) -> None:
    async def accept(event: Event) -> None:
        stage.events.append(event)

    app = web.Application()
    app.add_routes(stage.platform.routes(accept))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stage.wecom.callback_url = f"http://127.0.0.1:{runner.addresses[0][1]}/wecom/callback"
    assert await stage.wecom.verify()
    receipt = await stage.platform.send(stage.to(CARD, card_key="card-1"))
    assert await stage.wecom.delivered(await stage.wecom.press("lihua", "撤销"))
    await runner.cleanup()
    (tap,) = stage.events
    assert isinstance(tap, Tap)
    assert (tap.card_key, tap.press) == ("card-1", "undo:12")
    for code, words in ((tap.update_code, "撤销中"), (receipt.update_code, "已撤销")):
        decided = CardUpdate(card=replace(CARD, buttons=(), decided=words))
        await stage.platform.send(stage.to(decided, card_key="card-1", codes=(str(code),)))
    (card,) = stage.wecom.messages("lihua")
    assert (card.replaced, card.buttons, card.warnings) == ("已撤销", [], [])


async def test_an_update_code_works_once(stage: Rig) -> None:
    receipt = await stage.platform.send(stage.to(CARD, card_key="card-1"))
    update = CardUpdate(card=replace(CARD, decided="已撤销"))
    parcel = stage.to(update, card_key="card-1", codes=(str(receipt.update_code),))
    await stage.platform.send(parcel)
    with pytest.raises(Refused):
        await stage.platform.send(parcel)
    with pytest.raises(Refused):
        await stage.platform.send(replace(parcel, codes=()))


async def test_a_card_without_buttons(stage: Rig) -> None:
    await stage.platform.send(stage.to(replace(CARD, buttons=())))
    assert stage.shown() == ["**已记 · 客户甲**\n> 金额　120万 → 150万"]


async def test_a_picture_is_uploaded_once(stage: Rig) -> None:
    for number, user in enumerate(("lihua", "wangmin")):
        picture = Picture(attachment_id=1, alt="日报")
        await stage.platform.send(stage.to(picture, f"e{number}-0", user, picture=PNG))
    assert stage.wecom.messages("lihua")[0].picture == PNG
    assert stage.wecom.messages("WangMin")[0].picture == PNG
    assert stage.calls("media/upload") == 1


async def test_a_picture_that_wecom_has_forgotten_is_uploaded_again(stage: Rig) -> None:
    picture = Picture(attachment_id=1, alt="日报")
    await stage.platform.send(stage.to(picture, "e1-0", picture=PNG))
    stage.wecom.arm("message/send", Fault(errcode=40007))
    await stage.platform.send(stage.to(picture, "e2-0", picture=PNG))
    assert len(stage.wecom.messages("lihua")) == 2
    assert stage.calls("media/upload") == 2


@pytest.mark.parametrize("content", [b"", b"GIF89a" + bytes(50), PNG + bytes(10 * 1024 * 1024)])
async def test_what_is_no_picture_is_refused(stage: Rig, content: bytes) -> None:
    with pytest.raises(Refused):
        await stage.platform.send(stage.to(Picture(attachment_id=1, alt=""), picture=content))
    assert stage.wecom.ledger.calls.total() <= 1


async def test_a_group_gets_words_cards_and_pictures(stage: Rig) -> None:
    group = stage.platform.group(GROUP)
    assert group is not None
    large = PNG + bytes(1_500_000)
    for content in (Text(text="早"), CARD, CardUpdate(card=CARD)):
        await stage.platform.send(Parcel(key="k", address=group, content=content))
    picture = Picture(attachment_id=1, alt="")
    await stage.platform.send(Parcel(key="k", address=group, content=picture, picture=large))
    shown = stage.wecom.group(KEY)
    assert [message.kind for message in shown] == ["text", "markdown", "markdown", "image"]
    assert shown[-1].picture == large
    too_large = PNG + bytes(2 * 1024 * 1024)
    with pytest.raises(Refused):
        await stage.platform.send(
            Parcel(key="k", address=group, content=picture, picture=too_large)
        )


async def test_groups_are_known_by_name(stage: Rig) -> None:
    assert stage.platform.group("不存在") is None
    unknown = Address(platform="wecom", group="不存在")
    with pytest.raises(Refused):
        await stage.platform.send(Parcel(key="k", address=unknown, content=Text(text="早")))
    gone = stage.platform.group("gone")
    assert gone is not None
    with pytest.raises(Unauthorised) as refusal:
        await stage.platform.send(Parcel(key="k", address=gone, content=Text(text="早")))
    assert "unknown-key" not in str(refusal.value)


@pytest.mark.parametrize("user", ["@all", "lihua|wangmin", "", "li hua", "x" * 65, "nobody"])
async def test_only_one_known_member_is_reached(stage: Rig, user: str) -> None:
    with pytest.raises(Refused):
        await stage.platform.send(stage.to(Text(text="好"), user=user))
    assert stage.wecom.ledger.all_messages() == []


@pytest.mark.parametrize("change", [{"corp": "ww_another"}, {"app": "7"}])
async def test_another_apps_address_is_refused(stage: Rig, change: dict[str, str]) -> None:
    parcel = stage.to(Text(text="好"))
    with pytest.raises(Refused):
        await stage.platform.send(replace(parcel, address=replace(parcel.address, **change)))


@pytest.mark.parametrize("card_key", [None, "", "有空 格", "x" * 129])
async def test_a_card_key_that_wecom_would_refuse(stage: Rig, card_key: str | None) -> None:
    with pytest.raises(Refused):
        await stage.platform.send(stage.to(CARD, card_key=card_key))


@pytest.mark.parametrize(
    ("fault", "kind", "seconds"),
    [
        (Fault(errcode=45009), RetryLater, 60),
        (Fault(errcode=-1), RetryLater, 5),
        (Fault(errcode=45033), RetryLater, 5),
        (Fault(status=502), RetryLater, 5),
        (Fault(hang_seconds=5), RetryLater, 5),
        (Fault(errcode=60020), Unauthorised, None),
        (Fault(errcode=48002), Unauthorised, None),
        (Fault(errcode=81013), Refused, None),
        (Fault(errcode=45002), Refused, None),
    ],
)
async def test_faults_have_their_kind_and_are_tried_once(
    stage: Rig, fault: Fault, kind: type[Exception], seconds: int | None
) -> None:
    stage.wecom.arm("message/send", fault)
    with pytest.raises(kind) as failure:
        await stage.platform.send(stage.to(Text(text="好")))
    if isinstance(failure.value, RetryLater):
        assert failure.value.after.total_seconds() == seconds
    # A call that hangs is noted when the stand-in gives it up.
    assert stage.wecom.ledger.count_calls("message/send") == (fault.hang_seconds is None)
    await stage.platform.send(stage.to(Text(text="好")))
    assert stage.shown() == ["好"]


async def test_an_expired_token_costs_one_refresh_for_all_senders(stage: Rig) -> None:
    url = stage.db.url.render_as_string(hide_password=False)
    other_db = Database(url.replace("+aiosqlite", ""))
    other = WeComPlatform(stage.settings, other_db)
    await asyncio.gather(
        stage.platform.send(stage.to(Text(text="早"), "e0-0")),
        other.send(stage.to(Text(text="早"), "e0-1")),
    )
    stage.wecom.expire_token()
    await asyncio.gather(
        *(p.send(stage.to(Text(text="好"), f"e{n}-{p is other}"))
          for n in range(1, 9) for p in (stage.platform, other))
    )  # fmt: skip
    assert stage.shown() == ["早"] * 2 + ["好"] * 16
    assert stage.wecom.ledger.count_calls("gettoken") == 2
    assert stage.calls("message/send", "42001") <= 16
    await other.close()
    await other_db.close()


@pytest.mark.parametrize(
    ("errcode", "kind"), [(42001, RetryLater), (40014, RetryLater), (40001, Unauthorised)]
)
async def test_a_token_refused_for_good_is_tried_twice_only(
    stage: Rig, errcode: int, kind: type[Exception]
) -> None:
    stage.wecom.arm("message/send", Fault(errcode=errcode), times=10)
    with pytest.raises(kind):
        await stage.platform.send(stage.to(Text(text="好")))
    assert stage.wecom.ledger.count_calls("message/send") == 2
    assert stage.wecom.ledger.count_calls("gettoken") == 2


async def test_an_untrusted_address_is_named(stage: Rig) -> None:
    stage.wecom.arm("message/send", Fault(errcode=60020))
    with pytest.raises(Unauthorised, match=r"127\.0\.0\.1"):
        await stage.platform.send(stage.to(Text(text="好")))


async def test_no_secret_in_an_error(stage: Rig) -> None:
    closed = replace(stage.settings, api_base="http://127.0.0.1:1")
    away = WeComPlatform(closed, stage.db)
    with pytest.raises(RetryLater) as failure:
        await away.send(stage.to(Text(text="好")))
    error: BaseException | None = failure.value
    while error is not None:
        assert "s3cret" not in repr(error)
        error = error.__cause__ or error.__context__
    await away.close()


async def test_check_finds_all_well(stage: Rig) -> None:
    findings = await stage.platform.check()
    assert [finding.ok for finding in findings] == [True, True, True]
    assert stage.wecom.ledger.all_messages() == []


@pytest.mark.parametrize(
    ("change", "word"), [({"secret": "wrong"}, "Secret"), ({"corp_id": "wrong"}, "企业 ID")]
)
async def test_check_finds_wrong_credentials(
    stage: Rig, change: dict[str, Any], word: str
) -> None:
    platform = WeComPlatform(replace(stage.settings, **change), stage.db)
    first = (await platform.check())[0]
    assert not first.ok
    assert word in first.what
    assert "wrong" not in first.what
    await platform.close()


async def test_check_names_an_address_that_is_not_trusted(stage: Rig) -> None:
    stage.wecom.arm("getcallbackip", Fault(errcode=60020))
    findings = await stage.platform.check()
    assert "127.0.0.1" in findings[0].mend


async def test_a_member_beyond_the_limit_is_what_the_buckets_prevent(stage: Rig) -> None:
    address = stage.platform.address_of(rig.CORP, "LiHua")
    (minute, hour) = stage.platform.buckets(address)
    await asyncio.gather(
        *(stage.platform.send(stage.to(Text(text="好"), f"e{n}-0")) for n in range(minute.limit))
    )
    assert len(stage.shown()) == minute.limit
    assert hour.limit == 1000
