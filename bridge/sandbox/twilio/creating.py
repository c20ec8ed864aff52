"""Create message: what Twilio checks after types and patterns, and the message it makes.

https://www.twilio.com/docs/messaging/api/message-resource and, for test accounts,
https://www.twilio.com/docs/iam/test-credentials.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from bridge.sandbox.twilio.errors import Refused
from bridge.sandbox.twilio.model import Account, Message, Number, Service, Status
from bridge.sandbox.twilio.params import Value, is_web_address
from bridge.sandbox.twilio.segments import count_segments
from bridge.sandbox.twilio.state import State

_MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
_MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
_MAGIC_GOOD = "+15005550006"
_SOONEST = timedelta(seconds=300)
_LATEST = timedelta(days=35)


def create_message(state: State, account: Account, given: Mapping[str, Value]) -> Message:
    """Check a create call's parameters, then store and return the message; raises ``Refused``."""
    to = str(given["To"])
    service = _service(state, account, given)
    sender = str(given["From"]) if "From" in given else None
    _check_sender(state, account, sender, service, to)
    body, media_urls = _content(state, given)
    _check_recipient(state, account, sender, service, to)
    send_at = _send_at(state, given, service)
    status: Status = "scheduled" if send_at else "accepted" if service else "queued"
    now = state.now()
    mms = bool(media_urls) or given.get("SendAsMms") is True
    message = Message(
        sid=state.ids.sid("MM" if mms else "SM"),
        account=account,
        direction="outbound-api",
        sender=sender,
        to=to,
        body=body,
        status=status,
        created=now,
        updated=now,
        num_media=len(media_urls),
        num_segments=0 if service and sender is None else 1 if mms else count_segments(body),
        service=service,
        status_callback=_callback(given, service),
        media_urls=media_urls,
        send_at=send_at,
        validity=cast("int | None", given.get("ValidityPeriod")),
    )
    state.store(message)
    return message


def pool(state: State, service: Service) -> list[Number]:
    """Return the numbers of a Messaging Service."""
    return [number for number in state.numbers.values() if number.service is service]


def choose_sender(state: State, service: Service, to: str) -> str:
    """Return the service's number that last texted with this recipient, else its first."""
    senders = [number.phone_number for number in pool(state, service)]
    last = state.last_sender.get((service.sid, to))
    return last if last in senders else senders[0]


def consent_key(state: State, sender: str | None, service: Service | None) -> str:
    """Return what an opt-out of this sender is recorded against."""
    if service:
        return service.sid
    number = state.numbers.get(sender or "")
    return number.consent_key if number else sender or ""


def _service(state: State, account: Account, given: Mapping[str, Value]) -> Service | None:
    sid = given.get("MessagingServiceSid")
    if sid is None:
        return None
    service = state.services.get(str(sid))
    if service is None or service.account is not account:
        raise Refused(21701, 404)
    if not pool(state, service):
        raise Refused(21703)
    return service


def _check_sender(state: State, account: Account, sender: str | None, service: Service | None, to: str) -> None:
    if sender is None:
        if service is None:
            raise Refused(21603)
        return
    if sender == to:
        raise Refused(21266)
    if account.test:
        if sender != _MAGIC_GOOD:
            raise Refused(_MAGIC_FROM.get(sender, 21606))
        return
    number = state.numbers.get(sender)
    if number is None or number.account is not account or (service and number.service is not service):
        raise Refused(21606)
    if sender.rpartition(":")[0] != to.rpartition(":")[0]:
        raise Refused(21910)


def _check_recipient(state: State, account: Account, sender: str | None, service: Service | None, to: str) -> None:
    if account.test:
        if to in _MAGIC_TO:
            raise Refused(_MAGIC_TO[to])
        return
    phone = state.phone(to)
    if phone.behaviour == "opted_out" or consent_key(state, sender, service) in phone.opted_out:
        raise Refused(21610)


def _content(state: State, given: Mapping[str, Value]) -> tuple[str, tuple[str, ...]]:
    media_urls = tuple(cast("list[str]", given.get("MediaUrl", [])))
    if not all(is_web_address(url) for url in media_urls):
        raise Refused(21620)
    if "ContentSid" in given:
        return _template(state, given), media_urls
    body = str(given.get("Body", ""))
    if not media_urls and not body.strip():
        raise Refused(21602 if "Body" in given else 21619)
    return body, media_urls


def _template(state: State, given: Mapping[str, Value]) -> str:
    template = state.templates.get(str(given["ContentSid"]))
    if template is None:
        raise Refused(21655)
    try:
        variables: Any = json.loads(str(given.get("ContentVariables", "{}")))
    except ValueError:
        raise Refused(21656) from None
    if not isinstance(variables, dict):
        raise Refused(21656)
    filled = cast("dict[str, Any]", variables)
    return re.sub(r"\{\{(\w+)\}\}", lambda name: str(filled.get(name[1], name[0])), template)


def _send_at(state: State, given: Mapping[str, Value], service: Service | None) -> datetime | None:
    if "ScheduleType" not in given:
        return None
    if service is None:
        raise Refused(35118)
    send_at = given.get("SendAt")
    if not isinstance(send_at, datetime) or not _SOONEST < send_at - state.now() <= _LATEST:
        raise Refused(35114)
    return send_at


def _callback(given: Mapping[str, Value], service: Service | None) -> str | None:
    """Return where statuses are reported: the call's address wins over the service's."""
    if "StatusCallback" in given:
        return str(given["StatusCallback"])
    return service.status_callback if service else None
