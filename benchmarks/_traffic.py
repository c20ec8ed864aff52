"""Requests as Twilio and Slack send them, signed, each with a mark that the pretend vendors recognise."""

import base64
import hmac
import json
import time
from urllib.parse import urlencode

ACCOUNT = "AC" + "0" * 32
TOKEN = "benchmark-token"  # noqa: S105 - made up
SIGNING = "benchmark-signing-secret"
PUBLIC = "https://bridge.example"
LINE = "+15550001000"
ROOM = "C0000000001"
TEAM, APP, BOT, USER = "T0000000001", "A0000000001", "U0000000002", "U0000000001"


def mark(number: int) -> str:
    """What a text carries so that it can be told apart wherever it shows."""
    return f"zq{number}qz"


def phone(number: int) -> str:
    """A contact's address."""
    return f"+1555{1_000_000 + number:07}"


def _post(path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: bridge.example", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def text_in(number: int, contact: int) -> bytes:
    """A text from a contact, with the fields Twilio sends."""
    sid = f"SM{number:032x}"
    form = {
        "ToCountry": "US",
        "ToState": "CA",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "94103",
        "SmsSid": sid,
        "FromState": "CA",
        "SmsStatus": "received",
        "FromCity": "SAN FRANCISCO",
        "Body": f"Hello, is the blue one still there? {mark(number)}",
        "FromCountry": "US",
        "To": LINE,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": phone(contact),
        "ApiVersion": "2010-04-01",
    }
    path = "/webhooks/main"
    signed = PUBLIC + path + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.digest(TOKEN.encode(), signed.encode(), "sha1")).decode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "X-Twilio-Signature": signature,
        "I-Twilio-Idempotency-Token": f"{number:08x}-0000-4000-8000-000000000000",
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
    }
    return _post(path, headers, urlencode(form).encode())


def reply_in(number: int, root: str, path: str) -> bytes:
    """A teammate's message in the thread of ``root``, as Slack's Events API posts it to ``path``."""
    words = f"Yes, until six. {mark(number)}"
    ts = f"{1_800_000_000 + number // 1000}.{number % 1000:06}"
    element = {"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}
    event: dict[str, object] = {
        "type": "message",
        "user": USER,
        "ts": ts,
        "client_msg_id": f"{number:08x}-0000-4000-8000-000000000001",
        "text": words,
        "team": TEAM,
        "thread_ts": root,
        "parent_user_id": BOT,
        "blocks": [{"type": "rich_text", "block_id": "b1", "elements": [element]}],
        "channel": ROOM,
        "event_ts": ts,
        "channel_type": "channel",
    }
    return _event(number, path, event)


def reaction_in(number: int, root: str, path: str, *, added: bool) -> bytes:
    """A teammate's 👀 on the card ``root``, given or taken back."""
    event: dict[str, object] = {
        "type": "reaction_added" if added else "reaction_removed",
        "user": USER,
        "reaction": "eyes",
        "item": {"type": "message", "channel": ROOM, "ts": root},
        "item_user": BOT,
        "event_ts": f"{1_800_000_000 + number // 1000}.{number % 1000:06}",
    }
    return _event(number, path, event)


def search_in(conversation: int, typed: str, path: str) -> bytes:
    """What Slack asks while somebody types into the search field of the form for canned responses."""
    payload = {
        "type": "block_suggestion",
        "user": {"id": USER, "team_id": TEAM},
        "team": {"id": TEAM},
        "action_id": "response",
        "value": typed,
        "view": {"callback_id": "canned", "private_metadata": f"#{conversation} {{}}"},
    }
    return _form(path, {"payload": json.dumps(payload)})


def command_in(number: int, words: str, answer_at: str, path: str) -> bytes:
    """``/sms`` with words; ``answer_at``: where Slack takes the answer."""
    form = {
        "command": "/sms",
        "text": words,
        "team_id": TEAM,
        "channel_id": ROOM,
        "user_id": USER,
        "trigger_id": f"{number}.1.x",
        "response_url": answer_at,
    }
    return _form(path, form)


def _event(number: int, path: str, event: dict[str, object]) -> bytes:
    payload = {
        "token": "x",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:09}",
        "event_time": int(time.time()),
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }
    return _signed(path, "application/json", json.dumps(payload).encode())


def _form(path: str, form: dict[str, str]) -> bytes:
    return _signed(path, "application/x-www-form-urlencoded", urlencode(form).encode())


def _signed(path: str, content_type: str, body: bytes) -> bytes:
    stamp = str(int(time.time()))
    signed = f"v0:{stamp}:".encode() + body
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": "v0=" + hmac.digest(SIGNING.encode(), signed, "sha256").hex(),
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }
    return _post(path, headers, body)
