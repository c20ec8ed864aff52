"""Slack: Web API by slack_sdk, events by our own Socket Mode receiver or signed HTTP.

Nothing heavy is imported here; ``build`` brings in the client libraries.
"""

import importlib

from bridge.adapters.platforms.slack.settings import CAPABILITIES, SlackSettings
from bridge.ports.platform import Platform
from bridge.ports.specs import PlatformContext, PlatformSpec


def _build(settings: SlackSettings, context: PlatformContext) -> Platform:
    module = importlib.import_module(f"{__name__}.platform")
    return module.SlackPlatform(settings, context)


PLATFORM = PlatformSpec(name="slack", settings=SlackSettings, capabilities=CAPABILITIES, build=_build)
