"""Matrix: a plain account as the bot; events by our own sync loop, calls by matrix-nio.

Nothing heavy is imported here; ``build`` brings in the client library.
"""

import importlib

from bridge.adapters.platforms.matrix.settings import CAPABILITIES, MatrixSettings
from bridge.ports.platform import Platform
from bridge.ports.specs import PlatformContext, PlatformSpec


def _build(settings: MatrixSettings, context: PlatformContext) -> Platform:
    module = importlib.import_module(f"{__name__}.platform")
    return module.MatrixPlatform(settings, context)


PLATFORM = PlatformSpec(name="matrix", settings=MatrixSettings, capabilities=CAPABILITIES, build=_build)
