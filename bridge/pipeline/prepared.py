"""Whether a canned response of the configuration can be used, for whoever reads that before there is a conversation."""

from datetime import UTC, datetime

from bridge.rules.templates import KNOWN, MissingValues, TemplateRefused, check, render
from bridge.rules.when import read_all

SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def mistake_in(template: str) -> str:
    """Say in plain words why a template cannot be used; empty when it can. It may name a part of it."""
    try:
        check(template)
    except TemplateRefused as problem:
        return str(problem)
    return ""


def asked_for(template: str) -> tuple[str, ...]:
    """Return the values without which a usable template says nothing, and which nothing fills in by itself."""
    filled = {f"{root}.{one}": "x" for root, names in KNOWN.items() for one in names if root != "teammate"}
    try:
        render(template, filled)
    except MissingValues as missing:
        return missing.names
    except TemplateRefused:
        return ()
    return ()


def is_time(words: str) -> bool:
    """Tell whether words can be read as a time."""
    return isinstance(read_all(words, SOME_DAY, UTC), datetime)
