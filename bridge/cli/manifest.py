"""``textbridge manifest``."""

import os
import sys
from pathlib import Path
from typing import Any, cast

from pydantic_core import PydanticCustomError

from bridge.cli.failure import Failure
from bridge.cli.settings import read_config
from bridge.config.document import read
from bridge.config.substitution import Substitution
from bridge.config.values import check_public_url
from bridge.outside import matrix_registration, slack_manifest


def slack(config_path: Path, *, http: bool) -> None:
    """Print the Slack app's manifest; ``http``: with the address in the configuration."""
    sys.stdout.write(slack_manifest(slack_address(config_path) if http else None))


def matrix(config_path: Path) -> None:
    """Print the registration that makes the bot an application service, tokens included."""
    found = matrix_registration(read_config(config_path))
    if found is None:
        raise Failure(
            f"No platform in {config_path} has kind: matrix and mode: appservice. An account needs no registration.",
            remedy='See "Appservice mode" in docs/matrix.md.',
        )
    sys.stdout.write(found)


def slack_address(config_path: Path) -> str:
    """Return where Slack sends everything in HTTP mode.

    Reads only ``public_url`` and the platform's name: the secrets in the file exist only once the app is made.
    """
    data = _settings(config_path)
    try:
        public_url = check_public_url(str(data.get("public_url") or ""))
    except PydanticCustomError as error:
        raise Failure(f"public_url in {config_path} {error.message()} {(error.context or {})['hint']}") from error
    return f"{public_url}/platforms/{_slack_in(data.get('platforms'))}"


def _slack_in(platforms: object) -> str:
    if isinstance(platforms, dict):
        for name, entry in cast("dict[str, Any]", platforms).items():
            if isinstance(entry, dict) and cast("dict[str, Any]", entry).get("kind") == "slack":
                return name
    return "slack"


def _settings(config_path: Path) -> dict[str, Any]:
    try:
        text = config_path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise Failure(
            f"{config_path} cannot be read, and --http takes public_url from it. "
            "Write it with `textbridge init`, or name another with --config."
        ) from problem
    data: object = read(text, Substitution(os.environ, config_path.absolute().parent)).data
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}
