"""Commands that the documentation names exist, and those that exist are named."""

import re
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup

from bridge.cli.main import app
from tests.architecture.source import ROOT
from tests.docs.reading import README, code, pages, section

CALL = re.compile(r"\btextbridge((?: +(?:[a-z]+|--[a-z-]+))+)")
MAKE = re.compile(r"\bmake ([a-z]+)\b")
FENCED = re.compile(r"^```[a-z]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"--[a-z-]+")


def commands(group: TyperGroup, before: tuple[str, ...] = ()) -> dict[tuple[str, ...], TyperCommand]:
    """Return every command by the words that call it."""
    found: dict[tuple[str, ...], TyperCommand] = {}
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            found |= commands(command, (*before, name))
        elif isinstance(command, TyperCommand):
            found[*before, name] = command
    return found


def known() -> dict[tuple[str, ...], TyperCommand]:
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    return commands(root)


def calls(page: Path) -> list[list[str]]:
    """Return the words behind ``textbridge`` wherever a page shows a command."""
    text = page.read_text(encoding="utf-8")
    shown = [*code(text), *(line for fence in FENCED.findall(text) for line in fence.splitlines())]
    return [found.split() for line in shown for found in CALL.findall(line.partition("#")[0])]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_shown_exists(page: Path) -> None:
    for call in calls(page):
        verbs = tuple(word for word in call if not word.startswith("--"))
        command = next((known()[verbs[:end]] for end in range(len(verbs), 0, -1) if verbs[:end] in known()), None)
        assert command is not None, f"textbridge {' '.join(call)}"
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert set(filter(OPTION.fullmatch, call)) <= options, f"textbridge {' '.join(call)}"


def test_every_command_is_named_in_the_readme() -> None:
    named = {tuple(call[:end]) for call in calls(README) for end in range(1, len(call) + 1)}
    assert set(known()) <= named


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_is_shown_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = {target for text in code(page.read_text(encoding="utf-8")) for target in MAKE.findall(text)}
    assert shown <= targets


def test_metrics_and_alarms_are_all_told() -> None:
    from bridge.observability import REGISTRY

    told = set(code(section(ROOT / "docs" / "operating.md", "## Is it well?")))
    names = {f"{metric.name}_total" if metric.type == "counter" else metric.name for metric in REGISTRY.collect()}
    assert names <= told
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "bridge").rglob("*.py"))
    alarms = {
        *re.findall(r'\balarm\(\s*"([a-z ]+)"', source),
        *re.findall(r'^ALARM = "([a-z ]+)"', source, re.MULTILINE),
    }
    assert alarms
    assert alarms <= told
