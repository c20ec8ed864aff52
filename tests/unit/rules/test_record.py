"""The record, labels and names, and words said to the bot."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bridge.domain.cards import INSERT, Note
from bridge.domain.content import Mention, Text
from bridge.domain.conversations import State
from bridge.domain.effects import PostNote, Record, Recorded, UpdateCard
from bridge.domain.messages import MessageKind
from bridge.domain.people import Contact, Person
from bridge.domain.policy import Policy
from bridge.domain.showing import TellRecord
from bridge.rules import mentions
from bridge.rules import owning_words as words
from bridge.rules.cards import card
from bridge.rules.commands import AVAILABLE
from bridge.rules.history import carried, history, repeated, why
from tests.unit.rules.builders import (
    ANA,
    NOW,
    REPLY,
    ROOT,
    acts,
    conversation,
    guarded,
    kinds,
    posted,
    pressed,
    reply,
    state,
    thread,
)
from tests.unit.rules.teams import (
    BEN,
    SUPPORT,
    decided,
    given,
    private,
)

# the record


def entry(act: str, actor: str = "slack:U1", detail: str = "", minutes: int = 0) -> Recorded:
    return Recorded(NOW + timedelta(minutes=minutes), Record(act, actor, "thread", None, detail))


def test_history_tells_the_last_acts_in_order() -> None:
    note = history([entry("assigned", detail="slack:U2", minutes=2), entry("text_received", "contact")])
    lines = note.text.split("\n")
    assert lines[1] == f"{INSERT} · The contact texted (thread)"
    assert lines[2] == f"{INSERT} · {INSERT} assigned {INSERT} (thread)"
    assert note.inserts == (NOW, NOW + timedelta(minutes=2), ANA, BEN)
    assert history([]) == words.NO_RECORD


def test_history_tells_what_was_said_of_an_act() -> None:
    acts = (
        entry("sorted", "assistant", "complaint 0.95, tiny, 12 ms"),
        entry("draft_asked"),
        entry("opted_out", detail="told us on the phone"),
        entry("zone_set", detail="Europe/Lisbon"),
    )
    assert history(acts[::-1]).text.split("\n")[1:] == [
        f"{INSERT} · The assistant sorted a text: complaint 0.95, tiny, 12 ms (thread)",
        f"{INSERT} · {INSERT} asked the assistant for a draft (thread)",
        f"{INSERT} · {INSERT} opted out: told us on the phone (thread)",
        f"{INSERT} · {INSERT} changed the contact's time zone: Europe/Lisbon (thread)",
    ]


def test_history_tells_what_a_rule_did() -> None:
    note = history([entry("rule_ran", "rule:prices", "changed labels: lead")])
    assert note.text.split("\n")[1] == f"{INSERT} · The rule `prices`: changed labels: lead"


def test_history_tells_times_as_clocks_show_them() -> None:
    until = NOW + timedelta(hours=2)
    note = history([entry("snoozed", detail="they write"), entry("snoozed", detail=until.isoformat())])
    lines = note.text.split("\n")
    assert lines[1] == f"{INSERT} · {INSERT} snoozed it until {INSERT} (thread)"
    assert lines[2] == f"{INSERT} · {INSERT} snoozed it until they write (thread)"
    assert note.inserts == (NOW, ANA, until, NOW, ANA)


def test_why_tells_who_answered_and_the_last_act_behind_each_thing() -> None:
    entries = [
        entry("labelled", detail=f"+lead{INSERT}", minutes=4),
        entry("claimed", minutes=3),
        entry("replied", "slack:U2", minutes=2),
        entry("claimed", "slack:U2", minutes=1),
        entry("sent", "bridge"),
    ]
    note = why(entries)
    assert [one for one in note.inserts if isinstance(one, Person)] == [BEN, ANA, ANA]
    assert note.text.endswith("changed labels: +lead (thread)")


def test_why_tells_what_rules_did_again_and_again_once() -> None:
    late = "did not text: it texted this contact not long ago"
    entries = [
        *(entry("rule_ran", "rule:hours", late, minutes=minutes) for minutes in (9, 7, 5)),
        entry("rule_ran", "rule:prices", "changed labels: lead", minutes=6),
        entry("rule_ran", "rule:hours", "texted hours", minutes=3),
        entry("claimed", minutes=2),
    ]
    note = why(entries)
    assert note.text.split("\n") == [
        "Who answered, and why things stand as they do:",
        f"{INSERT} · {INSERT} claimed (thread)",
        "What rules did:",
        f"{INSERT} · The rule `hours`: texted hours",
        f"{INSERT} · The rule `prices`: changed labels: lead",
        f"{INSERT} · The rule `hours`: {late} (3 times since {INSERT})",
    ]
    minutes = [(one - NOW) / timedelta(minutes=1) for one in note.inserts if isinstance(one, datetime)]
    assert minutes == [2, 3, 6, 9, 5]
    alone = why(entries[:5]).text
    assert (alone.count("\n"), alone.startswith("What rules did:")) == (3, True)
    many = [entry("rule_ran", f"rule:r{place}", "commented") for place in range(30)]
    assert why(many).text.count("\n") == 20
    assert why([]) == words.NO_RECORD


def test_comments_are_carried_over_with_their_authors() -> None:
    note = carried([(ANA, "// pays late"), (BEN, f"ask {INSERT} first")])
    assert note == Note(
        f"🔒 Comments so far:\n{INSERT}: pays late\n{INSERT}: ask  first", inserts=(ANA, BEN), quiet=True
    )
    assert carried([]) is None
    long = carried([(ANA, "old"), (BEN, "x" * 3000)])
    assert long is not None
    assert long.text.startswith("🔒 The last 1 comments (1 earlier ones)")
    assert long.inserts == (BEN,)


@pytest.mark.parametrize(("said_", "is_why"), [("!history", False), ("!why", True)])
def test_the_record_is_told_to_who_asks(said_: str, is_why: bool) -> None:
    decision = decided(state(), posted(said_))
    assert decision.effects == (TellRecord(ANA, "C1", ROOT, "", is_why),)


# labels, names, consent, comments


def test_labels_are_added_and_taken_away() -> None:
    decision = decided(state(conversation=conversation(labels=("spam", "old"))), posted("!label +Lead, -spam vip"))
    assert decision.conversation is not None
    assert decision.conversation.labels == ("old", "lead", "vip")


def test_a_name_and_an_opt_in_are_recorded() -> None:
    decision = decided(state(), posted("!name  Maria  Silva"))
    assert decision.contact == Contact("c1", "+15550100200", "Maria Silva")
    agreed = decided(state(conversation=conversation(opted_out=True)), posted("!optin yes, on the phone"))
    record = next(effect for effect in agreed.effects if isinstance(effect, Record))
    assert (record.act, record.detail) == ("opted_in", "yes, on the phone")


def test_watching_for_another_and_no_longer() -> None:
    decision = decided(state(), posted("!watch ben"))
    assert decision.conversation is not None
    assert decision.conversation.watchers == (BEN.key,)
    watched = state(conversation=decision.conversation)
    assert decided(watched, posted("!watch ben")).conversation is None
    off = decided(watched, posted("!unwatch ", Mention("person", "U2", "ben")))
    assert off.conversation is not None
    assert off.conversation.watchers == ()


def test_a_comment_by_word_is_kept() -> None:
    decision = decided(state(), posted("!comment pays late"))
    assert (decision.messages[0].kind, decision.messages[0].body) == (MessageKind.COMMENT, "pays late")
    from_room = decided(state(), given("#1042 comment pays late"))
    assert (from_room.messages[0].kind, from_room.messages[0].origin) == (MessageKind.COMMENT, None)
    assert PostNote("t1", words.commented("pays late", ANA), from_room.messages[0].id) in from_room.effects


# the bot, mentioned; the room


def test_a_mention_of_the_bot_is_a_command_or_a_comment_with_help() -> None:
    bot = Mention("person", "U0", "textbridge")
    claimed = decided(state(), posted(bot, " claim"))
    assert claimed.conversation is not None
    assert next(effect for effect in claimed.effects if isinstance(effect, Record)).surface == "mention"
    talk = decided(state(), posted(" ", bot, " he never pays"))
    assert talk.messages[0].kind is MessageKind.COMMENT
    assert kinds(decided(state(), posted(bot)))[-1] == "AnswerPrivately"
    assert decided(state(), posted(bot, Mention("person", "U2", "ben"))).messages[0].kind is MessageKind.COMMENT
    assert decided(state(), posted(Text("hi").text)).messages[0].kind is MessageKind.REPLY


def test_help_on_a_word() -> None:
    assert "yours" in private(decided(state(), posted("!help claim")))
    everything = private(decided(state(), posted("!help nothing")))
    assert "Write in this thread" in everything
    assert set(re.findall(r"`!(\w+)`", everything)) == AVAILABLE
    assert "`!help claim` says what a word does" in everything


def test_a_room_command_is_for_those_who_may_know() -> None:
    stranger = Person("slack", "U9")
    assert private(decided(state(), given("#1042 close", room="C9", author=stranger))) == words.NOT_HERE.text
    assert private(decided(State(), given("#4711 close"))) == words.NOT_HERE.text
    assert acts(decided(state(), given("#1042 close", room="C9"))) == ["closed"]
    assert acts(decided(state(threads=()), given("#1042 close", author=stranger))) == ["closed"]
    outsider = Person("slack", "U8", outsider=True)
    assert "Nothing done" in private(decided(state(), given("#1042 close", author=outsider)))
    assert "Write in this thread" in private(decided(state(), given("#1042")))
    assert "not a command" in private(decided(state(), given("#1042 clsoe")))
    assigned = decided(state(), given("#1042 assign <@U2>")).conversation
    assert assigned is not None
    assert assigned.assignee == BEN.key
    typed = mentions.typed_people(given("assign <@@ana:example.org>", platform="matrix"))
    assert typed == (Person("matrix", "@ana:example.org"),), "ids of some platforms begin with @"


def test_the_menu_of_further_actions() -> None:
    decision = decided(state(), pressed("more", value="watch", surface="menu"))
    assert decision.conversation is not None
    assert decision.conversation.watchers == (ANA.key,)
    assert decided(state(), pressed("more", value="gone", surface="menu")).effects == ()


def test_cards_are_drawn_again_when_a_reply_is_held_or_decided() -> None:
    held = decided(state(), posted("ask ", Mention("person", "U2", "ben")))
    assert UpdateCard("t1") in held.effects
    assert UpdateCard("t1") in decided(state(guarded()), pressed("keep")).effects
    assert UpdateCard("t1") not in decided(state(reply()), pressed("undo")).effects


def test_a_policy_without_anything_assigns_by_the_platforms_own_list() -> None:
    bare = Policy(lines={SUPPORT.name: SUPPORT})
    menus = [control for control in card(state(), thread(), bare).buttons if control.action == "assign"]
    assert getattr(menus[0], "kind", "") == "people"
    assert REPLY.room == "C1"


def test_a_rules_text_is_repeated_under_the_rules_name() -> None:
    note = repeated([replace(reply(), author=None, automatic="rule:closed", body="We are closed")], "Maria")
    assert note is not None
    assert note.text.splitlines()[1] == "The rule `closed`: We are closed"
