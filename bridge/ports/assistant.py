"""A language model, when the operator configured one: asked a question, it answers in words."""

from collections.abc import Sequence
from typing import Protocol

from bridge.domain.assistant import Prompt
from bridge.ports.provider import Finding


class Assistant(Protocol):
    """The model behind an endpoint of the operator's choice. One attempt a call, bounded in time."""

    async def complete(self, prompt: Prompt) -> str:
        """Return its answer. Raises ``SendDeferred``, ``SendRejected`` or ``CredentialsRejected``."""
        ...

    async def check(self) -> Sequence[Finding]:
        """Ask the endpoint about itself, for ``doctor``; no question is put."""
        ...

    async def aclose(self) -> None:
        """Close what was opened."""
        ...
