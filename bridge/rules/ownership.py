"""Whose a conversation is: assign, claim, hand over, watch."""

from dataclasses import replace

from bridge.domain.conversations import Conversation
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import Effect, OpenForm, PostNote, Record
from bridge.domain.messages import Message
from bridge.domain.people import Person, person_of
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import absence_words
from bridge.rules import owning_words as words
from bridge.rules.absence import absence_of
from bridge.rules.act import Act, also, nearest
from bridge.rules.moving import moved
from bridge.rules.people import find, is_same
from bridge.rules.permission import is_outsider, may_text, refusal
from bridge.rules.threads import line_of


def assign(act: Act) -> Decision:
    """Make the conversation somebody's, and ring that person unless it was their own doing."""
    conversation = act.state.conversation
    if conversation is None:
        return NOTHING
    if not act.people and not act.argument:
        return _ask_whom(act, conversation)
    person = _meant(act) if len(act.people) <= 1 else None
    if person is None:
        return act.tell(words.ONE_PERSON if act.people else words.unknown_person(act.argument))
    if refusal(person, act.line, act.policy) is not None or act.policy.bots.get(person.platform) == person.id:
        return act.tell(words.OUTSIDER_OWNS if is_outsider(person, act.policy) else words.MAY_NOT_OWN)
    if is_same(conversation.assignee, person, act.policy):
        return Decision(effects=act.told(words.is_assigned(person)))
    return _owned(act, conversation, person, "assigned")


def claim(act: Act) -> Decision:
    """Make the conversation the actor's; what is another's already stays so, so that the first of two wins."""
    conversation = act.state.conversation
    if conversation is None:
        return NOTHING
    if is_same(conversation.assignee, act.actor, act.policy):
        return Decision(effects=act.told(words.YOURS))
    if conversation.assignee is not None:
        refused = act.record("claim_refused", detail=conversation.assignee)
        return Decision(effects=(act.private(words.taken(person_of(conversation.assignee))), refused))
    return _owned(act, conversation, act.actor, "claimed")


def unassign(act: Act) -> Decision:
    """Make the conversation nobody's. Taking a reaction back undoes one's own claim only."""
    conversation = act.state.conversation
    if conversation is None or conversation.assignee is None:
        return Decision(effects=act.told(words.ALREADY_NOBODYS)) if conversation else NOTHING
    if act.surface == "reaction" and not is_same(conversation.assignee, act.actor, act.policy):
        return NOTHING
    record = act.record("unassigned", detail=conversation.assignee)
    return Decision(
        conversation=replace(conversation, assignee=None),
        effects=(*act.cards(), record, *act.told(words.NOBODYS)),
    )


def _owned(act: Act, conversation: Conversation, person: Person, verb: str) -> Decision:
    note: tuple[Effect, ...] = act.told(words.YOURS if person == act.actor else words.is_assigned(person))
    if person != act.actor:
        on_platform = [thread for thread in act.state.threads if thread.platform == person.platform]
        thread = nearest(on_platform, act.room) or act.view()
        rung = () if thread is None else (PostNote(thread.id, words.assigned(person)),)
        # in the thread everybody sees the note itself
        note = rung if act.surface in ("thread", "mention") else (*rung, *note)
    gone = absence_of(person.key, act.state.away)
    warned = (act.private(absence_words.is_away(person, gone.until)),) if gone is not None else ()
    return Decision(
        conversation=replace(conversation, assignee=person.key),
        effects=(*act.cards(), *note, *warned, act.record(verb, detail=person.key if verb == "assigned" else "")),
    )


def _ask_whom(act: Act, conversation: Conversation) -> Decision:
    if not act.trigger:
        return act.tell(words.WHOM)
    form = words.assign_form(conversation.number, assignable(act.line, act.policy))
    return Decision(effects=(OpenForm(act.actor, act.trigger, form),))


def _meant(act: Act) -> Person | None:
    if act.people:
        return act.people[0]
    if act.argument.strip().casefold() == words.ME:
        return act.actor
    return find(act.argument, act.actor.platform, act.policy)


