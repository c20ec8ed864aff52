"""What kind of file some bytes are, found by looking at them; Slack only repeats what the uploader's machine said."""

import re

_SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF.{4}WEBP", "image/webp"),
        (rb".{4}ftyp(?:heic|heix|mif1|msf1)", "image/heic"),
        (rb".{4}ftyp3g", "video/3gpp"),
        (rb".{4}ftypqt  ", "video/quicktime"),
        (rb".{4}ftypM4A", "audio/mp4"),
        (rb".{4}ftyp", "video/mp4"),
        (rb"OggS", "audio/ogg"),
        (rb"#!AMR", "audio/amr"),
        (rb"ID3|\xff[\xf2\xf3\xfa\xfb]", "audio/mpeg"),
        (rb"%PDF-", "application/pdf"),
        (rb"BEGIN:VCARD\b", "text/vcard"),
    )
)
UNKNOWN = "application/octet-stream"


def sniff(data: bytes, declared: str) -> str:
    """The type of ``data``; declared plain text is believed when it is text, anything else is ``UNKNOWN``."""
    for pattern, kind in _SIGNATURES:
        if pattern.match(data):
            return kind
    return declared if declared in {"text/plain", "text/csv"} and _is_text(data) else UNKNOWN


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False
