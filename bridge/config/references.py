"""Names that settings give each other, checked on the plain values: reported beside every other mistake."""

from collections.abc import Iterator
from typing import Any, cast

from pydantic_core import PydanticCustomError

from bridge.config.document import Document, KeyPath
from bridge.config.problems import suggestion
from bridge.config.values import check_address

# Where a name stands, and the section that must define it. A star stands for any key or place in a list.
REFERENCES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("lines", "*", "account"), "accounts", "account"),
    (("lines", "*", "team"), "teams", "team"),
    (("lines", "*", "personal"), "teammates", "teammate"),
    (("lines", "*", "hours"), "hours", "entry under hours"),
    (("lines", "*", "sla"), "sla", "entry under sla"),
    (("assistant", "lines", "*"), "lines", "line"),
    (("teams", "*", "hours"), "hours", "entry under hours"),
    (("lines", "*", "rooms", "*", "platform"), "platforms", "platform"),
    (("teams", "*", "members", "*"), "teammates", "teammate"),
    (("canned", "*", "teams", "*"), "teams", "team"),
)


def check(document: Document) -> None:
    """Report every name that nothing defines, and lines that would be told apart by nothing."""
    for pattern, section, kind in REFERENCES:
        known = _section(document, section)
        for path, value in matching(document.data, pattern, ()):
            if isinstance(value, str) and value not in known:
                document.report(
                    path, f"there is no such {kind}.", _remedy(value, known, section), at=document.values[path]
                )
    _check_teammates(document)
    _check_ladders(document)
    _check_digests(document)
    _check_addresses(document)
    _check_rooms(document)


OF_TEAMMATES = frozenset({"role", "zone"})
"""Keys of a teammate that name no platform."""


def _check_teammates(document: Document) -> None:
    known = _section(document, "platforms")
    for path, value in matching(document.data, ("teammates", "*"), ()):
        if not isinstance(value, dict):
            continue
        keys = [str(key) for key in cast("dict[Any, Any]", value)]
        for key in keys:
            if key not in OF_TEAMMATES and key not in known:
                hint = suggestion(key, [*known, *OF_TEAMMATES])
                document.report((*path, key), f'"{key}" is neither role nor zone nor one of the platforms.', hint)
        if not set(keys) - OF_TEAMMATES:
            document.report(path, "needs an id on at least one platform.", 'Write {slack: "U0000000001"}.')


def _check_digests(document: Document) -> None:
    """Only what has hours opens."""
    teams = cast("dict[str, Any]", document.data).get("teams")
    for path, line in matching(document.data, ("lines", "*"), ()):
        if not isinstance(line, dict):
            continue
        values = cast("dict[str, Any]", line)
        team = cast("dict[str, Any]", teams).get(str(values.get("team"))) if isinstance(teams, dict) else None
        shared = cast("dict[str, Any]", team) if isinstance(team, dict) else {}
        if "opening" in (values.get("digest"), shared.get("digest")) and not (
            values.get("hours") or shared.get("hours")
        ):
            own = values.get("digest") == "opening"
            here = (*path, "digest") if own else ("teams", str(values["team"]), "digest")
            document.report(here, "needs hours to begin with.", 'Give the line hours, or write a time: "9:00".')


LADDER = ("assignee", "team", "manager", "hand back")
"""Whom a ladder can name besides teammates."""


def _check_ladders(document: Document) -> None:
    known = {*LADDER, *_section(document, "teammates")}
    for path, step in matching(document.data, ("sla", "*", "ladder", "*"), ()):
        here = (*path, "notify") if isinstance(step, dict) else path
        name = cast("dict[str, Any]", step).get("notify") if isinstance(step, dict) else step
        if isinstance(name, str) and name not in known:
            document.report(here, "is nobody a ladder can call.", suggestion(name, known), at=document.values[here])


def _check_rooms(document: Document) -> None:
    """A line is shown in its rooms, or in somebody's direct messages."""
    for path, line in matching(document.data, ("lines", "*"), ()):
        if not isinstance(line, dict):
            continue
        here, values = (*path, "rooms"), cast("dict[str, Any]", line)
        if "personal" not in values and values.get("rooms", []) == [] and here not in document.failed:
            hint = "Write rooms: [{platform: slack, room: C0000000001}], or personal: and a teammate."
            document.report(here, "a line needs a room.", hint)


def _check_addresses(document: Document) -> None:
    seen: dict[tuple[str, str], KeyPath] = {}
    for path, line in matching(document.data, ("lines", "*"), ()):
        if not isinstance(line, dict):
            continue
        values = cast("dict[str, Any]", line)
        account, address = values.get("account"), values.get("address")
        if isinstance(account, str) and isinstance(address, str):
            first = seen.setdefault((account, _normal(address)), path)
            if first != path:
                here = (*path, "address")
                document.report(here, f"the line {first[1]} has this address already.", at=document.values[here])


def _normal(address: str) -> str:
    """Return an address as it will be stored; one that is wrong is reported elsewhere."""
    try:
        return check_address(address)
    except PydanticCustomError:
        return address.strip()


def _remedy(value: str, known: set[str], section: str) -> str:
    return suggestion(value, known) or f"Define it under {section}."


def _section(document: Document, name: str) -> set[str]:
    section = cast("dict[str, Any]", document.data).get(name)
    return {str(key) for key in cast("dict[Any, Any]", section)} if isinstance(section, dict) else set()


def matching(value: Any, pattern: tuple[str, ...], path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """Return what stands at every path of a pattern, in which a star stands for any key or place in a list."""
    if not pattern:
        yield path, value
        return
    first, rest = pattern[0], pattern[1:]
    if isinstance(value, dict):
        for key, child in cast("dict[str, Any]", value).items():
            if first in {"*", key}:
                yield from matching(child, rest, (*path, key))
    elif isinstance(value, list) and first == "*":
        for index, child in enumerate(cast("list[Any]", value)):
            yield from matching(child, rest, (*path, index))
