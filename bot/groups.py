"""Groups that the bot makes itself, for who runs it: `gendan groups`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import connect_all, utc_now
from bot.config import Config
from bot.platforms.contract import MakesGroups, PlatformError, Ports
from bot.sections import ConfigError
from storage.db import Database


async def create(config: Config, name: str, *, owner: str, members: Sequence[str]) -> str:
    """Make a group on the platform that can; returns the line that the configuration wants."""
    db = Database(config.database.url)
    ports = Ports(db=db, now=utc_now, alert=_nobody)
    platforms = connect_all(config, ports)
    try:
        makers = [platform for platform in platforms if isinstance(platform, MakesGroups)]
        if not makers:
            fault = "没有能建群的平台：先在 [wecom] 里配置自建应用"
            raise ConfigError("群", [fault])
        chat = await makers[0].create_group(name, owner, members)
    except PlatformError as error:
        raise ConfigError("群", [f"没有建成：{error}"]) from error
    finally:
        for platform in platforms:
            await platform.close()
        await db.close()
    where = f"群建好了。把这一行加到 config.toml 的 [{makers[0].name}.groups] 下面："
    return f'{where}\n"{name}" = {{chatid = "{chat}"}}'


async def _nobody(_words: str) -> None:
    """Whoever makes the group reads what went wrong."""
