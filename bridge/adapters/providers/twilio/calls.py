"""Twilio's library over our own HTTP client, and what its failures mean for the pipeline."""

from aiohttp import ClientTimeout
from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from twilio.rest.api.v2010.account import AccountContext

from bridge.adapters.providers._laml_codes import OPTED_OUT
from bridge.adapters.providers.twilio.facts import explain
from bridge.adapters.providers.twilio.http import (
    TIMEOUT,
    HttpClient,
    NoAnswerError,
    NotSentError,
    RefusedError,
    ThrottledError,
)
from bridge.adapters.providers.twilio.settings import TwilioSettings
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected

# 2xx answers that are not what was asked for make the library's models fail in any of these ways.
UNREADABLE = (TwilioException, ValueError, TypeError, AttributeError, LookupError)
FAILURES = (NotSentError, ThrottledError, RefusedError, NoAnswerError, *UNREADABLE)

_NOT_ALLOWED = (401, 403)
_NOT_FOUND = 404
_CREDENTIALS = frozenset({"20003", "20005", "20006", "20008", "20404"})
# Refused for now and for everything from this line: too fast, or Twilio's own queue for it is full.
_LATER = frozenset({"14107", "21611"})


class Calls:
    """REST calls of one account."""

    def __init__(self, settings: TwilioSettings, timeout: ClientTimeout = TIMEOUT) -> None:
        """Nothing is opened before the first call."""
        self._settings = settings
        self.http = HttpClient(settings.api_url, timeout)
        self.account = self.as_user(settings.login)

    def as_user(self, login: tuple[str, str]) -> AccountContext:
        """Return the account as seen by ``login`` (user name, password)."""
        user, password = login
        client = Client(user, password, self._settings.account_sid, http_client=self.http)
        # The environment's region or edge would send our credentials to another host.
        client.region = client.edge = None
        client.api.base_url = self._settings.api_url
        return client.api.v2010.accounts(self._settings.account_sid)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.http.aclose()


def refused_credentials(error: RefusedError) -> bool:
    """Say whether nothing will pass until somebody mends the account or its credentials."""
    if error.code in _CREDENTIALS:
        return True
    return error.code is None and error.status in (*_NOT_ALLOWED, _NOT_FOUND)


def failed_send(
    error: Exception,
) -> SendRejected | SendDeferred | SendOutcomeUnknown | CredentialsRejected:
    """Sort a failure of creating a message by what is certain about it. Twilio's words may quote a number: not kept."""
    if isinstance(error, NotSentError):
        return SendDeferred("Twilio cannot be reached.")
    if isinstance(error, ThrottledError):
        return SendDeferred(explain("20429"), error.retry_after, whole_target=True)
    if not isinstance(error, RefusedError):
        return SendOutcomeUnknown(str(error) if isinstance(error, NoAnswerError) else type(error).__name__)
    if refused_credentials(error):
        return CredentialsRejected(explain(error.code or "20003"))
    if error.code in _LATER:
        return SendDeferred(explain(error.code), whole_target=True)
    code = error.code or f"HTTP {error.status}"
    return SendRejected(code, explain(error.code), opted_out=code == OPTED_OUT)


def failed_look(error: Exception) -> SendDeferred | CredentialsRejected:
    """Say that a list cannot be had now; looking again is always safe."""
    if isinstance(error, ThrottledError):
        return SendDeferred(explain("20429"), error.retry_after, whole_target=True)
    if isinstance(error, RefusedError):
        if refused_credentials(error):
            return CredentialsRejected(explain(error.code or "20003"))
        return SendDeferred(f"Twilio refuses to list messages ({error}).")
    return SendDeferred("Twilio cannot be reached or its answer cannot be read.")
