"""Structured logs and metrics: ids, never bodies or secrets."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, cast

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

ACCEPTED = Counter("textbridge_accepted_total", "Requests and events stored", ["source"], registry=REGISTRY)
REFUSED = Counter("textbridge_refused_total", "Requests refused at the door", ["source", "why"], registry=REGISTRY)
UNREADABLE = Counter(
    "textbridge_unreadable_total", "Requests stored that could not be read", ["source"], registry=REGISTRY
)
IGNORED = Counter(
    "textbridge_ignored_total", "Genuine requests that hold neither a text nor a status", ["source"], registry=REGISTRY
)
HANDLED = Counter("textbridge_handled_total", "Inbox rows handled", ["kind"], registry=REGISTRY)
SET_ASIDE = Counter("textbridge_set_aside_total", "Inbox rows that need a person", ["kind"], registry=REGISTRY)
CALLS = Counter("textbridge_calls_total", "Calls to the outside by outcome", ["kind", "outcome"], registry=REGISTRY)
CALL_SECONDS = Histogram("textbridge_call_seconds", "How long calls to the outside took", ["kind"], registry=REGISTRY)
ALARMS = Gauge("textbridge_alarm", "1 while somebody must act", ["what", "where"], registry=REGISTRY)
OLDEST_INBOX = Gauge("textbridge_oldest_inbox_seconds", "Age of the oldest unhandled inbox row", registry=REGISTRY)
OLDEST_OUTBOX = Gauge("textbridge_oldest_outbox_seconds", "Age of the oldest unsettled outbox row", registry=REGISTRY)

_NEVER = frozenset({"body", "text", "token", "auth_token", "secret", "password", "headers", "payload"})


def metrics_text() -> bytes:
    """Return all metrics in Prometheus' text form."""
    return generate_latest(REGISTRY)


def alarm(what: str, where: str, *, on: bool) -> None:
    """Raise or clear an alarm; it is logged when it changes."""
    gauge = ALARMS.labels(what, where)
    was = cast("float", gauge._value.get())  # noqa: SLF001 - the library offers no reader
    gauge.set(1 if on else 0)
    if on and not was:
        log().error("alarm", what=what, where=where)
    elif was and not on:
        log().info("alarm cleared", what=what, where=where)


def log() -> structlog.stdlib.BoundLogger:
    """Return the logger."""
    return structlog.get_logger("textbridge")


def configure_logs(level: str, form: Literal["json", "console"]) -> None:
    """Send logs to stderr; the libraries' own loggers keep to warnings, since some print addresses at INFO."""
    renderer = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_secrets,
            structlog.processors.format_exc_info if form == "json" else _pass_on,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # prints what senders sent when it cannot be read
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")


def _without_secrets(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in _NEVER & event.keys():
        event[key] = "[removed]"
    return event


def _pass_on(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return event
