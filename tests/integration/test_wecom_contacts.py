"""The company's address book: read through the app, its changes told by the helper."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from aiohttp import web

from bot.events import Event, Staffing
from bot.platforms.contract import AddressBook, Department, Member, Unauthorised
from bot.platforms.wecom.send import WeComPlatform
from bot.platforms.wecom.settings import CALLBACK_PATH, ContactsSettings, WeComSettings
from simulator.faults import Fault
from simulator.wecom.config import Department as TheirDepartment
from simulator.wecom.config import Member as Theirs
from simulator.wecom.server import WeCom
from storage.db import Database
from tests.integration import simulator_rig as rig
from tests.integration.bot_rig import HELPER_AES, HELPER_TOKEN, config, settings

PEOPLE = (
    Theirs(userid="lihua", name="李华", departments=(2,), title="销售"),
    Theirs(userid="WangMin", name="王敏", departments=(2, 3), leads=(2,), title="经理"),
    Theirs(userid="zhaolei", name="赵磊", departments=(3,), status=2),
)
DEPARTMENTS = (
    TheirDepartment(id=1, name="宏图公司", parent=0),
    TheirDepartment(id=2, name="华东", parent=1),
    TheirDepartment(id=3, name="华北", parent=1),
)


@dataclass
class Stage:
    """A company with a helper, the platform that reads its book, and what was told."""

    wecom: WeCom
    platform: WeComPlatform
    settings: WeComSettings
    db: Database
    events: list[Event]

    async def book(self) -> AddressBook:
        found = await self.platform.address_book()
        assert found is not None
        return found

    async def told(self, callback: str) -> list[Staffing]:
        assert await self.wecom.delivered(callback)
        return [event for event in self.events if isinstance(event, Staffing)]


async def _served(platform: WeComPlatform, events: list[Event]) -> tuple[web.AppRunner, str]:
    async def accept(event: Event) -> None:
        events.append(event)

    app = web.Application()
    app.add_routes(platform.routes(accept))
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest.fixture(params=["own path", "the app's path"])
async def stage(request: pytest.FixtureRequest, sqlite_db: Database) -> AsyncIterator[Stage]:
    wecom = WeCom(config(members=PEOPLE, departments=DEPARTMENTS))
    await wecom.start()
    made = settings(wecom)
    if request.param == "the app's path":
        helper = ContactsSettings(
            token=HELPER_TOKEN, aes_key=HELPER_AES, callback_path=CALLBACK_PATH
        )
        made = replace(made, contacts=helper)
    platform = WeComPlatform(made, sqlite_db)
    events: list[Event] = []
    runner, url = await _served(platform, events)
    wecom.callback_url = url + CALLBACK_PATH
    wecom.contacts.url = url + made.contacts.callback_path
    yield Stage(wecom, platform, made, sqlite_db, events)
    await runner.cleanup()
    await platform.close()
    await wecom.stop()


async def test_the_book_is_read_with_its_leaders(stage: Stage) -> None:
    book = await stage.book()
    assert book.corp == rig.CORP
    assert book.departments == (
        Department(id="1", name="宏图公司"),
        Department(id="2", name="华东", parent="1"),
        Department(id="3", name="华北", parent="1"),
    )
    assert {member.user: member for member in book.members} == {
        "lihua": Member(user="lihua", name="李华", departments=("2",), title="销售"),
        "wangmin": Member(
            user="wangmin", name="王敏", departments=("2", "3"), leads=("2",), title="经理"
        ),
        "zhaolei": Member(user="zhaolei", name="赵磊", departments=("3",), active=False),
    }


async def test_names_are_enough_where_details_are_hidden(stage: Stage) -> None:
    stage.wecom.directory.details_hidden = True
    book = await stage.book()
    names = {member.user: (member.name, member.leads, member.active) for member in book.members}
    assert names == {
        "lihua": ("李华", (), True),
        "wangmin": ("王敏", ("2",), True),
        "zhaolei": ("赵磊", (), True),
    }


async def test_a_range_below_the_root_has_no_parent(stage: Stage) -> None:
    del stage.wecom.directory._departments[1]
    book = await stage.book()
    assert [(d.id, d.parent) for d in book.departments] == [("2", None), ("3", None)]


async def test_a_book_that_may_not_be_read_is_an_error(stage: Stage) -> None:
    stage.wecom.arm("department/list", Fault(errcode=60020))
    with pytest.raises(Unauthorised):
        await stage.book()


async def test_without_an_app_there_is_no_book(stage: Stage) -> None:
    away = WeComPlatform(replace(stage.settings, agent_id=0), stage.db)
    assert await away.address_book() is None
    await away.close()


async def test_who_leaves_is_told(stage: Stage) -> None:
    assert await stage.wecom.contacts._calls.verify()  # type: ignore[union-attr]
    (event,) = await stage.told(await stage.wecom.contacts.leave("WangMin"))
    assert (event.left, event.changed, event.departments) == (("wangmin",), (), False)
    assert event.source.corp == rig.CORP
    assert event.source.sender == ""


async def test_who_is_disabled_has_left(stage: Stage) -> None:
    (event,) = await stage.told(await stage.wecom.contacts.disable("lihua"))
    assert event.left == ("lihua",)


async def test_who_comes_or_moves_has_changed(stage: Stage) -> None:
    newcomer = Theirs(userid="ChenJing", name="陈静", departments=(2,))
    await stage.told(await stage.wecom.contacts.put(newcomer))
    moved = replace(newcomer, departments=(3,))
    came, went = await stage.told(await stage.wecom.contacts.put(moved))
    assert (came.changed, went.changed) == (("chenjing",), ("chenjing",))
    assert came.digest != went.digest


async def test_departments_are_told(stage: Stage) -> None:
    north = TheirDepartment(id=4, name="华南")
    (event,) = await stage.told(await stage.wecom.contacts.put_department(north))
    assert (event.departments, event.changed, event.left) == (True, (), ())


async def test_the_helpers_key_brings_nothing_but_changes(stage: Stage) -> None:
    """A forged message sealed with it is no message of the app's at its own path."""
    calls = stage.wecom.contacts._calls
    assert calls is not None
    said = (
        f"<xml><ToUserName>{rig.CORP}</ToUserName><FromUserName>lihua</FromUserName>"
        f"<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>撤销</Content>"
        f"<MsgId>7</MsgId><AgentID>1000002</AgentID></xml>"
    )
    status, _, _ = await calls.ask(said)
    assert status == 200
    await asyncio.sleep(0)
    assert stage.events == []


