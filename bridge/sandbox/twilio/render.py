"""The JSON of the 2010-04-01 API: https://www.twilio.com/docs/messaging/api."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from bridge.sandbox.twilio.errors import MESSAGES, Refused
from bridge.sandbox.twilio.model import Account, Medium, Message, Number
from bridge.sandbox.twilio.params import Value

Json = dict[str, Any]


class HasSid(Protocol):
    """A thing with an id."""

    @property
    def sid(self) -> str:
        """The id."""
        ...


Item = TypeVar("Item", bound=HasSid)


def rfc_2822(time: datetime | None) -> str | None:
    """Return a time as Twilio writes it, to the second."""
    return format_datetime(time) if time else None


def account_uri(account: Account) -> str:
    """Return the path of an account, without ``.json``."""
    return f"/2010-04-01/Accounts/{account.sid}"


def account_json(account: Account) -> Json:
    """Return an account resource."""
    uri = account_uri(account)
    return {
        "sid": account.sid,
        "friendly_name": account.name,
        "status": account.status,
        "type": "Full",
        "auth_token": account.auth_token,
        "owner_account_sid": account.sid,
        "uri": f"{uri}.json",
        "date_created": rfc_2822(account.created),
        "date_updated": rfc_2822(account.created),
        "subresource_uris": {
            "messages": f"{uri}/Messages.json",
            "incoming_phone_numbers": f"{uri}/IncomingPhoneNumbers.json",
        },
    }


def message_json(message: Message) -> Json:
    """Return a message resource; counters are strings."""
    uri = f"{account_uri(message.account)}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": message.account.sid,
        "api_version": "2010-04-01",
        "body": message.body,
        "direction": message.direction,
        "from": message.sender,
        "to": message.to,
        "status": message.status,
        "num_media": str(message.num_media),
        "num_segments": str(message.num_segments),
        "price": None,
        "price_unit": "USD",
        "error_code": message.error_code,
        "error_message": MESSAGES.get(message.error_code, "Unknown error") if message.error_code else None,
        "messaging_service_sid": message.service.sid if message.service else None,
        "date_created": rfc_2822(message.created),
        "date_updated": rfc_2822(message.updated),
        "date_sent": rfc_2822(message.sent),
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def medium_json(message: Message, medium: Medium) -> Json:
    """Return a media resource."""
    return {
        "sid": medium.sid,
        "account_sid": message.account.sid,
        "parent_sid": message.sid,
        "content_type": medium.content_type,
        "date_created": rfc_2822(medium.created),
        "date_updated": rfc_2822(medium.created),
        "uri": f"{account_uri(message.account)}/Messages/{message.sid}/Media/{medium.sid}.json",
    }


def number_json(number: Number) -> Json:
    """Return an incoming phone number resource."""
    return {
        "sid": number.sid,
        "account_sid": number.account.sid,
        "phone_number": number.phone_number,
        "api_version": "2010-04-01",
        "friendly_name": number.friendly_name,
        "capabilities": {"voice": False, "sms": True, "mms": True, "fax": False},
        "sms_url": number.sms_url,
        "sms_method": number.sms_method,
        "sms_fallback_url": number.sms_fallback_url,
        "sms_fallback_method": number.sms_fallback_method,
        "sms_application_sid": None,
        "address_requirements": "none",
        "status_callback": number.status_callback,
        "status_callback_method": "POST",
        "beta": False,
        "origin": "twilio",
        "date_created": rfc_2822(number.created),
        "date_updated": rfc_2822(number.updated),
        "status": "in-use",
        "voice_url": None,
        "voice_method": "POST",
        "voice_fallback_url": None,
        "voice_fallback_method": "POST",
        "voice_caller_id_lookup": False,
        "voice_application_sid": None,
        "voice_receive_mode": "voice",
        "trunk_sid": None,
        "address_sid": None,
        "identity_sid": None,
        "bundle_sid": None,
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "type": "local",
        "uri": f"{account_uri(number.account)}/IncomingPhoneNumbers/{number.sid}.json",
    }


def page(
    path: str, query: Sequence[tuple[str, str]], given: Mapping[str, Value], items: Sequence[Item]
) -> tuple[list[Item], Json]:
    """Cut one page out of ``items`` and return it with the page's own fields.

    The token names the item before the page, so items added in front do not shift what follows.
    """
    size, number = int(str(given.get("PageSize", 50))), int(str(given.get("Page", 0)))
    token = str(given.get("PageToken", ""))
    if number and not token:
        raise Refused(20001, detail="Page needs a PageToken")
    start = _after(items, token)
    shown = list(items[start : start + size])
    kept = [(name, value) for name, value in query if name not in ("Page", "PageToken", "PageSize")]

    def uri(index: int, begin: int) -> str:
        token = [("PageToken", f"PA{items[begin - 1].sid}")] if begin else []
        return f"{path}?{urlencode([*kept, ('PageSize', str(size)), ('Page', str(index)), *token])}"

    more, back = start + size < len(items), max(start - size, 0)
    return shown, {
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(len(shown) - 1, 0),
        "uri": uri(number, start),
        "first_page_uri": uri(0, 0),
        "next_page_uri": uri(number + 1, start + size) if more else None,
        "previous_page_uri": uri(max(number - 1, 0), back) if start else None,
    }


def _after(items: Sequence[Item], token: str) -> int:
    if not token:
        return 0
    for index, item in enumerate(items):
        if token == f"PA{item.sid}":
            return index + 1
    raise Refused(20001, detail="PageToken")
