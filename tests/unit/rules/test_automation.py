"""Rules of the operator: when they are asked, what they choose and do, and what they must not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.config.policy import policy_of
from bridge.domain.automation import Automation, Facts
from bridge.domain.conversations import Absence, ConversationStatus, State, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer, OpenThread, PostNote, PostText, TellRoom
from bridge.domain.events import DeliveryReported, SendSettled, TimerFired
from bridge.domain.keeping import SaveTurn
from bridge.domain.messages import MessageStatus
from bridge.domain.people import Contact, RoomRef
from bridge.rules.automation.engine import automated, wants
from bridge.rules.automation.happened import after, possible
from bridge.rules.automation.texts import Patterns
from tests.unit.rules import builders
from tests.unit.rules.builders import CONTACT, reacted, text
from tests.unit.rules.town import NOON, decided, did, ran, rule, state, town

SALES = "{team: sales, by: %s}"
COMMENT = "comment: seen"


def on(happens: str, *actions: str, name: str = "example") -> str:
    """A file's rules: one asked when this happens."""
    does = "".join(f"\n      - {action}" for action in actions or (COMMENT,))
    return f"rules:\n  - name: {name}\n    on: {happens}\n    do:{does}\n"


def owner(decision: Decision) -> str | None:
    """Whose the conversation is after it."""
    assert decision.conversation is not None
    return decision.conversation.assignee


def timers(decision: Decision) -> list[ArmTimer]:
    """The timers of rules that it sets."""
    return [one for one in decision.effects if isinstance(one, ArmTimer) and one.kind == "rule"]


# when


def test_each_event_asks_the_rules_that_are_on_it() -> None:
    begun = State(contact=Contact("c1", CONTACT), fresh_number=1042, facts=Facts())
    assert ran(decided(on("conversation_opened"), text(), begun))
    assert not ran(decided(on("conversation_opened"), text()))
    done = state(conversation={"status": ConversationStatus.CLOSED, "closed_at": NOON, "waiting_since": None})
    assert ran(decided(on("conversation_reopened"), text("One more question"), done))
    assert not ran(decided(on("message_received"), text("Thanks!"), done))
    assert ran(decided(on("conversation_closed"), reacted("white_check_mark", ref=builders.ROOT)))
    assert ran(decided(on("assigned"), reacted("eyes", ref=builders.ROOT)))
    assert ran(decided(on("labelled"), builders.posted("!label +vip")))
    assert not ran(decided(on("labelled"), builders.posted("!label -vip"), state(conversation={"labels": ("vip",)})))
    assert not ran(decided(on("assigned"), builders.posted("!label +vip")))


def test_a_failed_delivery_asks_once() -> None:
    sent = builders.reply(status=MessageStatus.SENDING, hold=None, release_at=None)
    failed = SendSettled(external_id="s", message="m1", outcome="rejected", code="30003", reason="It is off.")
    assert ran(decided(on("delivery_failed"), failed, state(message=sent)))
    late = replace(sent, status=MessageStatus.FAILED)
    report = DeliveryReported(account="main", external_id="d", provider_id="SM9", status=MessageStatus.DELIVERED)
    assert not ran(decided(on("delivery_failed"), report, state(message=late)))
    assert possible(failed) == possible(report) == ("delivery_failed",)


def test_a_blocked_or_merged_conversation_asks_no_rule() -> None:
    assert not ran(decided(on("message_received"), text(), state(conversation={"blocked": True})))


def test_stop_ends_it_and_rules_see_what_those_before_them_did() -> None:
    rules = """\
rules:
  - {name: one, on: message_received, do: [{label: lead}]}
  - {name: two, on: message_received, if: {label: lead}, do: [{comment: hot}], stop: true}
  - {name: three, on: message_received, do: [{comment: never}]}
"""
    assert [name for name, _ in ran(decided(rules, text()))] == ["one", "two"]


def test_who_waits_is_told_of_when_the_time_has_passed_and_it_is_still_so() -> None:
    rules = on("{no_reply: 30m}")
    waiting = state(conversation={"waiting_since": None})
    [timer] = timers(decided(rules, text(), waiting))
    assert (timer.subject, timer.due) == ("1042:1800", NOON + timedelta(minutes=30))
    assert timers(decided(rules, text(), state())) == []
    fired = TimerFired(external_id="t", kind="rule", conversation=1042, subject="1042:1800")
    later = NOON + timedelta(minutes=30)
    assert ran(decided(rules, fired, state(), later))
    assert not ran(decided(rules, fired, state(), later - timedelta(seconds=1)))
    assert not ran(decided(rules, replace(fired, subject="1042:60"), state(), later))
    gone = ({"waiting_since": None}, {"blocked": True}, {"status": ConversationStatus.SNOOZED})
    assert not any(ran(decided(rules, fired, state(conversation=one), later)) for one in gone)
    assert not ran(decided(rules, fired, State(), later))
    assert timers(decided(rules, reacted("zzz", ref=builders.ROOT))) == []


