"""An administrator in chat and at the command line: 停用, 启用, gendan people …"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from nlu.naming.names import keys_of_name
from storage.db import Database, NameKeys
from storage.models.journal import Journal
from storage.models.people import Binding, Stranger, User
from storage.viewer import SYSTEM
from tests.builders import NOW, make_customer, make_deal, make_team, make_user
from tests.integration.office import Office, to


@pytest.fixture
def name_keys() -> NameKeys:
    return keys_of_name


@pytest.fixture
async def office(db: Database) -> Office:
    async with db.write(SYSTEM) as session:
        team = await make_team(session, "东一组")
        rep = await make_user(session, "林一", team=team, platform_user="lin", platform="fake")
        await make_user(session, "卫八", role="admin", platform_user="root", platform="fake")
        await make_user(session, "陈六", role="director", platform_user="boss", platform="fake")
        customer = await make_customer(session, "恒通机床有限公司", owner=rep, short="恒通")
        await make_deal(session, customer)
    return Office(db)


async def active(office: Office, name: str) -> list[bool]:
    return [row.active for row in await office.rows(User, User.name == name)]


async def test_an_administrator_disables_and_enables_in_chat(office: Office) -> None:
    await office.say("lin", "我的待办")
    (card,) = await office.say("root", "停用 林一")
    assert card.text == "请确认 · 停用 林一"
    assert await active(office, "林一") == [True]
    told, update = await office.tap("root", card, "停用")
    assert told.text == "林一已停用，名下 1 个客户、1 个商机待交接。"
    assert update.text == "停用 林一 已停用 · 卫八 · 10:00"
    office.clock.move(seconds=5)
    assert (await office.say("lin", "恒通什么情况"))[0].text.startswith("你还没有开通。")
    last = (await office.rows(Journal, Journal.record_type == "user_account"))[-1]
    admin = (await office.rows(User, User.name == "卫八"))[0]
    assert (last.actor_id, last.before, last.after) == (
        admin.id, {"active": True}, {"active": False},
    )  # fmt: skip
    assert (await office.say("root", "确认启用 林一"))[0].text == "已启用 林一。"
    office.clock.move(seconds=5)
    assert (await office.say("lin", "恒通什么情况"))[0].text.startswith("恒通")


@pytest.mark.parametrize("who", ["lin", "boss"])
async def test_nobody_else_does(office: Office, who: str) -> None:
    """Not by words, and not by the administrator's card."""
    (card,) = await office.say("root", "停用 林一")
    for words in ("停用 卫八", "确认停用 卫八", "停用 没有这个人"):
        answers = await office.say(who, words)
        assert all("停用" not in one.text for one in answers)
    await office.tap(who, card, "停用")
    assert await active(office, "卫八") == [True]
    assert await active(office, "林一") == [True]


async def test_who_stopped_being_an_administrator_meanwhile_is_refused(office: Office) -> None:
    (card,) = await office.say("root", "停用 林一")
    async with office.db.write(SYSTEM) as session:
        user = (await office.rows(User, User.name == "卫八"))[0]
        (await session.get_one(User, user.id)).role = "rep"
    office.clock.move(seconds=5)
    (answer,) = await office.tap("root", card, "停用")
    assert answer.text == "你的角色不能做这件事，请找销售或主管。"
    assert await active(office, "林一") == [True]


async def test_of_two_of_one_name_one_is_chosen(office: Office) -> None:
    async with office.db.write(SYSTEM) as session:
        second = await make_user(session, "林一", platform_user="lin2", platform="fake")
    (card,) = await office.say("root", "确认停用 林一")
    await office.tap("root", card, f"停用 {second.id}")
    assert await active(office, "林一") == [True, False]


async def test_the_last_administrator_and_oneself_stay(office: Office) -> None:
    (answer,) = await office.say("root", "确认停用 卫八")
    assert answer.text == "不能停用自己，也不能停用最后一位管理员。"
    (nobody,) = await office.say("root", "停用 王五")
    assert nobody.text == "在用的同事里没有“王五”。说全名，或看 gendan people list。"


@pytest.fixture
def gendan(office: Office, db_url: str, tmp_path: Path) -> Callable[..., str]:
    """Runs `gendan people …` in a thread, for it has an event loop of its own."""
    path = tmp_path / "config.toml"
    path.write_text(
        f'[simulator]\nenabled = true\n[database]\nurl = "{db_url}"\n'
        '[wecom]\ncorp_id = "corp"\nagent_id = 1\n'
        'secret = {env = "A"}\ntoken = {env = "B"}\naes_key = {env = "C"}\n',
        encoding="utf-8",
    )

    def run(*words: str) -> str:
        result = CliRunner().invoke(main, ["people", *words, "--config", str(path)])
        assert result.exception is None, result.output
        return result.output

    return run


