import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bridge.adapters._sniff import content_type


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_real_pictures_are_known_whatever_was_declared(form: str) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(drawn, form)
    for declared in ("", "text/plain", "application/octet-stream", "image/heic"):
        assert content_type(drawn.getvalue(), declared) == f"image/{form.lower()}"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video/mp4"),
        (b"\0\0\0\x14ftyp3gp4\0\0\0\0", "video/3gpp"),
        (b"\0\0\0\x14ftyp3g2a\0\0\0\0", "video/3gpp2"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "video/quicktime"),
        (b"\0\0\0\x14ftypM4A \0\0\0\0", "audio/mp4"),
        (b"#!AMR\n\x3c", "audio/amr"),
        (b"ID3\x04\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"OggS\0\x02", "audio/ogg"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD", "text/vcard"),
        (b"\xef\xbb\xbfBEGIN:VCARD\nEND:VCARD", "text/vcard"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR", "text/calendar"),
    ],
)
def test_what_carriers_pass_on_is_known(data: bytes, kind: str) -> None:
    assert content_type(data, "application/octet-stream") == kind


@pytest.mark.parametrize(("declared", "kind"), [("text/plain; charset=utf-8", "text/plain"), ("TEXT/CSV", "text/csv")])
def test_plain_text_is_believed_when_it_is_text(declared: str, kind: str) -> None:
    assert content_type("à bientôt".encode(), declared) == kind


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (b"MZ\x90\0", "image/png"),
        (b"\x7fELF", "application/octet-stream"),
        (b"PK\x03\x04", "application/zip"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml"),
        (b"<!DOCTYPE html>", "text/plain"),
        (b"\xef\xbb\xbf  <script>", "text/plain"),
        (b"hello", "text/html"),
        (b"hello", "application/javascript"),
        (b"hello", ""),
        (b"caf\xe9", "text/plain"),
        (b"a\0b", "text/plain"),
        (b"", "text/plain"),
        (b"", "image/png"),
    ],
)
def test_anything_else_has_no_type(data: bytes, declared: str) -> None:
    assert content_type(data, declared) is None


@given(st.binary(max_size=40), st.text(max_size=20))
def test_any_bytes_have_a_type_or_none(data: bytes, declared: str) -> None:
    kind = content_type(data, declared)
    assert kind is None or "/" in kind
