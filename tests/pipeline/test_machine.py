"""The promises under crashes at any step, lost answers, repeats, disorder and a jumping clock."""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bridge.domain.content import Text
from bridge.domain.events import ButtonPressed, ChatDeleted, ChatEdited, ChatPosted, DeliveryReported, TextReceived
from bridge.domain.identity import identify
from bridge.domain.messages import MessageStatus
from bridge.domain.people import ChatRef, Person
from bridge.store.migrate import upgrade
from tests.pipeline.bridging import LINE, ROOM, Bridging
from tests.pipeline.doubles import Trouble

CONTACTS = ("+15550100200", "+15550100201")
ANA = Person("chat", "UANA")
PATTERN: dict[str, Path] = {}
# Enough for a run of the suite; HYPOTHESIS_PROFILE=explore looks further, and shrinks what it finds.
QUICK = settings(max_examples=80, stateful_step_count=40, phases=[Phase.explicit, Phase.generate])
THOROUGH = settings(max_examples=1000, stateful_step_count=50)
CHOSEN = QUICK if settings.get_current_profile_name() == "ci" else THOROUGH


@pytest.fixture(scope="module", autouse=True)
def _pattern(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A database with its tables, copied for each example."""
    PATTERN["file"] = tmp_path_factory.mktemp("machine") / "pattern.db"
    upgrade(f"sqlite:///{PATTERN['file']}")


@dataclass
class Reply:
    """A reply as accepted. ``allowed``: how often it may be on the phone; ``stopped``: somebody tried to stop it."""

    contact: str
    ref: ChatRef
    root: ChatRef
    words: str
    comment: bool
    allowed: int = 1
    stopped: bool = False
    later: str = ""

    @property
    def id(self) -> str:
        """The id of its message."""
        return identify("reply", "chat", self.ref.room, self.ref.id)

    def texts(self) -> tuple[str, ...]:
        """What may arrive."""
        return (self.words, self.later) if self.later else (self.words,)


class Machine(RuleBasedStateMachine):
    """People, faults and crashes in any order."""

    @initialize(undo=st.sampled_from([0.0, 5.0]))
    def begin(self, undo: float) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="textbridge-machine-"))
        shutil.copy(PATTERN["file"], self.folder / "bridge.db")
        self.bridge = self.made(undo)
        self.texts: dict[str, list[str]] = {contact: [] for contact in CONTACTS}
        self.replies: list[Reply] = []
        self.count = 0
        self.vanished: set[str] = set()

    def made(self, undo: float) -> Any:
        """The installation, whose platform is a double."""
        return Bridging(self.folder / "bridge.db", undo)

    def _next(self) -> int:
        self.count += 1
        return self.count

    # people

    @rule(contact=st.sampled_from(CONTACTS), copies=st.integers(1, 2))
    def text(self, contact: str, copies: int) -> None:
        number = self._next()
        sid, body = f"SM{number}", f"text {number}"
        event = TextReceived(
            account="main", external_id=sid, provider_id=sid, sender=contact, recipient=LINE, body=body
        )
        for _ in range(copies):
            self.bridge.webhook(sid, event)
        self.texts[contact].append(body)

    @rule(which=st.integers(0, 3), comment=st.booleans(), copies=st.integers(1, 2))
    def reply(self, which: int, copies: int, *, comment: bool) -> None:
        cards = [post for post in self.bridge.rooms.posts if post.kind == "card"]
        if not cards:
            return
        card, number = cards[which % len(cards)], self._next()
        if not self.bridge.knows(card.ref):
            return  # nobody answers a card within the moment it takes to be written down
        contact = next(one for one in CONTACTS if one[-4:] == card.words[-4:])
        words, ref = f"reply {number}", self.bridge.rooms.fresh(ROOM)
        event = ChatPosted(
            external_id=f"m{number}",
            ref=ref,
            thread=card.ref,
            author=ANA,
            content=(Text(f"// {words}" if comment else words),),
        )
        for _ in range(copies):
            self.bridge.chat(event.external_id, event)
        self.replies.append(Reply(contact, ref, card.ref, words, comment))

    @precondition(lambda self: self.replies)
    @rule(which=st.integers(0, 9))
    def delete(self, which: int) -> None:
        reply = self.replies[which % len(self.replies)]
        reply.stopped = True
        self.bridge.chat(
            f"d{reply.ref.id}", ChatDeleted(external_id=f"d{reply.ref.id}", ref=reply.ref, thread=reply.root)
        )

    @precondition(lambda self: self.replies)
    @rule(which=st.integers(0, 9))
    def edit(self, which: int) -> None:
        reply = self.replies[which % len(self.replies)]
        if reply.later or reply.comment:
            return
        reply.later = f"{reply.words}, rather"
        event = ChatEdited(
            external_id=f"e{reply.ref.id}", ref=reply.ref, thread=reply.root, author=ANA, content=(Text(reply.later),)
        )
        self.bridge.chat(event.external_id, event)

    @precondition(lambda self: self.bridge.rooms.asked)
    @rule(which=st.integers(0, 3))
    def send_again(self, which: int) -> None:
        asked = sorted(self.bridge.rooms.asked)
        message, number = asked[which % len(asked)], self._next()
        reply = next((one for one in self.replies if one.id == message), None)
        if reply is None:
            return
        reply.allowed += 1
        event = ButtonPressed(
            external_id=f"b{number}", ref=reply.root, thread=reply.root, author=ANA, action="again", value=message
        )
        self.bridge.chat(event.external_id, event)

    # the outside

    @rule(
        trouble=st.sampled_from(
            cast("list[Trouble]", ["lose_answer", "lose_request", "deferred", "credentials", "bug", "blind"])
        ),
        rooms=st.booleans(),
    )
    def go_wrong(self, trouble: Trouble, *, rooms: bool) -> None:
        (self.bridge.rooms if rooms else self.bridge.phones).troubles.pending.append(trouble)

    @precondition(lambda self: any(post.kind == "card" for post in self.bridge.rooms.posts))
    @rule(which=st.integers(0, 3))
    def lose_a_thread(self, which: int) -> None:
        cards = [post for post in self.bridge.rooms.posts if post.kind == "card" and post.ref.id not in self.vanished]
        if cards and len(self.vanished) < 2:
            card = cards[which % len(cards)]
            self.vanished.add(card.ref.id)
            self.bridge.rooms.remove(card.ref.id)

    @precondition(lambda self: any(self.bridge.phones.got.values()))
    @rule(which=st.integers(0, 9), status=st.sampled_from([MessageStatus.SENT, MessageStatus.DELIVERED]))
    def callback(self, which: int, status: MessageStatus) -> None:
        sent = [key for got in self.bridge.phones.got.values() for key, _ in got]
        key = sent[which % len(sent)]
        event = DeliveryReported(
            account="main", external_id=f"{key}:{status}", provider_id=f"sid-{key}", status=status, key=key
        )
        self.bridge.webhook(event.external_id, event)

    # time and processes

    @rule(seconds=st.sampled_from([0.5, 3.0, 6.0, 31.0, 130.0, 3600.0, -3600.0]))
    def wait(self, seconds: float) -> None:
        self.bridge.now += timedelta(seconds=seconds)

    @rule()
    def process(self) -> None:
        self.bridge.process()

    @rule()
    def turn(self) -> None:
        self.bridge.turn()

    @rule(which=st.integers(0, 5), dies=st.booleans())
    def call(self, which: int, *, dies: bool) -> None:
        self.bridge.call(which, dies=dies)

    @rule(times=st.integers(1, 3))
    def carry_on(self, times: int) -> None:
        for _ in range(times):
            self.bridge.process()
            self.bridge.turn()
            while self.bridge.running.calls:
                self.bridge.call()
            self.bridge.turn()

    @rule()
    def crash(self) -> None:
        self.bridge.crash()

    # what must hold

    @invariant()
    def phones_are_right(self) -> None:
        for contact in CONTACTS:
            got = [words for _, words in self.bridge.phones.got.get(contact, [])] if hasattr(self, "bridge") else []
            mine = [reply for reply in self.replies if reply.contact == contact] if got else []
            times = Counter(got)
            for reply in mine:
                arrived = sum(times[words] for words in reply.texts())
                assert arrived <= (0 if reply.comment else reply.allowed), f"{reply} arrived {arrived} times"
            once = {words: place for place, reply in enumerate(mine) if reply.allowed == 1 for words in reply.texts()}
            order = [once[words] for words in got if words in once]
            assert order == sorted(order), f"out of order: {got}"

    def teardown(self) -> None:
        if not hasattr(self, "bridge"):
            return
        try:
            self.bridge.settle()
            self.phones_are_right()
            self._threads_are_right()
            self._nothing_is_forgotten()
        finally:
            self.bridge.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _threads_are_right(self) -> None:
        posts = self.bridge.rooms.posts
        for contact in CONTACTS:
            roots = {post.ref.id for post in posts if post.kind == "card" and post.words[-4:] == contact[-4:]}
            texts = [post for post in posts if post.kind == "text" and post.thread in roots]
            there = {post.words for post in texts if post.thread not in self.bridge.rooms.gone}
            # a text whose answer was lost together with its thread can be found by nobody, and is shown once more
            shown = [
                post.words for post in texts if post.thread not in self.bridge.rooms.gone or post.words not in there
            ]
            assert shown == self.texts[contact]

    def _nothing_is_forgotten(self) -> None:
        for reply in self.replies:
            got: list[Any] = [words for _, words in self.bridge.phones.got.get(reply.contact, [])]
            arrived = any(words in got for words in reply.texts())
            told = self.bridge.rooms.asked[reply.id] > 0
            assert arrived or told or reply.comment or reply.stopped, f"{reply} was forgotten"


def test_promises_hold_whatever_happens(repeatable_keys: None) -> None:
    run_state_machine_as_test(Machine, settings=CHOSEN)
