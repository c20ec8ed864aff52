"""Reads the documentation: links, tables and code."""

import re
from pathlib import Path
from urllib.parse import unquote

from tests.architecture.source import ROOT

README = ROOT / "README.md"
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")


def pages() -> list[Path]:
    """Return every page of the documentation."""
    return [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def without_fences(page: Path) -> str:
    """Return a page without its blocks of code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Return where the links of a page lead, addresses on the web left out."""
    found = LINK.findall(without_fences(page))
    return [unquote(target) for target in found if "://" not in target and not target.startswith("mailto:")]


def anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings make."""
    headings = re.findall(r"^#+ (.+)$", without_fences(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def section(page: Path, heading: str) -> str:
    """Return what stands under a heading, up to the next of its rank or higher."""
    text = page.read_text(encoding="utf-8")
    rank = heading.partition(" ")[0]
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"{page.name} has no heading {heading!r}"
    return re.split(rf"^#{{1,{len(rank)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of the rows of every table, heads left out."""
    lines = [line.strip() for line in text.splitlines() if line.lstrip().startswith("|")]
    kept = [
        line for line, after in zip(lines, [*lines[1:], ""], strict=True) if not _is_rule(line) and not _is_rule(after)
    ]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in kept]


def _is_rule(line: str) -> bool:
    return re.fullmatch(r"\|(\s*:?-+:?\s*\|)+", line) is not None


def code(text: str) -> list[str]:
    """Return what stands between backticks."""
    return CODE.findall(text)
