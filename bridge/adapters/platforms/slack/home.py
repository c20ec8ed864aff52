"""The queue on the home tab and as a private answer, and what is pressed there. Limits are Slack's."""

import re
from collections.abc import Iterator, Sequence

from bridge.adapters._queue_words import PRIVATE_SHOWN, SINCE, TITLES, many
from bridge.adapters.platforms.slack.blocks import Block, context, fallback, literal, moment, plain, rich_text, section
from bridge.adapters.platforms.slack.identity import Json, items, mapping, text
from bridge.adapters.platforms.slack.reading import Reading, key, need
from bridge.adapters.platforms.slack.web import SlackWeb
from bridge.adapters.platforms.slack.words import clean, cut
from bridge.domain.conversations import ConversationStatus
from bridge.domain.events import ButtonPressed, ChatEvent, HomeOpened
from bridge.domain.people import ChatRef, Person, who_is_in
from bridge.domain.queue import PAGE, Queue, QueueEntry, Section, View, read_view
from bridge.ports.errors import SendRejected

SHOW = "queue"
"""Action of the buttons that turn to another part; the others are ``action:number``."""
NOTHING = "Nothing here. New texts show up by themselves when you open this tab."
NOTHING_AT_ALL = (
    "Nothing waits in the channels you are in. When somebody texts your number, the text becomes a thread in its "
    "channel and is listed here the next time you open this tab."
)
_NAME_LIMIT, _LINE_LIMIT, _WORDS_LIMIT = 150, 100, 300
_MEMBERS_PAGE, _MOST_PAGES = 1_000, 25
_DOT = "  ·  "
_USER_ID = re.compile(r"[UW][A-Z0-9]+")


async def is_member(web: SlackWeb, room: str, user: str) -> bool:
    """Whether somebody is in a channel; False where we may not ask."""
    cursor = None
    if (who := who_is_in(room)) is not None:
        return who == user
    for _ in range(_MOST_PAGES):
        try:
            answer = await web.call("conversations.members", channel=room, limit=_MEMBERS_PAGE, cursor=cursor)
        except SendRejected:
            return False
        if user in (answer.data.get("members") or ()):
            return True
        cursor = text(mapping(answer.data.get("response_metadata")), "next_cursor")
        if not cursor:
            return False
    return False


def view(queue: Queue, platform: str, workspace: str) -> Block:
    """The home tab: parts to choose from, one page of entries with their buttons, and pages to turn."""
    blocks: list[Block] = [{"type": "header", "text": plain("Text conversations", _NAME_LIMIT)}]
    if queue.refused:
        return {"type": "home", "blocks": [*blocks, context(plain(queue.refused, 300))]}
    blocks += [{"type": "actions", "elements": [_tab(queue, section, number) for section, number in queue.counts]}]
    blocks.append({"type": "divider"})
    for entry in queue.entries:
        blocks += [_entry(entry, queue.view, platform, workspace), *_buttons(entry, workspace), {"type": "divider"}]
    if not queue.entries:
        blocks.append(context(plain(NOTHING if any(number for _, number in queue.counts) else NOTHING_AT_ALL, 300)))
    return {"type": "home", "private_metadata": str(queue.view), "blocks": blocks + _pages(queue)}


def message(queue: Queue, platform: str, workspace: str) -> dict[str, object]:
    """The same for a private answer: counts, the first entries, no buttons."""
    counts = " · ".join(f"{TITLES[section]} {many(number)}" for section, number in queue.counts if number)
    title = TITLES[queue.view.section or "unassigned"]
    shown = queue.entries[:PRIVATE_SHOWN]
    if queue.found:
        return _found(queue, platform, workspace)
    blocks: list[Block] = [context(plain(counts or "Nothing waits.", 300))]
    if shown:
        blocks.append(rich_text(section([literal(title)[0] | {"style": {"bold": True}}])))
    blocks += [_entry(entry, queue.view, platform, workspace) for entry in shown]
    if len(queue.entries) > len(shown) or queue.more:
        blocks.append(context(plain("There are more on the home tab of this app.", 150)))
    words = [f"{title}:", *(f"#{entry.number} {entry.name} ({entry.line})" for entry in shown)]
    return {"text": fallback("\n".join([counts, *words]) if shown else "Nothing waits."), "blocks": blocks}


def _found(queue: Queue, platform: str, workspace: str) -> dict[str, object]:
    blocks: list[Block] = [context(plain(queue.found, 300))]
    blocks += [_entry(entry, queue.view, platform, workspace) for entry in queue.entries]
    words = [f"#{entry.number} {entry.name} ({entry.line}) {entry.words}" for entry in queue.entries]
    return {"text": fallback("\n".join([queue.found, *words])), "blocks": blocks}


