"""The kinds of value a setting can have, each with the sentence it answers when it is wrong."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from ipaddress import ip_address
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

import phonenumbers
import re2
from pydantic import BeforeValidator, PlainSerializer, PlainValidator, StringConstraints

from bridge.config.problems import suggestion
from bridge.ports.specs import unusable as refuse

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"\s*(\d{1,9})\s*([smhd])\s*")
_MAX_DURATION = timedelta(days=3660)
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHORT_CODE = re.compile(r"\d{3,8}")
_LETTER_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,10}")
_MAX_PORT = 65535
_ENGINE: Any = re2  # without types


def parse_duration(value: object) -> timedelta:
    """Read ``5s``, ``15m``, ``2h``, ``7d``, or 0."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, bool) and value in (0, "0"):
        return timedelta(0)
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise refuse("must be a duration.", "Write a number and s, m, h or d: 5s, 15m, 2h, 7d.")
    seconds = int(found[1]) * UNITS[found[2]]
    if seconds > _MAX_DURATION.total_seconds():
        raise refuse("is longer than ten years.")
    return timedelta(seconds=seconds)


def write_duration(value: timedelta) -> str:
    """Write a duration in the largest unit that needs no fraction."""
    seconds = int(value.total_seconds())
    unit = next((unit for unit in reversed(UNITS) if seconds and seconds % UNITS[unit] == 0), "s")
    return f"{seconds // UNITS[unit]}{unit}"


def parse_time(value: object) -> time:
    """Read a clock time, ``9:00`` or ``21:30``."""
    if isinstance(value, time):
        return value
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if found:
            return time(int(found[1]), int(found[2]))
    except ValueError:
        pass
    raise refuse("must be a time of day.", 'Write hours and minutes: "21:00".')


def parse_date(value: object) -> date:
    """Read a day, ``2026-12-24``."""
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    if isinstance(value, date):
        return value
    raise refuse("must be a day.", "Write year, month and day: 2026-12-24.")


def check_address(value: str) -> str:
    """Return a line's address: E.164, a short code of 3 to 8 digits, or a letter sender of up to 11 characters."""
    text = value.strip()
    if text.startswith("+"):
        try:
            number = phonenumbers.parse(text)
        except phonenumbers.NumberParseException:
            number = None
        # Possible, not valid: numbers set aside for examples and tests belong to no carrier.
        if number is not None and phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        raise refuse("is not a telephone number.", 'Write it with its country code: "+15550001000".')
    if _SHORT_CODE.fullmatch(text) or _LETTER_SENDER.fullmatch(text):
        return text
    raise refuse(
        "must be a telephone number, a short code or a letter sender.",
        'Telephone numbers begin with + and the country code: "+15550001000".',
    )


def check_zone(value: str) -> str:
    """Return the name of a time zone of the IANA database."""
    zones = available_timezones()
    if value not in zones:
        near = suggestion(value, zones)
        hint = near if near.startswith("Did") else "Write a name such as America/New_York or Europe/Berlin."
        raise refuse("is not a time zone.", hint)
    return value


_PATTERNS = {
    "missing )": ": a bracket ( is not closed",
    "unexpected )": ": a bracket ) closes nothing",
    "missing ]": ": a bracket [ is not closed",
    "no argument for repetition": ": before *, + or ? stands nothing",
    "bad repetition operator": ": two of *, + and ? stand side by side",
    "invalid repetition size": ": it repeats more than 1000 times",
    "pattern too large": ": it is too large",
    "invalid escape sequence": ": \\ stands before what it gives no meaning",
    "trailing \\": ": \\ stands at its end",
    "invalid perl operator": ": look-around, (?= or (?!, is not known",
    "invalid character class": ": a range in [ ] ends before it begins",
}
"""What the engine says, by a part of it: its own words may repeat the pattern."""


def check_pattern(value: str) -> str:
    """Return a pattern that RE2 reads; it knows none that takes more than linear time."""
    options = _ENGINE.Options()
    options.log_errors = False
    try:
        _ENGINE.compile(value, options)
    except _ENGINE.error as problem:
        said = str(problem)
        why = next((words for sign, words in _PATTERNS.items() if sign in said), "")
        hint = "Write a word, or a pattern without look-around and back-references: refund(s|ed)?"
        raise refuse(f"is not a pattern that can be read{why}.", hint) from None
    return value


