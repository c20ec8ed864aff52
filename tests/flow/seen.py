"""What people see of a pretend Slack's messages."""

from collections.abc import Iterable, Iterator
from typing import Any

from bridge.rules.addresses import shown
from bridge.sandbox.slack.model import Message


def is_card(post: Message, contact: str) -> bool:
    """Whether a message is the card of a contact's conversation."""
    return post.bot_id is not None and not post.is_reply and shown(contact) in post.text


def words(post: Any) -> str:
    """The letters a message shows, without its buttons."""
    return "".join(_letters(post.blocks or [])) or post.text


def _letters(elements: Iterable[Any]) -> Iterator[str]:
    for element in elements:
        if element["type"] == "rich_text" or element["type"].startswith("rich_text_"):
            yield from _letters(element["elements"])
        elif element["type"] == "text":
            yield element["text"]
        elif element["type"] == "emoji":
            yield f":{element['name']}:"


def with_button(posts: Iterable[Any], action: str) -> list[Any]:
    """The messages that carry this button."""
    return [post for post in posts if action in buttons(post)]


def buttons(post: Any) -> list[str]:
    """Names of a message's buttons."""
    rows = (block for block in post.blocks or [] if block["type"] == "actions")
    return [element["action_id"] for row in rows for element in row["elements"]]


def line(post: Message) -> str:
    """A message as one line, for failures."""
    return (
        f"{post.channel} {post.ts} in {post.thread_ts}: {post.username or post.user}: {words(post)!r} {post.reactions}"
    )


def direct(world: Any, person: Any) -> list[Any]:
    """Everything in a person's direct messages with the bot, oldest first."""
    rooms = [room for room in world.slack.channels.values() if room.kind == "im" and person.id in room.members]
    return sorted((post for room in rooms for post in room.messages.values()), key=lambda post: post.ts)
