"""What teammates ask of the assistant: a draft, or a summary, of the conversation they act on."""

from bridge.domain.assistant import AskAssistant, Task
from bridge.domain.decision import NOTHING, Decision
from bridge.rules import assistant_words as words
from bridge.rules.act import Act


def draft(act: Act) -> Decision:
    """Ask for a draft of the next reply."""
    return _ask(act, "draft")


def summary(act: Act) -> Decision:
    """Ask what it is all about."""
    return _ask(act, "summary")


def _ask(act: Act, task: Task) -> Decision:
    policy, conversation = act.policy.assistant, act.state.conversation
    if conversation is None:
        return NOTHING
    if policy is None:
        return act.tell(words.OFF)
    if policy.lines and conversation.line not in policy.lines:
        return act.tell(words.NOT_HERE)
    wanted = AskAssistant(task=task, person=act.actor.key)
    return Decision(effects=(wanted, act.record(f"{task}_asked"), act.private(words.ASKED)))
