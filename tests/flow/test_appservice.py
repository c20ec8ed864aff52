"""The inbox in a Matrix room of a homeserver that pushes its events to us, as to an application service."""

import asyncio
import contextlib
import io
import json
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from yarl import URL

from bridge.adapters.platforms.matrix.registration import registration
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from bridge.domain.people import RoomRef
from bridge.observability import metrics_text
from bridge.store import inspect
from tests.flow.conftest import MakeWorld
from tests.flow.matrix_room import Room
from tests.flow.world import World
from tests.services import synapse
from tests.services.faulty import Fault, Proxy, faulty
from tests.services.matrix import people
from tests.services.network import free_port
from tests.services.synapse import REGISTRATION, Account, Synapse

BOT = "@textbridge:localhost"
SETTINGS = {"user_id": BOT, "mode": "appservice", "as_token": "a" * 64, "hs_token": "h" * 64}
BEARER = {"Authorization": f"Bearer {SETTINGS['hs_token']}"}
SENDING = "^PUT .*/send/m.room.message"
PUSH = "^PUT .*/_matrix/app/v1/transactions/"
FOR_EVER = 1_000_000


@dataclass(frozen=True)
class Server:
    """A homeserver with the registration loaded. ``pushes_to``: the port of its address for us."""

    home: Path
    synapse: Synapse
    pushes_to: int

    def restart(self) -> None:
        """Stop it and start it again: what it kept in memory is gone."""
        synapse.stop(self.home, signal.SIGTERM)
        synapse.start(self.home, urlsplit(self.synapse.url).port or 0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home, port = tmp_path_factory.mktemp("synapse"), free_port()
    settings = MatrixSettings.model_validate({"homeserver": "http://127.0.0.1", **SETTINGS})
    (home / REGISTRATION).write_text(registration(settings, f"http://127.0.0.1:{port}/platforms/matrix"))
    running = Synapse(synapse.start(home, 0))
    try:
        yield Server(home, replace(running, admin=running.register("admin", admin=True).access_token), port)
    finally:
        synapse.stop(home, signal.SIGKILL)


@dataclass
class Served:
    """A room of that server. ``calls``: ours to the homeserver; ``pushes``: its to us."""

    server: Server
    room: Room
    calls: Proxy
    pushes: Proxy


@contextlib.asynccontextmanager
async def open_served(world: World, server: Server) -> AsyncGenerator[Served]:
    async with (
        people(server.synapse, "ana", "ben") as (ana, ben),
        faulty(server.synapse.url) as calls,
        faulty(world.url, server.pushes_to) as pushes,
    ):
        room = await ana.make_room(BOT, ben.id)
        await ben.join(room)
        settings = ", ".join(f'{name}: "{value}"' for name, value in SETTINGS.items())
        world.more_platforms = f'  matrix: {{kind: matrix, homeserver: "{calls.url}", {settings}}}'
        world.rooms_shown = f'{{platform: matrix, room: "{room}"}}'
        try:
            yield Served(server, Room(world, Account(BOT, "", "TEXTBRIDGE", ""), room, ana, ben), calls, pushes)
        finally:
            await world.stop()


@pytest.fixture
async def served(make_sqlite_world: MakeWorld, server: Server) -> AsyncIterator[Served]:
    """A bridge that runs."""
    async with make_sqlite_world() as world, open_served(world, server) as served:
        await world.start()
        yield served


async def test_a_conversation_is_led_without_syncing(served: Served) -> None:
    room, world = served.room, served.room.world
    await room.open()
    reply = await room.reply("Yes, since noon")
    await world.until(lambda: world.got() == ["Yes, since noon"])
    await room.marked(reply, "☑️")
    await room.reply("// a regular")
    await room.ana.say(room.room, "!sms help")
    await room.note("`!sms queue`")
    assert world.got() == ["Yes, since noon"]
    assert not served.calls.count("/sync")
    assert all("device_id=TEXTBRIDGE" in call for call in served.calls.seen if "/send/" in call)


async def test_a_push_whose_answer_was_lost_is_taken_once(served: Served) -> None:
    room, world = served.room, served.room.world
    await room.open()
    served.pushes.faults.append(Fault(PUSH, 0))
    before = served.pushes.count(PUSH)
    await room.reply("Yes")
    await room.reply("Since noon")
    await world.until(lambda: served.pushes.count(PUSH) >= before + 3)
    await world.until(lambda: len(world.got()) >= 2)
    await world.idle()
    assert world.got() == ["Yes", "Since noon"]


async def test_what_was_written_while_the_bridge_was_away_is_pushed_again_at_once(served: Served) -> None:
    room, world = served.room, served.room.world
    await room.open()
    await world.stop()
    said = [f"away {number}" for number in range(4)]
    for words in said:
        await room.reply(words)
    await world.until(lambda: served.pushes.count(PUSH))
    await world.start()
    await world.until(lambda: len(world.got()) >= 4)
    assert world.got() == said


async def test_a_text_whose_answer_was_lost_is_shown_once_though_the_homeserver_starts_anew(served: Served) -> None:
    room, world = served.room, served.room.world
    await room.open("before")
    lost, gone = Fault(SENDING, 0), Fault(SENDING, -1, times=FOR_EVER)
    served.calls.faults += [lost, gone]
    await world.text("after")
    await world.until(lambda: lost.times == 0)
    await asyncio.to_thread(served.server.restart)
    gone.times = 0
    await room.shows("before", "after", skipping=20)
    await world.idle(skipping=20)
    await room.shows("before", "after", skipping=20)


async def test_only_the_homeserver_is_listened_to(served: Served) -> None:
    room, world = served.room, served.room.world
    card = await room.open()
    said = {"msgtype": "m.text", "body": "let me in", "m.relates_to": {"rel_type": "m.thread", "event_id": card}}
    event = {"type": "m.room.message", "event_id": "$made", "room_id": room.room, "sender": room.ana.id}
    push = {"events": [{**event, "content": said, "origin_server_ts": 1_900_000_000_000}]}
    wrong = (
        *({}, {"Authorization": "Bearer " + "a" * 64}, {"Authorization": "Bearer "}, {"Authorization": "h" * 64}),
        *({"Authorization": "Bearer h"}, {"Authorization": "Bearer \u00e9"}),
    )
    for headers in wrong:
        assert await ask(world, "PUT", "transactions/1", headers, push) == 403
        assert await ask(world, "GET", f"users/{BOT}", headers) == 403
    await world.idle()
    assert world.got() == []
    assert await ask(world, "PUT", "transactions/1", BEARER, push) == 200
    await world.until(lambda: world.got() == ["let me in"])


async def test_the_homeservers_questions_are_answered(served: Served) -> None:
    world = served.room.world
    await world.until(lambda: served.pushes.count("^POST .*/ping"))
    asked = {
        ("GET", f"users/{BOT.replace('@', '%40').replace(':', '%3A')}"): 200,
        ("GET", "users/%40somebody%3Alocalhost"): 404,
        ("GET", "rooms/%23desk%3Alocalhost"): 404,
        ("GET", "thirdparty/protocol/sms"): 404,
        ("POST", "ping"): 200,
        ("PUT", "transactions/"): 404,
        ("PUT", "transactions/empty"): 200,
    }
    for (method, path), status in asked.items():
        assert await ask(world, method, path, BEARER, {}) == status, path
    assert await ask(world, "PUT", "transactions/words", BEARER, b"[") == 400
    long = {"type": "m.room.message", "event_id": "$long", "content": {"msgtype": "m.text", "body": "x" * 2_000_000}}
    assert await ask(world, "PUT", "transactions/long", BEARER, {"events": [long, 7]}) == 200


async def test_a_push_is_not_acknowledged_while_it_cannot_be_looked_into(served: Served) -> None:
    room, world = served.room, served.room.world
    card = await room.open()
    served.calls.faults.append(Fault("^GET .*/event/", 500, times=2))
    await room.ana.answer(room.room, card, "Yes")
    await world.until(lambda: world.got() == ["Yes"])
    assert served.pushes.count(PUSH) >= 3


async def test_the_bot_comes_back_when_it_is_invited_again_and_reads_what_it_missed(served: Served) -> None:
    room, world = served.room, served.room.world
    card = await room.open()
    path = f"/_matrix/client/v3/rooms/{room.room}"
    for number in (1, 2):
        await room.ana.call("POST", f"{path}/kick", {"user_id": BOT})
        await world.text(f"text {number}")
        await room.ana.call("POST", f"{path}/invite", {"user_id": BOT})
        await room.ana.call("POST", f"{path}/kick", {"user_id": BOT, "reason": "not yet"})
        said = [await room.ana.reply(room.room, card, f"reply {number}.{part}") for part in (1, 2)]
        await room.ana.call("POST", f"{path}/invite", {"user_id": BOT})
        await room.marked(said[-1], "☑️")
        await room.shows("Is my order ready?", *(f"text {before + 1}" for before in range(number)), skipping=20)
    await world.idle(skipping=20)
    assert world.got() == ["reply 1.1", "reply 1.2", "reply 2.1", "reply 2.2"]


async def test_what_may_not_be_read_holds_up_nothing_that_is_pushed(served: Served) -> None:
    room, world = served.room, served.room.world
    card = await room.open()
    path = f"/_matrix/client/v3/rooms/{room.room}"

    async def is_there() -> bool:
        return BOT in (await room.ana.call("GET", f"{path}/joined_members"))["joined"]

    served.calls.faults.append(Fault("^GET .*/messages", 403, '{"errcode": "M_FORBIDDEN"}', times=FOR_EVER))
    await room.ana.call("POST", f"{path}/kick", {"user_id": BOT})
    await room.ana.call("POST", f"{path}/invite", {"user_id": BOT})
    await world.until_async(is_there)
    await room.ana.reply(room.room, card, "Still there?")
    await world.until(lambda: world.got() == ["Still there?"])
    assert served.calls.count("^GET .*/messages") > 0


async def test_doctor_says_whether_we_are_reached(served: Served) -> None:
    room, world = served.room, served.room.world
    assert world.service is not None
    platform = world.service.platforms["matrix"]

    async def level() -> str:
        found = await platform.check([RoomRef("matrix", room.room)])
        return next(one.level for one in found if one.check == "matrix: pushes")

    async def is_reached() -> bool:
        return await level() == "ok"

    await world.until_async(is_reached)
    served.pushes.faults.append(Fault("/ping", 500, times=FOR_EVER))
    assert await level() == "warning"


async def test_nothing_is_said_in_clear_in_a_room_that_became_encrypted(served: Served) -> None:
    room, world = served.room, served.room.world
    card = await room.open()
    path = f"/_matrix/client/v3/rooms/{room.room}/state/m.room.encryption/"
    await room.ana.call("PUT", path, {"algorithm": "m.megolm.v1.aes-sha2"})
    sealed = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "s", "sender_key": "k"}
    relation = {"rel_type": "m.thread", "event_id": card}
    await room.ana.event(room.room, "m.room.encrypted", {**sealed, "m.relates_to": relation})
    await world.until(lambda: b"encrypted messages cannot be read" in metrics_text())
    await world.text("a secret")

    async def is_tried() -> bool:
        assert world.service is not None
        return any(row.problem for row in await world.service.store.transact(inspect.list_unsettled))

    await world.until_async(is_tried)
    assert await room.shown() == ["Is my order ready?"]


async def ask(world: World, method: str, path: str, headers: dict[str, str], body: Any = None) -> int:
    """Ask the bridge as the homeserver does; returns the status."""
    url = f"{world.url}/platforms/matrix/_matrix/app/v1/{path}"
    data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, URL(url, encoded=True), headers=headers, data=data) as answer,
    ):
        assert answer.content_type == "application/json"
        return answer.status
