"""Whatever is shown validates as Slack wants it, at the longest and oddest legal inputs too."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.adapters.platforms.slack import blocks, cards, forms, home
from bridge.adapters.platforms.slack.history import metadata
from bridge.domain.cards import INSERT, Button, Card, Field, Form, Menu, Note
from bridge.domain.conversations import ConversationStatus
from bridge.domain.people import ChatRef, Person
from bridge.domain.queue import PAGE, SECTIONS, Queue, QueueEntry, View
from bridge.ports.platform import ThreadText
from bridge.sandbox.slack.judge import Judge

JUDGE = Judge()
WORKSPACE = "https://acme.slack.com/"
SIGNS = [
    *(
        "<",
        "&",
        ">",
        "*",
        "`",
        "@",
        "|",
        "\n",
        "\0",
        "é",
        "\u202e",
        "مرحبا",
        "שלום",
        "👩\u200d👩\u200d👧",
        "🇧🇷",
        "\ud800",
    ),
    *(" ", "a", "word", "<!channel>", "<@U0000000001>", INSERT),
]


def repeated(few: list[str], times: int) -> str:
    return "".join(few) * times


def not_empty(words: str) -> str:
    return f"x{words}"


def moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def options(count: int, label: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"{number}{label[:200]}", f"{label[:200]}{number}") for number in range(count))


def first_letter(field: Field) -> str:
    return field.name[:1]


def number_of(entry: QueueEntry) -> int:
    return entry.number


def identifier(letter: str, times: int, end: str) -> str:
    return letter * times + end


WORDS = st.builds(repeated, st.lists(st.sampled_from(SIGNS), max_size=4), st.sampled_from([1, 1, 1, 30, 1_100]))
SOME_WORDS = WORDS.map(not_empty)
PEOPLE = st.builds(
    Person, st.sampled_from(["slack", "matrix"]), st.sampled_from(["U0000000001", "W1", "", "@a:x", "<!"])
)
MOMENTS = st.integers(0, 7_000_000_000).map(moment)
BUTTONS = st.builds(Button, SOME_WORDS, WORDS, WORDS, st.sampled_from(["default", "primary", "danger"]))
OPTIONS = st.builds(options, st.sampled_from([1, 2, 5, 6, 100, 101]), WORDS)
MENUS = st.builds(Menu, SOME_WORDS, WORDS, st.sampled_from(["choice", "people", "more"]), OPTIONS)
LINKS = st.none() | st.sampled_from(["https://acme.slack.com/archives/C1/p1", "javascript:x", "https://x|y", "1.0"])
NOTES = st.builds(
    Note,
    WORDS,
    st.lists(BUTTONS, max_size=6).map(tuple),
    st.none() | PEOPLE,
    st.lists(PEOPLE | MOMENTS, max_size=4).map(tuple),
    st.booleans(),
    st.sampled_from(["", "https://acme.slack.com/archives/C1/p1"]),
)
CARDS = st.builds(
    Card,
    number=st.sampled_from([1, 1001, 10**15]),
    name=WORDS,
    address=WORDS,
    line=WORDS,
    line_address=WORDS,
    status=WORDS,
    hint=WORDS,
    assignee=st.none() | WORDS,
    assigned=st.none() | PEOPLE,
    team=st.none() | WORDS,
    held=st.lists(st.tuples(PEOPLE, st.none() | WORDS, st.integers(1, 99)), max_size=6).map(tuple),
    labels=st.lists(WORDS, max_size=100).map(tuple),
    waiting_since=st.none() | MOMENTS,
    next_due=st.none() | MOMENTS,
    answer_leaves=st.none() | MOMENTS,
    opted_out=st.booleans(),
    earlier=LINKS,
    later=LINKS,
    buttons=st.lists(BUTTONS | MENUS, max_size=40).map(tuple),
)
NAMES = st.builds(identifier, st.sampled_from("ab"), st.sampled_from([1, 254, 300]), st.sampled_from(["", ".c"]))
"""Of forms and fields: our own, or words of a template."""
FIELDS = st.builds(
    Field,
    name=NAMES,
    label=WORDS,
    kind=st.sampled_from(["person", "choice", "text", "search"]),
    options=OPTIONS,
    initial=st.sampled_from(["", "U0000000001", "0", "1"]),
    optional=st.booleans(),
    hint=WORDS,
    limit=st.sampled_from([0, 1, 300, 9_000]),
)
FORMS = st.builds(
    Form,
    name=NAMES,
    title=WORDS,
    submit=WORDS,
    fields=st.lists(FIELDS, max_size=8, unique_by=first_letter).map(tuple),
    context=WORDS,
    shown=WORDS,
    text=WORDS,
)
ENTRIES = st.builds(
    QueueEntry,
    number=st.integers(1, 10**15),
    name=WORDS,
    address=WORDS,
    line=WORDS,
    status=st.sampled_from(ConversationStatus),
    since=st.none() | MOMENTS,
    assignee=st.none() | st.sampled_from(["slack:U0000000001", "slack:<!", "matrix:@a:x"]),
    root=st.none() | st.just(ChatRef("slack", "C0000000001", "1763800000.000100")),
    may_act=st.booleans(),
)
TEXTS = st.builds(
    ThreadText,
    name=WORDS,
    body=WORDS,
    note=WORDS,
    people=st.lists(PEOPLE, max_size=40).map(tuple),
    everyone=st.booleans(),
)
QUEUES = st.builds(
    Queue,
    view=st.builds(View, st.none() | st.sampled_from(SECTIONS), st.sampled_from([0, 20, 980])),
    counts=st.just(tuple((section, 1_000) for section in SECTIONS)),
    entries=st.lists(ENTRIES, max_size=PAGE, unique_by=number_of).map(tuple),
    more=st.booleans(),
)


def name_of(person: Person) -> str:
    """The longest name with the oddest signs."""
    return "<&>\u202e👩‍👩‍👧" * 900 + person.id


def refused(method: str, **given: Any) -> None:
    """Judge the arguments of a call as a strict Slack does; raises what it would answer."""
    JUDGE.arguments(method, given, typed=True)


def posted(text: str, shown: list[blocks.Block]) -> None:
    """Judge a post and the change of one."""
    refused("chat.postMessage", channel="C1", thread_ts="1.0", text=text, blocks=shown, metadata=metadata("k" * 255))
    refused("chat.update", channel="C1", ts="1.0", text=text, blocks=shown)
    assert len(text) <= 4_000


FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@FEW
@given(CARDS)
def test_any_card(card: Card) -> None:
    posted(cards.card_fallback(card, name_of), cards.card_blocks(card, name_of))


@FEW
@given(NOTES)
def test_any_note(note: Note) -> None:
    posted(blocks.note_fallback(note, name_of), blocks.note_blocks(note, "slack", name_of))


@FEW
@given(TEXTS)
def test_any_text(text: ThreadText) -> None:
    posted(blocks.text_fallback(text), blocks.text_blocks(text))
    assert 1 <= len(blocks.username(text.name)) <= 80


@FEW
@given(FORMS)
def test_any_form(form: Form) -> None:
    refused("views.open", trigger_id="1.2.3", view=forms.modal(form))


@FEW
@given(QUEUES)
def test_any_queue(queue: Queue) -> None:
    refused("views.publish", user_id="U1", view=home.view(queue, "slack", WORKSPACE))
    shown = home.message(queue, "slack", WORKSPACE)
    refused("chat.postEphemeral", channel="C1", user="U1", **shown)


@pytest.mark.parametrize(("count", "groups"), [(100, 0), (101, 2), (300, 3)])
def test_more_choices_than_a_menu_takes_are_grouped(count: int, groups: int) -> None:
    field = Field(
        name="who", label="Teammate", kind="choice", options=tuple((f"v{one}", f"Name {one}") for one in range(count))
    )
    (block,) = forms.modal(Form(name="assign", title="Assign", submit="Assign", fields=(field,)))["blocks"]
    found = block["element"].get("option_groups", [])
    assert len(found) == groups
    assert not groups or found[0]["label"]["text"] == "Name 0 – Name 99"


def test_a_menu_of_more_things_than_fit_the_dots_is_a_list() -> None:
    def shape(count: int) -> str:
        menu = Menu("more", "More", "more", tuple((str(one), str(one)) for one in range(count)))
        ((element,),) = [block["elements"] for block in blocks.actions((menu,))]
        return element["type"]

    assert (shape(5), shape(6)) == ("overflow", "static_select")


def test_a_day_of_work_is_far_from_the_limits() -> None:
    """Nothing of an ordinary card is cut off."""
    since = datetime(2026, 11, 22, tzinfo=UTC)
    card = Card(
        number=1042,
        name="Maria da Conceição Silva e Souza",
        address="+1 212-555-0142",
        line="front-desk",
        line_address="+1 555-000-1000",
        status="open",
        hint="Reply in this thread to text them.",
        labels=tuple(f"label-{number}" for number in range(20)),
        waiting_since=since,
        next_due=since + timedelta(minutes=15),
    )
    assert "…" not in str(cards.card_blocks(card, name_of))


def test_a_view_carries_what_fits() -> None:
    many = tuple((f"{number}{'ŵ' * 80}", "👩" * 80) for number in range(1_500))
    form = Form(
        name="f", title="t", submit="s", fields=(Field(name="who", label="Teammate", kind="choice", options=many),)
    )
    refused("views.open", trigger_id="1.2.3", view=forms.modal(form))
