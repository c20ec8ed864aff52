"""The card: who texts, on which line, how it stands, and what can be done about it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from bridge.adapters.platforms.slack.blocks import Block, actions, context, fallback, plain
from bridge.adapters.platforms.slack.words import clean, cut, cut_escaped
from bridge.domain.cards import Card
from bridge.domain.people import Person

HEADER_LIMIT, FIELD_LIMIT, CONTEXT_LIMIT = 150, 2_000, 3_000
_WEB = ("https://", "http://")
KnownName: TypeAlias = Callable[[Person], str | None]
"""What a person is called, None when that is not known; naming somebody on a card notifies nobody."""


def card_blocks(card: Card, name_of: KnownName) -> list[Block]:
    """A header, from whom to which line, what changes in two columns, the hint, links, and buttons.

    A phone shows the columns one below the other, a line each. ``name_of``: for people whose
    names only Slack knows; nobody is notified.
    """
    blocks: list[Block] = [{"type": "header", "text": plain(_title(card), HEADER_LIMIT)}]
    blocks.append(context(plain(_from_to(card), CONTEXT_LIMIT)))
    blocks.append({"type": "section", "fields": _fields(card, name_of)})
    if card.hint and not card.opted_out:
        blocks.append(context(plain(card.hint, CONTEXT_LIMIT)))
    if card.earlier:
        blocks.append(context(_earlier(card.earlier)))
    if card.merged:
        blocks.append(context(_merged(card.merged, card.later or "")))
    elif card.later:
        blocks.append(context(_later(card.later)))
    return blocks + actions(card.buttons)


def card_content(card: Card, name_of: KnownName) -> dict[str, object]:
    """A card's arguments, with attachments even if there are none: an edit without them leaves what stood there."""
    words, blocks = card_fallback(card, name_of), card_blocks(card, name_of)
    return {"text": words, "blocks": blocks, "attachments": card_alarm(card)}


def card_alarm(card: Card) -> list[Block]:
    """The attachments of a card: why the contact is not texted, behind a red bar, or none.

    An attachment, for no block in a message has a colour: Slack takes ``alert`` in forms only.
    """
    if not card.opted_out:
        return []
    said = plain(f"⛔ {card.hint}", CONTEXT_LIMIT)
    return [{"color": "danger", "fallback": said["text"], "blocks": [{"type": "section", "text": said}]}]


def card_fallback(card: Card, name_of: KnownName) -> str:
    """What notifications and screen readers say of a card."""
    status = card.status if card.until is None else f"{card.status} {card.until:%Y-%m-%d %H:%M} UTC"
    facts = [_title(card), card.address if _is_named(card) else "", f"{card.line} ({status})"]
    assignee = _assignee(card, name_of)
    facts += [f"assigned to {assignee}"] if assignee else []
    return fallback(" · ".join(fact for fact in facts if fact))


def _is_named(card: Card) -> bool:
    """Whether the card knows more of the contact than the address."""
    return _one_line(card.name) not in ("", _one_line(card.address))


def _title(card: Card) -> str:
    number = f" · #{card.number}"
    mark = "⛔ " if card.opted_out else ""
    name = _one_line(card.name)
    return mark + cut(name or card.address, HEADER_LIMIT - len(number) - len(mark)) + number


def people_on(card: Card) -> list[Person]:
    """The people whose names the card needs."""
    return [*(person for person, _, _ in card.held), *([card.assigned] if card.assigned else [])]


def _assignee(card: Card, name_of: KnownName) -> str | None:
    return _called(card.assigned, card.assignee, name_of) if card.assigned else card.assignee


def _called(person: Person, configured: str | None, name_of: KnownName) -> str:
    return name_of(person) or configured or "a teammate"


def _held(card: Card, name_of: KnownName) -> str:
    return ", ".join(f"{count} held by {_called(person, name, name_of)}" for person, name, count in card.held)


def _from_to(card: Card) -> str:
    line = f"{card.line} ({card.line_address})" if card.line_address else card.line
    return _one_line(f"From {card.address} to {line}" if _is_named(card) else f"To {line}")


def _fields(card: Card, name_of: KnownName) -> list[Block]:
    fields = [
        _status(card),
        _field("Assignee", _assignee(card, name_of) or "Nobody yet"),
    ]
    if card.team:
        fields.append(_field("Team", card.team))
    if card.held:
        fields.append(_field("Replies", _held(card, name_of)))
    if card.others:
        fields.append(_field("Also", " · ".join(card.others)))
        fields.append(_field("Replies go to", card.replies_to))
    if card.answer_leaves:
        fields.append(_time_field("Answer leaves", card.answer_leaves))
    elif card.waiting_since:
        fields.append(_time_field("Waiting since", card.waiting_since))
    if card.breached_at:
        fields.append(_time_field("⚠️ Overdue since", card.breached_at))
    if card.next_due:
        fields.append(_time_field("Due", card.next_due))
    if card.labels:
        fields.append(_field("Labels", ", ".join(card.labels)))
    return fields


def _status(card: Card) -> Block:
    words = card.status[:1].upper() + card.status[1:]
    return _field("Status", words) if card.until is None else _mrkdwn(f"*Status:* {words} {date(card.until)}")


def _field(label: str, value: str) -> Block:
    title = f"*{label}:* "
    return _mrkdwn(title + cut_escaped(_one_line(value) or "–", FIELD_LIMIT - len(title)))


def _time_field(label: str, moment: datetime) -> Block:
    return _mrkdwn(f"*{label}:* {date(moment)}")


def date(moment: datetime) -> str:
    """A moment as Slack shows it in each reader's own zone; UTC where it cannot. A narrow column does not part it."""
    shown = moment.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}\u00a0{{time}}|{shown}>"


def _one_line(value: str) -> str:
    return " ".join(clean(value).split())


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _opens(link: str) -> bool:
    return link.startswith(_WEB) and not set(link) & set("<>| \n")


def _later(link: str) -> Block:
    if _opens(link):
        return _mrkdwn(f":arrow_right: <{link}|This conversation goes on here>. Replies in this thread still work.")
    return plain("This conversation goes on in another thread. Replies in this thread still work.", CONTEXT_LIMIT)


def _merged(number: int, link: str) -> Block:
    if _opens(link):
        return _mrkdwn(f":arrow_right: <{link}|This conversation goes on in #{number}>. Write there.")
    return plain(f"This conversation goes on in #{number}. Write there.", CONTEXT_LIMIT)


def _earlier(link: str) -> Block:
    if _opens(link):
        return _mrkdwn(f":leftwards_arrow_with_hook: <{link}|Earlier thread of this conversation>")
    return plain("Continues an earlier thread of this conversation.", CONTEXT_LIMIT)
