"""What kind of file some bytes are, found by looking at them; what a sender declares is only trusted for plain text."""

import re
from collections.abc import Mapping

_SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF.{4}WEBP", "image/webp"),
        (rb"BM.{4}\x00\x00\x00\x00", "image/bmp"),
        (rb"II\*\x00|MM\x00\*", "image/tiff"),
        (rb".{4}ftyp(?:heic|heix|heim|heis|mif1|msf1)", "image/heic"),
        (rb".{4}ftypavi[fs]", "image/avif"),
        (rb".{4}ftyp3g2", "video/3gpp2"),
        (rb".{4}ftyp3g", "video/3gpp"),
        (rb".{4}ftypqt  ", "video/quicktime"),
        (rb".{4}ftypM4A", "audio/mp4"),
        (rb".{4}ftyp", "video/mp4"),
        (rb"\x1aE\xdf\xa3", "video/webm"),
        (rb"\x00\x00\x01[\xb3\xba]", "video/mpeg"),
        (rb"RIFF.{4}WAVE", "audio/wav"),
        (rb"OggS", "audio/ogg"),
        (rb"#!AMR", "audio/amr"),
        (rb"ID3|\xff[\xf2\xf3\xfa\xfb]", "audio/mpeg"),
        (rb"\xff[\xf0\xf1\xf8\xf9]", "audio/aac"),
        (rb"%PDF-", "application/pdf"),
        (rb"(?:\xef\xbb\xbf)?BEGIN:VCARD\b", "text/vcard"),
        (rb"(?:\xef\xbb\xbf)?BEGIN:VCALENDAR\b", "text/calendar"),
    )
)
# Not kinds of their own to the eye; a page, a drawing or a script is never taken for one of them.
_PLAIN: Mapping[str, str] = {"text/plain": "text/plain", "text/csv": "text/csv"}
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|script|svg|\?xml|iframe)", re.IGNORECASE)


def content_type(data: bytes, declared: str) -> str | None:
    """Return the type of ``data``, None for what is not carried: programs, pages, archives."""
    for pattern, kind in _SIGNATURES:
        if pattern.match(data):
            return kind
    plain = _PLAIN.get(declared.partition(";")[0].strip().lower())
    return plain if plain and _is_text(data) else None


def _is_text(data: bytes) -> bool:
    if not data or b"\0" in data or _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
