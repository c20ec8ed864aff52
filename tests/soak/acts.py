"""What teammates do besides writing: claim, assign, label, close, remark, take back, by every surface."""

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.model import Message
from tests.soak.outside import NAMES, Outside

KEPT_LABELS = 3
ON_CARD = ("claim", "unassign", "close", "reopen")
WORDS = ("claim", "unassign", "close", "reopen", "watch", "unwatch", "undo")
_NUMBER = re.compile(r"#(\d+)")


@dataclass(frozen=True)
class Mark:
    """An act whose entry on record nobody else's can be taken for.

    ``certain``: it was written in a thread, or Slack was told that it was received; otherwise it may have been lost.
    """

    kind: str
    contact: str
    detail: str
    certain: bool


@dataclass
class Acts:
    """Acts of teammates on conversations, and what must come of them."""

    outside: Outside
    random: Random
    marks: list[Mark] = field(default_factory=list[Mark])
    done: Counter[str] = field(default_factory=Counter[str])
    words_of_undo: Counter[str] = field(default_factory=Counter[str])
    _labels: dict[tuple[str, str], list[str]] = field(default_factory=dict[tuple[str, str], list[str]])
    _number: int = 0

    async def one(self, who: str, contact: str, root: Message) -> None:
        """Do something to a conversation."""
        chosen: Callable[[str, str, Message], Awaitable[None]] = self.random.choice(
            (self._label, self._label, self._remark, self._word, self._word, self._button, self._assign, self._reaction)
        )
        try:
            await chosen(who, contact, root)
        except ActRefused:  # the card does not offer it (yet), or the reaction is there already
            self.done["not offered"] += 1

    async def _label(self, who: str, contact: str, root: Message) -> None:
        self._number += 1
        mine = self._labels.setdefault((contact, who), [])
        label, old = f"n{self._number}", mine[-KEPT_LABELS:]
        mine.append(label)
        detail = " ".join([f"+{label}", *(f"-{name}" for name in old)])
        certain = await self._say(who, root, f"label {detail}")
        self.marks.append(Mark("labelled", contact, detail, certain))

    async def _remark(self, who: str, contact: str, root: Message) -> None:
        self._number += 1
        words = f"remark {self._number} of {who[-1]}"
        certain = await self._say(who, root, f"comment {words}")
        self.marks.append(Mark("commented", contact, words, certain))

    async def _word(self, who: str, contact: str, root: Message) -> None:
        word = self.random.choice(WORDS)
        self.words_of_undo[contact] += word == "undo"
        self.done[word] += 1
        await self._say(who, root, word)

    async def _say(self, who: str, root: Message, words: str) -> bool:
        """In the thread or in the room; returns whether it will certainly be heeded."""
        people = self.outside.slack.people
        number = _NUMBER.search(root.text)
        if number is not None and self.random.random() < 0.4 and words != "undo":
            answer = await people.slash(who, root.channel, "/sms", f"#{number[1]} {words}")
            self.done["by command"] += 1
            return answer.acknowledged
        people.post(who, root.channel, f"!{words}", thread_ts=root.ts)
        self.done["by word"] += 1
        return True

    async def _button(self, who: str, contact: str, root: Message) -> None:
        del contact
        action = self.random.choice(ON_CARD)
        await self.outside.slack.people.click(who, root.channel, root.ts, action)
        self.done["by button"] += 1

    async def _assign(self, who: str, contact: str, root: Message) -> None:
        del contact
        name, people = self.random.choice(NAMES), self.outside.slack.people
        if self.random.random() < 0.5:
            await people.select(who, root.channel, root.ts, "assign", name)
            self.done["by menu"] += 1
        else:
            await self._say(who, root, f"assign {name}")

    async def _reaction(self, who: str, contact: str, root: Message) -> None:
        del contact
        people, name = self.outside.slack.people, self.random.choice(("eyes", "white_check_mark"))
        if who in root.reactions.get(name, ()):
            people.unreact(who, root.channel, root.ts, name)
        else:
            people.react(who, root.channel, root.ts, name)
        self.done["by reaction"] += 1
