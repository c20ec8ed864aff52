"""What people type becomes the rich_text and the text that Slack makes of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.slack.composer import compose
from bridge.sandbox.slack.judge import Judge
from bridge.sandbox.slack.mrkdwn import text_of
from bridge.sandbox.slack.world import SlackWorld

Json = dict[str, Any]


@pytest.fixture(scope="module")
def world() -> SlackWorld:
    world = SlackWorld(SandboxClock())
    world.add_user("ana", real_name="Ana Souza")
    world.add_user("an", real_name="An")
    world.add_channel("support")
    world.add_usergroup("front-desk")
    return world


def plain(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text} | ({"style": style} if style else {})


LINES: list[tuple[str, list[Json], str]] = [
    ("hello", [plain("hello")], "hello"),
    ("a & <b>", [plain("a & <b>")], "a &amp; &lt;b&gt;"),
    ("*bold*", [plain("bold", bold=True)], "*bold*"),
    ("_it_ ~no~", [plain("it", italic=True), plain(" "), plain("no", strike=True)], "_it_ ~no~"),
    ("*_both_*", [plain("both", bold=True, italic=True)], "*_both_*"),
    ("`a *b*`", [plain("a *b*", code=True)], "`a *b*`"),
    ("2*3*4 and snake_case_name", [plain("2*3*4 and snake_case_name")], "2*3*4 and snake_case_name"),
    ("@ana", [{"type": "user", "user_id": "U0000000001"}], "<@U0000000001>"),
    ("@Ana Souza!", [{"type": "user", "user_id": "U0000000001"}, plain("!")], "<@U0000000001>!"),
    ("@anabel", [plain("@anabel")], "@anabel"),
    ("@here", [{"type": "broadcast", "range": "here"}], "<!here>"),
    ("@front-desk", [{"type": "usergroup", "usergroup_id": "S0000000001"}], "<!subteam^S0000000001>"),
    ("#support", [{"type": "channel", "channel_id": "C0000000001"}], "<#C0000000001>"),
    (
        "https://a.example/x?y=1.",
        [{"type": "link", "url": "https://a.example/x?y=1"}, plain(".")],
        "<https://a.example/x?y=1>.",
    ),
    ("a.com", [{"type": "link", "url": "http://a.com", "text": "a.com"}], "<http://a.com|a.com>"),
    ("me@a.com", [{"type": "link", "url": "mailto:me@a.com", "text": "me@a.com"}], "<mailto:me@a.com|me@a.com>"),
    (":eyes:", [{"type": "emoji", "name": "eyes", "unicode": "1f440"}], ":eyes:"),
    ("👀", [{"type": "emoji", "name": "eyes", "unicode": "1f440"}], ":eyes:"),
    ("👍🏽", [{"type": "emoji", "name": "+1", "unicode": "1f44d-1f3fd", "skin_tone": 4}], ":+1::skin-tone-4:"),
    (
        ":+1::skin-tone-4:",
        [{"type": "emoji", "name": "+1", "unicode": "1f44d-1f3fd", "skin_tone": 4}],
        ":+1::skin-tone-4:",
    ),
    ("❤️", [{"type": "emoji", "name": "heart", "unicode": "2764-fe0f"}], ":heart:"),
    ("at 10:30:15 :nosuchemoji:", [plain("at 10:30:15 :nosuchemoji:")], "at 10:30:15 :nosuchemoji:"),
    ("#1042 © 5", [plain("#1042 © 5")], "#1042 © 5"),
]


@pytest.mark.parametrize(("typed", "elements", "text"), LINES)
def test_a_line(world: SlackWorld, typed: str, elements: list[Json], text: str) -> None:
    blocks = compose(world, typed)
    assert [section["elements"] for section in blocks[0]["elements"]] == [elements]
    assert text_of(blocks) == text


def test_quotes_lists_and_preformatted_text(world: SlackWorld) -> None:
    typed = "Dear Ana\n> quoted\n> twice\n- one\n- *two*\n  - inner\n3. three\n4. four\n```x = 1\ny = 2```\nbye"
    blocks = compose(world, typed)
    assert [element["type"].removeprefix("rich_text_") for element in blocks[0]["elements"]] == [
        "section",
        "quote",
        "list",
        "list",
        "list",
        "preformatted",
        "section",
    ]
    bullets, inner, ordered = blocks[0]["elements"][2:5]
    assert (bullets["style"], inner["indent"], ordered["style"], ordered["offset"]) == ("bullet", 1, "ordered", 2)
    assert text_of(blocks) == (
        "Dear Ana\n&gt; quoted\n&gt; twice\n• one\n• *two*\n    • inner\n3. three\n4. four\n```x = 1\ny = 2```\nbye"
    )


def test_nothing_typed_is_nothing(world: SlackWorld) -> None:
    assert compose(world, "") == compose(world, "\n\n") == []


TYPED = st.lists(
    st.sampled_from(
        ["*", "_", "`", "~", "> ", "- ", "1. ", "\n", "```", "@ana", ":eyes:", "👍🏽", "http://a.b/c", "<", "&", " "]
    )
    | st.text(max_size=6),
    max_size=12,
).map("".join)


@given(TYPED)
def test_whatever_is_typed_makes_blocks_slack_accepts(typed: str) -> None:
    blocks = compose(WORLD, typed)
    for section in blocks[0]["elements"] if blocks else []:
        for piece in section["elements"]:
            piece.pop("skin_tone", None)  # Slack sends it and does not take it
    assert JUDGE.blocks(blocks) == []
    assert not any(mark in text_of(blocks).replace("<@U0000000001>", "").replace("<http", "") for mark in ("<@", "<!"))


JUDGE = Judge()
WORLD = SlackWorld(SandboxClock())
WORLD.add_user("ana")
