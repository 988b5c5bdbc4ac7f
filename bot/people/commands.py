"""The commands `gendan people …`: who may use the bot."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import click

from bot.command import CONFIG, config_at, run


@click.group()
def people() -> None:
    """谁可以使用机器人。"""


@people.command("add")
@click.argument("code")
@click.option("--name", required=True, help="姓名。")
@click.option(
    "--role",
    type=click.Choice(["rep", "manager", "director", "finance", "admin"]),
    help="销售、经理、总监、财务、管理员；不写就按通讯录规则，没有规则是销售。",
)
@click.option("--team", help="团队名，没有就新建；不写就按通讯录。")
@click.option("--region", help="区域。")
@click.option("--again", type=int, help="离开后又回来的人的编号：接着用他原来的客户和记录。")
@CONFIG
def add(code: str, path: Path, **given: Any) -> None:
    """用陌生人收到的编号 CODE 开通一位同事；也可以写成 企业微信账号@wecom。"""
    from bot.people import roster

    click.echo(run(roster.add(config_at(path), code, **given)))


@people.command("list")
@CONFIG
def listing(path: Path) -> None:
    """列出同事（编号、角色、团队、账号）和等待开通的编号。"""
    from bot.people import roster

    for line in run(roster.listing(config_at(path))):
        click.echo(line)


@people.command()
@click.option("--dry-run", is_flag=True, help="只说会改什么，不改。")
@click.option("--trust", is_flag=True, help="通讯录里少了一半以上的人也照它停用。")
@CONFIG
def sync(dry_run: bool, trust: bool, path: Path) -> None:
    """马上按各平台的通讯录更新团队和同事（服务每天夜里、以及有变动后也会做）。"""
    from bot.people import offboarding

    async def show() -> None:
        async for line in offboarding.sync(config_at(path), dry_run=dry_run, trust=trust):
            click.echo(line)

    run(show())


@people.command()
@click.argument("who")
@CONFIG
def disable(who: str, path: Path) -> None:
    """停用一位同事（姓名、编号或 账号@平台）：马上不能再用，客户留着等交接。"""
    from bot.people import offboarding

    click.echo(run(offboarding.set_active(config_at(path), who, active=False)))


@people.command()
@click.argument("who")
@CONFIG
def enable(who: str, path: Path) -> None:
    """重新启用一位同事（姓名、编号或 账号@平台）。"""
    from bot.people import offboarding

    click.echo(run(offboarding.set_active(config_at(path), who, active=True)))


@people.command()
@click.argument("account")
@CONFIG
def unbind(account: str, path: Path) -> None:
    """取消一个关联错了的账号（账号@平台）；那个人的其他账号照常用。"""
    from bot.people import offboarding

    click.echo(run(offboarding.unbind(config_at(path), account)))


@people.command()
@click.option(
    "--set",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="换成这个 TOML 文件里写的规则。",
)
@CONFIG
def rules(source: Path | None, path: Path) -> None:
    """看或换人员规则：自动开通、角色、范围、每天几点读通讯录。"""
    from bot.people import roster

    try:
        given = tomllib.loads(source.read_text(encoding="utf-8")) if source else None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.ClickException(f"不是有效的 TOML：{error}") from error
    for line in run(roster.rules(config_at(path), given)):
        click.echo(line)
