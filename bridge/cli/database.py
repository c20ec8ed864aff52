"""``textbridge db``."""

from pathlib import Path

from bridge.cli.failure import Failure
from bridge.cli.opening import STANDING_REMEDY, TOO_NEW, require_folder, revision_of, standing, unusable
from bridge.cli.output import console, say
from bridge.cli.settings import read_config
from bridge.config.redaction import without_password
from bridge.ports.store import StoreUnavailable
from bridge.store import migrate


def upgrade(config_path: Path) -> None:
    """Make or change the tables, and say what was done."""
    url = read_config(config_path).database_url
    require_folder(url)
    before = revision_of(url)
    if before == migrate.head():
        say(standing(before))
        return
    try:
        with console(stderr=True).status(f"Bringing {without_password(url)} up to date …"):
            migrate.upgrade(url)
    except migrate.DatabaseTooNew as problem:
        raise Failure(TOO_NEW) from problem
    except StoreUnavailable as problem:
        raise unusable(url, problem) from problem
    say(f"Done: revision {migrate.head()}{'' if before is None else f', it was {before}'}.")


def current(config_path: Path) -> None:
    """Say which version the tables have."""
    revision = revision_of(read_config(config_path).database_url)
    said = standing(revision)
    say(said if revision == migrate.head() else f"{said} {STANDING_REMEDY}")
