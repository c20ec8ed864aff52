"""What Twilio posts to us: is it from Twilio, and what does it say."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from bridge.adapters.providers._laml import Algorithm, Field, is_signed, parse_fields, read_form
from bridge.adapters.providers.twilio.facts import explain
from bridge.adapters.providers.twilio.settings import TwilioSettings
from bridge.domain.events import ProviderEvent
from bridge.ports.errors import WebhookRejected
from bridge.ports.provider import WebhookRequest

_FORM = "application/x-www-form-urlencoded"
_BODY_HASH = "bodySHA256"
_ALGORITHMS: Mapping[str, Algorithm] = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}


class Webhooks:
    """Verifies and reads the webhooks of one account."""

    def __init__(self, settings: TwilioSettings, account: str) -> None:
        """``account``: its name in the configuration."""
        self._account = account
        self._account_sid = settings.account_sid
        self._tokens = tuple(token.get_secret_value().encode() for token in settings.auth_token)
        self._shared = {key: secret.get_secret_value().encode() for key, secret in settings.shared_keys.items()}

    def verify(self, request: WebhookRequest) -> None:
        """Raise ``WebhookRejected`` unless one of our secrets signed the address and every field, for our account."""
        signature = request.headers.get("x-twilio-signature", "")
        if not signature:
            raise WebhookRejected("the signature is missing")
        try:
            fields = _signed_fields(request)
            secrets, algorithm = self._secrets(request.headers.get("x-twilio-webhooks-signature-settings", ""))
            signed = is_signed(secrets, signature, request.url, fields or (), algorithm)
        except ValueError:
            raise WebhookRejected("the request cannot be read") from None
        if not signed:
            raise WebhookRejected("the signature is wrong")
        if fields is not None and dict(reversed(fields)).get("AccountSid") != self._account_sid:
            raise WebhookRejected("it is about another account")

    def parse(self, request: WebhookRequest) -> Sequence[ProviderEvent]:
        """Read a verified request; JSON is of no kind we know. Raises ``ValueError`` when it makes no sense."""
        if not _is_form(request):
            return ()
        return parse_fields(self._account, request.url, read_form(request.body), explain)

    def _secrets(self, told: str) -> tuple[Sequence[bytes], Algorithm]:
        """Read ``key=…,algorithm=…``, which names a signing key of the account in place of its auth token."""
        split = (part.strip().partition("=") for part in told.split(","))
        parts = {name: value for name, _, value in split}
        algorithm = _ALGORITHMS.get(parts.get("algorithm", "HMAC_SHA1").upper())
        if algorithm is None:
            raise WebhookRejected("the signature is of an unknown kind")
        if "key" not in parts:
            return self._tokens, algorithm
        if parts["key"] not in self._shared:
            raise WebhookRejected("it is signed by a key that is not among shared_keys")
        return (self._shared[parts["key"]],), algorithm


def _is_form(request: WebhookRequest) -> bool:
    return request.headers.get("content-type", _FORM).partition(";")[0].strip().lower() == _FORM


def _signed_fields(request: WebhookRequest) -> Sequence[Field] | None:
    """Return the fields the signature covers; None for another body, whose hash stands in the signed address."""
    if request.method != "POST":
        raise WebhookRejected("only POST is accepted")
    if _is_form(request):
        return read_form(request.body)
    told = parse_qs(urlsplit(request.url).query).get(_BODY_HASH, [""])[0]
    found = hashlib.sha256(request.body).hexdigest()
    if not hmac.compare_digest(found.encode(), told.encode("utf-8", "surrogateescape")):
        raise WebhookRejected("the body is not the one that was signed")
    return None
