"""``textbridge backup`` and ``textbridge restore``."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from rich.filesize import decimal

from bridge.cli.failure import Failure
from bridge.cli.opening import STANDING_REMEDY, require_folder, revision_of, standing, unusable
from bridge.cli.output import console, say
from bridge.cli.settings import read_config
from bridge.config.redaction import without_password
from bridge.outside import system_clock
from bridge.ports.store import StoreUnavailable
from bridge.store import backup, migrate, restore


def make(config_path: Path, file: Path, *, force: bool) -> None:
    """Write everything to ``file``, and say how much it was. Raises ``Failure``."""
    url = read_config(config_path).database_url
    revision = revision_of(url)
    if revision != migrate.head():
        raise Failure(f"{standing(revision)} {STANDING_REMEDY} Then make the backup.")
    if file.exists() and not force:
        raise Failure(f"{file} is there already. Choose another name, or add --force to replace it.")
    with _shown(url, file, "Backing up") as told:
        rows = backup.backup(url, file, system_clock(), told)
    say(
        f"Backed up {rows} rows to {file} ({decimal(file.stat().st_size)}). "
        "It holds what people wrote: keep it safe, and the configuration with it."
    )


def read(config_path: Path, file: Path) -> None:
    """Fill the database that the configuration names from ``file``. Raises ``Failure``."""
    url = read_config(config_path).database_url
    require_folder(url)
    if not file.is_file():
        raise Failure(f"There is no file {file}.")
    try:
        with _shown(url, file, "Restoring") as told:
            rows = restore.restore(url, file, told)
    except restore.BackupUnusable as problem:
        raise Failure(f"{file} cannot be restored: {problem}. Nothing was changed.") from problem
    except restore.NotEmpty as problem:
        raise Failure(
            f"The database {without_password(url)} is not empty, and nothing was changed. "
            "Stop the service, name a new database in `database` (or move the old file away), and restore into that."
        ) from problem
    say(
        f"Restored {rows} rows into {without_password(url)}. "
        "`textbridge audit verify` checks the record. Then start the service."
    )


@contextmanager
def _shown(url: str, file: Path, doing: str) -> Generator[Callable[[int], None]]:
    """Show how far it is; turn what goes wrong with database or file into sentences."""
    with console(stderr=True).status(f"{doing} …") as status:
        try:
            yield lambda rows: status.update(f"{doing} … {rows} rows")
        except StoreUnavailable as problem:
            raise unusable(url, problem) from problem
        except OSError as problem:
            raise Failure(
                f"{file}: {problem.strerror or problem}. Check the path, its permissions and the disk."
            ) from problem
