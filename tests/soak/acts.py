"""What teammates do besides writing: claim, assign, label, close, remark, take back, by every surface."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from tests.soak.team import NotOffered, Root, Team

KEPT_LABELS = 3
NAMES = ("ana", "ben", "cleo")
ON_CARD = ("claim", "unassign", "close", "reopen")
WORDS = ("claim", "unassign", "close", "reopen", "watch", "unwatch", "undo")


@dataclass(frozen=True)
class Mark:
    """An act whose entry on record nobody else's can be taken for.

    ``certain``: it was written in a thread, or the platform was told that it was received; otherwise it may be lost.
    """

    kind: str
    contact: str
    detail: str
    certain: bool


@dataclass
class Done:
    """What was done, on every platform."""

    marks: list[Mark] = field(default_factory=list[Mark])
    counts: Counter[str] = field(default_factory=Counter[str])
    words_of_undo: Counter[str] = field(default_factory=Counter[str])
    number: int = 0


@dataclass
class Acts:
    """Acts of one team on conversations, and what must come of them."""

    team: Team
    random: Random
    done: Done
    _labels: dict[tuple[str, str], list[str]] = field(default_factory=dict[tuple[str, str], list[str]])

    async def one(self, who: str, contact: str, root: Root) -> None:
        """Do something to a conversation."""
        chosen: Callable[[str, str, Root], Awaitable[None]] = self.random.choice(
            (self._label, self._label, self._remark, self._word, self._word, self._button, self._assign, self._reaction)
        )
        try:
            await chosen(who, contact, root)
        except NotOffered:  # the card does not offer it (yet), or the reaction is there already
            self.done.counts["not offered"] += 1

    async def _label(self, who: str, contact: str, root: Root) -> None:
        self.done.number += 1
        mine = self._labels.setdefault((contact, who), [])
        label, old = f"n{self.done.number}", mine[-KEPT_LABELS:]
        mine.append(label)
        detail = " ".join([f"+{label}", *(f"-{name}" for name in old)])
        certain = await self._say(who, root, f"label {detail}")
        self.done.marks.append(Mark("labelled", contact, detail, certain))

    async def _remark(self, who: str, contact: str, root: Root) -> None:
        self.done.number += 1
        words = f"remark {self.done.number} on {self.team.platform}"
        certain = await self._say(who, root, f"comment {words}")
        self.done.marks.append(Mark("commented", contact, words, certain))

    async def _word(self, who: str, contact: str, root: Root) -> None:
        word = self.random.choice(WORDS)
        self.done.words_of_undo[contact] += word == "undo"
        self.done.counts[word] += 1
        await self._say(who, root, word)

    async def _say(self, who: str, root: Root, words: str) -> bool:
        """In the thread or in the room; returns whether it will certainly be heeded."""
        if root.number and self.random.random() < 0.4 and words != "undo":
            self.done.counts["by command"] += 1
            return await self.team.command(who, root, words)
        self.done.counts["by word"] += 1
        await self.team.write(who, root, f"!{words}")
        return True

    async def _button(self, who: str, contact: str, root: Root) -> None:
        del contact
        self.done.counts["by button"] += 1
        await self.team.press(who, root, self.random.choice(ON_CARD))

    async def _assign(self, who: str, contact: str, root: Root) -> None:
        del contact
        name = self.random.choice(NAMES)
        if self.random.random() < 0.5:
            self.done.counts["by menu"] += 1
            await self.team.assign(who, root, name)
        else:
            await self._say(who, root, f"assign {name}")

    async def _reaction(self, who: str, contact: str, root: Root) -> None:
        del contact
        self.done.counts["by reaction"] += 1
        await self.team.react(who, root.room, root.id, self.random.choice(("eyes", "white_check_mark")))
