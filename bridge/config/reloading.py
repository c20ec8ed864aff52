"""Which settings of a changed file can count at once, and which wait for a restart."""

import json
from collections.abc import Iterator

from bridge.config.lines import Line
from bridge.config.models import Config
from bridge.config.problems import ConfigError, Problem

SECTIONS = ("database", "listen", "public_url", "accounts", "platforms", "assistant", "webhooks", "media", "logging")
"""What things were built with at the start."""
OF_LINES = ("account", "address", "rooms", "personal", "messaging_service")
KEPT = (
    "zone",
    "teammates",
    "teams",
    "lines",
    "comment_markers",
    "consent",
    "hours",
    "sla",
    "canned",
    "rules",
    "automatic",
)


def reloaded(running: Config, changed: Config) -> tuple[Config, tuple[str, ...]]:
    """Return the settings that can count now, and the names of those that wait for a restart.

    Raises ``ConfigError`` where what cannot change without a restart needs what is gone from the file.
    """
    waiting = tuple(_waiting(running, changed))
    problems = [
        Problem(1, 1, f"lines.{name}", "a line cannot be taken away while it is served.", "Restart to do that.")
        for name in running.lines
        if name not in changed.lines
    ]
    problems += [
        Problem(1, 1, f"lines.{name}.personal", "its teammate is gone from the file.", "Restart to change whose it is.")
        for name, line in running.lines.items()
        if line.personal is not None and line.personal not in changed.teammates
    ]
    if problems:
        raise ConfigError(problems, "configuration")
    lines = {name: _line(line, changed.lines[name]) for name, line in running.lines.items()}
    built = {name: getattr(running, name) for name in SECTIONS}
    return changed.model_copy(update={**built, "lines": lines}), waiting


def _line(running: Line, changed: Line) -> Line:
    return changed.model_copy(update={name: getattr(running, name) for name in OF_LINES})


def _waiting(running: Config, changed: Config) -> Iterator[str]:
    yield from (name for name in SECTIONS if getattr(running, name) != getattr(changed, name))
    for name, line in changed.lines.items():
        known = running.lines.get(name)
        if known is None:
            yield f"lines.{name}"
        else:
            yield from (f"lines.{name}.{part}" for part in OF_LINES if getattr(known, part) != getattr(line, part))


def written_down(config: Config) -> str:
    """Return what decisions are made by, as text that holds no secret."""
    found = config.model_dump(mode="json", by_alias=True, include=set(KEPT), exclude_unset=True)
    return json.dumps(found, ensure_ascii=False)


def read_back(text: str, config: Config) -> Config | None:
    """Return the settings of a text that was written down, the rest as in ``config``; None for another version's."""
    parts = {name: getattr(config, name) for name in Config.model_fields}
    try:
        return Config.model_validate(parts | json.loads(text))
    except ValueError:
        return None