def assignable(line: LinePolicy | None, policy: Policy) -> tuple[str, ...]:
    """Return names to choose from, of teammates who may text from the line: the members of its team first."""
    team = policy.teams.get(line.team or "") if line else None
    members = team.members if team else ()
    mates = [mate for mate in policy.teammates if may_text(mate, line, policy)]
    return tuple(mate.name for mate in sorted(mates, key=lambda mate: mate.name not in members))


def first_response(conversation: Conversation, line: LinePolicy | None, message: Message) -> Conversation | None:
    """Return the conversation as its first responder's, None when it changes nobody's."""
    if line is None or not line.first_responder_becomes_assignee:
        return None
    if conversation.assignee is not None or conversation.merged is not None or message.author is None:
        return None
    return replace(conversation, assignee=message.author)


def responded(act: Act, decision: Decision, message: Message) -> Decision:
    """Return the decision with the writer of a reply as assignee, if the line wants that and nobody is."""
    conversation = decision.conversation or act.state.conversation
    owned = first_response(conversation, act.line, message) if conversation else None
    if owned is None:
        return decision
    record = Record("assigned", "bridge", act.surface, message.id, owned.assignee or "")
    # a reopened conversation has its cards drawn already
    cards = () if decision.conversation else act.cards()
    return replace(decision, conversation=owned, effects=(*decision.effects, *cards, record))


def hand_over(act: Act) -> Decision:
    """Make the conversation another team's and go on in that team's rooms; the old thread still takes replies."""
    conversation = act.state.conversation
    if conversation is None:
        return NOTHING
    wanted = act.argument.casefold().removeprefix("@")
    team = next((team for name, team in act.policy.teams.items() if name.casefold() == wanted), None)
    if team is None:
        return act.tell(words.unknown_team(act.argument, tuple(act.policy.teams)))
    own = line_of(conversation, act.policy)
    if team.name == (conversation.team or (own.team if own and own.personal is None else None)):
        return Decision(effects=act.told(words.same_team(team.name)))
    assignee = _kept(conversation.assignee, team.members, act.policy)
    handed = replace(conversation, team=team.name, assignee=assignee, shared=())
    notes = words.handed_over(team.name, act.actor), words.received(team.name, act.actor)
    decision = moved(act.state, handed, act.policy, cause=act.cause, now=act.now, notes=notes)
    record = act.record("handed_over", detail=team.name)
    return also(decision, record, *act.told(words.now_teams(team.name)))


def _kept(assignee: str | None, members: tuple[str, ...], policy: Policy) -> str | None:
    mates = [mate for mate in policy.teammates if mate.name in members]
    mine = assignee is not None and any(
        is_same(assignee, Person(platform, who), policy) for mate in mates for platform, who in mate.ids
    )
    return assignee if mine else None


def watch(act: Act) -> Decision:
    """Tell somebody of each new text from now on: the actor, or who is mentioned."""
    return _watching(act, on=True)


def unwatch(act: Act) -> Decision:
    """Tell them no longer."""
    return _watching(act, on=False)


def _watching(act: Act, *, on: bool) -> Decision:
    conversation = act.state.conversation
    if conversation is None:
        return NOTHING
    person = _meant(act) if act.people or act.argument else act.actor
    if person is None:
        return act.tell(words.unknown_person(act.argument))
    if is_outsider(person, act.policy) and on:
        return act.tell(words.OUTSIDER_WATCHES)
    said = words.WATCHING if on else words.NOT_WATCHING
    # nothing on a card says who watches, so the answer must
    answer = act.private(said)
    if (person.key in conversation.watchers) is on:
        return Decision(effects=(answer,))
    others = tuple(key for key in conversation.watchers if key != person.key)
    watchers = (*others, person.key) if on else others
    record = act.record("watched" if on else "unwatched", detail=person.key)
    return Decision(conversation=replace(conversation, watchers=watchers), effects=(answer, record))
