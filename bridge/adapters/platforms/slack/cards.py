"""The card: who texts, on which line, how it stands, and what can be done about it."""

from collections.abc import Mapping
from datetime import datetime

from bridge.adapters.platforms.slack.blocks import Block, actions, context, fallback, plain
from bridge.adapters.platforms.slack.words import clean, cut, cut_escaped
from bridge.domain.cards import Card
from bridge.domain.people import Person

HEADER_LIMIT, FIELD_LIMIT, CONTEXT_LIMIT = 150, 2_000, 3_000
_WEB = ("https://", "http://")


def card_blocks(card: Card, names: Mapping[str, str] | None = None) -> list[Block]:
    """A header, facts in two columns, the hint, links, and buttons. ``names``: of people, who are not notified."""
    blocks: list[Block] = [{"type": "header", "text": plain(_title(card), HEADER_LIMIT)}]
    if card.opted_out:
        blocks.append(_section(":no_entry: *Opted out.* This contact must not be texted."))
    blocks.append({"type": "section", "fields": _fields(card, names or {})})
    if card.hint:
        blocks.append(context(plain(card.hint, CONTEXT_LIMIT)))
    if card.earlier:
        blocks.append(context(_earlier(card.earlier)))
    if card.later:
        blocks.append(context(_later(card.later)))
    return blocks + actions(card.buttons)


def card_fallback(card: Card, names: Mapping[str, str] | None = None) -> str:
    """What notifications and screen readers say of a card."""
    facts = [_title(card), card.address, f"{card.line} ({card.status})"]
    assignee = _assignee(card, names or {})
    facts += [f"assigned to {assignee}"] if assignee else []
    return fallback(" · ".join(dict.fromkeys(fact for fact in facts if fact)))


def _title(card: Card) -> str:
    number = f" · #{card.number}"
    mark = "⛔ " if card.opted_out else ""
    name = _one_line(card.name)
    return mark + cut(name or card.address, HEADER_LIMIT - len(number) - len(mark)) + number


def people_on(card: Card) -> list[Person]:
    """The people whose names the card needs."""
    held = [who for who, _ in card.held if isinstance(who, Person)]
    return [*held, *([card.assigned] if card.assigned and not card.assignee else [])]


def _assignee(card: Card, names: Mapping[str, str]) -> str | None:
    return card.assignee or (_called(card.assigned, names) if card.assigned else None)


def _called(who: str | Person, names: Mapping[str, str]) -> str:
    return names.get(who.id, who.id) if isinstance(who, Person) else who


def _held(card: Card, names: Mapping[str, str]) -> str:
    return ", ".join(f"{count} held by {_called(who, names)}" for who, count in card.held)


def _fields(card: Card, names: Mapping[str, str]) -> list[Block]:
    fields = [
        _field("From", card.address),
        _field("Line", f"{card.line} · {card.line_address}" if card.line_address else card.line),
        _field("Status", card.status[:1].upper() + card.status[1:]),
        _field("Assignee", _assignee(card, names) or "Nobody yet"),
    ]
    if card.team:
        fields.append(_field("Team", card.team))
    if card.held:
        fields.append(_field("Replies", _held(card, names)))
    if card.labels:
        fields.append(_field("Labels", ", ".join(card.labels)))
    if card.waiting_since:
        fields.append(_time_field("Waiting since", card.waiting_since))
    if card.next_due:
        fields.append(_time_field("Answer due", card.next_due))
    return fields


def _field(label: str, value: str) -> Block:
    title = f"*{label}*\n"
    return _mrkdwn(title + cut_escaped(_one_line(value) or "–", FIELD_LIMIT - len(title)))


def _time_field(label: str, moment: datetime) -> Block:
    return _mrkdwn(f"*{label}*\n{date(moment)}")


def date(moment: datetime) -> str:
    """A moment as Slack shows it in each reader's own zone; UTC where it cannot."""
    shown = moment.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{shown}>"


def _one_line(value: str) -> str:
    return " ".join(clean(value).split())


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _opens(link: str) -> bool:
    return link.startswith(_WEB) and not set(link) & set("<>| \n")


def _later(link: str) -> Block:
    if _opens(link):
        return _mrkdwn(f":arrow_right: <{link}|This conversation goes on here>. Replies in this thread still work.")
    return plain("This conversation goes on in another thread. Replies in this thread still work.", CONTEXT_LIMIT)


def _earlier(link: str) -> Block:
    if _opens(link):
        return _mrkdwn(f":leftwards_arrow_with_hook: <{link}|Earlier thread of this conversation>")
    return plain("Continues an earlier thread of this conversation.", CONTEXT_LIMIT)