def test_what_is_about_nobody_asks_nobody() -> None:
    policy = policy_of(town(on("message_received")), {})
    assert automated(State(), text(), Decision(), policy, NOON) == Decision()
    assert wants(text(), replace(policy, automation=Automation())) is None
    assert after(State(), Decision()) == State()
    assert possible(TimerFired(external_id="t", kind="rule", conversation=1, subject="")) == ("no_reply",)
    assert "assigned" in possible(reacted("eyes"))
    assert wants(TimerFired(external_id="t", kind="held", conversation=1, subject="m"), policy) is None
    nameless = replace(state(), contact=None)
    assert automated(nameless, text(), Decision(messages=(builders.reply(),)), policy, NOON).effects == ()


def test_only_the_facts_that_rules_ask_are_wanted() -> None:
    rules = rule("{any: [{first_time: true}]}", "assign: {team: sales, by: sticky}", "reply: {canned: pricing}")
    wanted = wants(text(), policy_of(town(rules), {}))
    assert wanted is not None
    assert (wanted.turns, wanted.loads, wanted.last_assignee, wanted.first_time) == (True, False, True, True)
    assert wanted.automatic == timedelta(hours=12)


# whose


def test_members_take_turns_past_who_is_away() -> None:
    rules = rule("{line: sales}", f"assign: {SALES % 'round_robin'}")
    to_sales = text(recipient="+15550002000")
    first = decided(rules, to_sales, state("sales"))
    assert owner(first) == "slack:U2"
    assert SaveTurn("sales", "ben") in first.effects
    assert owner(decided(rules, to_sales, state("sales", facts=Facts(turns=(("sales", "ben"),))))) == "slack:U3"
    assert owner(decided(rules, to_sales, state("sales", facts=Facts(turns=(("sales", "dana"),))))) == "slack:U2"
    away = (Absence("slack:U2"),)
    assert owner(decided(rules, to_sales, state("sales", away=away))) == "slack:U3"
    nobody = decided(rules, to_sales, state("sales", away=(*away, Absence("slack:U3"))))
    assert owner(nobody) is None
    assert did(nobody) == "found nobody of sales there"


@given(st.sampled_from(["ben", "dana"]), st.sets(st.sampled_from(["slack:U2", "slack:U3"])))
def test_turns_go_on_whoever_is_away(last: str, gone: set[str]) -> None:
    rules = rule("{line: sales}", f"assign: {SALES % 'round_robin'}")
    before = state("sales", facts=Facts(turns=(("sales", last),)), away=tuple(map(Absence, sorted(gone))))
    there = {"slack:U2", "slack:U3"} - gone
    chosen = owner(decided(rules, text(recipient="+15550002000"), before))
    assert chosen in there if there else chosen is None


def test_least_busy_sticky_and_chance() -> None:
    to_sales = text(recipient="+15550002000")
    busy = state("sales", facts=Facts(loads=(("slack:U2", 3), ("slack:U3", 1)), last_assignee="slack:U3"))
    for by, expected in (("least_busy", "slack:U3"), ("sticky", "slack:U3")):
        assert owner(decided(rule("{line: sales}", f"assign: {SALES % by}"), to_sales, busy)) == expected
    unknown = state("sales", facts=Facts(last_assignee="slack:U9"))
    assert owner(decided(rule("{line: sales}", f"assign: {SALES % 'sticky'}"), to_sales, unknown)) == "slack:U2"
    chance = rule("{line: sales}", f"assign: {SALES % 'random'}")
    chosen = [owner(decided(chance, replace(to_sales, external_id=f"e{n}"), state("sales"))) for n in range(20)]
    assert set(chosen) == {"slack:U2", "slack:U3"}
    again = [owner(decided(chance, replace(to_sales, external_id=f"e{n}"), state("sales"))) for n in range(20)]
    assert chosen == again


def test_who_of_the_team_has_it_keeps_it() -> None:
    rules = rule("{line: sales}", f"assign: {SALES % 'round_robin'}")
    theirs = state("sales", conversation={"assignee": "slack:U3"})
    decision = decided(rules, text(recipient="+15550002000"), theirs)
    assert did(decision) == "changed nothing"


def test_a_person_is_assigned_and_called_and_the_room_is_not() -> None:
    loud = rule("{}", "assign: ana").replace("rules:", "rules:", 1)
    waiting = state(conversation={"waiting_since": None})
    decision = decided(loud, text(), waiting)
    assert owner(decision) == "slack:U1"
    assert not any(effect.ring.room for effect in decision.effects if isinstance(effect, PostText))
    assert [effect.note.inserts[0].id for effect in decision.effects if isinstance(effect, PostNote)] == ["U1"]  # pyright: ignore[reportAttributeAccessIssue] - a person
    assert did(decided(loud, text(), state(conversation={"assignee": "slack:U1"}))) == "changed nothing"


