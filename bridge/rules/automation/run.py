"""A rule at work: what it has done so far, and how more is added."""

from dataclasses import dataclass, replace
from datetime import datetime

from bridge.domain.automation import SURFACE, Automation, Facts, Rule
from bridge.domain.conversations import Conversation, State, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import AnswerPrivately, Effect, Record, UpdateCard
from bridge.domain.people import Person
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules.act import Act
from bridge.rules.automation.happened import Written, after
from bridge.rules.threads import line_of

_SHOWN = (ThreadState.OPENING, ThreadState.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One event on its way through the rules.

    ``before``: the state as loaded; ``decision``: all that is decided so far; ``text``: what the contact wrote, None
    where the event is about no text; ``cause``: the event's id; ``happened``: what the rule
    was asked for; ``about``: the text's id; ``words``: what the rule did, for the record.
    """

    before: State
    decision: Decision
    rule: Rule
    policy: Policy
    facts: Facts
    now: datetime
    cause: str
    text: Written | None = None
    happened: str = ""
    about: str | None = None
    words: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The state as it is by now."""
        return after(self.before, self.decision)

    @property
    def conversation(self) -> Conversation:
        """The conversation as it is by now."""
        found = self.state.conversation
        assert found is not None  # noqa: S101 - rules are asked of conversations only
        return found

    @property
    def line(self) -> LinePolicy | None:
        """Its line, with the rooms of the team that has it."""
        return line_of(self.conversation, self.policy)

    @property
    def automation(self) -> Automation:
        """All rules, and their limits."""
        return self.policy.automation

    @property
    def threads(self) -> tuple[Thread, ...]:
        """The threads the conversation is shown in."""
        return tuple(thread for thread in self.state.threads if thread.state in _SHOWN)

    def record(self, act: str, message: str | None = None, detail: str = "") -> Record:
        """Return the entry that puts an act of the rule on record."""
        return Record(act, self.rule.actor, SURFACE, message, detail)

    def cards(self) -> tuple[Effect, ...]:
        """Return the effects that draw the cards again."""
        return tuple(UpdateCard(thread.id) for thread in self.threads)

    def act(self, argument: str = "") -> Act:
        """Return the rule as somebody who acts. Nobody can be answered."""
        return Act(
            state=self.state,
            actor=Person(SURFACE, self.rule.name, bot=True),
            surface=SURFACE,
            room="",
            thread=None,
            line=self.line,
            policy=self.policy,
            now=self.now,
            argument=argument,
            cause=f"{self.cause}/{self.rule.name}",
        )

    def did(self, words: str) -> "Run":
        """Return it with words for the record."""
        return replace(self, words=(*self.words, words))

    def with_more(self, more: Decision, words: str) -> "Run":
        """Return it with what one more action decided."""
        known = {thread.id: thread for thread in (*self.decision.threads, *more.threads)}
        effects = tuple(effect for effect in more.effects if not isinstance(effect, AnswerPrivately))
        decision = replace(
            self.decision,
            conversation=more.conversation or self.decision.conversation,
            threads=tuple(known.values()),
            messages=(*self.decision.messages, *more.messages),
            posts=(*self.decision.posts, *more.posts),
            effects=(*self.decision.effects, *effects),
        )
        return replace(self, decision=decision, words=(*self.words, words))
