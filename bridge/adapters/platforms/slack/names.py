"""What people are called, asked once and remembered: for naming somebody without notifying them."""

from collections.abc import Iterable, Mapping

from bridge.adapters.platforms.slack.identity import Json, mapping, text
from bridge.adapters.platforms.slack.web import SlackWeb
from bridge.adapters.platforms.slack.words import clean
from bridge.domain.people import Person
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected

_REMEMBERED = 5_000
_PORT_ERRORS = (CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected)


class Names:
    """Names of a workspace's people by id."""

    def __init__(self, web: SlackWeb, platform: str) -> None:
        """Ask through ``web``; people of other platforms are left out."""
        self._web = web
        self._platform = platform
        self._known: dict[str, str] = {}

    async def of(self, people: Iterable[Person]) -> Mapping[str, str]:
        """The names of these people; who cannot be looked up now is left out. Never raises."""
        wanted = {person.id for person in people if person.platform == self._platform}
        for person in wanted - self._known.keys():
            try:
                answer = await self._web.call("users.info", user=person)
            except _PORT_ERRORS:
                continue
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[person] = _name(mapping(answer.data.get("user"))) or person
        return {person: self._known[person] for person in wanted & self._known.keys()}


def _name(user: Json) -> str:
    profile = mapping(user.get("profile"))
    names = (text(profile, "display_name"), text(profile, "real_name"), text(user, "real_name"), text(user, "name"))
    return next((clean(name).strip() for name in names if name.strip()), "")
