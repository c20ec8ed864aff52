"""What cannot be handled is kept, counted and handled once the cause is gone."""

from typing import Any

import aiohttp
import pytest

from bridge.adapters.providers.twilio.provider import Twilio
from bridge.observability import SET_ASIDE, UNREADABLE
from bridge.sandbox.twilio.signature import sign
from bridge.store import inspect
from tests.flow import seen
from tests.flow.conftest import Entries
from tests.flow.databases import on_sqlite
from tests.flow.world import CONTACT, LINE, World

OTHER = "+15550001009"


async def replay(world: World) -> None:
    """``textbridge inbox replay``."""
    assert world.service is not None
    assert await world.service.store.transact(inspect.replay) == 1


def counted(counter: Any) -> float:
    """A counter over all its labels."""
    samples = (sample for metric in counter.collect() for sample in metric.samples)
    return sum(sample.value for sample in samples if sample.name.endswith("_total"))


def signs(world: World) -> list[str]:
    """What the bot says in the room itself, cards left out."""
    ours = (post for post in world.posts() if post.user == world.slack.bot_user_id and not post.is_reply)
    return [words for post in ours if "inbox replay" in (words := seen.words(post))]


async def test_a_text_that_could_be_read_the_second_time_is_as_good_as_any(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = Twilio.parse, [1]

    def parse(self: Twilio, request: Any) -> Any:
        if left:
            left.clear()
            raise IndexError("a bug of a moment")
        return real(self, request)

    monkeypatch.setattr(Twilio, "parse", parse)
    await world.text("easy to read")
    await world.until(lambda: world.shown() == ["easy to read"])
    assert signs(world) == []


@on_sqlite
async def test_why_a_genuine_request_makes_no_sense_is_said(world: World, logged: Entries) -> None:
    fields = {"AccountSid": world.account.sid, "Body": "words of somebody", "From": CONTACT}
    url = f"{world.url}/webhooks/main"
    headers = {"X-Twilio-Signature": sign(world.account.auth_token, url, fields.items())}
    async with aiohttp.ClientSession() as session, session.post(url, data=fields, headers=headers) as answer:
        assert answer.status == 200
    assert world.service is not None
    listed: list[str | None] = []

    async def kept() -> bool:
        assert world.service is not None
        listed[:] = [row.problem for row in await world.service.store.transact(inspect.list_set_aside)]
        return bool(listed)

    await world.until_async(kept)
    assert listed == ["Unreadable: no field MessageSid"]
    told = [entry["error"] for entry in logged if entry["event"] in {"request kept unread", "row set aside"}]
    assert told == ["Unreadable: no field MessageSid"] * 2


async def test_a_text_to_an_unknown_number_is_kept_until_the_line_is_configured(world: World) -> None:
    before = counted(SET_ASIDE)
    world.twilio.add_number(world.account, OTHER, sms_url=f"{world.url}/webhooks/main")
    sent = await world.twilio.text_in(CONTACT, OTHER, "to nobody yet")
    assert sent.accepted

    async def kept() -> bool:
        return (await world.overview()).set_aside == 1

    await world.until_async(kept)
    assert counted(SET_ASIDE) == before + 1
    await world.until(lambda: any(f"no line has the address {OTHER} on account main" in note for note in signs(world)))
    await world.text("to the known line")
    await world.until(lambda: world.shown() == ["to the known line"])
    await world.stop()
    world.extra = f"""
  second-desk:
    account: main
    address: "{OTHER}"
    rooms: [{{platform: slack, room: {world.channel.id}}}]
"""
    await world.start()
    await replay(world)
    await world.until(lambda: "to nobody yet" in world.shown())
    assert len(world.roots()) == 2


async def test_a_text_that_cannot_be_read_is_kept_told_and_read_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real, broken = counted(UNREADABLE), Twilio.parse, [True]

    def parse(self: Twilio, request: Any) -> Any:
        if broken[0]:
            raise IndexError("a bug about to be mended")
        return real(self, request)

    monkeypatch.setattr(Twilio, "parse", parse)
    sent = await world.twilio.text_in(CONTACT, LINE, "hard to read")
    assert sent.accepted
    assert counted(UNREADABLE) == before + 1
    [sign] = await world.until(lambda: signs(world))
    assert "account main could not be taken in" in sign
    assert "textbridge inbox list" in sign
    assert "hard" not in sign
    assert (await world.overview()).set_aside == 1
    broken[0] = False
    await replay(world)
    await world.until(lambda: world.shown() == ["hard to read"])
    await world.idle()
    assert (await world.overview()).set_aside == 0
