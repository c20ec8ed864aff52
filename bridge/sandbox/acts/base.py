"""What acts act on."""

from abc import ABC, abstractmethod
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.features import Features
from bridge.sandbox.guide import Guide
from bridge.sandbox.matrix.world import MatrixWorld
from bridge.sandbox.process import Bridge, Keeper
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.trouble import Trouble
from bridge.sandbox.twilio.world import TwilioWorld

Json: TypeAlias = dict[str, Any]
FILE_BYTES = 20 * 1024 * 1024
FILES = 10
Text = Annotated[str, Field(max_length=40_000)]
Id = Annotated[str, Field(min_length=1, max_length=255)]
Phone = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]


class Refused(Exception):
    """The act cannot be done; the text says why, for the person at the page."""


@dataclass(slots=True, kw_only=True)
class Stage:
    """The vendors, the bridge between them, and everything that can be turned. ``matrix``: None when it has no part."""

    slack: SlackWorld
    twilio: TwilioWorld
    clock: SandboxClock
    keeper: Keeper[Bridge]
    trouble: Trouble
    guide: Guide
    features: Features
    on_skip: Callable[[float], None]
    matrix: MatrixWorld | None = None


class Doing(BaseModel, ABC):
    """An act as the page sends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @abstractmethod
    async def perform(self, stage: Stage) -> Json | None:
        """Do it and return what the page needs to know. Raises Refused."""


def _base64(content: str) -> str:
    try:
        decoded = b64decode(content, validate=True)
    except NotBase64:
        raise ValueError("not base64") from None
    if len(decoded) > FILE_BYTES:
        raise ValueError(f"larger than {FILE_BYTES // 1024 // 1024} MB")
    return content


class Upload(BaseModel):
    """A file from the page; ``content`` is base64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=200)]
    content_type: Annotated[str, Field(pattern=r"^[\w.+-]+/[\w.+-]+$", max_length=100)] = "application/octet-stream"
    content: Annotated[str, AfterValidator(_base64)]

    @property
    def decoded(self) -> bytes:
        """The file's bytes."""
        return b64decode(self.content)


Uploads = Annotated[tuple[Upload, ...], Field(max_length=FILES)]
