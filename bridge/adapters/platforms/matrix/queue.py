"""The queue as an answer in a room: counts, and the conversations of one part with links to their threads."""

from bridge.adapters._queue_words import PRIVATE_SHOWN, SINCE, TITLES, many
from bridge.adapters.platforms.matrix.shapes import Content, NameOf, called, content, mentioning, moment
from bridge.adapters.platforms.matrix.words import address, cut, escaped, one_line
from bridge.domain.people import Person, person_of
from bridge.domain.queue import Queue, QueueEntry, Section

NAME_LIMIT = 80
NOTHING = "Nothing waits."


def queue_content(queue: Queue, platform: str, name_of: NameOf, asked_by: Person) -> Content:
    """What waits, for the one who asked."""
    section: Section | None = None if queue.found else queue.view.section or "unassigned"
    counts = " · ".join(f"{TITLES[part]} {many(number)}" for part, number in queue.counts if number) or NOTHING
    shown = queue.entries[:PRIVATE_SHOWN]
    lines = [_line(entry, section, name_of) for entry in shown]
    links = [_link(entry, platform) for entry in shown]
    plain, html = [queue.found or counts], [escaped(queue.found or counts)]
    if shown and section is not None:
        plain, html = [*plain, f"{TITLES[section]}:"], [*html, f"<strong>{escaped(TITLES[section])}</strong>"]
    plain += [f"{words} {link}".rstrip() for words, link in zip(lines, links, strict=True)]
    html += [_linked(words, link) for words, link in zip(lines, links, strict=True)]
    if section is not None and (len(queue.entries) > len(shown) or queue.more):
        plain, html = [*plain, _MORE], [*html, escaped(_MORE)]
    return content("m.notice", "\n".join(plain), "<br>".join(html), mentioning([asked_by], platform))


_MORE = "There are more: `!sms queue` with " + ", ".join(TITLES) + " shows one part, and what is done leaves it."


def _line(entry: QueueEntry, section: Section | None, name_of: NameOf) -> str:
    name = cut(one_line(entry.name) or entry.address, NAME_LIMIT)
    facts = [f"#{entry.number} {name}", one_line(entry.line)]
    facts += [entry.address] if entry.address != entry.name else []
    facts += [f"{SINCE[section] if section else ''} {moment(entry.since)}".lstrip()] if entry.since else []
    facts += [called(person_of(entry.assignee), name_of)] if entry.assignee else []
    return " · ".join([*facts, *([one_line(entry.words)] if entry.words else [])])


def _link(entry: QueueEntry, platform: str) -> str:
    root = entry.root
    return address(root.room, root.id) if root is not None and root.platform == platform else ""


def _linked(words: str, link: str) -> str:
    return f'<a href="{escaped(link)}">{escaped(words)}</a>' if link else escaped(words)
