"""Everything the Web API's methods work on."""

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.slack.delivery import Delivery
from bridge.sandbox.slack.http_mode import HttpMode
from bridge.sandbox.slack.interactions import Interactions
from bridge.sandbox.slack.judge import Judge
from bridge.sandbox.slack.limits import Limits
from bridge.sandbox.slack.responses import Responses
from bridge.sandbox.slack.rooms import Rooms
from bridge.sandbox.slack.sockets import Sockets
from bridge.sandbox.slack.state import State
from bridge.sandbox.slack.talk import Talk


class Backend(State):
    """The state together with what acts on it."""

    def __init__(
        self, clock: SandboxClock, *, faults: Faults | None = None, seed: int = 1, strict: bool = True
    ) -> None:
        """``strict=False`` skips the judging of types and schemas, for benchmarks."""
        super().__init__(clock, seed)
        self.faults = faults or Faults()
        self.judge = Judge(strict=strict)
        self.limits = Limits(self)
        self.sockets = Sockets(self)
        self.http = HttpMode(self)
        self.delivery = Delivery(self, self.sockets, self.http)
        self.talk = Talk(self, self.delivery)
        self.interactions = Interactions(self, self.delivery, self.judge)
        self.responses = Responses(self, self.talk, self.interactions)
        self.rooms = Rooms(self, self.talk, self.delivery)
        self.upload_tickets: dict[str, str] = {}
