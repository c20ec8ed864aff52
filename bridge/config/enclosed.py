"""Files that canned responses bring with them: looked for when the settings are read, not when a contact waits."""

from pathlib import Path
from typing import Any, cast

from bridge.config.document import Document, KeyPath
from bridge.pipeline.enclosed import mistake_in

LARGEST = 20 * 1024 * 1024
"""Bytes of a file where ``media.max_bytes`` says nothing."""


def with_files(document: Document, directory: Path) -> Any:
    """Return the section of canned responses with whole paths, each file that cannot be sent being reported."""
    entries = document.data.get("canned")
    if not isinstance(entries, dict):
        return entries
    named = cast("dict[str, Any]", entries)
    return {name: _entry(document, directory, ("canned", name), entry) for name, entry in named.items()}


def _entry(document: Document, directory: Path, path: KeyPath, entry: Any) -> Any:
    settings = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
    files: Any = settings.get("files")
    if not isinstance(files, list):
        return cast("Any", entry)
    places = enumerate(cast("list[Any]", files))
    return {**settings, "files": [_file(document, directory, (*path, "files", at), file) for at, file in places]}


def _file(document: Document, directory: Path, path: KeyPath, written: Any) -> Any:
    if not isinstance(written, str):
        return written
    file = (directory / written).resolve()
    if mistake := mistake_in(file, _limit(document)):
        hint = "A relative path begins at the folder of this file. Pictures, sound, video and PDF can be sent."
        document.report(path, f"cannot be sent: {mistake}.", hint, at=document.values[path])
    return str(file)


def _limit(document: Document) -> int:
    media = document.data.get("media")
    limit = cast("dict[str, Any]", media).get("max_bytes") if isinstance(media, dict) else None
    return limit if isinstance(limit, int) else LARGEST
