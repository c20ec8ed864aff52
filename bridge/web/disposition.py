"""Whether a browser shows a file or saves it, and by which name (RFC 6266)."""

import re
from urllib.parse import quote

_SHOWN = ("image/", "audio/", "video/", "application/pdf")
_RUNS_SCRIPTS = "image/svg"
_FOREIGN = re.compile(r"[^A-Za-z0-9._ -]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f/\\\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff]")
_LONGEST = 200


def disposition(content_type: str, name: str) -> str:
    """Return the value of ``Content-Disposition``: pictures, sound, films and PDF are shown, everything else is saved.

    ``name``: as the writer's device called it; no path and nothing invisible of it is kept.
    """
    shown = content_type.startswith(_SHOWN) and not content_type.startswith(_RUNS_SCRIPTS)
    kind = "inline" if shown else "attachment"
    clean = _UNSEEN.sub("_", name).strip(". ")[-_LONGEST:] or "file"
    return f"{kind}; filename=\"{_FOREIGN.sub('_', clean)}\"; filename*=UTF-8''{quote(clean, safe='')}"
