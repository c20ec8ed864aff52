"""Files of canned responses, read when they are sent."""

from pathlib import Path

import pytest

from bridge.domain.messages import Media
from bridge.pipeline.enclosed import SCHEME, content, medium, mistake_in
from bridge.pipeline.files import fetch_all
from bridge.pipeline.in_force import InForce
from bridge.ports.errors import MediaRefused
from tests.unit.pipeline.able import AblePhones, AbleRooms
from tests.unit.pipeline.scripted import outside
from tests.unit.rules.builders import policy, reply

LIMIT = 1000


def test_only_what_is_configured_now_is_read(tmp_path: Path) -> None:
    file = tmp_path / "menu.pdf"
    file.write_bytes(b"%PDF-1.7")
    known = medium(str(file))
    found = content(known, {"menu": (known,)}, LIMIT)
    assert (found.data, found.content_type, found.name) == (b"%PDF-1.7", "application/pdf", "menu.pdf")
    for configured in ({}, {"menu": ()}, {"menu": (medium("/etc/hosts.txt"),)}):
        with pytest.raises(MediaRefused, match="does not have this file any more"):
            content(known, configured, LIMIT)
    file.write_bytes(bytes(LIMIT + 1))
    with pytest.raises(MediaRefused, match="1,001 bytes"):
        content(known, {"menu": (known,)}, LIMIT)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert mistake_in(tmp_path / "gone.png", LIMIT) == "it cannot be read (no such file or directory)"


def test_a_file_without_a_known_kind_is_only_bytes() -> None:
    assert medium("/data/strange").content_type == "application/octet-stream"
    assert "of this kind" in mistake_in(Path("/data/strange"), LIMIT)


async def test_it_is_fetched_from_the_disk_and_never_asked_of_a_platform(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes(b"hello")
    known = medium(str(file))
    phones = AblePhones()
    around = outside(phones, AbleRooms(), in_force=InForce(policy(canned_files={"note": (known,)})))
    fetched = await fetch_all(around, reply(media=(known,)), phones)
    assert fetched.files == {0: content(known, {"note": (known,)}, LIMIT)}
    unknown = await fetch_all(around, reply(media=(Media(f"{SCHEME}/etc/passwd", "text/plain", "passwd"),)), phones)
    assert unknown.files == {0: "the canned response does not have this file any more"}


def test_an_archive_by_another_name_is_told(tmp_path: Path) -> None:
    file = tmp_path / "menu.png"
    file.write_bytes(b"PK\x03\x04" + bytes(20))
    assert mistake_in(file, LIMIT) == "it is an archive, and no contact is sent one"
