"""``/sms canned``: making, changing, removing and listing canned responses from a room."""

from collections.abc import Callable
from dataclasses import replace

from bridge.domain.canned import Canned
from bridge.domain.decision import Decision
from bridge.domain.keeping import RemoveCanned, SaveCanned
from bridge.rules import canned_wording as say
from bridge.rules import templates
from bridge.rules.act import Act, also
from bridge.rules.canned import available, is_name, split_title


def canned_command(act: Act, argument: str) -> Decision:
    """Carry out what follows ``/sms canned``; the state must hold what ``canned.wanted`` asks for."""
    verb, _, rest = argument.strip().partition(" ")
    if verb in ("", "list"):
        return _list(act, rest.strip())
    title, _, text = rest.strip().partition(" ")
    team, name = split_title(title)
    change = _CHANGES.get(verb)
    if change is None or not name:
        return act.tell(say.HOW)
    if team and team not in act.policy.teams:
        return act.tell(say.refused(f"there is no team `{say.code(team)}`"))
    return change(act, Canned(name=name, team=team, text=text.strip()))


def _list(act: Act, words: str) -> Decision:
    team = act.line.team if act.line is not None else None
    part = words.casefold()
    found = available(act.policy, act.state.canned, team)
    shown = [one for one in found if part in one.name or part in (one.text or "").casefold()]
    return act.tell(say.listed(shown, words))


def _add(act: Act, asked: Canned) -> Decision:
    if not is_name(asked.name):
        return act.tell(say.refused("a name is one word of letters, digits, dots, dashes or underscores"))
    if _stored(act, asked) is not None:
        return act.tell(say.refused(f"`{asked.title}` exists already; `/sms canned edit` changes it"))
    if not asked.team and _configured(act, asked):
        return act.tell(say.refused(f"`{asked.name}` stands in the configuration; choose another name"))
    return _save(act, asked, "canned_added")


def _edit(act: Act, asked: Canned) -> Decision:
    known = _stored(act, asked)
    if known is None:
        return _no_such(act, asked)
    return _save(act, replace(known, text=asked.text), "canned_changed")


def _remove(act: Act, asked: Canned) -> Decision:
    if _stored(act, asked) is None:
        return _no_such(act, asked)
    done = RemoveCanned(asked.name, asked.team)
    return also(act.tell(say.removed(asked.title)), done, act.record("canned_removed", detail=asked.title))


_CHANGES: dict[str, Callable[[Act, Canned], Decision]] = {"add": _add, "edit": _edit, "remove": _remove}


def _save(act: Act, asked: Canned, verb: str) -> Decision:
    text = asked.text or ""
    try:
        templates.check(text)
    except templates.TemplateRefused as refused:
        return act.tell(say.refused(str(refused)))
    if not text:
        return act.tell(say.HOW)
    made = replace(asked, created_by=act.actor.key, updated_at=act.now)
    told = act.tell(say.saved(made, templates.arguments(text)))
    return also(told, SaveCanned(made), act.record(verb, detail=made.title))


def _no_such(act: Act, asked: Canned) -> Decision:
    if not asked.team and _configured(act, asked):
        return act.tell(say.refused(f"`{asked.name}` stands in the configuration, which an operator changes"))
    return act.tell(say.refused(f"there is no canned response `{say.code(asked.title)}`"))


def _stored(act: Act, asked: Canned) -> Canned | None:
    found = (row for row in act.state.canned if (row.team, row.name) == (asked.team, asked.name))
    return next((row for row in found if row.text is not None), None)


def _configured(act: Act, asked: Canned) -> bool:
    return any(name.casefold() == asked.name for name in act.policy.canned)
