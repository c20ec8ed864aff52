"""The world as JSON, for a page; the shape is in README.md."""

from collections import defaultdict
from typing import Any

from bridge.sandbox.twilio.journal import Entry
from bridge.sandbox.twilio.model import Message, Phone
from bridge.sandbox.twilio.state import State

Json = dict[str, Any]
SHOWN_ENTRIES = 100


def snapshot(state: State) -> Json:
    """Return lines, phones with their conversations, the newest journal entries and the violations."""
    talks: dict[str, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
    for message in state.history:
        inward = message.direction == "inbound"
        phone, line = (message.sender, message.to) if inward else (message.to, message.sender)
        talks[phone or ""][line or (message.service.sid if message.service else "")].append(_message(message))
    journal = state.journal
    return {
        "now": state.now().isoformat(),
        "lines": [
            {
                "phone_number": number.phone_number,
                "friendly_name": number.friendly_name,
                "sid": number.sid,
                "account_sid": number.account.sid,
                "sms_url": number.sms_url,
                "service_sid": number.service.sid if number.service else None,
            }
            for number in state.numbers.values()
        ],
        "phones": [_phone(phone, talks[phone.number]) for phone in list(state.phones.values())],
        "journal": [_entry(journal[index]) for index in range(max(0, len(journal) - SHOWN_ENTRIES), len(journal))],
        "violations": [
            {"at": one.at.isoformat(), "where": one.where, "detail": one.detail}
            for one in journal.violations[-SHOWN_ENTRIES:]
        ],
    }


def _phone(phone: Phone, talks: dict[str, list[Json]]) -> Json:
    return {
        "number": phone.number,
        "name": phone.name,
        "behaviour": phone.behaviour,
        "error_code": phone.error_code,
        "delay": phone.delay,
        "opted_out": sorted(phone.opted_out),
        "conversations": [{"line": line, "messages": messages} for line, messages in talks.items()],
    }


def _message(message: Message) -> Json:
    return {
        "sid": message.sid,
        "direction": "in" if message.direction == "inbound" else "out",
        "from": message.sender,
        "to": message.to,
        "body": message.words,
        "status": message.status,
        "error_code": message.error_code,
        "received": message.received,
        "media": [
            {
                "sid": one.sid,
                "url": f"/phone-media/{one.sid}",
                "content_type": one.content_type,
                "size": len(one.content),
            }
            for one in message.media
        ],
        "created": message.created.isoformat(),
        "updated": message.updated.isoformat(),
        "times": {status: at.isoformat() for status, at in message.times.items()},
    }


def _entry(entry: Entry) -> Json:
    return {
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "where": entry.where,
        "method": entry.method,
        "url": entry.url,
        "status": entry.status,
        "error": entry.error,
        "seconds": round(entry.seconds, 4),
        "sid": entry.sid,
    }
