"""The Python that has Synapse: this one, or an environment of its own, made when it is first needed.

Synapse is a program that the sandbox runs beside the bridge, and no part of what the bridge is installed with.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bridge.sandbox.matrix.errors import MatrixFailed

VERSION = "1.163.2"
REQUIREMENT = f"matrix-synapse=={VERSION}"
LOCK = Path(__file__).with_name("synapse.lock")
"""All that Synapse needs, with hashes; made by ``make lock``."""
LONGEST_INSTALLATION = 900.0
_STAMP, _LOG = "installed", "installation.log"


def cache_folder() -> Path:
    """Where programs keep what they can fetch again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "textbridge"


def python_with_synapse(cache: Path, tell: Callable[[str], None]) -> Path:
    """Return a Python that can run Synapse, after installing it if need be. Raises ``MatrixFailed``."""
    try:
        version("matrix-synapse")
    except PackageNotFoundError:
        return installed(cache / folder_name(), tell)
    return Path(sys.executable)


def folder_name() -> str:
    """The name of an environment: another lock makes another one."""
    return f"synapse-{VERSION}-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:8]}"


def installed(folder: Path, tell: Callable[[str], None]) -> Path:
    """Return the Python of the environment in ``folder``, made anew unless it is whole. Raises ``MatrixFailed``."""
    python = folder / "bin" / "python"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two sandboxes started at once make one environment
            if not (folder / _STAMP).exists():
                tell(f"Installing Synapse {VERSION}, a Matrix homeserver, into {folder} (once; about a minute) …")
                _install(folder, python)
                (folder / _STAMP).touch()
    except (OSError, subprocess.SubprocessError) as problem:
        shutil.rmtree(folder / "lib", ignore_errors=True)
        raise MatrixFailed(_remedy(folder)) from problem
    return python


def _remedy(folder: Path) -> str:
    return (
        f"Synapse could not be installed; {folder / _LOG} says why. It takes a network to the package index, once. "
        f"Or install it yourself where Textbridge is: {sys.executable} -m pip install {REQUIREMENT}"
    )


def _install(folder: Path, python: Path) -> None:
    with (folder / _LOG).open("wb") as log:
        for command in _commands(folder, python):
            subprocess.run(  # noqa: S603 - no shell, and nothing of it comes from outside
                command, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=LONGEST_INSTALLATION
            )


def _commands(folder: Path, python: Path) -> Sequence[Sequence[str]]:
    locked = ("--require-hashes", "--requirement", str(LOCK))
    if uv := shutil.which("uv"):
        make = [uv, "venv", "--allow-existing", "--python", sys.executable, str(folder)]
        return [make, [uv, "pip", "install", "--python", str(python), *locked]]
    make = [sys.executable, "-m", "venv", str(folder)]
    return [make, [str(python), "-m", "pip", "install", "--disable-pip-version-check", *locked]]
