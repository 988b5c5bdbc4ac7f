"""The command `gendan`: serve, demo, check, migrate, parse, people, replay."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import click

from bot.command import CONFIG, config_at, run
from bot.people.commands import people

YOUNG_OBJECTS = 20_000
"""New objects between two looks for garbage: with Python's 700 they cost a tenth of a start."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gendan", prog_name="gendan")
def main() -> None:
    """跟单 Gendan：企业微信里的销售助手。"""


@main.command()
@CONFIG
def serve(path: Path) -> None:
    """运行服务，直到收到停止信号。"""
    gc.set_threshold(YOUNG_OBJECTS)
    config = config_at(path)
    from bot.app import run as serving

    run(serving(config))


@main.command()
@click.option("--port", default=8601, show_default=True, help="网页端口，0 表示随便一个空闲的。")
@click.option(
    "--play", type=click.Path(path_type=Path, file_okay=False), help="不开网页，演一天。"
)
@click.option("--no-browser", is_flag=True, help="不自动打开浏览器。")
def demo(port: int, play: Path | None, no_browser: bool) -> None:
    """在本机模拟一家公司的企业微信，打开网页试用。"""
    from bot.demo import serve as show

    if play is not None:
        raise SystemExit(run(show.play(play)))
    run(show.serve(port, open_browser=not no_browser))


@main.command()
@CONFIG
def check(path: Path) -> None:
    """检查配置、数据库和平台，说明哪里不对、怎么改。"""
    from bot.check import findings

    bad = False
    for finding in run(findings(config_at(path))):
        bad = bad or not finding.ok
        click.echo(f"{'✓' if finding.ok else '✗'} {finding.what}")
        if not finding.ok and finding.mend:
            click.echo(f"  → {finding.mend}")
    raise SystemExit(1 if bad else 0)


@main.command()
@CONFIG
def migrate(path: Path) -> None:
    """把数据库的表升级到这一版。"""
    from bot.app import database_path_ready
    from storage.migrate import upgrade

    config = config_at(path)
    database_path_ready(config.database.url)
    run(upgrade(config.database.url))
    click.echo("数据库已是最新。")


@main.command()
@click.option(
    "--world", type=click.Path(exists=True, path_type=Path), help="公司资料 WORLD.json。"
)
@click.option("--input", "source", type=click.Path(exists=True, path_type=Path), help="每行一条。")
@click.option("--spans", is_flag=True, help="只找日期和金额。")
@click.option("--explain", metavar="句子", help="说明一句话是怎么读懂的。")
@click.option("--sender", help="--explain 时发送人的编号。")
def parse(
    world: Path | None, source: Path | None, spans: bool, explain: str | None, sender: str | None
) -> None:
    """用机器人自己的解析器离线读消息，每条输出一行 JSON。"""
    from bot import offline

    company: dict[str, Any] = json.loads(world.read_text(encoding="utf-8")) if world else {}
    if explain is not None:
        click.echo(offline.explained(company, explain, sender))
        return
    if source is None:
        raise click.UsageError("请用 --input 给出消息文件，或用 --explain 给出一句话。")
    if not spans and world is None:
        raise click.UsageError("请用 --world 给出公司资料。")
    for row in offline.spans(source) if spans else offline.acts(company, source):
        click.echo(json.dumps(row, ensure_ascii=False))


main.add_command(people)


@main.group()
def groups() -> None:
    """机器人自己建的群。"""


@groups.command("create")
@click.argument("name")
@click.option("--owner", required=True, help="群主的企业微信账号。")
@click.option("--members", required=True, help="群成员的企业微信账号，用逗号分开。")
@CONFIG
def groups_create(name: str, owner: str, members: str, path: Path) -> None:
    """用自建应用建一个名为 NAME 的群，日报可以发到这里。"""
    from bot import groups as making

    everybody = [member.strip() for member in members.split(",") if member.strip()]
    click.echo(run(making.create(config_at(path), name, owner=owner, members=everybody)))


@main.command()
@click.argument("error_id")
@CONFIG
def replay(error_id: str, path: Path) -> None:
    """重新处理一条失败的消息（编号如 E-83KD）。"""
    from bot.people import roster

    found = run(roster.replay(config_at(path), error_id))
    click.echo("已重新排队。" if found else f"没有编号为 {error_id} 的失败消息。")
    raise SystemExit(0 if found else 1)


if __name__ == "__main__":
    main()
