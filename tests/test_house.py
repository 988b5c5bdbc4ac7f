"""Holds what the papers around the code say against the code itself."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import click
import pytest

from bot.__main__ import main

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
PAPERS = (*READMES, "CONTRIBUTING.md")
TEXT = {".py", ".toml", ".md", ".txt", ".html", ".css", ".js", ".mako", ".ini", ".json", ""}
INDEX_OPTIONS = ("--index" + "-url", "--extra-index" + "-url", "--find" + "-links")


@cache
def _requirements() -> set[str]:
    project = _project()
    extras = chain.from_iterable(project["optional-dependencies"].values())
    return {_name(requirement) for requirement in chain(project["dependencies"], extras)}


@cache
def _project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project: dict[str, Any] = tomllib.load(file)["project"]
    return project


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=False, text=True,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.suffix in TEXT and path.is_file()]


def _commands(paper: str) -> list[list[str]]:
    """Lines of the paper's shell blocks, without prompt, comment and `.venv/bin/`."""
    blocks = re.findall(r"```(?:bash|sh|console)\n(.*?)```", _read(paper), re.DOTALL)
    lines = (re.sub(r"\s+#.*", "", line).strip() for block in blocks for line in block.split("\n"))
    return [line.removeprefix(".venv/bin/").split() for line in lines if line]


def _make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", _read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("paper", PAPERS)
def test_make_targets_of_the_papers_exist(paper: str) -> None:
    named = {
        word
        for command in _commands(paper)
        if command[0] == "make"
        for word in command[1:]
        if word.isalpha()
    }
    assert named
    assert named <= _make_targets()


@pytest.mark.parametrize("paper", PAPERS)
def test_gendan_commands_of_the_papers_exist(paper: str) -> None:
    for command in _commands(paper):
        if command[0] == "gendan":
            _assert_gendan_takes(command[1:])


def _assert_gendan_takes(words: list[str]) -> None:
    """Walks down the command groups, then checks the options named."""
    command: click.Command = main
    for word in words:
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        assert word in command.commands, f"gendan {' '.join(words)}"
        command = command.commands[word]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word.split("=")[0] for word in words if word.startswith("--")} <= options | {"--help"}


def test_config_example_is_toml() -> None:
    assert tomllib.loads(_read("config.example.toml"))


def test_changelog_and_project_agree_on_the_version() -> None:
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", _read("CHANGELOG.md"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == _project()["version"]


def test_every_dependency_has_its_reason() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|", _read("CONTRIBUTING.md"), re.MULTILINE)
    assert _requirements() - {_name(row) for row in rows} == set()


def test_constraints_pin_every_dependency_by_version_alone() -> None:
    lines = _read("constraints.txt").split()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.+!]+", line)] == []
    assert _requirements() <= {_name(line) for line in lines}


def _name(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_no_path_of_a_machine_and_no_package_index_is_written_down() -> None:
    here = [re.escape(f"{ROOT}/")] if len(ROOT.parts) > 2 else []
    homes = r"(?<![\w.])/(?:root|home/\w+|Users/\w+)/"
    told = re.compile("|".join((homes, *INDEX_OPTIONS, *here)))
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _tracked()
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if told.search(line)
    ]
    assert wrong == []
