"""Everything the pretend vendors know at the end, as a file to look things up in."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.flow import seen
from tests.soak.outside import Outside
from tests.soak.traffic import Traffic

NAMING = ("channel", "thread_ts", "ts", "oldest", "timestamp", "name", "metadata", "filename", "text")
"""Arguments of a call that tell what it is about."""


def write(path: Path, outside: Outside, traffic: Traffic) -> None:
    """Write threads, phones and what was done to them."""
    posts = [post for room in outside.rooms for post in outside.slack.channels[room].messages.values()]
    value: dict[str, Any] = {
        "posts": [
            {"ts": post.ts, "room": post.channel, "root": post.thread_ts, "by": post.username or post.user}
            | {"words": seen.words(post), "reactions": post.reactions, "files": post.files, "edited": post.edited}
            | {"buttons": [str(block) for block in post.blocks or [] if block["type"] == "actions"]}
            for post in posts
        ],
        "calls": [
            {"at": call.at, "method": call.method, "status": call.status, "error": call.answer.get("error")}
            | {name: call.arguments[name] for name in NAMING if name in call.arguments}
            for call in outside.slack.journal.calls
        ],
        "lost_events": [str(payload) for payload in outside.slack.delivery.lost],
        "texts": [
            {"sid": text.sid, "to": text.to, "from": text.sender, "status": text.status, "error": text.error_code}
            | {"words": text.words or text.body, "at": {name: str(at) for name, at in text.times.items()}}
            for text in outside.twilio.messages
        ],
        "phones": {contact: [text.sid for text in outside.twilio.phone(contact).inbox] for contact in outside.contacts},
        "written": [asdict(entry) for entry in traffic.written],
        "acts": [asdict(mark) for mark in traffic.acts.marks],
        "done": dict(traffic.acts.done),
    }
    path.write_text(json.dumps(value, indent=1, default=str))
