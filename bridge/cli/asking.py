"""The questions of ``textbridge init``: each has an option too, and each answer is checked as soon as it is given."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import typer
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from bridge.cli.failure import Failure
from bridge.config.values import check_address, check_public_url
from bridge.outside import settings_models

Where: TypeAlias = Literal["slack", "matrix"]
LogIn: TypeAlias = Literal["password", "token"]
Check: TypeAlias = Callable[[str], str]

ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
CHANNEL = re.compile(r"[CG][A-Z0-9]{8,}")
ROOM = re.compile(r"![^\s:\"]+(?::[^\s\"]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the command line says; None: it is to be asked for. ``encrypted``: of the Matrix room."""

    platform: Where | None = None
    account_sid: str | None = None
    number: str | None = None
    public_url: str | None = None
    channel: str | None = None
    socket_mode: bool | None = None
    homeserver: str | None = None
    user_id: str | None = None
    encrypted: bool | None = None
    login: LogIn | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Slack:
    """Slack's answers. ``http``: it reaches the bridge by HTTP instead of Socket Mode."""

    channel: str
    http: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """The answers for Matrix."""

    homeserver: str
    user_id: str
    room: str
    login: LogIn
    encrypted: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """What was asked, or given."""

    account_sid: str
    number: str
    public_url: str
    team: Slack | Matrix


@dataclass
class _Asking:
    """Takes what was given and asks for the rest; where there is no terminal, notes what is missing."""

    terminal: bool
    missing: list[str] = field(default_factory=list[str])

    def words(self, option: str, given: str | None, question: str, check: Check) -> str:
        """An answer in words."""
        if given is not None:
            try:
                return check(given.strip())
            except typer.BadParameter as wrong:
                raise Failure(f"{option}: {wrong.message}") from None
        if not self.terminal:
            self.missing.append(option)
            return ""
        answer: str = typer.prompt(question, value_proc=lambda value: check(value.strip()))
        return answer

    def yes(self, option: str, given: bool | None, question: str, *, default: bool) -> bool:
        """Yes or no."""
        if given is not None:
            return given
        if not self.terminal:
            self.missing.append(option)
            return default
        return typer.confirm(question, default=default)

    def one_of(self, option: str, given: str | None, question: str, choices: tuple[str, str]) -> str:
        """One of two words; the first is what most want."""
        if given is not None:
            return given
        if not self.terminal:
            self.missing.append(option)
            return choices[0]
        check = _among(choices)
        answer: str = typer.prompt(question, default=choices[0], value_proc=lambda value: check(value.strip().lower()))
        return answer


def answers(given: Given) -> Answers | None:
    """Ask for what was not given; None where nothing was given and nobody can be asked. Raises ``Failure``."""
    terminal = sys.stdin.isatty()
    if not terminal and given in (Given(), Given(platform="slack")):
        return None
    asking = _Asking(terminal)
    if terminal:
        typer.echo("Secrets are not asked for: they stay in the environment. Ctrl-C ends without writing anything.")
    sid = _matching(ACCOUNT_SID, "AC and 32 hexadecimal digits")
    found = Answers(
        account_sid=asking.words("--account-sid", given.account_sid, "Twilio account SID (AC…)", sid),
        number=asking.words(
            "--number", given.number, "The number contacts text, such as +15550001000", _plain(check_address)
        ),
        public_url=asking.words(
            "--public-url",
            given.public_url,
            "The address Twilio reaches this bridge at, such as https://sms.example.org",
            _plain(check_public_url),
        ),
        team=_team(asking, given),
    )
    if asking.missing:
        options = ", ".join(asking.missing)
        raise Failure(f"There is no terminal to ask on, and these are missing: {options}.", remedy="Give them too.")
    return found


def _team(asking: _Asking, given: Given) -> Slack | Matrix:
    question = "Where does the team sit, slack or matrix?"
    if asking.one_of("--platform", given.platform, question, ("slack", "matrix")) == "matrix":
        return _matrix(asking, given)
    channel = _matching(CHANNEL, "C and letters and digits")
    return Slack(
        asking.words("--channel", given.channel, "Slack channel id (C…, in the channel's details)", channel),
        http=not asking.yes(
            "--socket-mode", given.socket_mode, "Use Slack's Socket Mode (no address of ours needed)?", default=True
        ),
    )


def _matrix(asking: _Asking, given: Given) -> Matrix:
    homeserver = asking.words(
        "--homeserver",
        given.homeserver,
        "The homeserver's address, such as https://matrix.example.org",
        _setting("homeserver"),
    )
    user_id = asking.words(
        "--user-id", given.user_id, "The bot's full id, such as @textbridge:example.org", _setting("user_id")
    )
    room = asking.words("--room", given.room, "The room's internal id (!…, Element: Room settings, Advanced)", _room)
    encrypted = asking.yes("--encrypted", given.encrypted, "Is the room encrypted?", default=True)
    question = "How does the bot log in, by password or by (access) token?"
    login = asking.one_of("--login", given.login, question, ("password", "token"))
    return Matrix(homeserver, user_id, room, "token" if login == "token" else "password", encrypted)


def _room(value: str) -> str:
    if value.startswith("#"):
        raise typer.BadParameter("This is the room's name. Its internal id begins with !.")
    return _matching(ROOM, "! and letters and digits, often with : and a server behind")(value)


def _setting(name: str) -> Check:
    """A check by the settings of Matrix themselves."""

    def check(value: str) -> str:
        sample = {"homeserver": "https://a.example", "user_id": "@a:example", "access_token": "a", name: value}
        try:
            return str(getattr(settings_models()[1]["matrix"].model_validate(sample), name))
        except ValidationError as error:
            raise typer.BadParameter(f"It {error.errors()[0]['msg'].removeprefix('Value error, ')}.") from None

    return check


def _plain(check: Check) -> Check:
    """A check of the configuration's, which says what is wrong as the command line does."""

    def checked(value: str) -> str:
        try:
            return check(value)
        except PydanticCustomError as error:
            hint = (error.context or {}).get("hint", "")
            raise typer.BadParameter(f"It {error.message()} {hint}".strip()) from None

    return checked


def _matching(pattern: re.Pattern[str], what: str) -> Check:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise typer.BadParameter(f"It is made of {what}.")
        return value

    return check


def _among(choices: tuple[str, str]) -> Check:
    def check(value: str) -> str:
        if value not in choices:
            raise typer.BadParameter(f"It is {' or '.join(choices)}.")
        return value

    return check
