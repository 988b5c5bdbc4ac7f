"""The platforms there are: each folder beside this file that has a `plug` module."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Protocol, cast

from bot import platforms
from bot.platforms.contract import Platform, Ports
from bot.sections import Strict


class Plug(Protocol):
    """What a platform's `plug` module holds."""

    Section: type[Strict]

    def connect(self, section: Strict, ports: Ports) -> Platform:
        """The platform that a section describes; raises ConfigError."""


def names() -> list[str]:
    """The platforms' names, which are their sections' in config.toml as well."""
    return [module.name for module in pkgutil.iter_modules(platforms.__path__) if module.ispkg]


def plug(name: str) -> Plug:
    """Loads the platform's code, which nobody needs who doesn't configure it."""
    return cast(Plug, importlib.import_module(f"bot.platforms.{name}.plug"))  # a module is no type