def test_an_open_conversation_moves_to_the_team_and_a_new_one_opens_there() -> None:
    rules = rule("{}", "assign: {team: sales}")
    moved = decided(rules, text())
    assert moved.conversation is not None
    assert moved.conversation.team == "sales"
    assert [thread.state for thread in moved.threads if thread.id == "t1"] == [ThreadState.MOVED]
    begun = State(contact=Contact("c1", CONTACT), fresh_number=1042, facts=Facts())
    fresh = decided(rules, text(), begun)
    assert [thread.room for thread in fresh.threads] == ["C2"]
    shown = [effect.thread for effect in fresh.effects if isinstance(effect, OpenThread | PostText)]
    assert set(shown) == {fresh.threads[0].id}
    there = decided(rule("{line: sales}", "assign: {team: sales}"), text(recipient="+15550002000"), state("sales"))
    assert did(there) == "changed nothing"


def test_a_team_without_rooms_has_it_where_it_is() -> None:
    rules = rule("{}", "assign: {team: support, by: round_robin}")
    begun = State(contact=Contact("c1", CONTACT), fresh_number=1042, facts=Facts())
    gone = policy_of(town(rule("{}", "assign: {team: sales}")), {})
    lost = replace(gone, teams={"sales": replace(gone.teams["sales"], rooms=())}, lines={})
    decision = automated(begun, text(), _begun(), lost, NOON)
    assert decision.conversation is not None
    assert decision.conversation.team == "sales"
    assert owner(decided(rules, text(), begun)) == "slack:U1"


def _begun() -> Decision:
    thread = replace(builders.thread(), state=ThreadState.OPENING, root=None)
    return Decision(
        conversation=builders.conversation(),
        contact=Contact("c1", CONTACT),
        threads=(thread,),
        messages=(builders.reply(),),
    )


def test_people_teams_and_rooms_are_called_where_they_are() -> None:
    teams = ("notify: {team: support, text: look}", "notify: {team: sales}")
    decision = decided(rule("{}", *teams, "notify: {room: {platform: slack, room: C2}}"), text())
    assert [effect.room for effect in decision.effects if isinstance(effect, TellRoom)] == [RoomRef("slack", "C2")] * 2
    here = [effect for effect in decision.effects if isinstance(effect, PostNote)]
    assert [effect.note.bump for effect in here] == [True]
    assert "#1042: The rule `example` calls you here." in [
        effect.note.text for effect in decision.effects if isinstance(effect, TellRoom)
    ]


def test_what_is_so_already_is_not_done_again() -> None:
    rules = rule("{}", "label: lead", "sla: standard")
    assert (
        did(decided(rules, text(), state(conversation={"labels": ("lead",), "sla": "standard"}))) == "changed nothing"
    )


def test_patterns_fit_in_any_case_however_many_there_are() -> None:
    patterns = Patterns([r"\bprice\b", "(?P<a>one)", "(?P<a>two)", *(f"word{n}" for n in range(200))])
    assert patterns.found_in("The PRICE of word7") == {r"\bprice\b", "word7"}
    assert patterns.found_in("nothing of that") == frozenset()
    assert patterns.found_in("TWO") == {"(?P<a>two)"}
    assert Patterns([]).found_in("x") == frozenset()
    # too many for one set, and too large even for one alternation
    wide = Patterns([rf"(?:^|[^\pL\pN_])word{n}(?:$|[^\pL\pN_])" for n in range(300)])
    large = Patterns([rf"x{n}y\pL{{60}}" for n in range(8)])
    assert large.found_in("x7y" + "a" * 60) == {r"x7y\pL{60}"}
    assert wide.found_in("say word77!") == {r"(?:^|[^\pL\pN_])word77(?:$|[^\pL\pN_])"}


def test_a_pattern_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="missing"):
        Patterns(["("])


def test_names_hours_and_owners_are_conditions() -> None:
    called = rule("{contact: {name: '^mar'}}", COMMENT)
    assert ran(decided(called, text(), state(contact=Contact("c1", CONTACT, "Maria"))))
    assert not ran(decided(called, text(), state(contact=Contact("c1", CONTACT))))
    assert ran(decided(rule("{assignee: [ana, any]}", COMMENT), text(), state(conversation={"assignee": "slack:U9"})))
    assert ran(decided(rule("{assignee: ana}", COMMENT), text(), state(conversation={"assignee": "slack:U1"})))
    assert ran(decided(rule("{hours: open}", COMMENT), text(), state()))
