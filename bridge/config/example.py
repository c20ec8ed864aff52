"""The file that a new installation begins with."""

from importlib.resources import files


def example_config() -> str:
    """Return a commented file for one Twilio number and one Slack workspace."""
    return files("bridge.config").joinpath("example.yaml").read_text(encoding="utf-8")
