"""What the documentation points at is there."""

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.architecture.source import ROOT
from tests.docs.reading import README, anchors, code, links, pages, without_fences

PATHS = re.compile(r"(?:bridge|tests|docs|manifests|docker|benchmarks)/[\w./-]+[\w/]")
MOST_BYTES = 250_000
MOST_BYTES_OF_A_FILM = 1_500_000


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", pages(), ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        target, _, anchor = link.partition("#")
        where = (page.parent / target).resolve() if target else page
        assert where.exists(), f"{named(page)} links to {link}"
        assert where.is_relative_to(ROOT), f"{named(page)} links out of the project: {link}"
        if anchor:
            assert anchor in anchors(where), f"{named(page)}: no heading for {link}"


@pytest.mark.parametrize("page", pages(), ids=named)
def test_paths_that_are_named_exist(page: Path) -> None:
    named_paths = {
        found for text in code(without_fences(page)) for found in PATHS.findall(text) if found == text.strip("/")
    }
    missing = {path for path in named_paths if not path.endswith(".env") and not (ROOT / path).exists()}
    assert missing == set()


def test_every_picture_is_shown_and_small() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.webp"))
    shown = {(page.parent / link).resolve() for page in pages() for link in links(page)}
    for picture in pictures:
        assert picture.resolve() in shown, picture.name
        with Image.open(picture) as opened:
            limit = MOST_BYTES_OF_A_FILM if getattr(opened, "is_animated", False) else MOST_BYTES
        assert picture.stat().st_size <= limit, picture.name


def test_every_picture_says_what_it_shows() -> None:
    described = re.findall(r"!\[([^\]]*)\]", README.read_text(encoding="utf-8"))
    assert described
    assert all(len(words) > 20 for words in described)


def test_every_page_is_reached_from_the_readme() -> None:
    reached, new = set[Path](), {README}
    while new:
        reached |= new
        targets = {(page.parent / link.partition("#")[0]).resolve() for page in new for link in links(page)}
        inside = {page for target in targets for page in (sorted(target.glob("*.md")) if target.is_dir() else [target])}
        new = {page for page in inside if page.suffix == ".md"} - reached
    assert {page for page in pages() if page.name != "CHANGELOG.md"} <= reached
