"""What is done about Matrix besides what people do in it, which they do at the homeserver itself."""

from typing import Literal

from bridge.sandbox.acts.base import Doing, Json, Refused, Stage
from bridge.sandbox.matrix.errors import MatrixFailed

Deed = Literal["comment", "undo", "edit", "claim", "assign", "canned", "guard", "team", "queue"]


class Run(Doing):
    """The homeserver stopped, as when it is away for a while, or started again."""

    act: Literal["matrix.run"]
    wish: Literal["start", "stop"]

    async def perform(self, stage: Stage) -> Json | None:
        """Do it; returns when it is done."""
        if stage.matrix is None:
            raise Refused("There is no Matrix in this sandbox.")
        try:
            await (stage.matrix.keeper.start() if self.wish == "start" else stage.matrix.keeper.stop())
        except MatrixFailed as problem:
            raise Refused(str(problem)) from None
        if self.wish == "start":
            stage.guide.tick("away")
        return None


class Did(Doing):
    """What somebody at the page just did in Matrix: the sandbox does not listen there."""

    act: Literal["matrix.did"]
    step: Deed

    async def perform(self, stage: Stage) -> Json | None:
        """Tick it off."""
        stage.guide.tick(self.step)
        return None
