"""A report as a picture: texts and replies of each day as bars, and the times in a table below."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bridge.domain.reports import Figures, Report, Times
from bridge.rules import report_words as words

WIDTH, MARGIN = 1200, 56
BARS_TOP, BARS_HEIGHT = 170, 260
ROW, ROWS = 44, 12
DAILY = 31
"""Up to so many days there is a bar for each; of more, one for each week."""
INK, FAINT, RULE, PAPER = "#1d2733", "#5c6b7a", "#dde3e9", "#ffffff"
TEXTS, REPLIES = "#9fb4c8", "#2f7d5b"
COLUMNS = ((540, "replies"), (690, "first reply"), (830, "9 of 10"), (970, "further"), (1144, "9 of 10"))
"""Right edges and heads of the table's columns."""
NAME_WIDTH = 380


def draw(report: Report, names: Mapping[str, str]) -> bytes:
    """Return the report as a PNG. ``names``: what to call each row, by its name. It computes: for a thread."""
    rows = report.rows[:ROWS]
    height = BARS_TOP + BARS_HEIGHT + 120 + ROW * (len(rows) + 2)
    picture = Image.new("RGB", (WIDTH, height), PAPER)
    canvas = ImageDraw.Draw(picture)
    canvas.text((MARGIN, 44), words.title(report), INK, _font(34))
    each = "a day" if len(report.days) <= DAILY else "a week"
    canvas.text((MARGIN, 96), f"Texts and replies {each}", FAINT, _font(22))
    _legend(canvas)
    _bars(canvas, _bunched(report.days))
    top = BARS_TOP + BARS_HEIGHT + 90
    canvas.text((MARGIN, top), "in business hours", FAINT, _font(20))
    for right, head in COLUMNS:
        canvas.text((right, top), head, FAINT, _font(20), anchor="ra")
    for place, row in enumerate((*rows, report.total), 1):
        canvas.line((MARGIN, top + ROW * place - 8, WIDTH - MARGIN, top + ROW * place - 8), RULE, 2)
        _row(canvas, top + ROW * place, _shown(canvas, names.get(row.name, row.name), place), row)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _legend(canvas: ImageDraw.ImageDraw) -> None:
    for left, colour, label in ((922, TEXTS, "texts"), (1040, REPLIES, "replies")):
        canvas.rounded_rectangle((left, 100, left + 18, 118), 4, colour)
        canvas.text((left + 28, 96), label, FAINT, _font(22))


def _bunched(days: Sequence[tuple[date, int, int]]) -> list[tuple[str, int, int]]:
    """Label, texts and replies of each bar: days, or weeks by their Monday."""
    found: dict[date, tuple[int, int]] = {}
    for day, texts, replies in days:
        key = day if len(days) <= DAILY else day - timedelta(days=day.weekday())
        before = found.get(key, (0, 0))
        found[key] = (before[0] + texts, before[1] + replies)
    return [(f"{day.day} {day:%b}", texts, replies) for day, (texts, replies) in found.items()]


def _bars(canvas: ImageDraw.ImageDraw, bars: Sequence[tuple[str, int, int]]) -> None:
    most = max([1, *(max(texts, replies) for _, texts, replies in bars)])
    bottom, step = BARS_TOP + BARS_HEIGHT, (WIDTH - 2 * MARGIN) / len(bars)
    canvas.text((MARGIN, BARS_TOP - 30), f"{most:,}", FAINT, _font(18))
    canvas.line((MARGIN, BARS_TOP, WIDTH - MARGIN, BARS_TOP), RULE, 2)
    width = min(28.0, step * 0.36)
    every = max(1, round(len(bars) / 12))
    for place, (label, texts, replies) in enumerate(bars):
        middle = MARGIN + step * (place + 0.5)
        for left, count, colour in ((middle - width - 1, texts, TEXTS), (middle + 1, replies, REPLIES)):
            if count:
                top = bottom - max(3, BARS_HEIGHT * count / most)
                canvas.rounded_rectangle((left, top, left + width, bottom), min(5, width / 3), colour)
        if place % every == 0:
            canvas.text((middle, bottom + 12), label, FAINT, _font(18), anchor="ma")
    canvas.line((MARGIN, bottom, WIDTH - MARGIN, bottom), FAINT, 2)


def _row(canvas: ImageDraw.ImageDraw, top: int, name: str, row: Figures) -> None:
    canvas.text((MARGIN, top), name, INK, _font(22))
    cells = (f"{row.replies:,}", *_times(row.first), *_times(row.reply))
    for (right, _), cell in zip(COLUMNS, cells, strict=True):
        canvas.text((right, top), cell, INK, _font(22), anchor="ra")


def _times(times: Times) -> tuple[str, str]:
    return (words.span(times.middle), words.span(times.slow)) if times.count else ("-", "-")  # the font has no dash


def _shown(canvas: ImageDraw.ImageDraw, name: str, place: int) -> str:
    """A name cut to its column; one the font has no letters for is called by its place in the words above."""
    if not name.isascii() and any(ord(sign) > 0x24F and sign.isalpha() for sign in name):  # noqa: PLR2004 - the font is Latin
        return f"No. {place}"
    while canvas.textlength(name, _font(22)) > NAME_WIDTH:
        name = name[:-2].rstrip("…") + "…"
    return name
