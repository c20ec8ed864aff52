"""Canned responses: which there are, which one is meant, and its words once filled in."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from bridge.domain.canned import Canned
from bridge.domain.cards import Note
from bridge.domain.events import CommandGiven, Event, FormSubmitted
from bridge.domain.people import Contact
from bridge.domain.policy import Policy
from bridge.rules import canned_wording as say
from bridge.rules import commands, opening_words, templates
from bridge.rules.act import Act
from bridge.rules.addresses import shown

COMMAND = "canned"
FORM, FORM_VALUES, FORM_SEND = "canned", "canned_values", "canned_send"
"""Names of the forms, in their order."""
CHOSEN, FILLED = "response", "text"
_NAME = re.compile(r"[^\W_][\w.-]{0,63}")
_GIVEN = re.compile(r"""\s*([^\W\d_][\w.]{0,60})\s?=\s?("[^"]*"|'[^']*'|“[^”]*”|‘[^’]*’|\S*)""")
_MOST_GIVEN = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a decision must know of the canned responses: those of a name, or those that hold ``words``."""

    name: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A response with its values: the words to send."""

    response: Canned
    words: str


def wanted(event: Event) -> Wanted | None:
    """Return which canned responses must be loaded to decide an event, None: none."""
    if isinstance(event, FormSubmitted) and event.form in (FORM, FORM_VALUES, FORM_SEND):
        return Wanted(split_title(title_of(event))[1])
    command = commands.command_of(event)
    if isinstance(command, commands.Command) and command.name == "later":
        return Wanted() if command.argument.casefold().startswith("appointment") else None
    if not isinstance(command, commands.Command) or command.name != COMMAND:
        return None
    first, *rest = command.argument.split(maxsplit=2) or [""]
    if isinstance(event, CommandGiven) and event.number is None:
        if first in ("", "list"):
            return Wanted(words=" ".join(rest))
        return Wanted(split_title(rest[0])[1] if rest else "")
    return Wanted(split_title(first)[1]) if first else Wanted()


def title_of(event: FormSubmitted) -> str:
    """Return the title of the response a form is about."""
    chosen = dict(event.values).get(CHOSEN) if event.form == FORM else None
    return chosen or str(read_context(event.context).get(CHOSEN, ""))


def read_context(context: str) -> Mapping[str, Any]:
    """Return what a form carries behind the number of its conversation."""
    _, _, carried = context.partition(" ")
    try:
        found = json.loads(carried)
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def split_title(title: str) -> tuple[str, str]:
    """Return (team, name) of ``name`` or ``team/name``; the name in lower case."""
    team, slash, name = title.rpartition("/")
    return (team if slash else "", name.casefold())


def is_name(name: str) -> bool:
    """Tell whether a response can be called so."""
    return _NAME.fullmatch(name) is not None


def available(policy: Policy, stored: Sequence[Canned], team: str | None) -> list[Canned]:
    """Return what a team may use: its own, then everybody's, then the configuration's; most used first.

    Where two have the same name, the one nearer to the team counts.
    """
    uses = {(row.team, row.name): row.uses for row in stored}
    found: dict[str, Canned] = {}
    for name, text in policy.canned.items():
        key, teams = name.casefold(), policy.canned_teams.get(name)
        if teams is None or team in teams:
            files = policy.canned_files.get(name, ())
            found[key] = Canned(name=key, text=text, uses=uses.get(("", key), 0), files=files)
    made = [row for row in stored if row.text is not None]
    found.update({row.name: row for row in made if not row.team})
    found.update({row.name: row for row in made if row.team and row.team == team})
    return sorted(found.values(), key=lambda row: (-row.uses, row.name))


def matching(policy: Policy, stored: Sequence[Canned], team: str | None, typed: str) -> list[tuple[str, str]]:
    """Return (title, title and opening words) of the responses that hold what was typed, most used first."""
    part = typed.strip().casefold()
    found = available(policy, stored, team)
    fits = (row for row in found if part in row.name or part in (row.text or "").casefold())
    return [(row.title, f"{row.title} · {_opening(row)}") for row in fits]


def _opening(row: Canned) -> str:
    try:
        return " ".join(templates.sketch(row.text or "", {}).split())
    except templates.TemplateRefused:
        return "cannot be used"


def choose(policy: Policy, stored: Sequence[Canned], team: str | None, title: str) -> Canned | None:
    """Return the response that ``name`` or ``team/name`` means, None when there is none."""
    of, name = split_title(title)
    found = (row for row in available(policy, stored, of or team) if row.name == name)
    return next((row for row in found if row.team == of or not of), None)


def team_of(act: Act) -> str | None:
    """Return the team whose responses come first in a conversation."""
    own = act.state.conversation.team if act.state.conversation is not None else None
    return own or (act.line.team if act.line is not None else None)


def fill(act: Act, argument: str) -> Filled | Note:
    """Return what ``name key=value …`` says in a conversation, or what to tell the writer instead."""
    title, _, rest = argument.strip().partition(" ")
    response = choose(act.policy, act.state.canned, team_of(act), title)
    if response is None or response.text is None:
        return say.unknown(title, tuple(act.policy.canned))
    given = _given(rest)
    if given is None:
        return say.how(response.title, templates.arguments(response.text))
    return filled(act, response, given)


def filled(act: Act, response: Canned, given: Mapping[str, str]) -> Filled | Note:
    """Return a response with the values known and ``given``, or what to tell the writer instead."""
    text = response.text or ""
    try:
        takes = templates.arguments(text)
        odd = next((name for name in given if name not in takes and name not in known_values(act)), None)
        if odd is not None:
            return say.no_such_value(response.title, odd, takes)
        words = templates.render(text, {**known_values(act), **given})
    except templates.MissingValues as missing:
        return say.missing(response.title, missing.names, given)
    except templates.TemplateRefused as refused:
        return say.unusable(response.title, str(refused))
    return Filled(response, words.strip()) if words.strip() else say.unusable(response.title, "it would say nothing")


def known_values(act: Act) -> dict[str, str]:
    """Return the values that fill themselves in; empty where they are not known."""
    conversation, line = act.state.conversation, act.line
    name = (act.state.contact or Contact("", "")).name or ""
    mates = (mate.name for mate in act.policy.teammates if (act.actor.platform, act.actor.id) in mate.ids)
    return {
        "contact.name": name,
        "contact.first_name": name.partition(" ")[0],
        "teammate.name": _shown_name(next(mates, "")),
        "line.name": line.name if line is not None else "",
        "line.address": shown(line.address) if line is not None else "",
        "conversation.number": str(conversation.number) if conversation is not None else "",
        "hours.today": opening_words.today(line.hours, act.now) if line is not None and line.hours is not None else "",
        "hours.next_opening": opening_words.next_one(line.hours, act.now) if line is not None and line.hours else "",
    }


def _shown_name(name: str) -> str:
    return name.capitalize() if name.islower() else name


def _given(text: str) -> dict[str, str] | None:
    """Read ``key=value key="two words"``; None when it is anything else."""
    found: dict[str, str] = {}
    at = 0
    while text[at:].strip():
        pair = _GIVEN.match(text, at)
        if pair is None or len(found) == _MOST_GIVEN:
            return None
        value = pair[2]
        found[pair[1]] = value[1:-1] if value[:1] in "\"'“‘" and len(value) > 1 else value
        at = pair.end()
    return found
