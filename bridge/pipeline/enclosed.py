"""Files that go with canned responses of the configuration."""

import mimetypes
from collections.abc import Mapping
from pathlib import Path

from bridge.domain.messages import Media
from bridge.ports.errors import MediaRefused
from bridge.ports.provider import MediaContent
from bridge.rules.programs import begins_archive, begins_program, named_program

SCHEME = "canned:"
"""Begins the ``Media.source`` of such a file; what follows is its path."""
_KINDS = ("image/", "audio/", "video/")
_TYPES = ("application/pdf", "text/plain", "text/csv", "text/vcard", "text/calendar")
_HEAD = 512  # bytes; a tar archive says what it is behind the first 256


def mistake_in(path: Path, limit: int) -> str:
    """Say in plain words why a file cannot be sent, empty when it can. ``limit``: most bytes."""
    kind = _type_of(path)
    if kind is None or named_program(path.name):
        return "phones do not show files of this kind"
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as problem:
        return f"it cannot be read ({(problem.strerror or type(problem).__name__).casefold()})"
    if not 0 < size <= limit:
        return f"it has {size:,} bytes, and may have 1 to {limit:,} (media.max_bytes)"
    if begins_archive(path.name, head):
        return "it is an archive, and no contact is sent one"
    return "it is a program" if begins_program(head, kind) else ""


def medium(path: str) -> Media:
    """Return a file of the configuration as part of a message."""
    file = Path(path)
    return Media(f"{SCHEME}{path}", _type_of(file) or "application/octet-stream", file.name)


def content(wanted: Media, configured: Mapping[str, tuple[Media, ...]], limit: int) -> MediaContent:
    """Read a file, which must be one of those configured now. Raises ``MediaRefused``."""
    if not any(wanted.source == one.source for files in configured.values() for one in files):
        raise MediaRefused("the canned response does not have this file any more")
    path = Path(wanted.source.removeprefix(SCHEME))
    if mistake := mistake_in(path, limit):
        raise MediaRefused(mistake)
    return MediaContent(path.read_bytes(), wanted.content_type, wanted.name)


def _type_of(path: Path) -> str | None:
    kind = mimetypes.guess_type(path.name)[0] or ""
    return kind if kind.startswith(_KINDS) or kind in _TYPES else None
