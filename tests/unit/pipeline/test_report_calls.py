"""Reports brought to one person: read in portions, told, drawn."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.people import ChatRef, Person, Teammate
from bridge.domain.reports import Asked, Figures, Report, Strand, Times, Utterance
from bridge.domain.showing import TellReport
from bridge.pipeline.charts import BARS_HEIGHT, BARS_TOP, MARGIN, NAME_WIDTH, REPLIES, TEXTS, draw
from bridge.pipeline.enqueue import drafts
from bridge.pipeline.report_calls import ReportCalls, figures, names_of
from bridge.pipeline.report_table import cells, read_at_once, values
from bridge.rules import report_words as words
from tests.unit.pipeline.scripted import Script, a_call, outside, row
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import ANA, NOW, policy

DARKEST_RULE = 200
"""Tone of what is lighter than any letter."""


class Plain:
    """A platform that tells rooms and people."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    async def tell_room(self, room: str, note: Any, *, key: str) -> ChatRef:
        self.said.append((room, note.text))
        return ChatRef("slack", room, "1.1")


class Able(Plain):
    """One that answers privately and shows files, too."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[Any] = []

    async def answer_privately(self, person: Person, room: str, thread: Any, note: Any, *, handle: str) -> None:
        self.said.append((handle, note.text))

    async def post_media(self, thread: ChatRef, content: Any, *, key: str) -> None:
        self.files.append((thread, content))

    async def fetch_media(self, media: Any, *, limit: int) -> Any:
        raise AssertionError


class Talks(Script):
    """Two portions of what was said."""

    def strands(self, lines: Any, since: Any, *, after: int, limit: int) -> list[Strand]:
        said = (Utterance(NOW - timedelta(minutes=9), "text"), Utterance(NOW - timedelta(minutes=4), "reply", ANA.key))
        return [Strand(after + 1, "front-desk", said, whole=True)] if after < 2 else []


def planned(platform: object, *, asked: str = "by person", room: str = "C1") -> Any:
    [draft] = drafts(State(), Decision(effects=(TellReport(ANA, room, asked, "h"),)))
    store = ScriptedStore(Talks())
    calls = ReportCalls(outside(rooms=platform, read=store.port.transact))
    return calls.tell_report(store.script.unit, row("TellReport", dict(draft.payload), target=draft.target), NOW)


async def test_it_comes_as_words_and_a_picture_in_a_direct_message() -> None:
    platform = Able()
    await a_call(planned(platform)).run()
    (handle, first), (room, told) = platform.said
    assert (handle, first) == ("h", words.SENT.text)
    assert room == f"@{ANA.id}"
    assert "2 texts, 2 replies" in told
    assert "first reply within 5 min for half" in told
    ((thread, content),) = platform.files
    assert (thread.id, content.content_type) == ("1.1", "image/png")


async def test_a_platform_without_files_tells_the_words_alone() -> None:
    platform = Plain()
    await a_call(planned(platform)).run()
    assert [room for room, _ in platform.said] == [f"@{ANA.id}"]


async def test_a_room_of_no_line_is_told_so() -> None:
    platform = Able()
    await a_call(planned(platform, room="C9")).run()
    assert platform.said == [("h", words.NO_LINE.text)]


@pytest.mark.parametrize(("platform", "asked"), [(Able(), "soon"), (object(), "7d")])
def test_what_cannot_be_told_is_skipped(platform: object, asked: str) -> None:
    assert planned(platform, asked=asked).status == "skipped"


def test_teammates_are_called_by_their_names() -> None:
    asked = Asked(NOW - timedelta(days=7), NOW, "person", ("front-desk",))
    said = (Utterance(NOW - timedelta(minutes=9), "reply", ANA.key), Utterance(NOW, "reply", "slack:U9"))
    team = policy(teammates=(Teammate("ana", (("slack", ANA.id),), "member"),))
    found = figures([Strand(1, "front-desk", said, whole=True)], asked, team)
    assert names_of(found, team) == {ANA.key: "ana"}


def drawn_report(days: int, name: str = "ana", *, count: int = 3) -> Report:
    asked = Asked(NOW - timedelta(days=days), NOW, "person", ("front-desk",))
    figures = Figures(name=name, texts=1, replies=1, failed=0, segments=1, first=Times(1), reply=Times())
    each = tuple(((NOW - timedelta(days=days - ahead)).date(), count, count) for ahead in range(days + 1))
    return Report(asked=asked, rows=(figures,), total=figures, days=each, waiting=0)


def colours(report: Report) -> list[str]:
    """The colours met on the way along the middle of the bars."""
    picture = Image.open(BytesIO(draw(report, {})))
    line = [picture.getpixel((x, BARS_TOP + BARS_HEIGHT // 2)) for x in range(picture.width)]
    seen = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in line]  # type: ignore[misc] # RGB
    return [now for before, now in zip(["", *seen], seen, strict=False) if now != before]


def test_each_day_has_its_bars_and_of_many_days_each_week() -> None:
    found = colours(drawn_report(6))
    assert (found.count(TEXTS), found.count(REPLIES)) == (7, 7)
    weeks = colours(drawn_report(69))
    assert weeks.count(TEXTS) in (10, 11)
    assert (colours(drawn_report(30))).count(TEXTS) == 31
    assert TEXTS not in colours(drawn_report(6, count=0))


@pytest.mark.parametrize("name", ["Ana", "李小龙", "Maria Magdalena von und zu Hohenstein-Wittgenstein-Sayn"])
def test_any_name_is_drawn_within_its_column(name: str) -> None:
    picture = Image.open(BytesIO(draw(drawn_report(3, name), {})))
    beside = picture.convert("L").crop((MARGIN + NAME_WIDTH + 5, 560, 475, picture.height))
    assert min(beside.tobytes()) > DARKEST_RULE


def test_every_sign_that_is_drawn_is_in_the_font(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    text = ImageDraw.ImageDraw.text

    def listen(canvas: Any, place: Any, words: str, *details: Any, **more: Any) -> None:
        drawn.append(words)
        text(canvas, place, words, *details, **more)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", listen)
    draw(drawn_report(3, "Maria Magdalena von und zu Hohenstein-Wittgenstein-Sayn"), {})
    signs, missing = sorted(set("".join(drawn))), pictured("\uffff")
    assert [sign for sign in signs if pictured(sign) == missing] == []


def pictured(sign: str) -> bytes:
    picture = Image.new("L", (40, 40))
    ImageDraw.Draw(picture).text((4, 4), sign, 255, ImageFont.load_default(20))
    return picture.tobytes()


def test_a_table_for_people_and_one_for_programs() -> None:
    asked = Asked(NOW - timedelta(days=7), NOW, "person", ("front-desk",))
    made = figures(read_at_once(Talks().unit, asked), asked, policy())
    assert cells(made, {ANA.key: "ana"}) == [
        ("ana", "0", "1", "0", "0", "5 min", "5 min", "-", "-"),
        ("all", "1", "1", "0", "0", "5 min", "5 min", "-", "-"),
    ]
    assert values(made, {})[0] == (ANA.key, 0, 1, 0, 0, 300, 300, None, None)