async def in_thread(gendan: Callable[..., str], *words: str) -> list[str]:
    return (await asyncio.to_thread(gendan, *words)).splitlines()


async def test_the_list_says_who_is_who_and_how(
    office: Office, gendan: Callable[..., str]
) -> None:
    async with office.db.write(SYSTEM) as session:
        lin = (await office.rows(User, User.name == "林一"))[0]
        user = await session.get_one(User, lin.id)
        user.role_by_hand = False
        session.add(Binding(platform="other", corp="c", platform_user="0815", user_id=user.id))
        session.add(
            Stranger(platform="other", corp="c", platform_user="eve", code="7F3KQ2", seen_at=NOW)
        )
    lines = await in_thread(gendan, "list")
    assert lines == [
        "1  林一  销售（按规则）  东一组（手工）  lin@fake 0815@other",
        "2  卫八  管理员（手工）  -  root@fake",
        "3  陈六  总监（手工）  -  boss@fake",
        "等待开通  编号 7F3KQ2  eve@other",
    ]
    assert await in_thread(gendan, "unbind", "0815@other") == [
        "已解绑：0815@other 不再是 林一 的账号。"
    ]
    assert await in_thread(gendan, "unbind", "lin@fake") == [
        "lin@fake 是 林一 唯一的账号。要停用就运行 gendan people disable。"
    ]
    assert await in_thread(gendan, "add", "7F3KQ2", "--name", "夏九", "--role", "manager") == [
        "已开通：夏九（other 账号 eve）。"
    ]
    assert (await in_thread(gendan, "list"))[-1] == "4  夏九  经理（手工）  -  eve@other"


async def test_disabling_from_the_command_line_passes_on_what_waits(
    office: Office, gendan: Callable[..., str]
) -> None:
    async with office.db.write(SYSTEM) as session:
        lin = (await office.rows(User, User.name == "林一"))[0]
        near = await make_user(
            session, "吴三", role="manager", platform_user="near", platform="fake"
        )
        near.team_id = lin.team_id
    await office.say("lin", "恒通产线改造报价38万，八二折")
    assert await in_thread(gendan, "disable", "near@fake") == ["吴三已停用，名下没有要交接的。"]
    (card,) = to("boss", await office.tick())
    assert card.text == "报价审批 Q-1001 · 林一"
    assert await in_thread(gendan, "disable", "卫八") == ["卫八 是最后一位管理员，先设另一位。"]
    assert await in_thread(gendan, "disable", "无名") == [
        "没有“无名”。可以写姓名、编号或 账号@平台，看 gendan people list。"
    ]
    assert await in_thread(gendan, "enable", "4") == ["已启用 吴三。"]


async def test_somebody_comes_back(office: Office, gendan: Callable[..., str]) -> None:
    await office.staffing(left=("lin",))
    assert (await in_thread(gendan, "enable", "林一"))[0].endswith(
        "他没有账号了，再运行 gendan people add 编号 --again 1。"
    )
    (stranger, _) = await office.say("lin", "在吗")
    code = re.findall(r"编号 (\w+)", stranger.text)[0]
    refused = await in_thread(gendan, "add", code, "--name", "林一", "--again", "2")
    assert refused == ["没有 2 号，或他还有别的账号：请他自己说“绑定账号”来关联。"]
    await in_thread(gendan, "add", code, "--name", "林一", "--again", "1")
    assert (await office.say("lin", "恒通什么情况"))[0].text.startswith("恒通")


async def test_the_rules_are_shown_and_changed(
    office: Office, gendan: Callable[..., str], tmp_path: Path
) -> None:
    new = tmp_path / "people.toml"
    new.write_text('auto_open = true\nroles = [{title = "经理", role = "manager"}]\n')
    shown = await in_thread(gendan, "rules", "--set", str(new))
    assert shown[0] == "auto_open = True"
    new.write_text('roles = [{title = "老板", role = "admin"}]\n')
    refused = await in_thread(gendan, "rules", "--set", str(new))
    assert refused[0].startswith("没有改：people.roles.0.role 不能是 'admin'")
    assert (await in_thread(gendan, "rules"))[0] == "auto_open = True"
