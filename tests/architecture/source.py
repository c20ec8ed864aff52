"""The project's own files, for tests that read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON_ROOTS = ("bridge", "tests", "benchmarks")


def python_files(*below: str) -> list[Path]:
    """Return the Python files below these paths of the project (default: all of it), sorted."""
    return sorted(path for part in below or PYTHON_ROOTS for path in (ROOT / part).rglob("*.py"))


def tracked_text_files() -> list[Path]:
    """Return what would be committed, without pictures and the like; every file when there is no Git to ask."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode:
        return [path for part in (*PYTHON_ROOTS, "docs", "docker", "manifests") for path in _texts_below(ROOT / part)]
    paths = (ROOT / name.decode() for name in listing.stdout.split(b"\0") if name)
    return sorted(path for path in paths if path.is_file() and _is_text(path))


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_modules(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each imported module's full name with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def place(path: Path, line: int) -> str:
    """Return where something is, as editors understand it."""
    return f"{path.relative_to(ROOT)}:{line}"


def _texts_below(directory: Path) -> Iterator[Path]:
    return (path for path in directory.rglob("*") if path.is_file() and _is_text(path))


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        return b"\0" not in file.read(4096)
