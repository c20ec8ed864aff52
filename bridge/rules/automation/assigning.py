"""Rules that say whose a conversation is."""

from dataclasses import replace

from bridge.domain.automation import AssignPerson, AssignTeam
from bridge.domain.conversations import Conversation, State, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import Effect, OpenThread, PostMedia, PostNote, PostText
from bridge.domain.keeping import SaveTurn
from bridge.domain.people import Person, Team
from bridge.rules.act import also, nearest
from bridge.rules.automation import wording as say
from bridge.rules.automation.choosing import choose, is_member, person_of
from bridge.rules.automation.run import Run
from bridge.rules.moving import moved
from bridge.rules.people import is_same
from bridge.rules.permission import refusal
from bridge.rules.threads import ensure_threads, line_of


def assign_person(run: Run, action: AssignPerson) -> Run:
    """Make the conversation a teammate's, be they away or not."""
    mate = next((one for one in run.policy.teammates if one.name == action.name), None)
    if mate is None:
        return run.did(f"found no {action.name}")
    person = person_of(mate, run)
    if refusal(person, run.line, run.policy) is not None:
        return run.did(f"left {mate.name} out, who may not text from here")
    return _owned(run, person, mate.name)


def assign_team(run: Run, action: AssignTeam) -> Run:
    """Make it a team's, and with a strategy one of its members', unless one of them who is there has it already."""
    team = run.policy.teams.get(action.team)
    if team is None:
        return run.did(f"found no team {action.team}")
    run = _handed_over(run, team)
    if action.by is None or is_member(run.conversation.assignee, team, run):
        return run
    mate = choose(run, team, action.by)
    if mate is None:
        return run.did(f"found nobody of {team.name} there")
    turn = SaveTurn(team.name, mate.name)
    facts = replace(run.facts, turns=(*(one for one in run.facts.turns if one[0] != team.name), (team.name, mate.name)))
    return _owned(replace(run, facts=facts), person_of(mate, run), mate.name, turn)


def _owned(run: Run, person: Person, name: str, *more: Effect) -> Run:
    if is_same(run.conversation.assignee, person, run.policy):
        return run
    on_platform = [thread for thread in run.threads if thread.platform == person.platform]
    thread = nearest(on_platform or run.threads, None)
    rung = () if thread is None else (PostNote(thread.id, say.assigned(run.rule, person)),)
    record = run.record("assigned", detail=person.key)
    mine = replace(run.conversation, assignee=person.key)
    decision = Decision(conversation=mine, effects=(*run.cards(), *rung, *more, record))
    return _quieter(run.with_more(decision, f"assigned it to {name}"))


def _quieter(run: Run) -> Run:
    """The whole room is no longer called by a text that is somebody's."""

    def quiet(effect: Effect) -> Effect:
        return replace(effect, ring=replace(effect.ring, room=False)) if isinstance(effect, PostText) else effect

    effects = tuple(map(quiet, run.decision.effects))
    return replace(run, decision=replace(run.decision, effects=effects))


def _handed_over(run: Run, team: Team) -> Run:
    conversation, line = run.conversation, run.line
    if team.name == (conversation.team or (line.team if line and line.personal is None else None)):
        return run
    kept = conversation.assignee if is_member(conversation.assignee, team, run) else None
    handed = replace(conversation, team=team.name, assignee=kept, shared=())
    record = run.record("handed_over", detail=team.name)
    words = f"handed it over to {team.name}"
    fresh = [one for one in run.decision.threads if _is_unseen(run.before, one, conversation)]
    if fresh and len(fresh) == len(run.threads):
        return _opened_there(run, handed, fresh).with_more(Decision(effects=(record,)), words)
    notes = say.handed_over(run.rule, team.name), say.received(run.rule, team.name)
    decision = moved(run.state, handed, run.policy, cause=run.act().cause, now=run.now, notes=notes)
    return run.with_more(also(decision, record), words)


def _is_unseen(before: State, thread: Thread, conversation: Conversation) -> bool:
    known = {one.id for one in before.threads}
    mine = thread.conversation == conversation.number and thread.id not in known
    return mine and thread.state is ThreadState.OPENING


def _opened_there(run: Run, handed: Conversation, unseen: list[Thread]) -> Run:
    """Open a conversation that was just begun in the team's rooms at once: nobody has seen it elsewhere."""
    line = line_of(handed, run.policy)
    gone = {thread.id for thread in unseen}
    bare = replace(run.state, threads=tuple(one for one in run.state.threads if one.id not in gone))
    _, there = ensure_threads(bare, handed, line, run.cause, run.now) if line else ((), ())
    if not there:
        return replace(run, decision=replace(run.decision, conversation=handed))
    kept = tuple(one for one in run.decision.threads if one.id not in gone)
    effects = tuple(_redirected(run.decision.effects, unseen[0].id, gone, there))
    return replace(run, decision=replace(run.decision, conversation=handed, threads=(*kept, *there), effects=effects))


def _redirected(effects: tuple[Effect, ...], first: str, gone: set[str], there: tuple[Thread, ...]) -> list[Effect]:
    """Return the effects with what was to be shown in one thread shown in those that take its place."""
    found: list[Effect] = []
    for thread in there:
        found += [
            replace(effect, thread=thread.id)
            for effect in effects
            if isinstance(effect, OpenThread | PostText | PostMedia | PostNote) and effect.thread == first
        ]
    return [*found, *(effect for effect in effects if getattr(effect, "thread", None) not in gone)]
