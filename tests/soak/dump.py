"""Everything the pretend vendors know at the end, as a file to look things up in."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.soak.outside import Outside
from tests.soak.traffic import Traffic


def write(path: Path, outside: Outside, traffic: Traffic) -> None:
    """Write threads, phones and what was done to them."""
    value: dict[str, Any] = {
        "teams": {team.platform: team.dump() for team in outside.teams},
        "texts": [
            {"sid": text.sid, "to": text.to, "from": text.sender, "status": text.status, "error": text.error_code}
            | {"words": text.words or text.body, "at": {name: str(at) for name, at in text.times.items()}}
            for text in outside.twilio.messages
        ],
        "phones": {contact: [text.sid for text in outside.twilio.phone(contact).inbox] for contact in outside.contacts},
        "written": [asdict(entry) for entry in traffic.written],
        "acts": [asdict(mark) for mark in traffic.done.marks],
        "done": dict(traffic.done.counts),
    }
    path.write_text(json.dumps(value, indent=1, default=str))
