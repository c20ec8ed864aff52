"""Pictures people sent are fetched, whatever goes wrong on the way."""

from typing import Any

import pytest

from bridge.domain.events import TextReceived
from bridge.domain.messages import Media
from bridge.ports.errors import CredentialsRejected, MediaRefused, SendDeferred
from bridge.ports.provider import MediaContent
from tests.adapters.twilio.recorded import PATH, PNG
from tests.adapters.twilio.support import CONTACT, LINE, Setting
from tests.contract.support import closed_port


async def picture(setting: Setting, kind: str = "image/png", content: bytes = PNG) -> Media:
    """Text a file to our line and return it as its webhook names it."""
    setting.world.numbers[LINE].sms_url = f"{setting.callbacks.url}/webhooks/main"
    await setting.world.text_in(CONTACT, LINE, "look", [(kind, content)])
    (event,) = setting.adapter().parse(setting.callbacks.seen[-1])
    assert isinstance(event, TextReceived)
    return event.media[0]


async def test_a_picture_is_fetched_with_our_log_in_and_without_it_across_the_redirect(setting: Setting) -> None:
    setting.account.media_auth = True
    media = await picture(setting)
    assert await setting.adapter().fetch_media(media, limit=len(PNG)) == MediaContent(PNG, "image/png")


async def test_an_api_key_fetches_too(setting: Setting) -> None:
    setting.account.media_auth = True
    key, secret = setting.world.add_api_key(setting.account)
    media = await picture(setting)
    assert (await setting.adapter(api_key=key, api_secret=secret).fetch_media(media, limit=1000)).data == PNG


async def test_a_wrong_log_in_is_a_matter_of_credentials(setting: Setting) -> None:
    setting.violations_expected = True
    media = await picture(setting)
    with pytest.raises(CredentialsRejected):
        await setting.adapter(auth_token="0" * 32).fetch_media(media, limit=1000)


async def test_a_picture_not_there_yet_is_fetched_a_little_later(setting: Setting) -> None:
    setting.world.media.missing_for = 3
    media = await picture(setting)
    with pytest.raises(SendDeferred) as deferred:
        await setting.adapter().fetch_media(media, limit=1000)
    assert deferred.value.retry_after is not None
    assert 1 <= deferred.value.retry_after <= 3
    setting.world.clock.skip(3)
    assert (await setting.adapter().fetch_media(media, limit=1000)).data == PNG


async def test_an_expired_address_is_asked_for_again(setting: Setting) -> None:
    media = await picture(setting)
    setting.world.media.lifetime = -1
    with pytest.raises(SendDeferred):
        await setting.adapter().fetch_media(media, limit=1000)


async def test_the_type_is_what_the_bytes_say(setting: Setting) -> None:
    media = await picture(setting, "image/jpeg", PNG)
    assert (await setting.adapter().fetch_media(media, limit=1000)).content_type == "image/png"


async def test_a_file_that_is_not_what_it_claims_is_refused(setting: Setting) -> None:
    media = await picture(setting, "image/png", b"<html><script>alert(1)</script>")
    with pytest.raises(MediaRefused, match="kind of file"):
        await setting.adapter().fetch_media(media, limit=1000)


async def test_a_file_larger_than_the_limit_is_refused(setting: Setting) -> None:
    media = await picture(setting, "image/png", PNG + b"\0" * 2_000_000)
    with pytest.raises(MediaRefused, match="larger than 2 MB"):
        await setting.adapter().fetch_media(media, limit=2_000_000)


@pytest.mark.parametrize("where", ["media", "media.cdn"])
@pytest.mark.parametrize(("kind", "value"), [("status", 503), ("rate_limited", 4), ("lose_request", 0)])
async def test_trouble_on_the_way_passes(setting: Setting, where: str, kind: Any, value: float) -> None:
    media = await picture(setting)
    setting.fault(where, kind, value, times=2)
    with pytest.raises(SendDeferred) as deferred:
        await setting.adapter().fetch_media(media, limit=1000)
    assert deferred.value.whole_target is (kind == "rate_limited")


async def test_nobody_there_passes(setting: Setting) -> None:
    base = f"http://127.0.0.1:{closed_port()}"
    with pytest.raises(SendDeferred):
        await setting.adapter(api_url=base).fetch_media(Media(base + PATH, "image/png"), limit=1000)
