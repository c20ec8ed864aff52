"""Whose a conversation is, and who answers first: the cases that the flow tests do not tell apart."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.content import Mention
from bridge.domain.conversations import State
from bridge.domain.effects import (
    OpenForm,
    PostNote,
)
from bridge.domain.people import Person, Teammate
from bridge.rules import owning_words as words
from bridge.rules.act import Act
from bridge.rules.actions import ACTIONS
from bridge.rules.ownership import assignable
from bridge.rules.people import find, is_same, name_of
from tests.unit.rules.builders import (
    ANA,
    NOW,
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
    state,
    thread,
)
from tests.unit.rules.teams import (
    BEN,
    MATES,
    SUPPORT,
    TEAMS,
    WITH,
    decided,
    given,
    owned,
    private,
    submitted,
)

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


def test_what_is_anothers_is_taken_over_by_assigning_it_to_me() -> None:
    assert "`!assign me`" in words.taken(BEN).text
    taken = decided(owned(BEN), posted("!assign me"))
    assert taken.conversation is not None
    assert taken.conversation.assignee == ANA.key


def test_another_teams_conversation_is_not_acted_on_by_number_from_another_room() -> None:
    away = given("#1042 close", author=BEN, room="C2")
    refused = decided(state(), away)
    assert private(refused) == words.others(1042, "front-desk").text
    assert refused.conversation is None
    carl = Teammate("carl", (("slack", "U5"),))
    by_carl = given("#1042 close", author=Person("slack", "U5"), room="C2")
    for allowed in (
        decided(state(), given("#1042 close", author=BEN)),
        decided(owned(BEN), away),
        decided(state(conversation=conversation(team="sales")), away),
        decided(state(), given("#1042 close", room="C9")),
        decided(state(), by_carl, teammates=(*MATES, carl)),
    ):
        assert "closed" in acts(allowed)


def test_a_conversation_is_one_persons_only() -> None:
    two = posted("!assign ", Mention("person", "U2", "@Ben"), " ", Mention("person", "U1", "@Ana"))
    assert private(decided(state(), two)) == words.ONE_PERSON.text


@pytest.mark.parametrize("said", ["ben and ana", "ben would know it best", "okafor", ""])
def test_a_name_that_may_mean_several_or_nobody_means_nobody(said: str) -> None:
    assert find(said, "slack", policy(**WITH)) is None


def test_a_full_name_means_the_one_teammate_it_fits() -> None:
    mates = (Teammate("Ben Okafor", (("slack", "U2"),)), Teammate("Ben Alan", (("slack", "U4"),)))
    assert find("@Ben Okafor", "slack", policy(teammates=mates)) == BEN
    assert find("ben", "slack", policy(teammates=mates)) is None
    assert find("ben", "slack", policy(teammates=mates[:1])) == BEN


@pytest.mark.parametrize("said", ["!assign @U2", "!assign ben", "!assign @Ben", "!assign Ben Okafor"])
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


@pytest.mark.parametrize("word", ["assign", "watch"])
def test_an_outsider_is_made_nothing_by_whatever_names_them(word: str) -> None:
    gil = Person("slack", "U9", outsider=True)
    named = Mention("person", "U9", "gil", outsider=True)
    ways = [
        posted(f"!{word} ", named),
        posted(Mention("person", "U0", "textbridge"), f" {word} ", named),
        given(f"#1042 {word} <@U9>", outsiders=("U9",)),
        pressed(word, value="", chosen=gil, surface="menu"),
        submitted(form=word, people=(("who", gil),)),
    ]
    for event in ways:
        decision = decided(state(), event)
        answer = words.OUTSIDER_OWNS if word == "assign" else words.OUTSIDER_WATCHES
        assert (private(decision), decision.conversation) == (answer.text, None)
    assert decided(state(), given(f"#1042 {word} <@U2>", outsiders=("U9",))).conversation is not None


def test_an_outsider_who_watches_is_told_no_longer() -> None:
    watched = state(conversation=conversation(watchers=("slack:U9",)))
    decision = decided(watched, posted("!unwatch ", Mention("person", "U9", "gil", outsider=True)))
    assert decision.conversation is not None
    assert decision.conversation.watchers == ()


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
    quiet = [name for name in ACTIONS if name not in ("undo", "send", "keep", "again", "help", "away", "back")]
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


def test_a_line_offers_only_whom_it_takes() -> None:
    everybody = (*MATES, Teammate("gil", (("slack", "U6"),)))
    assert assignable(SUPPORT, policy(teammates=everybody)) == ("ana", "ben", "gil")
    known = policy(teammates=everybody, outsiders=frozenset({"slack:U6"}))
    assert assignable(SUPPORT, known) == ("ana", "ben")
    assert assignable(line(personal="ben"), known) == ("ben",)
