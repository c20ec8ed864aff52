"""Who is named in a thread, as the thread's platform knows them."""

from datetime import datetime

from bridge.domain.cards import INSERT, Note
from bridge.domain.people import Person, Teammate
from bridge.rules.cards import card
from bridge.rules.people import note_on
from tests.unit.rules.builders import ANA, NOW, conversation, policy, state, thread

ANA_THERE, DANA, CARL = Person("matrix", "@ana:x"), Person("slack", "U4"), Person("slack", "U9")
MATES = (
    Teammate("ana", (("slack", "U1"), ("matrix", "@ana:x"))),
    Teammate("dana", (("slack", "U4"),)),
)
THE_POLICY = policy(teammates=MATES)


def on(
    platform: str,
    *inserts: Person | datetime,
    by: Person | None = None,
    text: str = f"{INSERT} and {INSERT} at {INSERT}.",
) -> Note:
    return note_on(Note(text, inserts=inserts, by=by), platform, THE_POLICY)


def test_a_teammate_of_both_platforms_is_named_by_the_account_there() -> None:
    assert on("matrix", ANA, text=f"{INSERT} replied.").inserts == (ANA_THERE,)
    assert on("slack", ANA_THERE, text=f"{INSERT} replied.").inserts == (ANA,)
    assert on("slack", ANA, text=f"{INSERT} replied.") == Note(f"{INSERT} replied.", inserts=(ANA,))


def test_a_teammate_who_is_not_on_the_platform_is_named_in_words() -> None:
    shown = on("matrix", DANA, ANA, NOW)
    assert (shown.text, shown.inserts) == (f"dana and {INSERT} at {INSERT}.", (ANA_THERE, NOW))


def test_whoever_is_no_configured_teammate_stays_as_they_are() -> None:
    shown = on("matrix", CARL, NOW)
    assert (shown.text, shown.inserts) == (f"{INSERT} and {INSERT} at {INSERT}.", (CARL, NOW))


def test_who_did_something_is_named_likewise() -> None:
    assert on("matrix", by=ANA, text="Sent.") == Note("Sent.", by=ANA_THERE)
    assert on("matrix", by=DANA, text="Sent.") == Note("Sent by dana.")
    assert on("matrix", by=CARL, text="Sent.") == Note("Sent.", by=CARL)


def test_a_card_names_the_assignee_by_the_account_there() -> None:
    before = state(conversation=conversation(assignee=ANA.key))
    assert card(before, thread(platform="matrix"), THE_POLICY).assigned == ANA_THERE
    assert card(before, thread(), THE_POLICY).assigned == ANA
