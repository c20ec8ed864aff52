"""The shape of the tree: small files, a fixed top level, nothing of one machine, no silent exceptions."""

import re
import stat
import warnings
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, place, python_files, tracked_text_files

AIM, LIMIT = 300, 500
TOP_LEVEL = (
    ".ci/run",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "benchmarks",
    "bridge/adapters",
    "bridge/rules",
    "docker",
    "docs",
    "manifests",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements.lock",
    "tests",
)
# A home, a temporary or a work directory of somebody's machine. Containers' own paths are absolute on purpose.
MACHINE_PATH = re.compile(r"(?<![\w.~$}-])/(?:home|Users|root|work|tmp)/[\w.-]+")
INDEX_HOST = re.compile(r"https?://[^\s'\"]*/simple\b|--(?:extra-)?index-url|--find-links")
SILENCED = re.compile(r"#\s*(?:type:\s*ignore|pyright:\s*ignore|noqa)(?P<codes>[^#]*)(?P<reason>#.*)?$")
CODES = re.compile(r"^(?::\s*[A-Z]+[0-9]+(?:\s*,\s*[A-Z]+[0-9]+)*|\[[\w, -]+\])\s*(?:[-–—:]\s*\S.*)?$")


def line_count(path: Path) -> int:
    """Return the number of lines in a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def reasonless(line: str) -> bool:
    """Return whether a line silences a checker without naming the rule and saying why."""
    found = SILENCED.search(line)
    if found is None:
        return False
    codes = found["codes"].strip()
    reason = found["reason"] or re.search(r"(?:\]|[A-Z]+[0-9]+)\s+[-–—:]\s*\S", codes)
    return not (CODES.match(codes) and reason)


def test_no_file_is_too_long() -> None:
    lengths = {place(path, 1): line_count(path) for path in python_files()}
    for where, lines in lengths.items():
        if AIM < lines <= LIMIT:
            print(f"{where} has {lines} lines; files aim at {AIM}")  # noqa: T201 - shown by pytest -rP, worth a look
    assert not {where: lines for where, lines in lengths.items() if lines > LIMIT}


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_top_level_is_fixed(name: str) -> None:
    assert (ROOT / name).exists()


def test_nothing_names_a_path_of_one_machine() -> None:
    found = [
        f"{place(path, number)}: {line.strip()[:120]}"
        for path in tracked_text_files()
        if path.suffix != ".lock" and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert not found


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "bridge/sandbox/matrix/synapse.lock"])
def test_locks_name_no_index_and_no_path(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not INDEX_HOST.search(text)
    assert not re.search(r"file:|@ /", text)


def test_checkers_are_silenced_with_rule_and_reason_only() -> None:
    found = [
        f"{place(path, number)}: {line.strip()[:120]}"
        for path in python_files()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if reasonless(line)
    ]
    assert not found


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("x = 1  # noqa", True),
        ("x = 1  # noqa: S101", True),
        ("x = 1  # type: ignore", True),
        ("x = 1  # pyright: ignore[reportX]", True),
        ("x = 1  # noqa: S101 - an invariant, not input", False),
        ("x = 1  # noqa: S101, S102 # an invariant, not input", False),
        ("x = 1  # pyright: ignore[reportX]  # the stub is wrong", False),
        ("x = 1  # pyright: ignore[reportX] - the stub is wrong", False),
        ("x = 1", False),
    ],
)
def test_what_counts_as_a_reason(line: str, bad: bool) -> None:
    assert reasonless(line) is bad


def test_the_continuous_check_is_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert "make test" in script.read_text(encoding="utf-8").splitlines()
    assert script.stat().st_mode & stat.S_IXUSR


def test_warnings_are_errors() -> None:
    with pytest.raises(UserWarning):
        warnings.warn("nothing is overlooked", UserWarning, stacklevel=1)
