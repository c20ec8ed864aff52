"""What is shown in a room, as contents of messages. Words of contacts are never markup, and nobody is rung by chance.

Each content says the same twice: in plain words, and as HTML for clients that show it.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from bridge.adapters.platforms.matrix.content import HTML
from bridge.adapters.platforms.matrix.signs import BUTTONS_KEY, signed
from bridge.adapters.platforms.matrix.words import address, clean, cut, escaped, one_line, pill
from bridge.domain.cards import INSERT, Button, Card, Note
from bridge.domain.people import Person
from bridge.ports.platform import ThreadText

Content: TypeAlias = Mapping[str, Any]
NameOf: TypeAlias = Callable[[Person], str | None]
"""A person's name here, None for somebody of another platform."""

TEXT_LIMIT = 12_000  # characters; with HTML and JSON around them still less than the 64 KiB of an event
NAME_LIMIT = 80
WIDEST = 4  # bytes of a character
_CODE = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"(?<=`)/sms\b")  # what is a slash command elsewhere is a word here
CARD_HELP = "React with 👀 to claim, ✅ to close; !help in the thread tells the rest."


def content(kind: str, plain: str, html: str, mentions: Mapping[str, Any] | None = None) -> Content:
    """A message. ``kind``: ``m.text``, which may notify, or ``m.notice``, which does not."""
    body = cut(clean(plain), TEXT_LIMIT) or "…"
    formatted = {"format": HTML, "formatted_body": clean(html)} if len(html) <= 2 * TEXT_LIMIT else {}
    return {"msgtype": kind, "body": body, **formatted, "m.mentions": mentions or {}}


