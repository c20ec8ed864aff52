"""What rules do besides assigning and texting."""

from dataclasses import replace

from bridge.domain.automation import CallOut, ChangeLabels, Close, KeepTimes, Notify, PutAway, Remark
from bridge.domain.cards import Note
from bridge.domain.conversations import Thread
from bridge.domain.decision import Decision
from bridge.domain.effects import CallWebhook, Effect, PostNote, TellRoom
from bridge.domain.identity import identify
from bridge.domain.messages import Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef, RoomRef, Team
from bridge.rules import actions, recording, snoozing, templates
from bridge.rules.automation import wording as say
from bridge.rules.automation.answering import known
from bridge.rules.automation.choosing import person_of
from bridge.rules.automation.run import Run
from bridge.rules.clocks import with_sla


def change_labels(run: Run, action: ChangeLabels) -> Run:
    """Add and take away labels."""
    changes = " ".join(action.changes)
    return _done(run, recording.label(run.act(changes)), f"changed labels: {changes}")


def close(run: Run, _action: Close) -> Run:
    """Close the conversation."""
    return _done(run, actions.close(run.act()), "closed it")


def put_away(run: Run, action: PutAway) -> Run:
    """Snooze the conversation."""
    return _done(run, snoozing.snooze(run.act(action.until)), f"snoozed it {action.until}".rstrip())


def keep_times(run: Run, action: KeepTimes) -> Run:
    """Give the conversation an SLA policy."""
    if run.conversation.sla == action.sla:
        return run
    record = run.record("sla_set", detail=action.sla)
    decision = Decision(conversation=with_sla(run.conversation, action.sla), effects=(*run.cards(), record))
    return run.with_more(decision, f"set the times of {action.sla}")


def _done(run: Run, decision: Decision, words: str) -> Run:
    """Nothing changed: nothing is said."""
    return run.with_more(decision, words) if decision.conversation is not None else run


def remark(run: Run, action: Remark) -> Run:
    """Keep a comment, and show it."""
    words = _words(run, action.template)
    message = Message(
        id=identify("remark", run.cause, run.rule.name, len(run.words)),
        conversation=run.conversation.number,
        kind=MessageKind.COMMENT,
        body=words,
        status=MessageStatus.KEPT,
        created_at=run.now,
        automatic=run.rule.actor,
    )
    notes = tuple(PostNote(thread.id, say.commented(run.rule, words), message.id) for thread in run.threads)
    effects: tuple[Effect, ...] = (*notes, run.record("commented", message.id))
    return run.with_more(Decision(messages=(message,), effects=effects), "commented")


def notify(run: Run, action: Notify) -> Run:
    """Call a teammate, a team, or a room."""
    words = _words(run, action.words)
    mate = next((one for one in run.policy.teammates if one.name == action.person), None)
    team = run.policy.teams.get(action.team or "")
    if mate is not None:
        return _call_person(run, mate.name, words)
    if team is not None:
        return _call_rooms(run, team.rooms, words, team)
    if action.room is not None:
        return _call_rooms(run, (action.room,), words, None)
    return run.did(f"found nobody called {action.person or action.team}")


def _call_person(run: Run, name: str, words: str) -> Run:
    mate = next(one for one in run.policy.teammates if one.name == name)
    person = person_of(mate, run)
    threads = [thread for thread in run.threads if thread.platform == person.platform] or list(run.threads)
    notes = tuple(PostNote(thread.id, say.called(run.rule, person, words)) for thread in threads[:1])
    return run.with_more(Decision(effects=(*notes, run.record("notified", detail=person.key))), f"notified {name}")


def _call_rooms(run: Run, rooms: tuple[RoomRef, ...], words: str, team: Team | None) -> Run:
    everyone = team is not None and team.room_mention
    said = replace(say.called(run.rule, None, words), everyone=everyone)
    whom = team.name if team is not None else rooms[0].key
    effects = tuple(_in_room(run, room, said) for room in rooms)
    return run.with_more(Decision(effects=(*effects, run.record("notified", detail=whom))), f"notified {whom}")


def _in_room(run: Run, room: RoomRef, said: Note) -> Effect:
    """In the conversation's thread where it is in that room, else in the room itself, with a link to it."""
    thread = next((one for one in run.threads if (one.platform, one.room) == (room.platform, room.room)), None)
    if thread is not None:
        return PostNote(thread.id, replace(said, bump=True))
    return TellRoom(room, say.elsewhere(run.conversation.number, said), _root(run.threads, room))


def _root(threads: tuple[Thread, ...], room: RoomRef) -> ChatRef | None:
    return next((one.root for one in threads if one.root is not None and one.platform == room.platform), None)


def call_out(run: Run, action: CallOut) -> Run:
    """Tell a program of the operator's what happened."""
    call = CallWebhook(action.webhook, run.rule.name, run.happened, run.about)
    record = run.record("webhook_called", run.about, action.webhook)
    return run.with_more(Decision(effects=(call, record)), f"called {action.webhook}")


def _words(run: Run, template: str) -> str:
    """A template as far as it can be filled: those who read it see what is missing."""
    return templates.sketch(template, known(run)).strip()
