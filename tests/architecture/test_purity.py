"""Decisions are functions of their arguments: no clock, no chance, no environment."""

import ast

import pytest

from tests.architecture.source import place, python_files, tree

CLOCKS = {"now", "utcnow", "today"}
DATE_CLASSES = {"datetime", "date"}
CALLED_BY_NAME = {"open", "print", "input", "exec", "eval", "uuid1", "uuid4"}


def impure_calls(module: ast.Module) -> list[tuple[int, str]]:
    """Return line and text of every call that reads a clock or touches the outside."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in CALLED_BY_NAME:
            found.append((node.lineno, called.id))
        if isinstance(called, ast.Attribute) and called.attr in {"uuid1", "uuid4"}:
            found.append((node.lineno, ast.unparse(called)))
        if isinstance(called, ast.Attribute) and called.attr in CLOCKS and _ends_in_date_class(called.value):
            found.append((node.lineno, ast.unparse(called)))
    return found


def _ends_in_date_class(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id in DATE_CLASSES) or (
        isinstance(node, ast.Attribute) and node.attr in DATE_CLASSES
    )


@pytest.mark.parametrize("package", ["bridge/domain", "bridge/rules"])
def test_decisions_read_no_clock_and_touch_nothing(package: str) -> None:
    found = [
        f"{place(path, line)}: {call}" for path in python_files(package) for line, call in impure_calls(tree(path))
    ]
    assert not found


@pytest.mark.parametrize(
    "source",
    ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "open('x')", "print(1)", "uuid.uuid4()"],
)
def test_the_check_sees(source: str) -> None:
    assert impure_calls(ast.parse(source))


@pytest.mark.parametrize("source", ["policy.now()", "datetime.fromisoformat(text)", "state.open()"])
def test_the_check_lets_pass(source: str) -> None:
    assert not impure_calls(ast.parse(source))


def test_there_is_something_to_check() -> None:
    assert "policy.py" in {path.name for path in python_files("bridge/domain")}
