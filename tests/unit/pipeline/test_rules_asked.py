"""What a decision is given besides the conversation: facts that rules ask, a digest; and settings that change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

import pytest

from bridge.config.policy import policy_of
from bridge.domain.automation import Facts, Wanted
from bridge.domain.canned import Canned
from bridge.domain.conversations import Absence, Related
from bridge.domain.decision import Decision
from bridge.domain.digest import Longest
from bridge.domain.events import CommandGiven, Event, TimerFired
from bridge.domain.past import Past
from bridge.domain.people import RoomRef
from bridge.domain.policy import Policy
from bridge.domain.queue import QueueEntry
from bridge.pipeline.in_force import InForce
from bridge.pipeline.processor import Processor, with_more
from bridge.pipeline.rehearsing import PAGE, read_pasts, rehearse
from bridge.pipeline.words import described
from tests.unit.pipeline.scripted import Script
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.pipeline.test_processor import of, rows
from tests.unit.rules.builders import ANA, CONTACT, NOW, ROOT, conversation, line, policy, posted, state, text
from tests.unit.rules.test_rehearsing import past
from tests.unit.rules.town import did, rule, town

TAKES_TURNS = rule("{language: es}", "assign: {team: support, by: round_robin}")


class Knows(Script):
    """A script that answers what rules and digests ask. ``wanted``: what was asked; ``longest``: who waits longest."""

    wanted: tuple[Wanted, str, int] | None = None
    longest: Sequence[QueueEntry] = ()

    def facts(self, wanted: Wanted, contact: str, number: int, now: datetime) -> Facts:
        self.wanted = (wanted, contact, number)
        return Facts()

    def queue_counts(self, lines: Any, people: Any) -> list[tuple[str, int]]:
        return [("mine", 0), ("waiting", len(self.longest))]

    def queue_page(self, lines: Any, people: Any, section: str, *, offset: int, platform: str) -> Sequence[QueueEntry]:
        assert (section, offset, platform) == ("waiting", 0, "slack")
        return self.longest

    def opted_out(self, lines: Sequence[str], since: datetime) -> int:
        return 2


def handled(script: Script, event: Event, counts: Policy) -> Decision:
    """Decide an event that came in; every text is Spanish."""
    script.inbox = rows("own")
    store, readers = ScriptedStore(script), {"own": of(event)}
    Processor(store.port, readers, InForce(counts), lambda: NOW, language_of=lambda _words: "es").batch(script.unit)
    [saved] = script.saved
    return saved


@pytest.mark.parametrize(
    ("away", "done"), [(None, "assigned it to ana"), ("slack:U1", "found nobody of support there")]
)
def test_a_rule_is_given_the_language_and_who_is_away(away: str | None, done: str) -> None:
    known = Knows(state=state(conversation=conversation(assignee=None)), away_=[Absence(away)] if away else [])
    decision = handled(known, text(), policy_of(town(TAKES_TURNS), {}))
    assert done in did(decision)
    assert known.wanted is not None
    assert known.wanted[1:] == ("c1", 1042)


def test_facts_of_a_first_text_are_those_of_nobody_yet_and_without_rules_none_are_read() -> None:
    first = Knows()
    handled(first, text(), policy_of(town(rule("{first_time: true}", "label: new")), {}))
    assert first.wanted is not None
    assert first.wanted[1:] == ("", 1042)
    unasked = Knows(state=state())
    handled(unasked, text(), policy())
    assert unasked.wanted is None


@pytest.mark.parametrize("somebody", [True, False])
def test_a_digest_tells_how_many_wait_and_who_waits_longest(*, somebody: bool) -> None:
    entry = QueueEntry(number=1042, name="", address=CONTACT, line="front-desk", status=conversation().status)
    script = Knows()
    script.longest = [replace(entry, since=NOW, root=ROOT)] if somebody else []
    due = TimerFired(external_id="t", kind="digest", conversation=0, subject=RoomRef("slack", "C1").key)
    desks = policy(lines={"front-desk": line(digest=time(NOW.hour, NOW.minute), hours=None)})
    digest = with_more(script.unit, state(), due, desks, NOW).digest
    assert digest is not None
    assert (digest.counts, digest.opted_out) == ({"waiting": int(somebody)}, 2)
    longest = Longest(number=1042, name="", address=CONTACT, since=NOW, root=ROOT)
    assert digest.longest == (longest if somebody else None)


def test_who_goes_away_is_shown_what_is_theirs() -> None:
    known = state()
    assert known.conversation is not None
    assert known.contact is not None
    mine = Related(conversation=known.conversation, contact=known.contact)
    assert with_more(Script(mine_=[mine]).unit, known, posted("!away"), policy(), NOW).mine == (mine,)


@pytest.mark.parametrize(("said", "title"), [("!canned hours", "hours"), ("!canned", "any")])
def test_canned_responses_are_read_by_title_or_all(said: str, title: str) -> None:
    class Has(Script):
        def canned(self, titles: Sequence[str]) -> list[Canned]:
            return [Canned(name=one, text="We are open") for one in titles]

        def find_canned(self, teams: Any, words: str, limit: int) -> list[Canned]:
            return [Canned(name="any", text="Anything")]

    found = with_more(Has().unit, state(), posted(said), policy(), NOW).canned
    assert [one.name for one in found] == [title]


def test_a_command_may_begin_a_conversation() -> None:
    new = CommandGiven(external_id="e", platform="slack", room="C1", author=ANA, text="new +15550100200 Hi")
    begun = handled(Script(), new, policy())
    assert begun.conversation is not None
    assert begun.conversation.number == 1042


def test_other_settings_count_with_the_rooms_that_took_the_place_of_others() -> None:
    before, after = policy(), policy()
    before.followed[RoomRef("slack", "C1")] = RoomRef("slack", "C9")
    in_force = InForce(before)
    in_force.replace(after)
    assert in_force.policy is after
    assert after.lines["front-desk"].rooms == (RoomRef("slack", "C9"),)


def test_rules_are_tried_on_every_page_of_what_was_texted() -> None:
    stored = [past(number=1000 + number) for number in range(PAGE + 1)]

    class Remembers(Script):
        def pasts(self, since: datetime, *, after: int, limit: int) -> list[Past]:
            assert since == NOW
            return [one for one in stored if one.number > after][:limit]

    found = read_pasts(Remembers().unit, NOW)
    assert [one.number for one in found] == [one.number for one in stored]
    assert rehearse(found, policy(), policy(), NOW, lambda _words: "").differences == ()


def test_words_are_described_without_marks() -> None:
    told = dict(described())
    assert "close" in " ".join(told)
    assert not any("`" in sentence for sentence in told.values())
