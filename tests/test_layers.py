"""Holds the house's plan (CONTRIBUTING.md, "The layers") by reading every module's imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = {
    "bot": {"handlers", "reports", "sales", "nlu", "storage", "simulator"},
    "handlers": {"reports", "sales", "nlu.acts", "storage"},
    "reports": {"sales", "storage"},
    "sales": {"storage"},
    "nlu": set(),
    "storage": set(),
    "simulator": set(),
}
OURS = {*LAYERS, "tests", "bench", "tools"}
WIRES = ("bot.demo.stands",)
"""The only modules that may name a platform from outside its folder."""
USES_SIMULATOR = ("bot.demo",)
"""A service that serves a company never loads the simulator."""
PLATFORM_MAY = (
    "bot.events",
    "bot.http",
    "bot.platforms.calls",
    "bot.platforms.contract",
    "bot.platforms.cutting",
    "bot.platforms.doors",
    "bot.platforms.envelope",
    "bot.platforms.shared_token",
    "bot.sections",
    "handlers.replies",
    "handlers.buttons",
    "storage.db",
    "storage.leases",
    "storage.slips",
    "storage.usage",
    "storage.models.service",
    "storage.viewer",
)
"""The records are for the access token, which several processes share."""
KEPT_OUT = {
    "matplotlib.pyplot": "keeps every figure, and isn't safe in threads: use Figure",
    "requests": "blocks the loop: use aiohttp",
    "wechatpy.work.client": "its client blocks and recurses without end on a bad token",
}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base"}
ALLOWED_VAGUE = {"storage.models.base"}
MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 40


@dataclass(frozen=True)
class Module:
    """A parsed file of ours; `imports` holds (line, dotted name), functions' bodies included."""

    name: str
    path: Path
    tree: ast.Module
    lines: int

    @property
    def layer(self) -> str:
        return self.name.split(".")[0]

    @property
    def imports(self) -> Iterator[tuple[int, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                # `from nlu import acts` names nlu.acts
                yield from ((node.lineno, f"{node.module}.{a.name}") for a in node.names)


def _module(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    source = path.read_text(encoding="utf-8")
    return Module(
        name=".".join(parts[:-1] if parts[-1] == "__init__" else parts),
        path=path,
        tree=ast.parse(source, str(path)),
        lines=source.count("\n"),
    )


SERVICE = [_module(p) for layer in LAYERS for p in sorted((ROOT / layer).rglob("*.py"))]
EVERYTHING = SERVICE + [
    _module(p) for room in ("tests", "bench", "tools") for p in sorted((ROOT / room).rglob("*.py"))
]


def _within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def _wrong_layer(module: Module) -> Iterator[str]:
    for line, name in module.imports:
        top = name.split(".")[0]
        if top not in OURS or top == module.layer:
            continue
        if not any(_within(name, room) for room in LAYERS[module.layer]):
            yield f"{module.name}:{line} imports {name}"


def _wrong_platform(module: Module) -> Iterator[str]:
    """What a platform's folder may not know, and who else may not know a platform's folder."""
    home = _platform(module.name)
    for line, name in module.imports:
        away = _platform(name)
        foreign = away is not None and away != home and module.name not in WIRES
        beyond = (
            home is not None
            and away != home
            and name.split(".")[0] in LAYERS
            and not any(_within(name, room) for room in PLATFORM_MAY)
        )
        if foreign or beyond:
            yield f"{module.name}:{line} imports {name}"


def _platform(name: str) -> str | None:
    parts = name.split(".")
    known = len(parts) > 2 and parts[:2] == ["bot", "platforms"]
    return parts[2] if known and (ROOT / "bot" / "platforms" / parts[2]).is_dir() else None


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the function without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_every_layer_is_there() -> None:
    assert {module.layer for module in SERVICE} == set(LAYERS)


def test_imports_run_down_the_layers() -> None:
    assert [wrong for module in SERVICE for wrong in _wrong_layer(module)] == []


def test_a_platform_is_known_to_its_folder_and_the_wiring_only() -> None:
    assert [wrong for module in SERVICE for wrong in _wrong_platform(module)] == []


def test_only_the_demo_uses_the_simulator() -> None:
    wrong = [
        f"{module.name}:{line} imports {name}"
        for module in SERVICE
        for line, name in module.imports
        if module.layer != "simulator" and _within(name, "simulator")
        if not module.name.startswith(USES_SIMULATOR)
    ]
    assert wrong == []


@pytest.mark.parametrize("banned", KEPT_OUT)
def test_kept_out(banned: str) -> None:
    wrong = [f"{m.name}:{line}" for m in SERVICE for line, n in m.imports if _within(n, banned)]
    assert wrong == [], KEPT_OUT[banned]


def test_imports_are_absolute() -> None:
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in EVERYTHING
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert wrong == []


def test_names_say_what_is_inside() -> None:
    vague = [m.name for m in EVERYTHING if VAGUE_NAMES & set(m.name.split("."))]
    assert set(vague) <= ALLOWED_VAGUE


def test_packages_hold_a_docstring_and_nothing_else() -> None:
    wrong = [
        module.name
        for module in EVERYTHING
        if module.path.name == "__init__.py"
        and len(module.tree.body) > (ast.get_docstring(module.tree) is not None)
    ]
    assert wrong == []


def test_modules_begin_by_saying_what_belongs_there() -> None:
    silent = [
        module.name
        for module in EVERYTHING
        if module.tree.body and ast.get_docstring(module.tree) is None
    ]
    assert silent == []


def test_files_can_be_read_in_one_sitting() -> None:
    long = [f"{m.name}: {m.lines} lines" for m in EVERYTHING if m.lines > MOST_FILE_LINES]
    assert long == []


def test_functions_can_be_read_once() -> None:
    long = [
        f"{module.name}:{function.lineno} {function.name}: {_body_lines(function)} lines"
        for module in SERVICE
        for function in _functions(module.tree)
        if _body_lines(function) > MOST_FUNCTION_LINES
    ]
    assert long == []