def _tab(queue: Queue, section: Section, number: int) -> Block:
    label = f"{TITLES[section]} ({many(number)})" if number else TITLES[section]
    style = {"style": "primary"} if section == queue.view.section else {}
    return _button(f"{SHOW}:{section}", label, str(View(section))) | style


def _entry(entry: QueueEntry, shown: View, platform: str, workspace: str) -> Block:
    name = cut(" ".join(clean(entry.name).split()) or entry.address, _NAME_LIMIT)
    link = _link(entry.root, workspace)
    title: Block = {"type": "link", "url": link, "text": name} if link else literal(name)[0]
    facts = [entry.line, *([entry.address] if entry.address != entry.name else [])]
    words = f"{_DOT}#{entry.number}\n{_DOT.join(cut(fact, _LINE_LIMIT) for fact in facts)}"
    elements: list[Block] = [title | {"style": {"bold": True}}, *literal(words)]
    if entry.since:
        since = f"{SINCE[shown.section]} " if shown.section else ""
        elements += [*literal(f"{_DOT}{since}"), moment(entry.since)]
    if entry.assignee:
        elements += [*literal(_DOT), _assignee(entry.assignee, platform)]
    if entry.words:
        elements += literal(f"\n{cut(clean(entry.words), _WORDS_LIMIT)}")
    return rich_text(section(elements))


def _assignee(assignee: str, platform: str) -> Block:
    on, _, who = assignee.partition(":")
    if on == platform and _USER_ID.fullmatch(who):
        return {"type": "user", "user_id": who}
    return literal("assigned")[0]


def _link(root: ChatRef | None, workspace: str) -> str:
    """The address of a root, which Slack makes of its channel and ts; none in a direct message."""
    if root is None or not workspace or who_is_in(root.room) is not None:
        return ""
    return f"{workspace}archives/{root.room}/p{root.id.replace('.', '')}"


def _buttons(entry: QueueEntry, workspace: str) -> Iterator[Block]:
    elements: list[Block] = []
    if link := _link(entry.root, workspace):
        elements.append(_button(f"open:{entry.number}", "Open thread", "") | {"url": link})
    if entry.root is not None and entry.may_act:
        where = f"{entry.root.room}:{entry.root.id}"
        elements += [] if entry.assignee is not None else [_button(f"claim:{entry.number}", "Claim", where)]
        closed = entry.status is ConversationStatus.CLOSED
        elements += [] if closed else [_button(f"close:{entry.number}", "Close", where)]
    if elements:
        yield {"type": "actions", "elements": elements}


def _pages(queue: Queue) -> list[Block]:
    section, offset = queue.view.section, queue.view.offset
    elements: list[Block] = []
    if offset:
        elements.append(_button(f"{SHOW}:previous", "← Previous", str(View(section, max(offset - PAGE, 0)))))
    if queue.more:
        elements.append(_button(f"{SHOW}:next", "Next →", str(View(section, offset + PAGE))))
    return [{"type": "actions", "elements": elements}] if elements else []


def _button(action: str, label: str, value: str) -> Block:
    shape: Block = {"type": "button", "action_id": action, "text": plain(label, 75)}
    return shape | ({"value": value} if value else {})


def opened(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    """Somebody opened our home tab; the part looked at last is shown again."""
    if text(event, "tab") != "home":
        return ()
    author = reading.author(event)
    last = read_view(text(mapping(event.get("view")), "private_metadata"))
    stamp = key("home", author.id, need(event, "event_ts"))
    return (HomeOpened(external_id=stamp, author=author, view=View(last.section)),)


def pressed(reading: Reading, person: Person) -> Sequence[ChatEvent]:
    """A button on the home tab: another part of the queue, or an act on a conversation."""
    shown = mapping(reading.payload.get("view"))
    if text(shown, "type") != "home":
        return ()
    here = read_view(text(shown, "private_metadata"))
    found = (_pressed(reading, person, here, action) for action in items(reading.payload.get("actions")))
    return [event for event in found if event is not None]


def _pressed(reading: Reading, person: Person, here: View, action: Json) -> ChatEvent | None:
    name, value = need(action, "action_id"), clean(text(action, "value"))
    stamp = key("home", person.id, name, text(action, "action_ts"))
    verb, _, _ = name.partition(":")
    room, _, ts = value.partition(":")
    if verb == SHOW:
        return HomeOpened(external_id=stamp, author=person, view=read_view(value))
    if not ts:
        return None
    ref = reading.ref(room, ts)
    return ButtonPressed(
        external_id=stamp,
        ref=ref,
        thread=ref,
        author=person,
        action=verb,
        value="",
        trigger=text(reading.payload, "trigger_id"),
        home=here,
        surface="home",
    )
