"""The settings that decisions are made by now: one value for all parts, replaced as a whole."""

from bridge.domain.policy import Policy
from bridge.pipeline.rooms import follow
from bridge.rules.automation.compiling import compiled


class InForce:
    """Holds the policy. A decision reads it once, so that it is made by one or the other and never by parts of both."""

    def __init__(self, policy: Policy) -> None:
        """Begin with ``policy``."""
        self._policy = policy

    @property
    def policy(self) -> Policy:
        """The one that counts now."""
        return self._policy

    def replace(self, policy: Policy) -> None:
        """Let another one count, with the rooms that took the place of others; its rules are made ready before."""
        compiled(policy.automation)
        follow(policy, self._policy.followed)
        self._policy = policy
