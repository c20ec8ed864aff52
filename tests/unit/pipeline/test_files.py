"""Files of messages, from whoever has them."""

import pytest

from bridge.domain.messages import Media, Message, MessageKind, MessageStatus
from bridge.pipeline.files import fetch, fetch_all
from bridge.ports.errors import MediaRefused, SendDeferred
from bridge.ports.provider import MediaContent
from bridge.rules import wording
from tests.pipeline.doubles import Phones, Rooms
from tests.unit.pipeline.able import PICTURE, AblePhones, AbleRooms
from tests.unit.pipeline.scripted import outside
from tests.unit.rules.builders import reply

FILE = Media("F1", "image/jpeg", "photo.jpg", 7)
INBOUND = reply(kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED, account="main", origin=None, media=(FILE,))
THEIRS = MediaContent(b"theirs", "image/jpeg")


async def test_a_file_is_fetched_from_the_side_it_came_from() -> None:
    phones, rooms = AblePhones(), AbleRooms()
    phones.file = THEIRS
    around = outside(phones, rooms)
    assert await fetch(around, INBOUND, FILE) == THEIRS
    assert await fetch(around, reply(media=(FILE,)), FILE) == PICTURE


@pytest.mark.parametrize("message", [INBOUND, reply(), reply(origin=None)])
async def test_a_file_of_somebody_who_gives_none_is_refused(message: Message) -> None:
    around = outside(Phones(), Rooms())
    with pytest.raises(MediaRefused, match="files cannot be fetched from there"):
        await fetch(around, message, FILE)


async def test_only_what_is_missing_is_fetched_and_what_is_refused_is_told_in_words() -> None:
    phones, rooms = AblePhones(), AbleRooms()
    message = reply(media=(Media("F0", "image/jpeg", stored="kept"), FILE, Media("F2", "image/jpeg", refused="gone")))
    fetched = await fetch_all(outside(phones, rooms), message, phones)
    assert fetched.files == {1: PICTURE}
    rooms.file = MediaRefused("it is too large")
    fetched = await fetch_all(outside(phones, rooms), message, phones)
    assert fetched.files == {1: "it is too large"}


@pytest.mark.parametrize("name", ["Setup.EXE", "a.pdf.js", "run.sh. ", "x.apk"])
async def test_a_program_is_refused_by_its_name_before_it_is_fetched(name: str) -> None:
    phones, rooms = AblePhones(), AbleRooms()
    rooms.file = SendDeferred("must not be asked for")
    message = reply(media=(Media("F1", "application/octet-stream", name),))
    fetched = await fetch_all(outside(phones, rooms), message, phones)
    assert fetched.files == {0: "programs are not sent to contacts"}


@pytest.mark.parametrize("data", [b"MZ\x90", b"\x7fELF\x02", b"#!/bin/sh\nrm"])
async def test_a_program_is_refused_by_how_it_begins(data: bytes) -> None:
    phones, rooms = AblePhones(), AbleRooms()
    rooms.file = MediaContent(data, "application/octet-stream", "harmless")
    message = reply(media=(Media("F1", "application/octet-stream", "harmless"),))
    fetched = await fetch_all(outside(phones, rooms), message, phones)
    assert fetched.files == {0: "programs are not sent to contacts"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("photos.ZIP", "application/octet-stream"), ("photos", "application/zip"), ("a.tar.gz", "x/y"), ("a.rar ", "x/y")],
)
async def test_an_archive_is_refused_by_its_name_or_kind(name: str, kind: str) -> None:
    phones, rooms = AblePhones(), AbleRooms()
    rooms.file = SendDeferred("must not be asked for")
    fetched = await fetch_all(outside(phones, rooms), reply(media=(Media("F1", kind, name),)), phones)
    assert fetched.files == {0: wording.MEDIA_ARCHIVE}


@pytest.mark.parametrize("name", ["zip", "offer.docx", "photo.zip.jpg"])
async def test_what_only_looks_like_an_archive_is_fetched(name: str) -> None:
    message = reply(media=(Media("F1", "application/octet-stream", name),))
    phones = AblePhones()
    assert (await fetch_all(outside(phones, AbleRooms()), message, phones)).files == {0: PICTURE}


async def test_a_file_that_may_come_later_is_not_given_up() -> None:
    phones, rooms = AblePhones(), AbleRooms()
    rooms.file = SendDeferred("not there yet")
    with pytest.raises(SendDeferred):
        await fetch_all(outside(phones, rooms), reply(media=(FILE,)), phones)
