"""The operator's rules, asked about each event after it was decided; what they do does not ask them again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bridge.domain.automation import (
    RAN,
    Action,
    Answer,
    AssignPerson,
    AssignTeam,
    CallOut,
    ChangeLabels,
    Close,
    Facts,
    KeepTimes,
    Notify,
    PutAway,
    Remark,
    Wanted,
)
from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.events import Event, TimerFired
from bridge.domain.policy import Policy
from bridge.rules.act import also
from bridge.rules.automation import answering, assigning, doing
from bridge.rules.automation.compiling import Compiled, compiled
from bridge.rules.automation.conditions import Seen
from bridge.rules.automation.happened import RULE_TIMER, after, category_of, possible, triggers_of, written
from bridge.rules.automation.run import Run
from bridge.rules.automation.texts import keywords
from bridge.rules.automation.unanswered import overdue, timers
from bridge.rules.automation.wanting import together
from bridge.rules.threads import line_of

NO_FACTS = Facts()

_DOING: Mapping[type[Any], Callable[[Run, Any], Run]] = {
    AssignPerson: assigning.assign_person,
    AssignTeam: assigning.assign_team,
    Answer: answering.answer,
    ChangeLabels: doing.change_labels,
    Remark: doing.remark,
    Notify: doing.notify,
    PutAway: doing.put_away,
    Close: doing.close,
    KeepTimes: doing.keep_times,
    CallOut: doing.call_out,
}


def wants(event: Event, policy: Policy) -> Wanted | None:
    """Return which facts rules may ask for about an event of this kind, None when no rule is asked."""
    if not policy.automation.rules:
        return None
    wanted = compiled(policy.automation).wanted
    found = [wanted[trigger] for trigger in possible(event) if trigger in wanted]
    return together(found) if found else None


def automated(state: State, event: Event, decision: Decision, policy: Policy, now: datetime) -> Decision:
    """Return the decision with what the operator's rules do about it."""
    if not policy.automation.rules:
        return decision
    rules = compiled(policy.automation)
    triggers = triggers_of(state, event, decision, policy)
    if isinstance(event, TimerFired) and event.kind == RULE_TIMER:
        found = overdue(state, event, policy, now)
    else:
        found = rules.asked(triggers)
    done = _asked(rules, found, state, event, decision, policy, now) if found else decision
    return also(done, *timers(state, event, done, policy, now))


def _asked(  # noqa: PLR0917 - what decisions are made of
    rules: Compiled, found: list[int], state: State, event: Event, decision: Decision, policy: Policy, now: datetime
) -> Decision:
    facts = state.facts or NO_FACTS
    text = written(state, event, decision)
    triggers = triggers_of(state, event, decision, policy)
    seen = _seen(state, event, decision, policy, now)
    if seen is None:
        return decision
    if text is not None:
        found_in = rules.patterns.found_in(text.body)
        seen = replace(seen, found=found_in, words=keywords(text.body), media=text.media)
    for place in found:
        if not rules.tests[place](seen):
            continue
        rule = rules.rules[place]
        run = Run(
            before=state,
            decision=decision,
            rule=rule,
            policy=policy,
            facts=facts,
            now=now,
            cause=event.external_id,
            text=text,
            happened=next((one for one in rule.on if one in triggers), rule.on[0]),
            about=text.id if text is not None else None,
        )
        for action in rule.actions:
            run = _do(run, action)
        decision, facts = _on_record(run), run.facts
        seen = replace(seen, conversation=run.conversation, line=run.line, facts=facts)
        if rule.stop:
            break
    return decision


def _do(run: Run, action: Action) -> Run:
    return _DOING[type(action)](run, action)


def _on_record(run: Run) -> Decision:
    return also(run.decision, run.record(RAN, run.about, "; ".join(run.words) or "changed nothing"))


def _seen(state: State, event: Event, decision: Decision, policy: Policy, now: datetime) -> Seen | None:
    now_is = after(state, decision)
    if now_is.conversation is None or now_is.contact is None:
        return None
    via = state.via
    return Seen(
        conversation=now_is.conversation,
        asked=via.conversation if via is not None else now_is.conversation,
        contact=(via.contact if via is not None else None) or now_is.contact,
        line=line_of(now_is.conversation, policy),
        policy=policy,
        facts=state.facts or NO_FACTS,
        now=now,
        category=category_of(event, policy),
    )
