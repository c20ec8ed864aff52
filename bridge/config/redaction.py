"""Settings made fit to be shown."""

import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

STARS = "**********"
_WHOLE = re.compile(r"\$\{[^}]*\}")
_DEFAULT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*):-[^}]*\}")


def redact(dump: dict[str, Any], database: str, written: Mapping[tuple[str | int, ...], str]) -> dict[str, Any]:
    """Return the dump of a Config as the file has it. ``written``: what stands in the file where it was filled in."""
    dump["database"] = without_password(database)
    for section in ("accounts", "platforms"):
        for name, entry in dump[section].items():
            dump[section][name] = {**{key: entry[key] for key in entry if key != "settings"}, **entry["settings"]}
    for path, text in written.items():
        if path == ("database",) and not _WHOLE.fullmatch(text):
            continue  # what stands beside the ${…} may be the password
        _put(dump, path, _DEFAULT.sub(r"${\1}", text))
    return dump


def without_password(url: str) -> str:
    """Return a database's address with stars for its password."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return url
    user, _, host = parts.netloc.rpartition("@")
    shown = f"{user.partition(':')[0]}:{STARS}@{host}" if ":" in user else parts.netloc
    # A query may hold a password as well.
    return f"{parts.scheme}://{shown}{parts.path}{'?' + STARS if parts.query else ''}"


def _put(tree: Any, path: tuple[str | int, ...], text: str) -> None:
    for part in path[:-1]:
        tree = _child(tree, part)
    last = path[-1] if path else None
    if isinstance(tree, dict) and last in cast("dict[Any, Any]", tree):
        found = cast("dict[Any, Any]", tree)
        # A secret stays stars: the words around its ${…} may be part of it.
        found[last] = found[last] if found[last] == STARS else text
    elif isinstance(tree, list) and isinstance(last, int) and last < len(cast("list[Any]", tree)):
        tree[last] = text


def _child(tree: Any, part: str | int) -> Any:
    if isinstance(tree, dict):
        return cast("dict[Any, Any]", tree).get(part)
    if isinstance(tree, list) and isinstance(part, int) and part < len(cast("list[Any]", tree)):
        return cast("list[Any]", tree)[part]
    return None
