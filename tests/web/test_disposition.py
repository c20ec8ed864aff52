"""By which name a file is saved, and whether a browser may show it."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.web.disposition import disposition


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("image/png", "inline"),
        ("application/pdf", "inline"),
        ("video/mp4", "inline"),
        ("audio/mpeg", "inline"),
        ("image/svg+xml", "attachment"),
        ("text/html", "attachment"),
        ("application/octet-stream", "attachment"),
    ],
)
def test_only_what_runs_nothing_is_shown(content_type: str, kind: str) -> None:
    assert disposition(content_type, "a.bin") == f"{kind}; filename=\"a.bin\"; filename*=UTF-8''a.bin"


def test_a_name_keeps_its_letters_and_no_path() -> None:
    value = disposition("text/plain", '../Größe "1"; x.txt')
    assert value == (
        "attachment; filename=\"_Gr__e _1__ x.txt\"; filename*=UTF-8''_Gr%C3%B6%C3%9Fe%20%221%22%3B%20x.txt"
    )
    assert disposition("text/plain", "") == "attachment; filename=\"file\"; filename*=UTF-8''file"


@given(st.text(alphabet=st.characters(), max_size=400))
def test_no_name_breaks_the_header(name: str) -> None:
    value = disposition("text/plain", name)
    assert value.isascii()
    assert value.isprintable()
    assert value.count('"') == 2
    assert not set(unquote(value.rpartition("''")[2])) & set("/\\\r\n\u202e")
