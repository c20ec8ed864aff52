"""Files both ways, and where the token goes."""

import re
from datetime import timedelta

import pytest
from aiohttp import web

from bridge.adapters.platforms.slack import files
from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.events import ChatPosted
from bridge.domain.messages import Media
from bridge.ports.errors import CredentialsRejected, MediaRefused, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.provider import MediaContent
from bridge.sandbox.faults import Fault
from bridge.sandbox.listening import listening as serving
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.conftest import Inbox, connect, listening
from tests.adapters.slack.test_posting import CARD

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100
LIMIT = 10_000


async def shared(world: SlackWorld, slack: SlackPlatform, name: str, content: bytes, mimetype: str) -> Media:
    """A file a teammate put into the channel, as the live event tells of it."""
    inbox = Inbox()
    async with listening(world, slack, inbox):
        world.people.post("ana", "support", "", files=[world.people.upload("ana", name, content, mimetype)])
        await inbox.until(lambda: len(inbox.raw) == 1)
    (event,) = slack.parse(next(iter(inbox.raw.values())).body)
    assert isinstance(event, ChatPosted)
    return event.files[0]


async def test_a_picture_is_shown_in_the_thread(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    root = await slack.open_thread(room, CARD, key="card-1")
    await slack.post_media(root, MediaContent(JPEG, "image/jpeg", "../a\n b.jpg"), key="m1")
    (file,) = world.files.values()
    assert (file.content, file.title) == (JPEG, ".._a b.jpg")
    assert re.fullmatch(r"\.\._a b-[0-9a-f]{12}\.jpg", file.name)
    posted = [message for message in world.channel("support").messages.values() if message.files]
    assert [message.thread_ts for message in posted] == [root.id]


@pytest.mark.parametrize(
    ("where", "kind", "error"),
    [
        ("files.getUploadURLExternal", "lose_answer", SendDeferred),
        ("files.upload", "lose_answer", SendDeferred),
        ("files.upload", "status", SendDeferred),
        ("files.completeUploadExternal", "lose_answer", SendOutcomeUnknown),
        ("files.completeUploadExternal", "rate_limited", SendDeferred),
    ],
)
async def test_only_the_last_step_of_an_upload_can_be_unknown(
    world: SlackWorld, slack: SlackPlatform, room: str, where: str, kind: str, error: type[Exception]
) -> None:
    root = await slack.open_thread(room, CARD, key="card-1")
    world.faults.add(Fault(where, kind, 503))  # type: ignore[arg-type]  # one of the kinds
    with pytest.raises(error):
        await slack.post_media(root, MediaContent(JPEG, "image/jpeg", "a.jpg"), key="m1")


@pytest.mark.parametrize("name", ["a.jpg", "no ending", ".hidden", ""])
async def test_a_file_whose_answer_was_lost_is_found_by_its_key(
    world: SlackWorld, slack: SlackPlatform, room: str, name: str
) -> None:
    root = await slack.open_thread(room, CARD, key="card-1")
    begun = world.clock.now()
    world.faults.add(Fault("files.completeUploadExternal", "lose_answer"))
    with pytest.raises(SendOutcomeUnknown):
        await slack.post_media(root, MediaContent(JPEG, "image/jpeg", name), key="m1")
    found = await slack.find_posted(room, root, key="m1", since=begun)
    (posted,) = [message for message in world.channel("support").messages.values() if message.files]
    assert found is not None
    assert found.id == posted.ts
    assert await slack.find_posted(room, root, key="m2", since=begun) is None
    assert await slack.find_posted(room, root, key="m1", since=begun + timedelta(minutes=5)) is None


async def test_an_empty_file_is_not_sent(slack: SlackPlatform, room: str) -> None:
    root = await slack.open_thread(room, CARD, key="card-1")
    with pytest.raises(SendRejected):
        await slack.post_media(root, MediaContent(b"", "image/jpeg", "a.jpg"), key="m1")


async def test_a_teammates_file_is_fetched_and_looked_at(world: SlackWorld, slack: SlackPlatform) -> None:
    media = await shared(world, slack, "a.png", JPEG, "image/png")
    content = await slack.fetch_media(media, limit=LIMIT)
    assert (content.data, content.content_type, content.name) == (JPEG, "image/jpeg", "a.png")


async def test_a_file_slack_wants_to_be_asked_about_is_asked_about(world: SlackWorld, slack: SlackPlatform) -> None:
    await shared(world, slack, "a.jpg", JPEG, "image/jpeg")
    (file_id,) = world.files
    content = await slack.fetch_media(Media(f"file:{file_id}", "image/jpeg"), limit=LIMIT)
    assert content.data == JPEG
    with pytest.raises(MediaRefused):
        await slack.fetch_media(Media("file:F0000009999", "image/jpeg"), limit=LIMIT)


async def test_a_large_file_is_refused_before_and_while_it_comes(world: SlackWorld, slack: SlackPlatform) -> None:
    media = await shared(world, slack, "a.jpg", JPEG, "image/jpeg")
    for known in (media, Media(media.source, media.content_type, media.name, 0)):
        with pytest.raises(MediaRefused, match="larger"):
            await slack.fetch_media(known, limit=100)


async def test_a_sign_in_page_is_no_file(world: SlackWorld, slack: SlackPlatform) -> None:
    media = await shared(world, slack, "a.jpg", JPEG, "image/jpeg")
    world.faults.add(Fault("files.download", "html"))
    with pytest.raises(MediaRefused, match="files:read"):
        await slack.fetch_media(media, limit=LIMIT)
    world.revoke_tokens()
    with pytest.raises(CredentialsRejected):
        await slack.fetch_media(media, limit=LIMIT)


@pytest.mark.parametrize("kind", ["lose_answer", "status", "lose_request"])
async def test_a_failed_download_may_be_tried_again(world: SlackWorld, slack: SlackPlatform, kind: str) -> None:
    media = await shared(world, slack, "a.jpg", JPEG, "image/jpeg")
    world.faults.add(Fault("files.download", kind, 503, times=2))  # aiohttp repeats a GET by itself, once  # type: ignore[arg-type]  # one of the kinds
    with pytest.raises(SendDeferred):
        await slack.fetch_media(media, limit=LIMIT)


async def test_a_refused_file_stays_refused(slack: SlackPlatform) -> None:
    with pytest.raises(MediaRefused, match="gone"):
        await slack.fetch_media(Media("", "image/jpeg", refused="gone"), limit=LIMIT)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a.jpg",
        "http://files.slack.com/a.jpg",
        "https://files.slack.com:444/a.jpg",
        "https://files.slack.com.evil.example/a.jpg",
        "https://files.slack.com@evil.example/a.jpg",
        "http://127.0.0.1:1/a.jpg",
        "file:///etc/passwd",
        "/a.jpg",
        "http://[::1",
        "",
    ],
)
async def test_the_token_goes_to_slacks_file_host_only(slack: SlackPlatform, address: str) -> None:
    with pytest.raises(MediaRefused):
        await slack.fetch_media(Media(address, "image/jpeg"), limit=LIMIT)


async def test_the_token_does_not_follow_a_redirect(world: SlackWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers.get("Authorization"))
        match request.path:
            case "/first":
                return web.Response(status=302, headers={"Location": "/second"})
            case "/abroad":
                return web.Response(status=302, headers={"Location": "http://127.0.0.1:1/x"})
            case "/round":
                return web.Response(status=302, headers={"Location": "/round"})
            case _:
                return web.Response(body=JPEG, content_type="image/jpeg")

    app = web.Application()
    app.router.add_get("/{path}", handle)
    async with serving(app) as origin:
        platform = connect(world, api_url=f"{origin}/api/")
        try:
            assert (await platform.fetch_media(Media(f"{origin}/first", "image/jpeg"), limit=LIMIT)).data == JPEG
            assert seen == [f"Bearer {world.bot_token}", None]
            with pytest.raises(MediaRefused, match="another site"):
                await platform.fetch_media(Media(f"{origin}/abroad", "image/jpeg"), limit=LIMIT)
            with pytest.raises(MediaRefused, match="without end"):
                await platform.fetch_media(Media(f"{origin}/round", "image/jpeg"), limit=LIMIT)
        finally:
            await platform.aclose()
    assert files.FILE_HOST == "files.slack.com"
