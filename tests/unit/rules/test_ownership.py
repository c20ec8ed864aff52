"""Whose a conversation is, and what is kept about it: the cases that the flow tests do not tell apart."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.cards import INSERT, Note
from bridge.domain.content import Mention, Text
from bridge.domain.conversations import Said, State, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import (
    AnswerPrivately,
    CarryComments,
    OpenForm,
    OpenThread,
    PostNote,
    PostText,
    Record,
    Recorded,
    Ring,
    TellRecord,
    UpdateCard,
)
from bridge.domain.events import CommandGiven, FormSubmitted, PostSettled
from bridge.domain.messages import Hold, MessageKind, MessageStatus
from bridge.domain.people import ChatRef, Contact, Person, RoomRef, Team, Teammate
from bridge.domain.policy import Policy
from bridge.rules import owning_words as words
from bridge.rules.act import Act
from bridge.rules.actions import ACTIONS
from bridge.rules.cards import card, follower
from bridge.rules.history import carried, history, why
from bridge.rules.inbound import needs_new
from bridge.rules.people import find, is_same, name_of
from bridge.rules.sending import Drop, Go, before_send
from bridge.rules.stale import is_later
from bridge.rules.threads import line_of, replace_lost
from tests.unit.rules.builders import (
    ANA,
    NOW,
    REPLY,
    ROOM,
    ROOT,
    acts,
    conversation,
    done,
    guarded,
    kinds,
    line,
    policy,
    posted,
    pressed,
    reacted,
    reply,
    state,
    text,
    thread,
)

BEN = Person("slack", "U2")
SALES_ROOM = RoomRef("slack", "C2")
MATES = (
    Teammate("ana", (("slack", "U1"), ("matrix", "@ana:x")), "manager"),
    Teammate("ben", (("slack", "U2"),)),
    Teammate("zoe", (("matrix", "@zoe:x"),), "observer"),
)
TEAMS = {
    "support": Team("support", ("ana",), room_mention=True, rooms=(ROOM,)),
    "sales": Team("sales", ("ben",), rooms=(SALES_ROOM,)),
    "night": Team("night", ("ana",)),
}
WITH: dict[str, Any] = {"teammates": MATES, "teams": TEAMS, "bots": {"slack": "U0"}}
SUPPORT = line(team="support")


def decided(the_state: State, event: Any, **changed: Any) -> Decision:
    return done(the_state, event, SUPPORT, **{**WITH, **changed})


def private(decision: Decision) -> str:
    return next(effect.note.text for effect in decision.effects if isinstance(effect, AnswerPrivately))


def owned(by: Person = ANA, **changed: Any) -> State:
    return state(conversation=conversation(assignee=by.key, **changed))


def given(command: str, **changed: Any) -> CommandGiven:
    plain = CommandGiven(external_id="c", platform="slack", room="C1", author=ANA, text=command, handle="h")
    return replace(plain, **changed)


def submitted(**changed: Any) -> FormSubmitted:
    plain = FormSubmitted(external_id="f", platform="slack", author=ANA, form="assign", context="#1042")
    return replace(plain, **changed)


# who


def test_a_person_has_one_name_on_all_platforms() -> None:
    assert name_of("matrix:@ana:x", policy(**WITH)) == "ana"
    assert name_of("slack:U9", policy(**WITH)) is None
    assert is_same("matrix:@ana:x", ANA, policy(**WITH))
    assert not is_same("slack:U9", Person("slack", "U8"), policy(**WITH))
    assert not is_same(None, ANA, policy(**WITH))
    assert find("@Ana", "matrix", policy(**WITH)) == Person("matrix", "@ana:x")
    assert find("ben", "matrix", policy(**WITH)) == BEN
    assert find("nobody", "slack", policy(**WITH)) is None


@pytest.mark.parametrize("said", ["!assign @U2", "!assign ben", "!assign @Ben"])
def test_assigning_by_name_or_mention(said: str) -> None:
    event = posted("!assign ", Mention("person", "U2", "ben")) if said == "!assign @U2" else posted(said)
    decision = decided(state(), event)
    assert decision.conversation is not None
    assert decision.conversation.assignee == BEN.key
    assert PostNote("t1", words.assigned(BEN)) in decision.effects
    assert acts(decision) == ["assigned"]


def test_assigning_oneself_rings_nobody_and_again_changes_nothing() -> None:
    decision = decided(state(), posted("!assign ana"))
    assert "PostNote" not in kinds(decision)
    assert private(decision) == words.YOURS.text
    again = decided(owned(), posted("!assign ana"))
    assert (again.conversation, acts(again)) == (None, [])


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("!assign", words.WHOM.text),
        ("!assign eve", words.unknown_person("eve").text),
        ("!assign zoe", words.MAY_NOT_OWN.text),
        ("!watch eve", words.unknown_person("eve").text),
        ("!team", words.unknown_team("", tuple(TEAMS)).text),
        ("!team nowhere", words.unknown_team("nowhere", tuple(TEAMS)).text),
        ("!team support", words.same_team("support").text),
        ("!label", words.LABEL_HOW.text),
        ("!label +a b!", words.LABEL_HOW.text),
        ("!label " + " ".join(f"l{number}" for number in range(21)), words.LABEL_HOW.text),
        ("!label -none", words.labels_now(()).text),
        ("!name", words.NAME_HOW.text),
        ("!name " + "x" * 81, words.NAME_HOW.text),
        ("!name Maria", words.named("Maria").text),
        ("!optin", words.OPT_IN_HOW.text),
        ("!comment", words.COMMENT_HOW.text),
        ("!unassign", words.ALREADY_NOBODYS.text),
        ("!unblock", words.UNBLOCKED_NOTE.text),
    ],
)
def test_what_cannot_be_done_is_explained_in_private_and_changes_nothing(said: str, answer: str) -> None:
    decision = decided(state(), posted(said))
    assert private(decision) == answer
    assert (decision.conversation, decision.messages, acts(decision)) == (None, (), [])


def test_the_bot_owns_nothing() -> None:
    decision = decided(state(), posted("!assign ", Mention("person", "U0", "textbridge")))
    assert private(decision) == words.MAY_NOT_OWN.text


def test_assigning_from_a_menu_rings_and_shows_no_private_answer() -> None:
    decision = decided(state(), pressed("assign", value="", chosen=BEN, surface="menu"))
    assert kinds(decision) == ["UpdateCard", "PostNote", "Record"]
    assert decided(state(threads=()), pressed("assign", value="ben", surface="menu")).conversation is not None


def test_the_assigned_is_rung_on_their_own_platform() -> None:
    both = state(threads=(thread(), thread(id="t2", platform="matrix", room="!r")))
    decision = decided(both, posted("!assign ", Mention("person", "@ana:x", "ana"), author=Person("slack", "U2")))
    assert decision.conversation is not None  # a mention is of the platform it was made on
    matrix = decided(both, pressed("assign", value="", chosen=Person("matrix", "@ana:x"), surface="menu", author=BEN))
    assert [effect.thread for effect in matrix.effects if isinstance(effect, PostNote)] == ["t2"]


def test_a_shortcut_opens_a_form_that_assigns() -> None:
    decision = decided(state(), pressed("assign", value="", trigger="1.2", surface="shortcut"))
    form = next(effect.form for effect in decision.effects if isinstance(effect, OpenForm))
    assert form.context == "#1042"
    assert form.fields[0].options == (("ana", "ana"), ("ben", "ben"))
    assert words.assign_form(1, ()).fields[0].kind == "person"
    filled = decided(state(), submitted(values=(("who", "ben"),)))
    assert filled.conversation is not None
    assert filled.conversation.assignee == BEN.key
    chosen = decided(state(threads=()), submitted(people=(("who", BEN),)))
    assert chosen.conversation == filled.conversation


def test_a_form_of_another_version_or_from_a_stranger_changes_nothing() -> None:
    assert decided(state(), submitted(form="gone")).effects == ()
    assert decided(State(), submitted()).effects == ()
    outsider = Person("slack", "U9", outsider=True)
    assert "Nothing done" in private(decided(state(), submitted(author=outsider)))
    assert submitted(context="x").number is None


def test_claiming_what_is_anothers_is_refused_and_on_record() -> None:
    decision = decided(owned(BEN), reacted("eyes"))
    assert decision.conversation is None
    assert acts(decision) == ["claim_refused"]
    assert kinds(decided(owned(), reacted("eyes"))) == []


def test_taking_a_reaction_back_undoes_ones_own_claim_only() -> None:
    mine = decided(owned(), reacted("eyes", added=False))
    assert mine.conversation is not None
    assert mine.conversation.assignee is None
    assert decided(owned(BEN), reacted("eyes", added=False)).conversation is None


def test_actions_without_a_conversation_do_nothing() -> None:
    act = Act(
        state=State(),
        actor=ANA,
        surface="thread",
        room="C1",
        thread=None,
        line=None,
        policy=policy(),
        now=NOW,
        argument="x",
    )
    quiet = [name for name in ACTIONS if name not in ("undo", "send", "keep", "again", "help")]
    assert [name for name in quiet if ACTIONS[name](act).effects] == []


# answering first


@pytest.mark.parametrize("undo", [0, 5])
def test_who_answers_first_owns_it(undo: int) -> None:
    first = replace(SUPPORT, first_responder_becomes_assignee=True, undo=timedelta(seconds=undo))
    decision = done(state(), posted("Yes"), first, **WITH)
    assert decision.conversation is not None
    assert decision.conversation.assignee == ANA.key
    assert acts(decision) == ["replied", "assigned"]
    assert done(owned(BEN), posted("Yes"), first, **WITH).conversation is None


def test_letting_a_held_reply_go_makes_its_writer_the_owner() -> None:
    first = replace(SUPPORT, first_responder_becomes_assignee=True)
    decision = done(state(guarded()), pressed("send", author=BEN), first, **WITH)
    assert decision.conversation is not None
    assert decision.conversation.assignee == ANA.key
    nobody = done(state(guarded(author=None)), pressed("send", author=BEN), first, **WITH)
    assert nobody.conversation is None
    gone = done(State(message=guarded(), conversation=conversation(line="x")), pressed("send"), first, **WITH)
    assert gone.conversation is None


# handing over


def test_a_hand_over_opens_a_thread_and_leaves_the_old_one_usable() -> None:
    decision = decided(owned(), posted("!team Sales"))
    fresh, left = decision.threads
    assert (fresh.room, fresh.earlier, left.state) == ("C2", ROOT, ThreadState.MOVED)
    assert decision.conversation is not None
    assert (decision.conversation.team, decision.conversation.assignee) == ("sales", None)
    assert kinds(decision)[:3] == ["OpenThread", "CarryComments", "PostNote"]
    assert PostNote("t1", words.handed_over("sales", ANA), link=fresh.id) in decision.effects
    assert acts(decision) == ["handed_over"]


def test_a_hand_over_keeps_the_assignee_who_is_in_the_other_team() -> None:
    decision = decided(owned(BEN), posted("!team sales"))
    assert decision.conversation is not None
    assert decision.conversation.assignee == BEN.key


def test_a_hand_over_back_takes_the_old_thread_up_again() -> None:
    moved = state(
        conversation=conversation(team="sales"),
        threads=(thread(state=ThreadState.MOVED), thread(id="t2", room="C2", root=ChatRef("slack", "C2", "9.0"))),
    )
    decision = decided(moved, posted("!team support"))
    states = {one.id: one.state for one in decision.threads}
    assert states == {"t1": ThreadState.OPEN, "t2": ThreadState.MOVED}
    assert not any(isinstance(effect, OpenThread | CarryComments) for effect in decision.effects)


def test_a_third_team_leaves_what_was_left_before_alone() -> None:
    teams = {**TEAMS, "third": Team("third", (), rooms=(RoomRef("slack", "C3"),))}
    moved = state(
        conversation=conversation(team="sales"),
        threads=(thread(state=ThreadState.MOVED), thread(id="t2", room="C2", root=ChatRef("slack", "C2", "9.0"))),
    )
    decision = decided(moved, posted("!team third"), teams=teams)
    told = [effect.thread for effect in decision.effects if isinstance(effect, PostNote)]
    assert "t1" not in told
    assert "t2" in told


def test_a_thread_without_a_card_is_given_up_at_a_hand_over() -> None:
    opening = state(threads=(thread(state=ThreadState.OPENING, root=None),))
    decision = decided(opening, posted("!team sales"))
    assert decision.threads[-1].state is ThreadState.LOST
    assert len([effect for effect in decision.effects if isinstance(effect, PostNote)]) == 1


def test_a_team_without_rooms_takes_over_in_the_same_thread() -> None:
    decision = decided(state(), posted("!team night"))
    assert decision.threads == ()
    assert decision.conversation is not None
    assert decision.conversation.team == "night"
    gone = decided(state(conversation=conversation(line="gone")), given("#1042 team night"))
    assert gone.conversation is not None
    assert gone.threads == ()


def test_the_line_of_a_conversation_has_its_teams_rooms() -> None:
    rules = policy(SUPPORT, **WITH)
    handed = line_of(conversation(team="sales"), rules)
    assert handed is not None
    assert handed.rooms == (SALES_ROOM,)
    assert line_of(conversation(team="gone"), rules) == SUPPORT
    assert line_of(None, rules) is None


def test_a_moved_thread_that_vanishes_is_followed_by_none() -> None:
    moved = thread(state=ThreadState.MOVED)
    decision = replace_lost(state(threads=(moved,)), moved, SUPPORT, now=NOW)
    assert [one.state for one in decision.threads] == [ThreadState.LOST]
    event = PostSettled(external_id="x", conversation=1042, thread="t1", message=None, gone=True, code="x")
    assert acts(decided(state(threads=(moved,)), event)) == ["thread_lost"]


def test_a_text_takes_up_a_moved_thread_when_its_team_is_gone() -> None:
    moved = state(conversation=conversation(team="gone"), threads=(thread(state=ThreadState.MOVED),))
    decision = decided(moved, text())
    assert [one.state for one in decision.threads] == [ThreadState.OPEN]
    assert "OpenThread" not in kinds(decision)


# ringing


def rung(the_state: State, the_line: Any = SUPPORT, **changed: Any) -> Ring:
    decision = done(the_state, text(), the_line, **{**WITH, **changed})
    return next(effect.ring for effect in decision.effects if isinstance(effect, PostText))


def test_whom_a_text_rings() -> None:
    waiting, first = state(), state(conversation=conversation(waiting_since=None))
    assert rung(first) == Ring(room=True)
    assert rung(waiting) == Ring()
    assert rung(first, replace(SUPPORT, ping="assignee")) == Ring()
    assert rung(first, line()) == Ring()
    assert rung(owned(watchers=(BEN.key, ANA.key))) == Ring((ANA, BEN))
    assert rung(owned(watchers=(BEN.key,)), replace(SUPPORT, ping="nobody")) == Ring((BEN,))
    assert rung(owned(blocked=True)) == Ring()
    assert rung(owned(Person("matrix", "@ana:x"))) == Ring()


def test_a_text_after_a_quiet_is_shown_in_the_room() -> None:
    quiet = state(conversation=conversation(last_inbound_at=NOW - timedelta(hours=12)))
    assert rung(quiet).bump
    assert not rung(quiet, replace(SUPPORT, bump_after=timedelta(0))).bump
    assert not rung(state(threads=(), conversation=quiet.conversation)).bump


# stopping what is stale


def said(author: str | None, ref: str | None, seconds: int = 0) -> Said:
    at = NOW - timedelta(seconds=seconds)
    return Said(author=author, ref=ChatRef("slack", "C1", ref) if ref else None, at=at)


@pytest.mark.parametrize(
    ("heard", "held"),
    [
        ((), False),
        ((said(None, "1.5"),), False),
        ((said(None, "2.000001"),), True),
        ((said(None, "10.0"),), True),
        ((said(None, None),), True),
        ((said(None, None, 1000),), False),
        ((said(BEN.key, "1.9"),), False),
        ((said(BEN.key, "2.1"),), True),
        ((said(BEN.key, None),), False),
        ((said(ANA.key, "2.1"),), False),
        ((said("matrix:@ana:x", "2.1"),), False),
        ((said(BEN.key, "$event"),), False),
    ],
)
def test_a_reply_is_held_when_its_writer_could_not_have_seen(heard: tuple[Said, ...], held: bool) -> None:
    decision = decided(state(said=heard), posted("Yes"))
    assert (decision.messages[0].hold is Hold.STALE) is held
    if held:
        note = next(effect.note for effect in decision.effects if isinstance(effect, PostNote))
        assert note.buttons[0].label == "Send anyway"
        off = done(state(said=heard), posted("Yes"), replace(SUPPORT, stale_stop=False), **WITH)
        assert off.messages[0].hold is Hold.UNDO


def test_an_unknown_teammate_is_named_as_one() -> None:
    decision = decided(state(said=(said("slack:U9", "2.1"),)), posted("Yes"))
    assert decision.messages[0].reasons == ("another teammate answered at the same time",)
    assert decided(state(said=(said(BEN.key, "2.1"),)), posted("Yes")).messages[0].reasons[0].startswith("ben ")


def test_ids_that_are_no_times_tell_no_order() -> None:
    assert is_later("2.10", "2.9")
    assert not is_later("$a", "$b")
    assert not is_later("2.1", "$b")


def test_a_text_holds_what_waits_in_its_undo_window() -> None:
    decision = decided(state(pending=(reply(),)), text())
    held = next(message for message in decision.messages if message.id == "m1")
    assert (held.hold, held.release_at, held.status) == (Hold.STALE, None, MessageStatus.HELD)
    assert "held" in acts(decision)
    elsewhere = decided(state(pending=(reply(origin=None),), threads=()), text())
    assert any(message.hold is Hold.STALE for message in elsewhere.messages)


@pytest.mark.parametrize(
    "message",
    [reply(release_at=NOW), guarded(), reply(status=MessageStatus.QUEUED, hold=None), reply(release_at=None)],
    ids=["sent early", "held", "queued", "no window"],
)
def test_a_text_does_not_hold_what_a_person_let_go_or_must_decide(message: Any) -> None:
    assert len(decided(state(pending=(message,)), text()).messages) == 1
    assert len(done(state(pending=(reply(),)), text(), replace(SUPPORT, stale_stop=False), **WITH).messages) == 1


# blocked


def test_a_blocked_contact_is_kept_where_they_are() -> None:
    blocked = conversation(blocked=True, waiting_since=None)
    decision = decided(state(conversation=blocked), text())
    assert decision.conversation == replace(blocked, last_inbound_at=NOW)
    assert not needs_new(blocked, SUPPORT.boundary, NOW)
    verdict = before_send(State(message=reply(release_at=None), conversation=blocked), 1, NOW)
    assert isinstance(verdict, Drop)
    assert isinstance(before_send(State(message=reply(release_at=None)), 1, NOW), Go)
    face = card(state(conversation=blocked), thread(), policy(SUPPORT, **WITH))
    assert (face.status, face.hint) == ("blocked", words.BLOCKED)


# the card


def test_the_card_names_the_assignee_and_who_holds_what() -> None:
    unknown = guarded(id="m2", author="slack:U9")
    face = card(replace(owned(BEN), pending=(guarded(), unknown, reply(id="m3"))), thread(), policy(SUPPORT, **WITH))
    assert (face.assignee, face.assigned) == ("ben", BEN)
    assert face.held == ((ANA, "ana", 1), (Person("slack", "U9"), None, 1))
    assert [control.action for control in face.buttons][:2] == ["unassign", "assign"]
    nobody = card(owned(Person("slack", "U9")), thread(), policy())
    assert (nobody.assignee, nobody.assigned) == (None, Person("slack", "U9"))


def test_the_card_of_a_moved_thread_leads_on() -> None:
    moved = thread(state=ThreadState.MOVED)
    after = thread(id="t2", room="C2", root=ChatRef("slack", "C2", "9.0"))
    face = card(state(threads=(moved, after)), moved, policy(SUPPORT, **WITH))
    assert (face.status, face.later) == ("handed over", "9.0")
    assert follower((moved, replace(after, platform="matrix")), moved) is not None
    assert follower((moved,), moved) is None


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
    assert "Write in this thread" in private(decided(state(), posted("!help nothing")))


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
