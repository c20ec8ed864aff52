"""Pictures and files, both ways."""

from io import BytesIO

import aiohttp
import pytest
from PIL import Image

from bridge.sandbox.faults import FaultKind
from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.world import World

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def pictures(world: World) -> list[bytes]:
    """Files the bot put into threads."""
    ours = (post for post in world.thread() if post.user == world.slack.bot_user_id)
    return [world.slack.files[file].content for post in ours for file in post.files]


async def test_a_picture_is_shown_in_the_thread(world: World) -> None:
    await world.open()
    await world.text("look", media=[("image/png", PNG)])
    await world.until(lambda: pictures(world) == [PNG])
    await world.until(lambda: "look" in world.shown())


@pytest.mark.parametrize("kind", ["lose_answer", "lose_request", "status"])
async def test_a_picture_whose_answer_was_lost_is_there_once(world: World, kind: FaultKind) -> None:
    await world.open("one text")
    await world.idle()
    world.fault("files.completeUploadExternal", kind, 503 if kind == "status" else 0.0)
    await world.text("look", media=[("image/png", PNG)])
    await world.text("did you see it?")
    await world.until(lambda: not world.faults._pending)
    await world.idle(skipping=31)
    assert pictures(world) == [PNG]
    assert world.shown() == ["one text", "look", "did you see it?"]


@on_sqlite
async def test_a_picture_that_is_not_there_yet_is_fetched_later(world: World) -> None:
    await world.open()
    world.twilio.media.missing_for = 30
    await world.text("look", media=[("image/png", PNG)])
    await world.text("did you see it?")
    await world.until(lambda: any(entry.status == 404 for entry in world.twilio.journal))
    await world.until(lambda: pictures(world) == [PNG], skipping=31)
    await world.until(lambda: world.shown()[1:] == ["look", "did you see it?"])


@on_sqlite
async def test_a_picture_that_is_too_big_is_told_of(make_world: MakeWorld) -> None:
    async with make_world(extra="media: {max_bytes: 1024}") as world:
        await world.start()
        await world.open()
        await world.text("look", media=[("image/png", PNG + bytes(2000))])
        note = await world.until(lambda: next(iter(world.notes()), None))
        assert "could not be shown" in note
        await world.text("did you see it?")
        await world.until(lambda: world.shown()[-1] == "did you see it?")
        assert pictures(world) == []


async def test_a_file_of_a_teammate_reaches_the_phone(world: World) -> None:
    await world.open()
    file = world.slack.people.upload(world.ana.id, "map.png", PNG, "image/png")
    world.reply("this is the way", files=[file])
    await world.until(lambda: world.got() == ["this is the way"])
    (medium,) = world.phone.inbox[0].media
    assert (medium.content, medium.content_type) == (PNG, "image/png")


async def test_a_file_that_cannot_be_had_now_is_fetched_later_and_keeps_its_place(world: World) -> None:
    await world.open()
    world.fault("files.download", "status", 503)
    file = world.slack.people.upload(world.ana.id, "map.png", PNG, "image/png")
    world.reply("this is the way", files=[file])
    world.reply("turn left")
    await world.until(lambda: not world.faults._pending)
    await world.until(lambda: len(world.got()) == 2, skipping=10)
    assert world.got() == ["this is the way", "turn left"]


@on_sqlite
async def test_a_link_to_a_file_is_of_no_use_when_changed_or_old(world: World) -> None:
    await world.open()
    file = world.slack.people.upload(world.ana.id, "map.png", PNG, "image/png")
    world.reply("this is the way", files=[file])
    await world.until(world.got)
    (link,) = world.phone.inbox[0].media_urls
    async with aiohttp.ClientSession() as session:

        async def status(url: str) -> int:
            async with session.get(url) as answer:
                return answer.status

        assert await status(link) == 200
        assert await status(link[:-3] + "AAA") == 404
        world.clock.skip(90 * 86400)
        assert await status(link) == 404


async def test_a_file_the_provider_does_not_carry_goes_out_as_a_link(world: World) -> None:
    await world.open()
    file = world.slack.people.upload(world.ana.id, "offer.pdf", b"%PDF-1.7 offer", "application/pdf")
    world.reply("the offer", files=[file])
    await world.until(world.got)
    words, link = world.got()[0].split("\n")
    assert words == "the offer"
    assert world.phone.inbox[0].media == []
    async with aiohttp.ClientSession() as session, session.get(link) as answer:
        assert await answer.read() == b"%PDF-1.7 offer"
        assert answer.headers["Content-Disposition"] == "inline; filename=\"offer.pdf\"; filename*=UTF-8''offer.pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    note = await world.until(lambda: next((note for note in world.notes() if "offer.pdf" in note), None))
    assert "Went as a link that works for 24 hours" in note


@on_sqlite
@pytest.mark.parametrize(("name", "data"), [("setup.exe", b"anything"), ("readme", b"MZ\x90\x00\x03")])
async def test_a_program_is_refused_with_the_reason_and_nothing_is_texted(world: World, name: str, data: bytes) -> None:
    await world.open()
    file = world.slack.people.upload(world.ana.id, name, data, "application/octet-stream")
    world.reply("install this", files=[file])
    note = await world.until(lambda: next(iter(world.notes()), None))
    assert "programs are not sent to contacts" in note
    await world.idle()
    assert world.got() == []


@on_sqlite
@pytest.mark.parametrize("name", ["all.zip", "harmless.png"])
async def test_an_archive_is_refused_with_the_reason_and_nothing_is_texted(world: World, name: str) -> None:
    await world.open()
    file = world.slack.people.upload(world.ana.id, name, b"PK\x03\x04", f"image/{name[-3:]}")
    reply = world.reply("the photos", files=[file])
    note = await world.until(lambda: next(iter(world.notes()), None))
    assert "archives such as .zip are not sent to contacts" in note
    await world.until(lambda: world.marks(reply) == ["warning"])
    await world.idle()
    assert world.got() == []


@on_sqlite
async def test_a_large_picture_is_scaled_down_to_what_carriers_pass(world: World) -> None:
    await world.open()
    out = BytesIO()
    Image.effect_noise((1600, 1600), 90).convert("RGB").save(out, "BMP")
    file = world.slack.people.upload(world.ana.id, "photo.bmp", out.getvalue(), "image/bmp")
    world.reply("look", files=[file])
    await world.until(world.got)
    (medium,) = world.phone.inbox[0].media
    assert medium.content_type == "image/jpeg"
    assert len(medium.content) <= 5_000_000
