"""What every command of `gendan` shares: where the configuration is, its faults in plain words."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.sections import ConfigError

if TYPE_CHECKING:
    from bot.config import Config

CONFIG = click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="配置文件。",
)


def config_at(path: Path) -> Config:
    """The configuration; a fault ends the command with status 1."""
    from bot.config import load

    try:
        return load(path)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


def run(coroutine: Any) -> Any:
    """Run to the end; a wrong configuration becomes a plain message and status 1."""
    try:
        return asyncio.run(coroutine)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        sys.exit(130)
