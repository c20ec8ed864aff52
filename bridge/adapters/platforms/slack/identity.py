"""Who we are in a workspace, and whose act an event is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from bridge.domain.people import Person

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """The app's own ids, empty where not known yet.

    ``enterprise``: the organisation of an Enterprise Grid; ``url``: address of the workspace, with a slash at its end.
    """

    user: str = ""
    bot: str = ""
    team: str = ""
    app: str = ""
    enterprise: str = ""
    url: str = ""

    def wrote(self, message: Json) -> bool:
        """Whether a message is our own, however it was posted."""
        return any(
            own and message.get(field) == own
            for field, own in (("user", self.user), ("bot_id", self.bot), ("app_id", self.app))
        )

    def seen_in(self, payload: Json) -> "Identity":
        """Fill gaps from an envelope, which names the app and the installation it was sent to."""
        grant = first(payload.get("authorizations"))
        user = text(grant, "user_id") if grant.get("is_bot") is True else ""
        return replace(
            self,
            user=self.user or user,
            team=self.team or text(grant, "team_id") or text(payload, "context_team_id") or text(payload, "team_id"),
            app=self.app or text(payload, "api_app_id"),
            enterprise=self.enterprise or text(grant, "enterprise_id"),
        )


def text(source: Json, key: str) -> str:
    """A string member, empty when it is missing or something else."""
    value = source.get(key)
    return value if isinstance(value, str) else ""


def mapping(value: object) -> Json:
    """An object member, empty when it is missing or something else."""
    return cast("Json", value) if isinstance(value, Mapping) else {}


def items(value: object) -> list[Json]:
    """The objects of an array member; anything else in it is left out."""
    entries = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Json", entry) for entry in entries if isinstance(entry, Mapping)]


def first(value: object) -> Json:
    """The first object of an array member, empty when there is none."""
    entries = items(value)
    return entries[0] if entries else {}


def author(platform: str, us: Identity, act: Json, payload: Json) -> Person:
    """Who did something. Whose organisation cannot be told in a Slack Connect channel counts as an outsider."""
    person = text(act, "user")
    homes = {us.team, us.enterprise} - {""}
    teams = {text(act, key) for key in ("user_team", "source_team", "team")} - {""}
    shared = payload.get("is_ext_shared_channel")
    outsider = bool(teams - homes) if teams and homes else shared is True
    if us.enterprise and shared is False:
        outsider = False  # another workspace of our own organisation
    bot = bool(text(act, "bot_id")) or text(act, "subtype") == "bot_message" or person == "USLACKBOT"
    return Person(platform, person or text(act, "bot_id"), outsider=outsider, bot=bot)
