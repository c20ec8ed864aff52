"""What hearing takes, whether the homeserver is asked what happened or pushes it."""

from dataclasses import dataclass

from bridge.adapters.platforms.matrix.commands import Describing
from bridge.adapters.platforms.matrix.encryption import Encryption
from bridge.adapters.platforms.matrix.gathering import Gatherer
from bridge.adapters.platforms.matrix.homeserver import Homeserver
from bridge.adapters.platforms.matrix.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Hearing:
    """One account's parts. ``rooms``: those that are ours; nothing is kept of others."""

    server: Homeserver
    encryption: Encryption
    gatherer: Gatherer
    rooms: Rooms
    describing: Describing
