"""What ``doctor`` looks at: credentials, and whether each line's texts come to us."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance

from bridge.adapters._hosts import is_public
from bridge.adapters.providers._laml import webhook_url
from bridge.adapters.providers.twilio.calls import FAILURES, Calls, failed_look, refused_credentials
from bridge.adapters.providers.twilio.http import RefusedError
from bridge.adapters.providers.twilio.settings import TwilioSettings
from bridge.ports.provider import Finding, Level
from bridge.ports.specs import ProviderContext

RETRIES = "#ct=2000&rt=5000&rc=3&rp=5xx,ct,rt"
"""Connection settings that make Twilio try a webhook again; by default a text is posted once."""

_NUMBER = re.compile(r"\+[0-9]{7,15}")
_WANTED_RETRIES = frozenset({"5xx", "ct", "rt"})


class Checks:
    """Looks at one account and its lines; sends and changes nothing."""

    def __init__(self, calls: Calls, settings: TwilioSettings, context: ProviderContext) -> None:
        """Only prepares."""
        self._calls = calls
        self._settings = settings
        self._lines = context.lines
        self._account = context.account
        self._public_url = context.public_url
        self._webhook = webhook_url(context.public_url, context.account)

    async def run(self) -> Sequence[Finding]:
        """Return every finding; without credentials that work the lines are not asked about."""
        tokens = [await self._token(index) for index in range(len(self._settings.auth_token))]
        findings = [*self._public_address(), *tokens]
        if self._settings.api_key is not None or tokens[0].level != "error":
            for line in self._lines:
                findings += await self._line(line)
        return findings

    def _public_address(self) -> Sequence[Finding]:
        host = urlsplit(self._public_url).hostname or ""
        problem = ""
        if "_" in host:
            problem = "has an underscore in its host name, which Twilio does not accept"
        elif is_public(urlsplit(self._settings.api_url).hostname or "") and not is_public(host):
            problem = "cannot be reached from the internet"
        if not problem:
            return ()
        remedy = "Set public_url to the https address under which Twilio reaches the bridge."
        return (self._finding("error", "public_url", f"public_url {problem}.", remedy),)

    async def _token(self, index: int) -> Finding:
        what = "credentials" if index == 0 else f"auth_token {index + 1}"
        token = self._settings.auth_token[index].get_secret_value()
        try:
            account = await self._calls.as_user((self._settings.account_sid, token)).fetch_async()
        except RefusedError as error:
            if not refused_credentials(error):
                return self._unreachable(what, error)
            if index:
                remedy = "When the rotation is over, remove it from auth_token."
                return self._finding("warning", what, "A further auth token is not valid (any more).", remedy)
            remedy = "Copy Account SID and Auth Token from the Twilio console; the newest token goes first."
            return self._finding("error", what, "Twilio refuses account_sid and auth_token.", remedy)
        except FAILURES as error:
            return self._unreachable(what, error)
        return self._standing(what, str(account.status), str(account.type))

    def _standing(self, what: str, status: str, kind: str) -> Finding:
        if status != "active":
            remedy = "Look at the account's balance and status in the Twilio console."
            return self._finding("error", what, f"The account is {status}.", remedy)
        if kind == "Trial":
            remedy = "Upgrade the account; a trial texts only verified numbers and adds words of its own."
            return self._finding("warning", what, "This is a trial account.", remedy)
        return self._finding("ok", what, "Twilio accepts the credentials.")

    async def _line(self, line: str) -> Sequence[Finding]:
        what = f"line {line}"
        if not _NUMBER.fullmatch(line):
            return (
                self._finding("ok", what, f"Not a phone number, so its webhook (POST {self._webhook}) is not checked."),
            )
        try:
            found = await self._calls.account.incoming_phone_numbers.list_async(phone_number=line, limit=20)
            owned = [one for one in found if one.phone_number == line]
            return self._set_up(what, owned[0]) if owned else (self._not_owned(what, line),)
        except RefusedError as error:
            if self._settings.api_key is None or not refused_credentials(error):
                return (self._unreachable(what, error),)
            remedy = "Make a Standard API key in the Twilio console, or leave api_key and api_secret out."
            return (self._finding("error", what, "Twilio refuses api_key and api_secret.", remedy),)
        except FAILURES as error:
            return (self._unreachable(what, error),)

    def _set_up(self, what: str, number: IncomingPhoneNumberInstance) -> Sequence[Finding]:
        capable = number.capabilities
        if capable is not None and not getattr(capable, "sms", True):
            return (self._finding("error", what, "This number cannot text.", "Choose a number with SMS."),)
        address = self._address(what, number)
        if address is not None:
            return (address,)
        hints = [*self._retries(what, number.sms_url or ""), *self._fallback(what, number)]
        return hints or (self._finding("ok", what, "Texts to this line come to the bridge."),)

    def _address(self, what: str, number: IncomingPhoneNumberInstance) -> Finding | None:
        if number.sms_application_sid:
            message = "A TwiML application gets this line's texts instead of the bridge."
            return self._finding("error", what, message, f"Configure the number with a webhook: POST {self._webhook}")
        if (number.sms_url or "").partition("#")[0] != self._webhook:
            remedy = f"In the Twilio console, set 'A message comes in' to POST {self._webhook}{RETRIES}"
            message = "Texts to this line do not come to the bridge, unless its Messaging Service posts them here."
            return self._finding("error", what, message, remedy)
        if number.sms_method != "POST":
            return self._finding("error", what, "The webhook is called by GET.", "Set the webhook's method to POST.")
        return None

    def _retries(self, what: str, url: str) -> Sequence[Finding]:
        settings = parse_qs(urlsplit(url).fragment)
        retried = set(settings.get("rp", ["ct"])[0].split(","))
        count = settings.get("rc", ["1"])[0]
        if count != "0" and ("all" in retried or retried >= _WANTED_RETRIES):
            return ()
        message = "Twilio gives up on a text when the bridge fails to answer once."
        return (self._finding("warning", what, message, f"Set the webhook to {self._webhook}{RETRIES}"),)

    def _fallback(self, what: str, number: IncomingPhoneNumberInstance) -> Sequence[Finding]:
        if number.sms_fallback_url:
            return ()
        message = "There is no fallback address for texts whose webhook fails."
        return (self._finding("warning", what, message, f"Set the fallback to {self._webhook}{RETRIES}"),)

    def _not_owned(self, what: str, line: str) -> Finding:
        remedy = f"Buy or port {line} in the Twilio console, or correct the line's address."
        return self._finding("error", what, "The account does not own this number.", remedy)

    def _unreachable(self, what: str, error: Exception) -> Finding:
        remedy = "Check api_url and the network, then look again."
        return self._finding("error", what, str(failed_look(error)), remedy)

    def _finding(self, level: Level, what: str, message: str, remedy: str = "") -> Finding:
        return Finding(level, f"twilio {self._account}: {what}", message, remedy)
