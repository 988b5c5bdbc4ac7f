"""What `gendan check` says of an AI bot, without connecting to anything."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platforms.wecom.api import WeComApi
from bot.platforms.wecom.check import check
from bot.platforms.wecom.settings import BotSettings, ContactsSettings, WeComSettings
from tests.unit.wecom.envelopes import AES_KEY, CORP, TOKEN


async def findings(**more: Any) -> list[tuple[bool, str]]:
    settings = WeComSettings(corp_id=CORP, **more)
    api = WeComApi("http://127.0.0.1:1", call_seconds=0.1)
    found = await check(settings, api)
    await api.close()
    return [(finding.ok, f"{finding.what} {finding.mend}") for finding in found]


async def test_a_bot_by_socket_is_left_alone() -> None:
    bot = BotSettings(bot_id="aib1", mode="socket", secret="b0t")
    [(ok, words)] = await findings(bot=bot)
    assert ok
    assert "长连接" in words
    assert "b0t" not in words


async def test_a_bot_by_callback_without_an_app_cannot_speak_first() -> None:
    bot = BotSettings(bot_id="aib1", mode="callback", token=TOKEN, aes_key=AES_KEY)
    [(ok, words)] = await findings(bot=bot)
    assert not ok
    assert 'mode 改成 "socket"' in words


@pytest.mark.parametrize("path", ["/wecom/contacts", "/elsewhere"])
async def test_the_helpers_address_is_named(path: str) -> None:
    helper = ContactsSettings(token=TOKEN, aes_key=AES_KEY, callback_path=path)
    [(ok, words)] = await findings(contacts=helper)
    assert ok
    assert path in words
