"""Groups that the app itself has made: made from the command line, sent into, limited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.platforms.contract import Parcel, Refused
from bot.platforms.wecom.send import WeComPlatform
from bot.platforms.wecom.settings import WeComSettings
from handlers.replies import Button, Card, CardUpdate, Content, Line, Picture, Text
from simulator.faults import Fault
from simulator.wecom.server import WeCom
from storage.db import Database
from tests.integration import simulator_rig as rig

GROUP = "华东日报"
CARD = Card(
    title="今天的数字",
    lines=(Line(label="回款", value="386万"),),
    buttons=(Button(text="明细", press="say:明细"),),
    hint="要看明细，私聊我说“明细”。",
)


@dataclass
class Stage:
    """A WeCom with one group of the app's, and the platform that sends into it."""

    wecom: WeCom
    platform: WeComPlatform
    settings: WeComSettings
    chat: str

    def parcel(self, content: Content, **more: bytes) -> Parcel:
        group = self.platform.group(GROUP)
        assert group is not None
        return Parcel(key="k", address=group, content=content, **more)  # type: ignore[arg-type]


@pytest.fixture
async def stage(sqlite_db: Database) -> AsyncIterator[Stage]:
    wecom = WeCom(rig.config())
    await wecom.start()
    settings = WeComSettings(
        corp_id=rig.CORP,
        agent_id=1000002,
        secret="s3cret",
        token=rig.TOKEN,
        aes_key=rig.AES_KEY,
        api_base=wecom.url,
    )
    making = WeComPlatform(settings, sqlite_db)
    chat = await making.create_group(GROUP, "lihua", ["WangMin", "lihua"])
    settings = replace(settings, chats={GROUP: chat, "gone": "nosuchchat"})
    platform = WeComPlatform(settings, sqlite_db)
    yield Stage(wecom, platform, settings, chat)
    await making.close()
    await platform.close()
    await wecom.stop()


async def test_a_new_group_has_a_first_word(stage: Stage) -> None:
    (first,) = stage.wecom.group(stage.chat)
    assert first.text == "群建好了。日报等会发到这里。"
    made = stage.wecom._api.chats.chats[stage.chat]
    assert (made.name, made.owner, made.members) == (GROUP, "lihua", ("lihua", "WangMin"))


async def test_words_cards_and_pictures(stage: Stage) -> None:
    for content in (Text(text="早"), CARD, CardUpdate(card=CARD)):
        await stage.platform.send(stage.parcel(content))
    picture = Picture(attachment_id=1, alt="日报")
    for _ in range(2):
        await stage.platform.send(stage.parcel(picture, picture=rig.PNG))
    _, words, card, update, *pictures = stage.wecom.group(stage.chat)
    assert (words.kind, words.text) == ("text", "早")
    assert (card.kind, update.kind) == ("markdown", "markdown")
    assert "要看明细" in card.text
    assert [message.picture for message in pictures] == [rig.PNG, rig.PNG]
    assert stage.wecom.ledger.calls["media/upload", "0"] == 1


async def test_long_words_come_in_parts(stage: Stage) -> None:
    await stage.platform.send(stage.parcel(Text(text="好" * 1500)))
    shown = stage.wecom.group(stage.chat)[1:]
    assert len(shown) == 3
    assert not any(message.was_cut for message in shown)


async def test_a_group_that_is_gone_is_refused(stage: Stage) -> None:
    group = stage.platform.group("gone")
    assert group is not None
    with pytest.raises(Refused):
        await stage.platform.send(Parcel(key="k", address=group, content=Text(text="早")))


async def test_a_forgotten_picture_is_uploaded_again(stage: Stage) -> None:
    picture = stage.parcel(Picture(attachment_id=1, alt=""), picture=rig.PNG)
    await stage.platform.send(picture)
    stage.wecom.arm("appchat/send", Fault(errcode=40007))
    await stage.platform.send(picture)
    assert stage.wecom.ledger.calls["media/upload", "0"] == 2


async def test_its_limits_are_its_own(stage: Stage) -> None:
    group = stage.platform.group(GROUP)
    assert group is not None
    minute, day = stage.platform.buckets(group)
    assert (minute.limit, minute.seconds, day.limit) == (200, 60, 10_000)


@pytest.mark.parametrize(
    ("name", "owner", "members"),
    [("", "lihua", ["WangMin"]), ("群" * 51, "lihua", ["WangMin"]), ("群", "lihua", []),
     ("群", "lihua", ["ghost"])],
)  # fmt: skip
async def test_a_group_that_cannot_be_made(
    stage: Stage, name: str, owner: str, members: list[str]
) -> None:
    with pytest.raises(Refused):
        await stage.platform.create_group(name, owner, members)


async def test_without_an_app_there_are_no_groups(stage: Stage, sqlite_db: Database) -> None:
    away = WeComPlatform(replace(stage.settings, agent_id=0, chats={}), sqlite_db)
    with pytest.raises(Refused):
        await away.create_group("群", "lihua", ["WangMin"])
    await away.close()


def test_the_command_says_which_line_to_add(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command runs a loop of its own, so the WeCom runs in another thread."""
    with rig.in_thread() as wecom:
        for name, value in {"S": "s3cret", "T": rig.TOKEN, "A": rig.AES_KEY}.items():
            monkeypatch.setenv(name, value)
        path = tmp_path / "config.toml"
        path.write_text(
            f'[database]\nurl = "sqlite:///{tmp_path}/g.db"\n'
            f'[wecom]\ncorp_id = "{rig.CORP}"\nagent_id = 1000002\nsecret = {{env = "S"}}\n'
            f'token = {{env = "T"}}\naes_key = {{env = "A"}}\napi_base = "{wecom.url}"\n',
            encoding="utf-8",
        )
        asked = ["groups", "create", GROUP, "--owner", "lihua", "--members", "WangMin"]
        migrated = CliRunner().invoke(main, ["migrate", "--config", str(path)])
        assert migrated.exit_code == 0, migrated.output
        done = CliRunner().invoke(main, [*asked, "--config", str(path)])
        assert done.exit_code == 0, done.output
        (chat,) = wecom._api.chats.chats
        assert f'"{GROUP}" = {{chatid = "{chat}"}}' in done.output
        refused = CliRunner().invoke(main, [*asked[:-1], "ghost", "--config", str(path)])
        assert refused.exit_code == 1
        assert "没有建成" in refused.output
