"""Steps that tick themselves off as somebody does them."""

from collections.abc import Iterator
from typing import Any

from bridge.sandbox.slack.model import Message as Post
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.steps import Steps
from bridge.sandbox.trouble import ENDED
from bridge.sandbox.twilio.world import TwilioWorld

BUTTONS = {"undo": "undo", "cancel": "undo", "claim": "claim", "send": "guard", "keep internal": "guard"}
"""Words on buttons, and the step that pressing one does."""
REACTIONS = {"eyes": "claim"}
MENUS = {"assign": "assign", "canned_send": "canned"}
WORDS = {"!claim": "claim", "!assign": "assign", "!team": "team", "!canned": "canned", "!c": "canned"}
"""First words of replies, and the step that writing one does."""


class Guide:
    """The steps done so far; a step once done stays done."""

    def __init__(self, steps: Steps, slack: SlackWorld, twilio: TwilioWorld) -> None:
        """Nothing has been tried yet."""
        self._steps = steps
        self._slack = slack
        self._twilio = twilio
        self._done: set[str] = set()

    def tick(self, step: str) -> None:
        """Note that a step was done."""
        self._done.add(step)

    def pressed(self, label: str) -> None:
        """Note a button by the words on it."""
        if step := BUTTONS.get(label.strip().lower()):
            self.tick(step)

    def reacted(self, name: str) -> None:
        """Note a reaction by its name."""
        if step := REACTIONS.get(name):
            self.tick(step)

    def chosen(self, menu: str) -> None:
        """Note an entry chosen in a menu, or a form sent off, by the name that the app gave it."""
        if step := MENUS.get(menu):
            self.tick(step)

    def withdrawn(self, post: Post) -> None:
        """Note that somebody took a reply back; it counts when no text had left."""
        if post.is_reply and not self._left(post):
            self.tick("undo")

    def look(self) -> None:
        """See what has been done, from what there is at both ends."""
        for message in self._twilio.history:
            if message.direction == "inbound":
                self.tick("text")
            elif message.direction == "outbound-api" and message.received:
                self.tick("reply")
            elif message.direction == "outbound-api" and message.status in ENDED:
                self.tick("failure")
        if any("Overdue" in post.text for post in self._posts()):
            self.tick("wait")
        for post in self._replies():
            if post.text.lstrip().startswith("//"):
                self.tick("comment")
            elif post.edited and self._left(post):
                self.tick("edit")
            if step := WORDS.get((post.text.split() or [""])[0]):
                self.tick(step)

    def state(self) -> list[dict[str, Any]]:
        """The steps in order, for the page."""
        return [
            {"id": step, "title": title, "how": how, "done": step in self._done}
            for step, (title, how) in self._steps.items()
        ]

    def _posts(self) -> Iterator[Post]:
        for channel in self._slack.channels.values():
            yield from channel.messages.values()

    def _replies(self) -> Iterator[Post]:
        return (post for post in self._posts() if post.is_reply and post.bot_id is None)

    def _left(self, post: Post) -> bool:
        """Whether a text was made after the post and before its edit, as far as one can tell from outside."""
        start = float(post.ts)
        end = float(post.edited["ts"]) + 1 if post.edited else float("inf")
        times = (one.created.timestamp() for one in self._twilio.history if one.direction == "outbound-api")
        return any(start < at < end for at in times)
