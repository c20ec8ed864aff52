"""The digest of a room: once a morning, whatever happened meanwhile, and nothing when nothing waits."""

from datetime import UTC, datetime, timedelta

from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.doing import handled
from tests.flow.world import PLAIN, World

DAY = 86_400.0


def digests(world: World) -> list[str]:
    """What the room was told in the morning."""
    told = [seen.words(post) for post in world.channel.messages.values() if post.bot_id is not None]
    return [words for words in told if "Good morning" in words]


def morning(world: World) -> float:
    """Seconds until a minute past nine."""
    now = world.clock.now()
    nine = datetime(now.year, now.month, now.day, 9, 1, tzinfo=UTC)
    return ((nine if nine > now else nine + timedelta(days=1)) - now).total_seconds()


async def test_a_room_is_told_once_a_morning_what_waits(make_world: MakeWorld) -> None:
    async with make_world() as world:
        world.line = f'{PLAIN}\n    digest: "9:00"'
        await world.start()
        world.skip(morning(world))
        await handled(world)
        assert digests(world) == []
        await world.open()
        world.skip(DAY)
        await world.until(lambda: digests(world))
        await world.restart()
        await handled(world)
        (told,) = digests(world)
        assert "1 waits for an answer, the longest #1001" in told
        assert "1 is nobody's" in told
        await world.stop()
        world.clock.skip(3 * DAY)
        await world.start()
        await world.until(lambda: len(digests(world)) == 2)
        await handled(world)
        assert len(digests(world)) == 2