def fitting(shown: Content, limit: int) -> Content:
    """The content in at most so many bytes: without its HTML if need be, and cut if that is not enough."""
    if _bytes(shown) <= limit:
        return shown
    plain = {name: value for name, value in shown.items() if name not in ("format", "formatted_body")}
    if "m.new_content" in plain:
        plain["m.new_content"] = fitting(plain["m.new_content"], limit // 2)
    spare = limit - _bytes({**plain, "body": ""})
    return {**plain, "body": cut(plain.get("body", ""), max(spare // WIDEST, 1))} if _bytes(plain) > limit else plain


def _bytes(shown: Content) -> int:
    return len(json.dumps(shown, ensure_ascii=False).encode())


def threaded(shown: Content, root: str) -> Content:
    """The content as a message in a thread; clients without threads see a reply to its root."""
    relation = {"rel_type": "m.thread", "event_id": root, "is_falling_back": True}
    return {**shown, "m.relates_to": {**relation, "m.in_reply_to": {"event_id": root}}}


def replacing(shown: Content, event_id: str) -> Content:
    """The content as an edit of an earlier message."""
    return {
        **shown,
        "body": f"* {shown['body']}",
        "m.new_content": shown,
        "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
        "m.mentions": {},
    }


def mentioning(people: Sequence[Person], platform: str, *, room: bool = False) -> Mapping[str, Any]:
    """The people of this platform, to be notified."""
    ids = [person.id for person in people if person.platform == platform]
    return {**({"user_ids": ids} if ids else {}), **({"room": True} if room else {})}


def text_content(text: ThreadText, platform: str, name_of: NameOf) -> Content:
    """A contact's text under the contact's name, as a profile of its own where clients know such."""
    name = cut(one_line(text.name), NAME_LIMIT) or "Contact"
    body = cut(clean(text.body), TEXT_LIMIT) or " "
    here = [person for person in text.people if person.platform == platform]
    names = [(called(person, name_of), person.id) for person in here]
    plain = [f"{name}: {body}", text.note, " ".join([*(f"@{who}" for who, _ in names), *_everyone(text)])]
    profile = f"<strong data-mx-profile-fallback>{escaped(name)}: </strong>"
    pills = " ".join([*(pill(person, who) for who, person in names), *_everyone(text)])
    html = [f"{profile}{escaped(body)}", f"<em>{escaped(text.note)}</em>" if text.note else "", pills]
    shown = content("m.text", "\n".join(filter(None, plain)), "<br>".join(filter(None, html)))
    return {
        **shown,
        "m.mentions": mentioning(here, platform, room=text.everyone),
        "com.beeper.per_message_profile": {"id": name, "displayname": name, "has_fallback": True},
    }


def _everyone(text: ThreadText) -> list[str]:
    return ["@room"] if text.everyone else []


def card_content(card: Card, name_of: NameOf, room: str) -> Content:
    """The card: a headline, who texts which line, how it stands, and what to do."""
    title = one_line(f"{'⛔ ' if card.opted_out else ''}{card.name or card.address} · #{card.number}")
    facts = [one_line(fact) for fact in _facts(card, name_of)]
    from_to = one_line(_from_to(card))
    last = [*([one_line(card.hint)] if card.hint else []), CARD_HELP]
    links = [(words, _address(room, where)) for words, where in _links(card)]
    plain = [title, from_to, " · ".join(facts), *last, *(f"{words}: {where}" for words, where in links)]
    html = [
        f"<strong>{escaped(title)}</strong>",
        escaped(from_to),
        " · ".join(map(escaped, facts)),
        *(f"<em>{escaped(line)}</em>" for line in last),
        *(f'<a href="{escaped(where)}">{escaped(words)}</a>' for words, where in links),
    ]
    return content("m.text", "\n".join(plain), "<br>".join(html))


def _facts(card: Card, name_of: NameOf) -> list[str]:
    assignee = called(card.assigned, name_of, card.assignee) if card.assigned else card.assignee
    status = card.status if card.until is None else f"{card.status} {moment(card.until)}"
    facts = [status[:1].upper() + status[1:], f"Assignee: {assignee or 'nobody yet'}"]
    facts += [f"Team: {card.team}"] if card.team else []
    facts += [f"{count} held by {called(person, name_of, name)}" for person, name, count in card.held]
    facts += [f"Also {', '.join(card.others)}", f"Replies go to {card.replies_to}"] if card.others else []
    facts += [f"Waiting since {moment(card.waiting_since)}"] if card.waiting_since else []
    facts += [f"Answer leaves {moment(card.answer_leaves)}"] if card.answer_leaves else []
    facts += [f"⚠️ Overdue since {moment(card.breached_at)}"] if card.breached_at else []
    facts += [f"Due {moment(card.next_due)}"] if card.next_due else []
    return [*facts, *([f"Labels: {', '.join(card.labels)}"] if card.labels else [])]


def called(person: Person, name_of: NameOf, configured: str | None = None) -> str:
    """What a person is called: by the name they have here, else by the configured one."""
    return name_of(person) or configured or "a teammate"


def _from_to(card: Card) -> str:
    line = f"{card.line} ({card.line_address})" if card.line_address else card.line
    return f"From {card.address} to {line}" if card.name not in ("", card.address) else f"To {line}"


def _links(card: Card) -> list[tuple[str, str]]:
    earlier = [("Earlier thread of this conversation", card.earlier)] if card.earlier else []
    later = f"This conversation goes on in #{card.merged}" if card.merged else "This conversation goes on here"
    return [*earlier, *([(later, card.later)] if card.later else [])]


def _address(room: str, where: str) -> str:
    return where if where.startswith(("https://", "http://")) else address(room, where)


def moment(at: datetime) -> str:
    """A time; Matrix has no form that each reader's client would show in its own zone."""
    return at.strftime("%Y-%m-%d %H:%M UTC")


def note_content(note: Note, platform: str, name_of: NameOf, also: Sequence[Person] = ()) -> Content:
    """The bot's own words. People in them are notified unless the note is quiet; ``also``: others who are."""
    words, html = _note_words(note, platform, name_of)
    buttons = signed([button for button in note.buttons if isinstance(button, Button)])  # pyright: ignore[reportUnnecessaryIsInstance] - says what is drawn
    if buttons:
        row = "   ".join(f"{sign} {button.label}" for sign, button in buttons)
        words, html = f"{words}\n{row}", f"{html}<br>{escaped(row)}"
    rung = [one for one in note.inserts if isinstance(one, Person) and not note.quiet]
    shown = content("m.notice", words, html, mentioning([*rung, *also], platform, room=note.everyone))
    return {**shown, BUTTONS_KEY: {sign: [button.action, button.value] for sign, button in buttons}}


def _note_words(note: Note, platform: str, name_of: NameOf) -> tuple[str, str]:
    text = _COMMAND.sub("!sms", note.text.removesuffix(".") if note.by else note.text)
    plain, html = "", ""
    inserts = iter(note.inserts)
    for number, part in enumerate(text.split(INSERT)):
        insert = next(inserts, None) if number else None
        if isinstance(insert, datetime):
            plain, html = plain + moment(insert), html + escaped(moment(insert))
        elif insert is not None:
            who = called(insert, name_of)
            plain += who
            html += pill(insert.id, who) if insert.platform == platform and not note.quiet else escaped(who)
        plain += part
        html += "".join(
            f"<code>{escaped(piece)}</code>" if at % 2 else escaped(piece) for at, piece in enumerate(_CODE.split(part))
        )
    if note.by:
        who = called(note.by, name_of)
        plain, html = f"{plain} by {who}.", f"{html} by {escaped(who)}."
    if note.everyone:
        plain, html = f"{plain} @room", f"{html} @room"
    if note.link:
        plain, html = f"{plain} {note.link}", f'{html} <a href="{escaped(note.link)}">Open the thread</a>'
    return plain, html


def bump_content(name: str, link: str) -> Content:
    """What is said in the room itself of a text in a quiet thread."""
    who = cut(one_line(name), NAME_LIMIT)
    return content(
        "m.notice", f"New text from {who}: {link}", f'<a href="{escaped(link)}">New text</a> from {escaped(who)}'
    )


def is_shown_already(note: Note) -> bool:
    """Whether a note only offers to stop a reply: the mark of a held reply does that too."""
    return bool(note.buttons) and all(button.action == "undo" for button in note.buttons)
