"""Time, trouble and the bridge itself."""

from typing import Annotated, Literal

from pydantic import Field

from bridge.sandbox.acts.base import Doing, Json, Refused, Stage
from bridge.sandbox.trouble import FailureCode, Vendor

LONGEST_SKIP = 31 * 24 * 3600.0
NAMES: dict[Vendor, str] = {"twilio": "Twilio", "slack": "Slack"}
Seconds = Annotated[float, Field(gt=0, le=600)]


class Skip(Doing):
    """Time that passes at once."""

    act: Literal["time.skip"]
    seconds: Annotated[float, Field(gt=0, le=LONGEST_SKIP)]

    async def perform(self, stage: Stage) -> Json | None:
        """Move the clock of the vendors, and tell whoever moves the bridge's."""
        # The bridge hears of it first: what falls due at the vendors finds it in the same time.
        stage.on_skip(stage.clock.offset + self.seconds)
        stage.clock.skip(self.seconds)
        if stage.matrix is not None:
            stage.matrix.homeserver.moved()
        return {"offset": stage.clock.offset}


class Lose(Doing):
    """The next text or post is carried out, and its answer lost."""

    act: Literal["fault.lose"]
    vendor: Vendor

    async def perform(self, stage: Stage) -> Json | None:
        """Order it."""
        stage.trouble.order(self.vendor, "lose_answer", f"{NAMES[self.vendor]}’s next answer gets lost")
        return None


class Fail(Doing):
    """The next text ends with an error of the carriers."""

    act: Literal["fault.fail"]
    code: FailureCode

    async def perform(self, stage: Stage) -> Json | None:
        """Order it."""
        stage.trouble.next_text.order(self.code)
        return None


class Delay(Doing):
    """The next answer comes late."""

    act: Literal["fault.delay"]
    vendor: Vendor
    seconds: Seconds = 8.0

    async def perform(self, stage: Stage) -> Json | None:
        """Order it."""
        words = f"{NAMES[self.vendor]}’s next answer comes {self.seconds:g} seconds late"
        stage.trouble.order(self.vendor, "delay", words, self.seconds)
        return None


class Refuse(Doing):
    """The next call is answered *too many requests*."""

    act: Literal["fault.limit"]
    vendor: Vendor
    seconds: Seconds = 5.0

    async def perform(self, stage: Stage) -> Json | None:
        """Order it."""
        words = f"{NAMES[self.vendor]} says “too many requests” once"
        stage.trouble.order(self.vendor, "rate_limited", words, self.seconds)
        return None


class Twice(Doing):
    """Every event, webhook and callback comes twice, or once again."""

    act: Literal["fault.twice"]
    on: bool

    async def perform(self, stage: Stage) -> Json | None:
        """Turn it on or off."""
        stage.trouble.deliver_twice(self.on)
        return None


class CallOff(Doing):
    """No more trouble."""

    act: Literal["fault.clear"]

    async def perform(self, stage: Stage) -> Json | None:
        """Call everything off."""
        stage.trouble.clear()
        return None


class Run(Doing):
    """The bridge's process started, stopped, or killed and started again."""

    act: Literal["bridge.run"]
    wish: Literal["start", "stop", "restart"]

    async def perform(self, stage: Stage) -> Json | None:
        """Do it; returns when it is done."""
        try:
            await self._do(stage)
        except OSError:  # a time-out among them
            raise Refused("The bridge did not come up in time. Its log, named in the terminal, says why.") from None
        return None

    async def _do(self, stage: Stage) -> None:
        if self.wish == "start":
            await stage.keeper.start()
        elif self.wish == "stop":
            await stage.keeper.stop()
        else:
            await stage.keeper.restart()
            stage.guide.tick("restart")