def check_host(value: str) -> str:
    """Return a host name in lower case, without a leading ``*.``."""
    name = value.strip().lower().removeprefix("*").removeprefix(".")
    if not _HOST.fullmatch(name):
        raise refuse("is not the name of a host.", "Write wiki.example.org; its subdomains are meant as well.")
    return name


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_public_url(value: str) -> str:
    """Return the address at which providers reach the bridge, without a slash at its end."""
    parts = _web_server(value, "Write https://sms.example.org, as providers see it.")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise refuse(
            "must begin with https://.", "Texts and signatures would travel readable; only loopback may do without."
        )
    return value.rstrip("/")


def check_endpoint(value: str) -> str:
    """Return the address of a model's server, without a slash at its end; readable ones are for one's own network."""
    hint = "Write http://127.0.0.1:11434/v1 or https://api.example.org/v1: what stands before /chat/completions."
    _web_server(value, hint)
    return value.rstrip("/")


def check_webhook(value: str) -> str:
    """Return the address of a program to call."""
    _web_address(value, "Write https://example.org/textbridge.")
    return value


def _web_server(value: str, hint: str) -> SplitResult:
    parts = _web_address(value, hint)
    if parts.query or parts.fragment:
        raise refuse("is not the address of a web server.", hint)
    return parts


def _web_address(value: str, hint: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise refuse("is not a web address.", hint) from None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        raise refuse("is not the address of a web server.", hint)
    return parts


def check_database(value: str) -> str:
    """Return ``sqlite:///file`` or ``postgresql://user:password@host/name``."""
    hint = (
        "Write sqlite:///textbridge.db, postgresql://user:password@host/name or, for a server on this machine, "
        "postgresql:///name?host=/var/run/postgresql."
    )
    scheme, separator, rest = value.partition("://")
    if not separator or scheme not in {"sqlite", "postgresql"}:
        raise refuse("must be the address of an SQLite or PostgreSQL database.", hint)
    if scheme == "sqlite":
        if not rest.startswith("/") or rest.strip("/") == "" or ":memory:" in rest:
            raise refuse("must name a file.", "Write sqlite:///textbridge.db; what is in memory only would be lost.")
        return value
    try:
        parts = urlsplit(value)
        named = bool(parts.path.strip("/")) and (bool(parts.hostname) or "host=" in parts.query)
        _ = parts.port
    except ValueError:
        named = False
    if not named:
        raise refuse("must name a host and a database.", hint)
    return value


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the bridge's own web server listens. ``host`` may be empty: on every address."""

    host: str
    port: int

    def __str__(self) -> str:
        """As the operator writes it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_listen(value: object) -> Listen:
    """Read ``127.0.0.1:8080``, ``[::1]:8080`` or ``:8080``."""
    if isinstance(value, Listen):
        return value
    host, colon, port = value.rpartition(":") if isinstance(value, str) else ("", "", "")
    bracketed = host.startswith("[") and host.endswith("]")
    if (
        not colon
        or not port.isascii()
        or not port.isdigit()
        or int(port) > _MAX_PORT
        or (":" in host and not bracketed)
    ):
        raise refuse(
            "must be an address and a port.", "Write 127.0.0.1:8080, or 0.0.0.0:8080 to be reached from outside."
        )
    return Listen(host.strip("[]"), int(port))


def _trusted_text(value: Any) -> Any:
    if isinstance(value, str) and not value.strip():
        raise refuse("must not be empty.")
    return value


Duration = Annotated[timedelta, PlainValidator(parse_duration), PlainSerializer(write_duration)]
TimeOfDay = Annotated[time, PlainValidator(parse_time), PlainSerializer(lambda value: f"{value:%H:%M}")]
Day = Annotated[date, PlainValidator(parse_date), PlainSerializer(date.isoformat)]
Text = Annotated[str, BeforeValidator(_trusted_text)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]
Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_][a-z0-9_.-]*$", max_length=40)]
LogLevel = Literal["debug", "info", "warning", "error"]
