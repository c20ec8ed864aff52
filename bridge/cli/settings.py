"""The configuration as commands get it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.cli.failure import Failure

if TYPE_CHECKING:
    from bridge.config import Config


def read_config(path: Path) -> "Config":
    """Return the configuration; every mistake in it is told at once. Raises ``Failure``."""
    from bridge.config import ConfigError  # noqa: PLC0415 - see the package

    try:
        there = path.exists()
    except OSError as problem:  # no right to look, a name too long
        raise Failure(f"The configuration at {path} cannot be read: {problem.strerror}.", code=2) from problem
    if not there:
        remedy = (
            "Write one with `textbridge init`, name another with --config, "
            "or try `textbridge sandbox`, which needs none."
        )
        raise Failure(f"There is no configuration at {path}.", code=2, remedy=remedy)
    try:
        return load_config(path)
    except ConfigError as error:
        raise Failure(str(error), code=2) from error


def load_config(path: Path) -> "Config":
    """Return the configuration. Raises ``ConfigError``."""
    from bridge.config import load  # noqa: PLC0415 - see the package
    from bridge.outside import check_personal, settings_models  # noqa: PLC0415 - see the package

    providers, platforms = settings_models()
    config = load(path, os.environ, providers=providers, platforms=platforms)
    check_personal(config)
    return config
