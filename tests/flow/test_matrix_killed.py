"""A bridge that is killed, really, in an encrypted room: no key is lost or used twice, whenever it happens."""

from pathlib import Path

from tests.flow.conftest import MakeWorld
from tests.flow.sealed_room import open_sealed_room
from tests.services.synapse import Synapse
from tests.soak.child import Child

PLAIN = "    undo: 0s\n    stale_stop: false"


async def test_kills_break_no_key(make_sqlite_world: MakeWorld, synapse: Synapse, tmp_path: Path) -> None:
    async with make_sqlite_world(line=PLAIN) as world, open_sealed_room(world, synapse, tmp_path / "state") as room:
        (config := tmp_path / "textbridge.yaml").write_text(world.config_text)
        (offset := tmp_path / "clock-offset").write_text("0")
        child = Child(config, offset, tmp_path / "bridge.log", world.port)
        texts, replies = ["Is my order ready?"], list[str]()

        async def again() -> None:
            await child.kill()
            await child.start()
            await child.ready()

        async def all_is_there() -> bool:
            return await room.shown() == texts and world.got() == replies

        try:
            await child.start()
            await child.ready()
            await room.eva.sees(room.room, room.bot.user_id)
            await world.text(texts[0])
            await world.until_async(all_is_there)
            for number in range(2):
                texts.append(f"text {number}")
                await world.text(texts[-1])
                await again()
                replies.append(f"reply {number}")
                await room.reply(replies[-1])
                await again()
                await world.until_async(all_is_there)
                await again()
            last = await room.reply("// that is all")
            await room.marked(last, "🔒")
            assert await all_is_there()
            assert not [event for event in await room.messages() if event["failed"]]
            assert not [note for note in await room.notes() if "cannot be read" in note["content"]["body"]]
        finally:
            await child.close()
