"""`gendan check`: tries what the configuration names and says in plain words what to mend."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.app import connect_all, database_path_ready, utc_now
from bot.config import Config
from bot.platforms.contract import Finding, Ports
from storage.db import DATABASE_ERRORS, Database
from storage.migrate import needs_upgrade
from storage.models.people import User
from storage.viewer import SYSTEM


async def findings(config: Config) -> list[Finding]:
    """Everything that was tried, in the order in which it would be mended."""
    found = [Finding(True, f"配置可以读取，时区 {config.company.time_zone}")]
    db = Database(config.database.url)
    try:
        found += await _database(config, db)
        if config.simulator.enabled:
            found.append(
                Finding(True, "平台：使用本机模拟的企业微信（[simulator] enabled = true）")
            )
            return found
        ports = Ports(db=db, now=utc_now, alert=_nobody)
        for platform in connect_all(config, ports):
            found += await platform.check()
            await platform.close()
    finally:
        await db.close()
    return found


async def _nobody(_words: str) -> None:
    """Whoever runs the check reads its findings."""


async def _database(config: Config, db: Database) -> list[Finding]:
    shown = db.url.render_as_string(hide_password=True)
    try:
        database_path_ready(config.database.url)
        if await needs_upgrade(db.reader):
            later = (
                "启动时会自动升级" if config.database.upgrade_on_start else "运行 gendan migrate"
            )
            return [
                Finding(config.database.upgrade_on_start, f"数据库 {shown}：表结构待升级", later)
            ]
        async with db.read(SYSTEM) as session:
            users = await session.scalar(select(func.count()).select_from(User))
    except DATABASE_ERRORS as error:
        mend = "确认数据库已启动，地址、用户名、库名正确，这台机器连得上；SQLite 请确认目录可写"
        return [Finding(False, f"数据库 {shown}：连不上（{type(error).__name__}）", mend)]
    return [Finding(True, f"数据库 {shown}：正常，已开通 {users} 人")]
