"""The file that a new installation begins with."""

import re
from functools import cache
from importlib.resources import files


@cache
def example_config() -> str:
    """Return a commented file for one Twilio number and one Slack workspace."""
    return files("bridge.config").joinpath("example.yaml").read_text(encoding="utf-8")


def how_to_add(key: str) -> str:
    """Say how a setting that is missing may look, by the example."""
    text = re.sub(r"(?m)(^| )#.*$", "", example_config())
    found = re.search(rf"(?m)(?:^|[\s{{]){re.escape(key)}: +(\"[^\"]*\"|\$\{{[^}}]*\}}|[^\s,}}#]+)", text)
    if found:
        return f"Add it like this: {key}: {found[1]}"
    block = re.search(rf"(?m)^ *{re.escape(key)}:", text)
    return (
        "Add it; `textbridge init` writes a file that shows how." if block else "docs/configuration.md says what it is."
    )
