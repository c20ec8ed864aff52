"""Pictures in both directions."""

from typing import Any

import aiohttp
import pytest

from bridge.sandbox.faults import Fault
from bridge.sandbox.twilio import MediaKnobs, TextIn
from tests.sandbox.twilio.support import LINE, PHONE, PNG, Setting, basic


async def get(url: str, **arguments: Any) -> tuple[int, bytes, str]:
    async with aiohttp.ClientSession() as session, session.get(url, **arguments) as answer:
        return (
            answer.status,
            await answer.read(),
            answer.headers.get("Location", answer.headers.get("Content-Type", "")),
        )


async def picture(setting: Setting) -> tuple[TextIn, str]:
    text = await setting.world.text_in(PHONE, LINE, "", media=[("image/png", PNG)])
    return text, setting.endpoint.seen[-1].form["MediaUrl0"]


async def test_redirect_to_another_host(setting: Setting) -> None:
    _, url = await picture(setting)
    status, _, location = await get(url, allow_redirects=False)
    assert status == 307
    assert location.startswith(setting.world.base_url.replace("127.0.0.1", "localhost") + "/cdn/")
    assert await get(url) == (200, PNG, "image/png")
    # aiohttp drops the credentials at the other host.
    account = setting.account
    assert (await get(url, headers=basic(account.sid, account.auth_token)))[:2] == (200, PNG)
    assert (await get(location, headers=basic(account.sid, account.auth_token)))[0] == 400
    assert [one.where for one in setting.world.violations] == ["media.cdn"]


async def test_addresses_on_the_cdn_expire_and_cannot_be_changed(setting: Setting) -> None:
    setting.world.media = MediaKnobs(lifetime=60)
    _, url = await picture(setting)
    _, _, location = await get(url, allow_redirects=False)
    assert (await get(location.replace("Expires=1", "Expires=2")))[0] == 403
    assert (await get(location.partition("?")[0]))[0] == 403
    setting.world.clock.skip(61)
    assert (await get(location))[0] == 403
    assert (await get(url))[0] == 200


async def test_media_may_be_missing_for_seconds(setting: Setting) -> None:
    setting.world.media = MediaKnobs(missing_for=3)
    _, url = await picture(setting)
    assert (await get(url))[0] == 404
    setting.world.clock.skip(3)
    assert (await get(url))[0] == 200


async def test_media_behind_basic(setting: Setting) -> None:
    account, world = setting.account, setting.world
    account.media_auth = True
    _, url = await picture(setting)
    key, secret = world.add_api_key(account)
    assert (await get(url))[0] == 401
    assert (await get(url, headers=basic(account.sid, secret)))[0] == 401
    assert (await get(url, headers=basic(key, secret)))[0] == 200
    assert (await get(url, headers=basic(account.sid, account.auth_token)))[0] == 200


async def test_wrong_credentials_are_refused_even_where_none_are_needed(setting: Setting) -> None:
    _, url = await picture(setting)
    assert (await get(url, headers=basic(setting.account.sid, "wrong")))[0] == 401


async def test_faults(setting: Setting) -> None:
    _, url = await picture(setting)
    setting.world.faults.add(Fault("media", "status", 500))
    setting.world.faults.add(Fault("media.cdn", "html"))
    setting.world.faults.add(Fault("media.cdn", "lose_answer", times=2))  # aiohttp repeats a broken GET once by itself
    assert (await get(url))[0] == 500
    assert (await get(url))[2].startswith("text/html")
    with pytest.raises(aiohttp.ClientError):
        await get(url)
    assert (await get(url))[:2] == (200, PNG)


async def test_media_of_nobody(setting: Setting) -> None:
    text, url = await picture(setting)
    assert (await get(url.replace(text.message.media[0].sid, "ME" + "0" * 32)))[0] == 404
    assert (await get(url.replace(setting.account.sid, "AC" + "0" * 32)))[0] == 404


async def test_the_list_of_media(setting: Setting) -> None:
    text, _ = await picture(setting)
    resource = setting.client.messages(text.message.sid).media
    [listed] = await setting.call(resource.list)
    assert (listed.sid, listed.content_type, listed.parent_sid) == (
        text.message.media[0].sid, "image/png", text.message.sid,
    )  # fmt: skip
    assert await setting.call(resource(listed.sid).delete) is True
    assert await setting.call(resource.list) == []


async def test_a_picture_to_the_phone(setting: Setting) -> None:
    setting.endpoint.files["/a.png"] = ("image/png", PNG)
    made = await setting.create(body=None, media_url=[setting.endpoint.url("/a.png"), setting.endpoint.url("/a.png")])
    assert (made.sid[:2], made.num_media, made.body) == ("MM", "2", "")
    await setting.world.settled()
    [message] = setting.world.phone(PHONE).inbox
    assert [(one.content_type, one.content) for one in message.media] == [("image/png", PNG)] * 2
    shown = f"{setting.world.base_url}/phone-media/{message.media[0].sid}"
    assert await get(shown) == (200, PNG, "image/png")
    assert len(await setting.call(setting.client.messages(made.sid).media.list)) == 2


@pytest.mark.parametrize(
    ("path", "file", "code"),
    [
        ("/gone", None, 11200),
        ("/page", ("text/html", b"<html>"), 12300),
        ("/big.png", ("image/png", b"x" * 5_000_001), 11751),
        ("/big.pdf", ("application/pdf", b"x" * 500_001), 11751),
        ("/right.png", ("image/png", b"x" * 5_000_000), None),
    ],
)
async def test_media_that_cannot_be_fetched(
    setting: Setting, path: str, file: tuple[str, bytes] | None, code: int | None
) -> None:
    if file:
        setting.endpoint.files[path] = file
    else:
        setting.endpoint.answers.append((404, "", ""))
    await setting.create(media_url=[setting.endpoint.url(path)], status_callback=setting.endpoint.url("/status"))
    await setting.world.settled()
    assert setting.endpoint.statuses() == (["failed"] if code else ["sent", "delivered"])
    assert setting.endpoint.seen[-1].form.get("ErrorCode") == (str(code) if code else None)
    assert bool(setting.world.phone(PHONE).inbox) is not bool(code)
    [entry] = [one for one in setting.world.journal if one.kind == "media_fetch"]
    assert entry.url == setting.endpoint.url(path)


async def test_media_at_a_host_that_does_not_answer(setting: Setting) -> None:
    setting.endpoint.answers.extend(["cut", "cut"])
    made = await setting.create(media_url=[setting.endpoint.url("/cut")])
    await setting.world.settled()
    assert (setting.world.message(made.sid).status, setting.world.message(made.sid).error_code) == ("failed", 11200)


async def test_a_text_behind_a_picture_arrives_behind_it(setting: Setting) -> None:
    setting.endpoint.files["/a.png"] = ("image/png", PNG)
    first = await setting.create(media_url=[setting.endpoint.url("/a.png")])
    second = await setting.create(body="did you see it?")
    await setting.world.settled()
    assert [one.sid for one in setting.world.phone(PHONE).inbox] == [first.sid, second.sid]