async def test_the_app_and_the_helper_are_both_heard(stage: Stage) -> None:
    assert await stage.wecom.verify()
    assert await stage.wecom.delivered(await stage.wecom.say("lihua", "帮助"))
    await stage.told(await stage.wecom.contacts.leave("WangMin"))
    assert [type(event).__name__ for event in stage.events] == ["Message", "Staffing"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("<ChangeType>update_tag</ChangeType><TagId>1</TagId>", None),
        ("<ChangeType>create_user</ChangeType>", None),
        ("<ChangeType>something_new</ChangeType><UserID>a</UserID>", None),
        ("<ChangeType>update_user</ChangeType><UserID>A</UserID><NewUserID>B</NewUserID>",
         ((), ("a", "b"))),
        ("<ChangeType>update_user</ChangeType><UserID>A</UserID><Status>5</Status>",
         (("a",), ())),
        ("<ChangeType>delete_party</ChangeType><Id>4</Id>", ((), ())),
    ],
)  # fmt: skip
async def test_kinds_of_change(
    stage: Stage, fields: str, told: tuple[tuple[str, ...], tuple[str, ...]] | None
) -> None:
    calls = stage.wecom.contacts._calls
    assert calls is not None
    head = (
        f"<xml><ToUserName>{rig.CORP}</ToUserName><FromUserName>sys</FromUserName>"
        f"<CreateTime>1700000000</CreateTime><MsgType>event</MsgType>"
        f"<Event>change_contact</Event>"
    )
    status, _, _ = await calls.ask(f"{head}{fields}</xml>")
    assert status == 200
    found = [(e.left, e.changed) for e in stage.events if isinstance(e, Staffing)]
    assert found == ([] if told is None else [told])
