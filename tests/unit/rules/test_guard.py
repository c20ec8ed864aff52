import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.content import Code, Content, Emoji, Link, Mention, MentionKind, Text
from bridge.rules.guard import reasons

CODE = "it holds a block of code"
REMARK = "one of its lines begins like a comment"
COMMAND = "one of its lines begins like a command"
RAW = "it holds a mention in the chat's own notation"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ((Text("ask "), Mention("person", "U1", "Ana")), ("it mentions @Ana",)),
        ((Text("ask "), Mention("team", "S1", "Support")), ("it mentions the team @Support",)),
        ((Text("see "), Mention("room", "C1", "billing")), ("it mentions the room #billing",)),
        ((Text("hi "), Mention("everyone", "", "channel")), ("it calls everyone (@channel)",)),
        ((Text("a "), Mention("person", "U1", "Ana"), Mention("person", "U1", "Ana")), ("it mentions @Ana",)),
        ((Text("hi @here"),), ("it calls everyone (@here)",)),
        ((Text("hi (@Channel)!"),), ("it calls everyone (@channel)",)),
        ((Text("hi ＠everyone, @room"),), ("it calls everyone (@everyone)", "it calls everyone (@room)")),
        ((Text("ask <@U123> or <!here>"),), (RAW,)),
        ((Text("run "), Code("rm -rf", block=True)), (CODE,)),
        ((Text("run ```rm```"),), (CODE,)),
        ((Text("Hello\n// he is difficult"),), (REMARK,)),
        ((Text("Hello\n\n- Note: x\n- internal: y"),), (REMARK,)),
        ((Text("Hello\n!assign ana"),), (COMMAND,)),
        ((Text("> !close"),), (COMMAND,)),
        ((Text("!send Hello\n!close"),), (COMMAND,)),
        ((Text("Hello\n！send x"),), (COMMAND,)),
        (
            (Text("x "), Mention("person", "U1", "Ana"), Code("y", block=True)),
            ("it mentions @Ana", CODE),
        ),
    ],
)
def test_a_person_is_asked(content: Content, why: tuple[str, ...]) -> None:
    assert reasons(content) == why


@pytest.mark.parametrize(
    "content",
    [
        (),
        (Text("Your code is "), Code("1234", block=False)),
        (Text("write to info@here.example or a@channel"),),
        (Text("we are @hereford.example, @here-and-there"),),
        (Text("3 < 4 and <b>"),),
        (Text("Great!\nWow!Super\n¡Hola!\n!\n!! yes"),),
        (Text("Hours:\n- Mon: 9-5\n- https://example.org//a"),),
        (Text("!send Hello\nthere"),),
        (Emoji("wave", "👋"), Link("https://example.org/@here", "our site")),
    ],
)
def test_nobody_is_asked(content: Content) -> None:
    assert reasons(content) == ()


def test_the_operators_markers_count_on_later_lines() -> None:
    content = (Text("Hello\nNote: bring your ID"),)
    assert reasons(content, ["##"]) == ()
    assert reasons((Text("Hello\n## x"),), ["##"]) == (REMARK,)


KINDS: list[MentionKind] = ["person", "team", "room", "everyone"]


@given(st.text(), st.sampled_from(KINDS), st.text(max_size=20), st.text())
def test_no_mention_passes(before: str, kind: MentionKind, label: str, after: str) -> None:
    found = reasons((Text(before), Mention(kind, "X1", label), Text(after)))
    assert any(label in clause for clause in found)
    assert len(set(found)) == len(found)
