"""The same promises over the Matrix adapter, against a real Synapse, with calls that are lost, cut off and refused.

Each step is some calls to a real server, so that few runs must say much: steps are drawn by their weight, from a seed.
"""

from collections.abc import Callable, Iterator
from random import Random

import pytest
from hypothesis import settings

from bridge.domain.messages import MessageStatus
from bridge.domain.people import ChatRef
from bridge.store.migrate import upgrade
from tests.pipeline.doubles import Trouble
from tests.pipeline.matrix_bridging import MatrixBridging, Room, faulty_beside
from tests.pipeline.test_machine import CONTACTS, PATTERN, Machine, Reply
from tests.services.faulty import Fault, Proxy
from tests.services.synapse import Synapse

CALLS = (
    *("^PUT .*/send/m.room.message", "^PUT .*/send/m.room.message", "^PUT .*/send/m.reaction", "^PUT .*/redact/"),
    *("^GET .*/sync", "^GET .*/relations/", "^GET .*/event/"),
)
LIMITED = '{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2000}'
TROUBLES: tuple[Trouble, ...] = ("lose_answer", "lose_request", "deferred", "blind")
STEPS = 120
# HYPOTHESIS_PROFILE=explore looks further.
SEEDS = range(4 if settings.get_current_profile_name() == "ci" else 100)
OUTSIDE: dict[str, tuple[Synapse, Proxy]] = {}


@pytest.fixture(scope="module", autouse=True)
def _outside(tmp_path_factory: pytest.TempPathFactory, synapse: Synapse) -> Iterator[None]:
    """A database with its tables, copied for each run; the homeserver, and the proxy in front of it."""
    PATTERN["file"] = tmp_path_factory.mktemp("machine") / "pattern.db"
    upgrade(f"sqlite:///{PATTERN['file']}")
    with faulty_beside(synapse.url) as proxy:
        OUTSIDE["matrix"] = (synapse, proxy)
        yield


class MatrixMachine(Machine):
    """People who write in a room, faults on the way to it, and crashes."""

    def made(self, undo: float) -> MatrixBridging:
        server, proxy = OUTSIDE["matrix"]
        proxy.faults.clear()
        self.room = Room(server, proxy, server.register("bot"), server.register("ana"), contacts=CONTACTS)
        self.pressed: set[str] = set()
        bridge = MatrixBridging(self.folder / "bridge.db", undo, self.room)
        assert bridge.sync()
        return bridge

    def write(self, random: Random) -> None:
        cards = [post for post in self.room.posts if post.kind == "card"]
        if not cards:
            return
        card, number = random.choice(cards), self._next()
        if not self.bridge.knows(card.ref):
            return  # nobody answers a card within the moment it takes to be written down
        relation = {"m.in_reply_to": {"event_id": card.ref.id}}
        if random.random() < 0.8:
            relation = {"rel_type": "m.thread", "event_id": card.ref.id, **relation}
        words, comment = f"reply {number}", random.random() < 0.2
        said = {"msgtype": "m.text", "body": f"// {words}" if comment else words, "m.relates_to": relation}
        ref = ChatRef("chat", self.room.id, self.room.send("m.room.message", said))
        self.replies.append(Reply(card.words, ref, card.ref, words, comment))

    def withdraw(self, random: Random) -> None:
        if self.replies:
            reply = random.choice(self.replies)
            reply.stopped = True
            self.room.redact(reply.ref.id)

    def rewrite(self, random: Random) -> None:
        unchanged = [one for one in self.replies if not (one.later or one.comment or one.stopped)]
        if not unchanged:
            return
        reply = random.choice(unchanged)
        reply.later = f"{reply.words}, rather"
        new = {"msgtype": "m.text", "body": reply.later}
        relation = {"rel_type": "m.replace", "event_id": reply.ref.id}
        said = {**new, "body": f"* {reply.later}", "m.new_content": new, "m.relates_to": relation}
        self.room.send("m.room.message", said)

    def ask_again(self, random: Random) -> None:
        asked = sorted(self.room.asked)
        message = random.choice(asked) if asked else ""
        reply = next((one for one in self.replies if one.id == message), None)
        if reply is None or (note := self.room.questions[message]) in self.pressed:
            return
        self.pressed.add(note)
        reply.allowed += 1
        relation = {"rel_type": "m.annotation", "event_id": note, "key": "🔁"}
        self.room.send("m.reaction", {"m.relates_to": relation})

    def break_a_call(self, random: Random) -> None:
        status = random.choice((0, 0, 0, -1, 429, 502))
        body = LIMITED if status == 429 else "<html>"
        self.room.proxy.faults.append(Fault(random.choice(CALLS), status, body, times=random.randint(1, 2)))

    def read_and_die(self) -> None:
        self.bridge.forgets = True
        self.bridge.sync()
        self.bridge.forgets = False
        self.bridge.crash()

    def go_on(self) -> None:
        self.bridge.sync()
        self.carry_on(2)

    def steps(self, random: Random) -> list[tuple[int, Callable[[], object]]]:
        """What may happen next, each with its weight."""
        bridge = self.bridge
        reported = random.choice((MessageStatus.SENT, MessageStatus.DELIVERED))
        return [
            (10, lambda: self.text(random.choice(CONTACTS), random.randint(1, 2))),
            (14, lambda: self.write(random)),
            (2, lambda: self.withdraw(random)),
            (3, lambda: self.rewrite(random)),
            (3, lambda: self.ask_again(random)),
            (10, lambda: self.break_a_call(random)),
            (4, lambda: bridge.phones.troubles.pending.append(random.choice(TROUBLES))),
            (4, lambda: any(bridge.phones.got.values()) and self.callback(random.randint(0, 9), reported)),
            (8, lambda: self.wait(random.choice((0.5, 3.0, 6.0, 31.0, 130.0)))),
            (8, bridge.sync),
            (8, bridge.process),
            (8, bridge.turn),
            (12, lambda: bridge.call(random.randint(0, 5), dies=random.random() < 0.4)),
            (14, self.go_on),
            (3, bridge.crash),
            (3, self.read_and_die),
        ]


@pytest.mark.parametrize("seed", SEEDS)
def test_promises_hold_on_matrix_whatever_happens(seed: int, repeatable_keys: None) -> None:
    random, machine = Random(seed), MatrixMachine()
    try:
        machine.begin(random.choice((0.0, 5.0)))
        machine.text(CONTACTS[0], 1)
        machine.go_on()
        for _ in range(STEPS):
            steps = machine.steps(random)
            random.choices([step for _, step in steps], [weight for weight, _ in steps])[0]()
            machine.phones_are_right()
    finally:
        machine.teardown()
