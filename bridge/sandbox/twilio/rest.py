"""The operations of the REST API."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from aiohttp import web

from bridge.sandbox.twilio.calls import Call, Gate
from bridge.sandbox.twilio.creating import create_message
from bridge.sandbox.twilio.errors import Refused
from bridge.sandbox.twilio.model import SETTLED, Message, Number
from bridge.sandbox.twilio.outbound import Outbound
from bridge.sandbox.twilio.params import Value
from bridge.sandbox.twilio.render import account_json, account_uri, message_json, number_json, page
from bridge.sandbox.twilio.state import State


class Rest:
    """Accounts, messages and numbers."""

    def __init__(self, state: State, outbound: Outbound, gate: Gate) -> None:
        """Start with full allowances."""
        self._state = state
        self._outbound = outbound
        self._gate = gate
        self._allowance: dict[str, tuple[float, float]] = {}

    def add_routes(self, app: web.Application, prefix: str) -> None:
        """Serve the operations under ``prefix``."""
        root = f"{prefix}/2010-04-01/Accounts/{{AccountSid}}"
        one, number = f"{root}/Messages/{{Sid}}.json", f"{root}/IncomingPhoneNumbers/{{Sid}}.json"
        guard = self._gate.guard
        app.router.add_get(f"{root}.json", guard("accounts.fetch", self._fetch_account))
        app.router.add_post(f"{root}/Messages.json", guard("messages.create", self._create))
        app.router.add_get(f"{root}/Messages.json", guard("messages.list", self._list))
        app.router.add_get(one, guard("messages.fetch", self._fetch))
        app.router.add_post(one, guard("messages.update", self._update))
        app.router.add_delete(one, guard("messages.delete", self._delete))
        app.router.add_get(f"{root}/IncomingPhoneNumbers.json", guard("numbers.list", self._list_numbers))
        app.router.add_get(number, guard("numbers.fetch", self._fetch_number))
        app.router.add_post(number, guard("numbers.update", self._update_number))

    async def _fetch_account(self, call: Call) -> web.Response:
        return web.json_response(account_json(call.account))

    async def _create(self, call: Call) -> web.Response:
        self._limit(call.account.sid)
        message = create_message(self._state, call.account, call.given)
        call.sid = message.sid
        answer = web.json_response(message_json(message), status=201)
        if not call.account.test:
            first = self._state.callbacks.before_answer
            life = self._outbound.launch(message, None if first else call.answered)
            if first:
                await life
        return answer

    def _limit(self, account_sid: str) -> None:
        rate = self._state.limits.creates_per_second
        if rate is None:
            return
        now = self._state.clock.timestamp()
        left, since = self._allowance.get(account_sid, (max(rate, 1.0), now))
        left = min(max(rate, 1.0), left + (now - since) * rate)
        if left < 1:
            self._allowance[account_sid] = (left, now)
            raise Refused(20429, 429)
        self._allowance[account_sid] = (left - 1, now)

    async def _list(self, call: Call) -> web.Response:
        newest_first = reversed(self._state.stored.values())
        found = [one for one in newest_first if one.account is call.account and _matches(one, call.given)]
        path = f"{account_uri(call.account)}/Messages.json"
        shown, frame = page(path, call.query, call.given, found)
        return web.json_response(frame | {"messages": [message_json(one) for one in shown]})

    def _message(self, call: Call) -> Message:
        message = self._state.stored.get(call.request.match_info["Sid"])
        if message is None or message.account is not call.account:
            raise Refused(20404, 404)
        call.sid = message.sid
        return message

    async def _fetch(self, call: Call) -> web.Response:
        return web.json_response(message_json(self._message(call)))

    async def _update(self, call: Call) -> web.Response:
        """Redact (empty ``Body``) or cancel a scheduled message."""
        message = self._message(call)
        if call.given.get("Status") == "canceled":
            if message.status != "scheduled":
                raise Refused(20009, 409)
            message.reach("canceled", self._state.now())
        elif "Body" in call.given:
            if message.status not in SETTLED:
                raise Refused(20009, 409)
            message.body = ""
            message.updated = self._state.now()
        self._state.journal.changed("message", message.sid)
        return web.json_response(message_json(message))

    async def _delete(self, call: Call) -> web.Response:
        message = self._message(call)
        if message.status not in SETTLED:
            raise Refused(20009, 409)
        del self._state.stored[message.sid]
        self._state.journal.changed("message", message.sid)
        return web.Response(status=204)

    async def _list_numbers(self, call: Call) -> web.Response:
        wanted, name = str(call.given.get("PhoneNumber", "")), call.given.get("FriendlyName")
        found = [
            one
            for one in self._state.numbers.values()
            if one.account is call.account and wanted in one.phone_number and name in (None, one.friendly_name)
        ]
        path = f"{account_uri(call.account)}/IncomingPhoneNumbers.json"
        shown, frame = page(path, call.query, call.given, found)
        return web.json_response(frame | {"incoming_phone_numbers": [number_json(one) for one in shown]})

    def _number(self, call: Call) -> Number:
        call.sid = call.request.match_info["Sid"]
        for number in self._state.numbers.values():
            if number.sid == call.sid and number.account is call.account:
                return number
        raise Refused(20404, 404)

    async def _fetch_number(self, call: Call) -> web.Response:
        return web.json_response(number_json(self._number(call)))

    async def _update_number(self, call: Call) -> web.Response:
        """Change the addresses and name; other parameters are judged and otherwise ignored."""
        number = self._number(call)
        for name, attribute in _NUMBER_FIELDS.items():
            if name in call.given:
                setattr(number, attribute, str(call.given[name]))
        number.updated = self._state.now()
        self._state.journal.changed("number", number.phone_number)
        return web.json_response(number_json(number))


_NUMBER_FIELDS = {
    "FriendlyName": "friendly_name",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
    "StatusCallback": "status_callback",
}


def _matches(message: Message, given: Mapping[str, Value]) -> bool:
    if given.get("To", message.to) != message.to or given.get("From", message.sender) != message.sender:
        return False
    limits = [name for name in ("DateSent", "DateSent<", "DateSent>") if name in given]
    return all(_sent_within(message.sent, name, given[name]) for name in limits)


def _sent_within(sent: datetime | None, name: str, limit: Value) -> bool:
    """Compare to the second; a limit at midnight (a plain date) means that whole day."""
    if sent is None or not isinstance(limit, datetime):
        return False
    whole_day = limit == limit.replace(hour=0, minute=0, second=0, microsecond=0)
    last = limit + (timedelta(days=1) if whole_day else timedelta(seconds=1))
    if name == "DateSent>":
        return sent >= limit
    return sent < last if name == "DateSent<" else limit <= sent < last
