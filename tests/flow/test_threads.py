"""Threads are views: they may go, the conversation does not."""

from bridge.observability import ALARMS
from tests.flow import seen
from tests.flow.databases import on_sqlite
from tests.flow.world import World


def alarms(what: str) -> float:
    """How many alarms of a kind are on."""
    samples = (sample for metric in ALARMS.collect() for sample in metric.samples)
    return sum(sample.value for sample in samples if sample.labels.get("what") == what)


async def decided(world: World) -> bool:
    """Whether the rules have seen every event that came."""
    return not (await world.overview()).unhandled


def links(world: World) -> list[str]:
    """Addresses that the newest card holds."""
    return [found for found in str(world.root().blocks).split("'") if "/archives/" in found]


async def test_a_deleted_card_is_followed_by_another_with_a_link(world: World) -> None:
    first = await world.open("one text")
    world.slack.talk.remove(first)
    await world.until(lambda: not world.roots() or world.root().ts != first.ts)
    await world.until(world.roots)
    assert any(first.ts.replace(".", "") in link for link in links(world))
    await world.text("another text")
    await world.until(lambda: world.shown()[-1:] == ["another text"])
    world.reply("Yes, since noon")
    await world.until(lambda: world.got() == ["Yes, since noon"])


async def test_texts_that_meet_a_vanished_thread_are_all_shown_in_the_next_one(world: World) -> None:
    first = await world.open("one text")
    await world.idle()
    world.slack.people.delete_root(first.channel, first.ts)
    texts = [f"text {number} after it" for number in range(5)]
    for body in texts:
        await world.text(body)
    await world.until(lambda: world.roots() and len(world.shown()) >= 5)
    await world.idle()
    assert world.shown() == texts
    assert len(world.roots()) == 1
    world.reply("Yes, since noon")
    await world.until(lambda: world.got() == ["Yes, since noon"])


async def test_texts_waiting_when_the_card_is_deleted_are_shown_in_the_next_thread(world: World) -> None:
    first = await world.open("one text")
    await world.idle()
    world.fault("chat.postMessage", "rate_limited", 30)
    texts = [f"text {number} waiting" for number in range(3)]
    for body in texts:
        await world.text(body)
    await world.until(lambda: not world.faults._pending)
    world.slack.talk.remove(first)
    await world.until(lambda: world.slack.delivery.pending == 0)
    await world.until_async(lambda: decided(world))
    world.skip(31)
    await world.until(lambda: world.roots() and len(world.shown()) >= 3)
    await world.idle()
    assert world.shown() == texts


@on_sqlite
async def test_a_card_that_vanishes_twice_is_replaced_twice(world: World) -> None:
    for body in ("one text", "two texts", "three texts"):
        await world.text(body)
        await world.until(lambda body=body: body in world.shown())
        await world.idle()
        world.slack.people.delete_root(world.channel.id, world.root().ts)
    await world.text("four texts")
    await world.until(lambda: world.shown() == ["four texts"])


@on_sqlite
async def test_an_archived_channel_makes_texts_wait_with_an_alarm(world: World) -> None:
    await world.open("one text")
    await world.idle()
    world.slack.people.archive(world.channel.id)
    await world.text("another text")
    await world.text("a third text")
    await world.until(lambda: alarms("room unusable") == 1)
    assert world.shown() == ["one text"]
    world.slack.people.unarchive(world.channel.id)
    await world.until(lambda: world.shown() == ["one text", "another text", "a third text"], skipping=70)
    await world.until(lambda: alarms("room unusable") == 0)


async def test_another_room_in_the_configuration_takes_over_with_a_link(world: World) -> None:
    first = await world.open("one text")
    await world.idle()
    await world.stop()
    world.channel = world.slack.add_channel("second-desk", members=[world.ana.id, world.ben.id])
    await world.start()
    await world.text("another text")
    await world.until(lambda: world.root().channel == world.channel.id)
    await world.until(lambda: world.shown() == ["one text", "another text"])
    assert any(first.ts.replace(".", "") in link for link in links(world))
    await world.connected()
    world.reply("Yes, since noon")
    await world.until(lambda: world.got() == ["Yes, since noon"])
    world.slack.people.post(world.ben.id, first.channel, "and tomorrow", thread_ts=first.ts)
    await world.until(lambda: world.got() == ["Yes, since noon", "and tomorrow"])


@on_sqlite
async def test_texts_waiting_for_an_archived_room_go_to_the_one_configured_next(world: World) -> None:
    await world.open("one text")
    await world.idle()
    world.slack.people.archive(world.channel.id)
    await world.text("another text")
    await world.until(lambda: alarms("room unusable") == 1)
    await world.stop()
    world.channel = world.slack.add_channel("second-desk", members=[world.ana.id, world.ben.id])
    world.fault("chat.postMessage", "delay", 0.5)  # long enough for two lanes to meet at the new thread
    await world.start()
    await world.until(lambda: "another text" in world.shown(), skipping=70)
    await world.text("a third text")
    await world.until(lambda: world.shown() == ["one text", "another text", "a third text"])
    assert len(world.roots()) == 2


@on_sqlite
async def test_the_failure_of_a_reply_written_in_the_old_room_is_told_in_the_new_one(world: World) -> None:
    first = await world.open("one text")
    await world.idle()
    await world.stop()
    old = world.channel
    world.channel = world.slack.add_channel("second-desk", members=[world.ana.id, world.ben.id])
    await world.start()
    await world.text("another text")
    await world.until(lambda: world.root().channel == world.channel.id)
    await world.connected()
    world.twilio.add_phone(world.phone.number, behaviour="undelivered")
    world.slack.people.post(world.ben.id, old.id, "and tomorrow", thread_ts=first.ts)
    await world.until(lambda: seen.with_button(world.posts(), "again"))
