"""The wire format that Twilio's messaging API shares with its relatives: signed form posts that become events.

Sources: https://www.twilio.com/docs/usage/security (signature), /docs/messaging/guides/webhook-request (texts),
/docs/messaging/guides/outbound-message-status-in-status-callbacks (statuses).
"""

import base64
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, TypeAlias
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from bridge.adapters.providers._laml_codes import OPTED_OUT
from bridge.domain.events import DeliveryReported, ProviderEvent, TextReceived
from bridge.domain.messages import Media, MessageStatus
from bridge.ports.errors import Unreadable

Field: TypeAlias = tuple[str, str]
Algorithm: TypeAlias = Literal["sha1", "sha256"]

EMPTY_ANSWER = (200, "text/xml", '<?xml version="1.0" encoding="UTF-8"?><Response/>')
"""Answers a webhook without texting anything back; another type of body would be texted to the contact."""

MAX_FIELDS = 500
KEY = "o"
"""Query parameter of the status callback that carries our outbox id."""

STATUSES: Mapping[str, MessageStatus] = MappingProxyType(
    {
        "accepted": MessageStatus.ACCEPTED,
        "scheduled": MessageStatus.ACCEPTED,
        "queued": MessageStatus.ACCEPTED,
        "sending": MessageStatus.SENT,
        "sent": MessageStatus.SENT,
        "delivered": MessageStatus.DELIVERED,
        "read": MessageStatus.READ,
        "failed": MessageStatus.FAILED,
        "undelivered": MessageStatus.FAILED,
        "canceled": MessageStatus.CANCELLED,
    }
)
_OPT_OUTS: Mapping[str, Literal["STOP", "START", "HELP"]] = {"STOP": "STOP", "START": "START", "HELP": "HELP"}
_MAX_MEDIA = 100


@lru_cache(maxsize=1)  # a request is verified and then parsed at once, and taking a form apart is half of either
def read_form(body: bytes) -> tuple[Field, ...]:
    """Read a form as it was sent: blank and repeated fields and spaces kept.

    Raises ``ValueError`` when it is not UTF-8 or has more than ``MAX_FIELDS`` fields.
    """
    pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    return tuple(pairs)


def signed_text(url: str, fields: Iterable[Field] = ()) -> bytes:
    """Return what is signed: the address, then names with values in order; an equal pair counts once."""
    return (url + "".join(name + value for name, value in sorted(set(fields)))).encode("utf-8")


def sign(secret: bytes, text: bytes, algorithm: Algorithm = "sha1") -> bytes:
    """Return the signature as it stands in the header."""
    return base64.b64encode(hmac.digest(secret, text, algorithm))


def is_signed(
    secrets: Iterable[bytes], given: str, url: str, fields: Sequence[Field], algorithm: Algorithm = "sha1"
) -> bool:
    """Say whether one of ``secrets`` made the signature ``given``. Raises ``ValueError`` for an unreadable address."""
    signature = given.encode("utf-8", "surrogateescape")
    known = tuple(secrets)
    for address in _addresses(url):
        text = signed_text(address, fields)
        for secret in known:
            if hmac.compare_digest(sign(secret, text, algorithm), signature):
                return True
    return False


def _addresses(url: str) -> Iterator[str]:
    """Yield what may have been signed: the address without user information, then with and without its port."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    yield url if host == parts.netloc else url.replace(f"//{parts.netloc}", f"//{host}", 1)
    if parts.port is None:
        yield parts._replace(netloc=f"{host}:{443 if parts.scheme == 'https' else 80}").geturl()
    else:
        yield parts._replace(netloc=host.rpartition(":")[0]).geturl()


def callback_url(public_url: str, account: str, key: str) -> str:
    """Return the address for status callbacks of the text with outbox id ``key``."""
    return f"{webhook_url(public_url, account)}?{KEY}={quote(key, safe='')}"


def webhook_url(public_url: str, account: str) -> str:
    """Return the address for everything the account's provider posts."""
    return f"{public_url}/webhooks/{quote(account, safe='')}"


def parse_fields(
    account: str, url: str, fields: Sequence[Field], explain: Callable[[str | None], str]
) -> tuple[ProviderEvent, ...]:
    """Turn a verified form into events; anything but a text or a status gives none.

    ``explain`` says in plain words what an error code means. Raises ``Unreadable`` for a text or status that lacks what
    makes it one. A NUL character, which no database keeps, becomes U+FFFD.
    """
    form = {
        name: value.replace("\0", "\ufffd") for name, value in reversed(fields)
    }  # of a repeated one the first counts
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if status == "received" or (not status and "Body" in form):
        return (_text(account, form),)
    if status in STATUSES:
        return (_report(account, url, form, status, explain),)
    return ()


def _text(account: str, form: Mapping[str, str]) -> TextReceived:
    sid = _id(form)
    return TextReceived(
        account=account,
        external_id=sid,
        provider_id=sid,
        sender=_required(form, "From"),
        recipient=_required(form, "To"),
        body=form.get("Body", ""),
        media=_media(form),
        opt_out=_OPT_OUTS.get(form.get("OptOutType", "").upper()),
    )


def _media(form: Mapping[str, str]) -> tuple[Media, ...]:
    try:
        count = min(int(form.get("NumMedia") or 0), _MAX_MEDIA)
    except ValueError:
        raise Unreadable("the field NumMedia is no number") from None
    found = ((form.get(f"MediaUrl{index}"), form.get(f"MediaContentType{index}", "")) for index in range(count))
    return tuple(Media(url, kind) for url, kind in found if url)


def _report(
    account: str, url: str, form: Mapping[str, str], status: str, explain: Callable[[str | None], str]
) -> DeliveryReported:
    key = parse_qs(urlsplit(url).query).get(KEY, [None])[0]
    return _reported(account, _id(form), status, form.get("ErrorCode", ""), explain, key)


def report(
    account: str, sid: str, status: str, code: str, explain: Callable[[str | None], str]
) -> DeliveryReported | None:
    """Return the status of a message as its callback would report it; None for one that says nothing to us."""
    return _reported(account, sid, status, code, explain, None) if status in STATUSES else None


def _reported(  # noqa: PLR0917 - what a status consists of
    account: str, sid: str, status: str, code: str, explain: Callable[[str | None], str], key: str | None
) -> DeliveryReported:
    reached = STATUSES[status]
    reason = None if code in ("", "0") else code
    return DeliveryReported(
        account=account,
        external_id=f"{sid}:{status}",
        provider_id=sid,
        status=reached,
        key=key,
        error_code=reason,
        reason=explain(reason) if reason or reached is MessageStatus.FAILED else "",
        opted_out=reason == OPTED_OUT,
    )


def _id(form: Mapping[str, str]) -> str:
    sid = form.get("MessageSid") or form.get("SmsSid")
    if not sid:
        raise Unreadable("no field MessageSid")
    return sid


def _required(form: Mapping[str, str], name: str) -> str:
    value = form.get(name)
    if not value:
        raise Unreadable(f"no field {name}")
    return value
