"""Canned responses by form: choose one, give the values that are missing, look at it, send it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridge.domain.cards import Field, Form, Note
from bridge.domain.decision import Decision
from bridge.domain.effects import OpenForm, PostNote
from bridge.domain.events import FormSubmitted
from bridge.domain.identity import identify
from bridge.domain.messages import Message, MessageKind, MessageStatus
from bridge.rules import canned, segments, templates
from bridge.rules import canned_wording as say
from bridge.rules.act import Act
from bridge.rules.canned import CHOSEN, FILLED, FORM, FORM_SEND, FORM_VALUES, Filled
from bridge.rules.holding import against
from bridge.rules.marking import HELD_FOR_A_PERSON
from bridge.rules.merged import route_number
from bridge.rules.replies import held_if_sent, send_filled

FORMS = (FORM, FORM_VALUES, FORM_SEND)
_MOST_FIELDS = 8
_CONTEXT_LIMIT = 2900  # characters; what does not fit is not offered by form


def canned_action(act: Act) -> Decision:
    """Answer with a canned response: the one named, else the one chosen in a form, else tell which there are."""
    if act.argument:
        found = canned.fill(act, act.argument)
        return act.tell(found) if isinstance(found, Note) else _sent(act, found)
    if not act.trigger:
        return act.tell(say.listed(canned.available(act.policy, act.state.canned, canned.team_of(act))))
    field = Field(name=CHOSEN, label="Response", kind="search", hint="Type part of its name or text.")
    return _open(act, FORM, "Next", (field,), {})


def submitted(act: Act, event: FormSubmitted) -> Decision:
    """Go on from one form to the next; the last one sends what it showed."""
    known = canned.read_context(event.context)
    if event.form == FORM_SEND:
        return _sent(act, Filled(_response(act, known), str(known.get(FILLED, ""))))
    title = canned.title_of(event)
    response = canned.choose(act.policy, act.state.canned, canned.team_of(act), title)
    if response is None or response.text is None:
        return act.tell(say.unknown(title, tuple(act.policy.canned)))
    given = dict(event.values) if event.form == FORM_VALUES else {}
    try:
        words = templates.render(response.text, {**canned.known_values(act), **given}).strip()
    except templates.MissingValues as missing:
        return _ask(act, response, missing.names)
    except templates.TemplateRefused as refused:
        return act.tell(say.unusable(title, str(refused)))
    return _preview(act, response, words) if words else act.tell(say.unusable(title, "it would say nothing"))


def _ask(act: Act, response: canned.Canned, names: tuple[str, ...]) -> Decision:
    """Ask for every value the template shows, so that one more form is enough."""
    takes = dict.fromkeys([*names, *templates.arguments(response.text or "")])
    if len(takes) > _MOST_FIELDS:
        return act.tell(say.missing(response.title, names))
    fields = tuple(
        Field(name=name, label=say.label(name), kind="text", optional=name not in names, limit=templates.VALUE_LIMIT)
        for name in takes
    )
    return _open(
        act,
        FORM_VALUES,
        "Preview",
        fields,
        {CHOSEN: response.title},
        shown=templates.sketch(response.text or "", canned.known_values(act)),
    )


def _preview(act: Act, response: canned.Canned, words: str) -> Decision:
    text = segments.gsm_friendly(words)
    size = segments.count(text)
    count = f"{size.number} {'segment' if size.number == 1 else 'segments'} ({size.encoding})"
    if response.files:
        count = f"With {say.files(response)}, as MMS or as a link. {count}"
    if (no := against(act)) is not None:
        count = f"{count}. {say.will_be_refused(no[1])}"
    elif why := held_if_sent(act, _draft(act), words):
        count = f"{count}. {say.will_be_held(why)}"
    return _open(act, FORM_SEND, "Send", (), {CHOSEN: response.title, FILLED: text}, shown=text, text=count)


def _open(
    act: Act,
    name: str,
    submit: str,
    fields: tuple[Field, ...],
    known: Mapping[str, Any],
    *,
    shown: str = "",
    text: str = "",
) -> Decision:
    number = act.state.conversation.number if act.state.conversation is not None else 0
    context = f"#{number} {json.dumps(known, ensure_ascii=False, separators=(',', ':'))}"
    if len(context) > _CONTEXT_LIMIT:
        return act.tell(say.unusable(str(known.get(CHOSEN, "")), "it is too long for a form"))
    form = Form(
        name=name, title="Reply with canned", submit=submit, fields=fields, context=context, shown=shown, text=text
    )
    return Decision(effects=(OpenForm(act.actor, act.trigger, form),))


def _response(act: Act, known: Mapping[str, Any]) -> canned.Canned:
    title = str(known.get(CHOSEN, ""))
    team, name = canned.split_title(title)
    found = canned.choose(act.policy, act.state.canned, canned.team_of(act), title)
    return found or canned.Canned(name=name, team=team)


def _draft(act: Act) -> Message:
    return Message(
        id=identify("canned", act.cause),
        conversation=act.state.conversation.number if act.state.conversation is not None else 0,
        kind=MessageKind.REPLY,
        body="",
        status=MessageStatus.HELD,
        created_at=act.now,
        author=act.actor.key,
        via=route_number(act.state),
    )


def _sent(act: Act, found: Filled) -> Decision:
    """Send what no post in the thread says, so the thread is told as well."""
    draft, thread = _draft(act), act.view()
    decision = send_filled(act, draft, found)
    if thread is None:
        return decision
    note = say.by_form(found.response, found.words, act.actor)
    # undoing it says so in the note's place; a question about a held one stands below it
    about = None if decision.messages[0].hold in HELD_FOR_A_PERSON else draft.id
    return replace(decision, effects=(PostNote(thread.id, note, about), *decision.effects))
