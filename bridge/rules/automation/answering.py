"""Rules that text the contact, and what keeps them from it."""

import re
from dataclasses import replace
from datetime import timedelta

from bridge.domain.automation import Answer
from bridge.domain.decision import Decision
from bridge.domain.effects import Effect, PostNote, SendText
from bridge.domain.identity import identify
from bridge.domain.keeping import CountUse
from bridge.domain.messages import Message, MessageKind, MessageStatus, Purpose
from bridge.domain.people import Contact
from bridge.rules import canned, segments, templates
from bridge.rules.addresses import WHATSAPP
from bridge.rules.automation import wording as say
from bridge.rules.automation.run import Run
from bridge.rules.automation.wanting import AN_HOUR
from bridge.rules.merged import reply_route, route_number
from bridge.rules.renewing import objection
from bridge.rules.sending import forbidden

TYPED = timedelta(seconds=5)
"""A text so soon after an automatic one answers it by itself: nobody reads and types faster."""

_AUTOMATIC = re.compile(
    r"\b(?:auto(?:mated|matic)?[ -]?(?:reply|response|answer|message)|this is an? auto|out of (?:the )?office"
    r"|(?:do|please do) not reply|don['’]t reply|no[ -]?reply|unmonitored|unattended mailbox|away from my phone"
    r"|i[’']?m driving|driving with (?:focus|do not disturb)|abwesenheitsnotiz|automatische antwort"
    r"|respuesta autom[aá]tica|r[eé]ponse automatique|resposta autom[aá]tica|risposta automatica)",
    re.IGNORECASE,
)
"""What machines write, in the words that phones and services use."""


def answer(run: Run, action: Answer) -> Run:
    """Text the contact, unless something speaks against it; then that goes on record."""
    if (why := _against(run, action)) is not None:
        return run.did(f"did not text: {why}")
    try:
        words = filled(run, action.template)
    except templates.MissingValues as missing:
        return run.did(f"did not text: the template lacks {', '.join(missing.names)}")
    except templates.TemplateRefused as refused:
        return run.did(f"did not text: {refused}")
    body = segments.gsm_friendly(words)
    size = segments.count(body).number
    if (why := objection(body, run.line, run.policy.comment_markers)) is not None:
        return run.did(f"did not text: {why}")
    message = Message(
        id=identify("automatic", run.cause, run.rule.name, len(run.words)),
        conversation=run.conversation.number,
        kind=MessageKind.REPLY,
        body=body,
        status=MessageStatus.QUEUED,
        created_at=run.now,
        ticket=1,
        segments=size,
        via=route_number(run.state),
        purpose=Purpose.AUTOMATIC,
        automatic=run.rule.actor,
    )
    return _texted(run, action, message)


def _texted(run: Run, action: Answer, message: Message) -> Run:
    shown = (PostNote(thread.id, say.sent(run.rule, message.body), message.id) for thread in run.threads)
    used: tuple[Effect, ...] = (CountUse(action.canned, ""),) if action.canned else ()
    effects: tuple[Effect, ...] = (
        SendText(message.id, message.ticket),
        *shown,
        *used,
        run.record("texted", message.id, action.canned),
    )
    facts = replace(run.facts, automatic=(*run.facts.automatic, (run.rule.name, run.now)))
    texted = run.with_more(Decision(messages=(message,), effects=effects), f"texted {action.canned or 'its own words'}")
    return replace(texted, facts=facts)


def filled(run: Run, template: str) -> str:
    """Return a template with what is known. Raises ``MissingValues`` and ``TemplateRefused``."""
    return templates.render(template, known(run)).strip()


def known(run: Run) -> dict[str, str]:
    """Return the values that templates of rules fill in."""
    return canned.known_values(run.act())


def _against(run: Run, action: Answer) -> str | None:
    """Why a rule must not text this contact now."""
    route = reply_route(run.state)
    refused = forbidden(run.conversation if route is None else route.conversation, run.conversation, run.policy)
    if refused is not None:
        return "the contact opted out" if refused[0] == "opted_out" else "the contact is blocked"
    contact = (route.contact if route is not None else run.state.contact) or Contact("", "")
    if not contact.address.startswith(("+", WHATSAPP)):
        return "it is no telephone number"
    if run.line is None:
        return "its line is gone"
    now_is = run.conversation
    if run.happened == "categorized" and (now_is.waiting_since is None or now_is.answer_held_until is not None):
        return "somebody answered meanwhile"
    return _of_machines(run) or _too_often(run, action)


def _of_machines(run: Run) -> str | None:
    text = run.text
    if text is not None and _AUTOMATIC.search(text.body):
        return "the text sounds automatic"
    sent = run.before.facts.automatic if run.before.facts is not None else ()
    if text is not None and any(timedelta() <= (text.at or run.now) - at < TYPED for _, at in sent):
        return "the text came right behind an automatic one"
    return None


def _too_often(run: Run, action: Answer) -> str | None:
    own = (at for rule, at in run.facts.automatic if rule == run.rule.name)
    if any(run.now - at < action.again_after for at in own):
        return "it texted this contact not long ago"
    lately = sum(run.now - at < AN_HOUR for _, at in run.facts.automatic)
    limit = run.automation.per_hour
    return f"{limit} automatic texts an hour are the most" if lately >= limit else None
