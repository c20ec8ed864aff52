"""The settings as values. Nothing here reads a file or the environment."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    PlainValidator,
    PrivateAttr,
    SecretStr,
    SerializeAsAny,
    Tag,
)

from bridge.config.assistant import Assistant
from bridge.config.calendar import DigestTime, OpeningTimes, check_country, check_days
from bridge.config.lines import Consent, Line
from bridge.config.redaction import redact
from bridge.config.rules import Rule
from bridge.config.section import Section
from bridge.config.values import (
    Day,
    Duration,
    Listen,
    LogLevel,
    Name,
    Text,
    check_database,
    check_public_url,
    check_webhook,
    check_zone,
    parse_listen,
)
from bridge.domain.policy import DEFAULT_MARKERS


class Account(Section):
    """Credentials at a provider. ``settings``: of the model that the provider's adapter asks for."""

    provider: str
    settings: SerializeAsAny[BaseModel]


class PlatformEntry(Section):
    """Where a team sits. ``settings``: of the model that the platform's adapter asks for."""

    kind: str
    settings: SerializeAsAny[BaseModel]


class Teammate(BaseModel):
    """A person of the team. Every key but ``role`` and ``zone`` is a platform, and its value the person's id there."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)
    __pydantic_extra__: dict[str, Text] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride] - pydantic's way of typing extra keys

    role: Literal["manager", "member", "observer"] = "member"
    zone: Annotated[str, AfterValidator(check_zone)] | None = None

    @property
    def ids(self) -> Mapping[str, str]:
        """The person's id by platform."""
        return self.__pydantic_extra__


class Team(Section):
    """Teammates who share work. ``room_mention``: whether an unassigned conversation mentions the room.

    ``hours``: those of conversations handed over to it, and of its lines that have none; ``digest``: of its lines that
    have none.
    """

    members: tuple[Text, ...] = ()
    room_mention: bool = False
    hours: Text | None = None
    digest: DigestTime | None = None


class Hours(Section):
    """Business hours. ``holidays``: countries and regions whose public holidays are closed; ``closed``: further days.

    ``special``: days with opening times of their own, whatever else is said of them.
    """

    zone: Annotated[str, AfterValidator(check_zone)]
    week: dict[Annotated[str, AfterValidator(check_days)], OpeningTimes] = Field(min_length=1)
    holidays: tuple[Annotated[str, AfterValidator(check_country)], ...] = ()
    closed: tuple[Day, ...] = ()
    special: dict[Day, OpeningTimes] = Field(default={})


class LadderStep(Section):
    """Who is told, ``after`` so much business time since the step before, the first since the breach."""

    after: Duration
    notify: Text


SlaTime = Annotated[Duration, Field(gt=timedelta(0))]


def _form(value: object) -> str:
    return "block" if isinstance(value, dict | Section) else "word"


Ladder = Annotated[
    Annotated[Text, Tag("word")] | Annotated[LadderStep, Tag("block")],
    Discriminator(_form),
]


class Sla(Section):
    """Times to keep, in business hours. ``warn_at``: the part of a time after which its warning comes.

    ``labels``: conversations with one of these have this policy, whatever their line's is.
    """

    first_response: SlaTime | None = None
    next_response: SlaTime | None = None
    resolution: SlaTime | None = None
    warn_at: float = Field(default=0.7, gt=0, le=1)
    ladder: tuple[Ladder, ...] = ()
    labels: tuple[Text, ...] = ()


class Webhook(Section):
    """A program that rules tell. ``secret``: signs each call; ``private_hosts``: it may be on one's own network."""

    url: Annotated[Text, AfterValidator(check_webhook)]
    secret: SecretStr = Field(min_length=16)
    private_hosts: bool = False


class Automatic(Section):
    """Texts that rules send. ``per_hour``: the most to one contact, whichever rules send them."""

    per_hour: int = Field(default=3, ge=0, le=60)


class CannedResponse(Section):
    """Words with files. ``files``: paths, from the settings' own folder on; ``teams``: who may use it, empty: all."""

    text: Text = Field(repr=False)
    files: tuple[Text, ...] = Field(default=(), max_length=10)
    teams: tuple[Name, ...] = ()


Canned = Annotated[
    Annotated[Text, Tag("word")] | Annotated[CannedResponse, Tag("block")],
    Discriminator(_form),
]


class Media(Section):
    """Files. ``max_bytes``: of one; ``link_ttl``: life of a link to an outgoing one."""

    max_bytes: int = Field(default=20 * 1024 * 1024, ge=1024, le=1024**3)
    link_ttl: Annotated[Duration, Field(gt=timedelta(0))] = timedelta(days=1)


class Logging(Section):
    """Logs on standard error. ``console`` is for eyes, ``json`` for collectors."""

    level: LogLevel = "info"
    format: Literal["json", "console"] = "console"


def _check_database(value: SecretStr) -> SecretStr:
    return SecretStr(check_database(value.get_secret_value()))


class Config(Section):
    """The whole file. ``database`` is kept as a secret because its address may hold a password.

    ``zone``: of the times people write about a line that has no ``hours``.
    """

    database: Annotated[SecretStr, AfterValidator(_check_database)] = SecretStr("sqlite:///textbridge.db")
    listen: Annotated[Listen, PlainValidator(parse_listen), PlainSerializer(str)] = Listen("127.0.0.1", 8080)
    public_url: Annotated[Text, AfterValidator(check_public_url)]
    zone: Annotated[str, AfterValidator(check_zone)] = "UTC"
    accounts: dict[Name, Account] = Field(min_length=1)
    platforms: dict[Name, PlatformEntry] = Field(min_length=1)
    teammates: dict[Name, Teammate] = Field(default={})
    teams: dict[Name, Team] = Field(default={})
    lines: dict[Name, Line] = Field(min_length=1)
    comment_markers: tuple[Text, ...] = Field(default=DEFAULT_MARKERS, min_length=1)
    consent: Consent = Consent()
    hours: dict[Name, Hours] = Field(default={})
    sla: dict[Name, Sla] = Field(default={})
    canned: dict[Name, Canned] = Field(default={}, repr=False)
    rules: tuple[Rule, ...] = Field(default=(), repr=False)
    automatic: Automatic = Automatic()
    webhooks: dict[Name, Webhook] = Field(default={})
    assistant: Assistant | None = None
    media: Media = Media()
    logging: Logging = Logging()

    _written: Mapping[tuple[str | int, ...], str] = PrivateAttr(default_factory=dict[tuple[str | int, ...], str])

    @property
    def database_url(self) -> str:
        """The database's address, with its password: not for logs."""
        return self.database.get_secret_value()

    def redacted(self) -> dict[str, Any]:
        """Return everything as in the file, for people and reports.

        Secrets are stars; what the file takes from elsewhere is shown as the ``${…}`` that stands there.
        """
        return redact(self.model_dump(mode="json", by_alias=True), self.database_url, self._written)
