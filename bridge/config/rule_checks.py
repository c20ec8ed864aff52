"""Names that rules give, rules that can never be asked, templates that no rule can fill."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, cast

from bridge.config.document import Document, KeyPath
from bridge.config.problems import suggestion
from bridge.config.rule_conditions import ANYBODY, NOBODY
from bridge.config.usable import report_template

LIBRARY = "py3langid"
"""What must be there for conditions on the language; of the extra ``textbridge[language]``."""
NO_CATEGORY = "none"
_TO_SORT = "Write assistant: with base_url, model and categories (docs/assistant.md)."
_GROUPS = ("all", "any", "none")
_CONDITIONS = {"line": "lines", "team": "teams", "assignee": "teammates"}
_KINDS = {
    "lines": "line",
    "teams": "team",
    "teammates": "teammate",
    "canned": "canned response",
    "sla": "entry under sla",
    "webhooks": "webhook",
    "platforms": "platform",
}
_ACTIONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("assign",), "teammates"),
    (("assign", "team"), "teams"),
    (("reply", "canned"), "canned"),
    (("sla",), "sla"),
    (("webhook",), "webhooks"),
    (("notify", "person"), "teammates"),
    (("notify", "team"), "teams"),
    (("notify", "room", "platform"), "platforms"),
)
_TEMPLATES = (("reply", "text"), ("comment",), ("notify", "text"))


def check(document: Document) -> None:
    """Report them, each with its place."""
    rules = _list(cast("dict[str, Any]", document.data).get("rules"))
    for place, rule in enumerate(rules):
        if not isinstance(rule, dict):
            continue
        path: KeyPath = ("rules", place)
        values = cast("dict[str, Any]", rule)
        for where, section, name in _names(values, path):
            _known(document, where, section, name)
        for where, template in _written(values, path):
            _usable(document, where, template)
        for where, name in _canned(values, path):
            _fillable(document, where, name)
        for where, until in _found(values, path, ("snooze",)):
            _readable(document, where, until)
        for where, key, _ in _conditions(values.get("if"), (*path, "if")):
            if key == "language":
                _tellable(document, where)
        _check_categories(document, values, path)
    _check_order(document, rules)


def _check_order(document: Document, rules: list[Any]) -> None:
    """Two of a name cannot be told apart on record; behind one that always stops, none is asked."""
    names: dict[str, KeyPath] = {}
    stopped: dict[str, KeyPath] = {}
    for place, rule in enumerate(rules):
        if not isinstance(rule, dict):
            continue
        values, path = cast("dict[str, Any]", rule), ("rules", place)
        name = values.get("name")
        if isinstance(name, str) and names.setdefault(name, path) != path:
            line = document.place((*names[name], "name"))[0]
            document.report((*path, "name"), f"the rule on line {line} has this name already.", "Give it another.")
        happens = [json.dumps(one, sort_keys=True, default=str) for one in _list(values.get("on"))]
        if happens and all(one in stopped for one in happens):
            line = document.place(stopped[happens[0]])[0]
            hint = "Put it before that rule, or give that one a condition."
            document.report(path, f"is never asked: the rule on line {line} always stops.", hint)
        elif values.get("stop") is True and _always(values.get("if")):
            stopped.update(dict.fromkeys(happens, path))


def _always(condition: Any) -> bool:
    """Tell whether nothing at all must hold."""
    if not isinstance(condition, dict):
        return condition is None
    return all(key in ("all", "none") and value == [] for key, value in cast("dict[str, Any]", condition).items())


def _check_categories(document: Document, rule: dict[str, Any], path: KeyPath) -> None:
    """Only an assistant that sorts tells categories, and only once it has answered."""
    known, missing = _categories(document)
    happens = [*_list(rule.get("on"))]
    if missing and "categorized" in happens:
        document.report((*path, "on"), f"categorized never happens: {missing}", _TO_SORT)
    for where, key, name in _conditions(rule.get("if"), (*path, "if")):
        if key != "category":
            continue
        if "categorized" not in happens:
            said = "is known only when the assistant has answered."
            document.report(where, said, "Write on: categorized.", at=document.values.get(where))
        elif not missing and name not in known:
            hint = suggestion(name, known)
            document.report(where, "is no category of the assistant.", hint, at=document.values.get(where))


def _categories(document: Document) -> tuple[list[str], str]:
    """Return the assistant's categories, and why there are none."""
    assistant = cast("dict[str, Any]", document.data).get("assistant")
    if not isinstance(assistant, dict):
        return [], "there is no assistant."
    found = cast("dict[str, Any]", assistant).get("categories")
    names = [str(name) for name in cast("dict[Any, Any]", found)] if isinstance(found, dict) else []
    return ([*names, NO_CATEGORY], "") if names else ([], "the assistant has no categories.")


def _names(rule: dict[str, Any], path: KeyPath) -> Iterator[tuple[KeyPath, str, str]]:
    """Every name a rule gives, with the section that must define it."""
    for where, key, name in _conditions(rule.get("if"), (*path, "if")):
        if key in _CONDITIONS and not (key == "assignee" and name in (NOBODY, ANYBODY)):
            yield where, _CONDITIONS[key], name
    for keys, section in _ACTIONS:
        for where, name in _found(rule, path, keys):
            yield where, section, name


def _conditions(found: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str, str]]:
    if not isinstance(found, dict):
        return
    for key, value in cast("dict[str, Any]", found).items():
        here = (*path, key)
        if key in _GROUPS:
            for place, inner in enumerate(_list(value)):
                yield from _conditions(inner, (*here, place))
        elif key == "category" and isinstance(value, dict):
            named = cast("dict[str, Any]", value).get("name")
            yield from ((at, key, one) for at, _, one in _conditions({"name": named}, here))
        elif isinstance(value, list):
            values = cast("list[Any]", value)
            yield from (((*here, place), key, one) for place, one in enumerate(values) if isinstance(one, str))
        elif isinstance(value, str):
            yield here, key, value


def _found(rule: dict[str, Any], path: KeyPath, keys: tuple[str, ...]) -> Iterator[tuple[KeyPath, str]]:
    """What stands under these keys of each action, if it is text."""
    for place, action in enumerate(_list(rule.get("do"))):
        value: Any = action
        for key in keys:
            value = cast("dict[str, Any]", value).get(key) if isinstance(value, dict) else None
        if isinstance(value, str):
            yield (*path, "do", place, *keys), value


def _written(rule: dict[str, Any], path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    for keys in _TEMPLATES:
        yield from _found(rule, path, keys)


def _canned(rule: dict[str, Any], path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    yield from _found(rule, path, ("reply", "canned"))


def _known(document: Document, path: KeyPath, section: str, name: str) -> None:
    found = cast("dict[str, Any]", document.data).get(section)
    known = {str(key) for key in cast("dict[Any, Any]", found)} if isinstance(found, dict) else set[str]()
    if name not in known:
        hint = suggestion(name, known) or f"Define it under {section}."
        teams = cast("dict[str, Any]", document.data).get("teams")
        if section == "teammates" and isinstance(teams, dict) and name in teams:
            hint = f"It is a team: write {{team: {name}}}."
        document.report(path, f"there is no such {_KINDS[section]}.", hint, at=document.values.get(path))


def _usable(document: Document, path: KeyPath, template: str) -> None:
    from bridge.pipeline.prepared import asked_for, mistake_in  # noqa: PLC0415 - its library is slow to import

    if mistake := mistake_in(template):
        report_template(document, path, mistake)
    elif asked := asked_for(template):
        _report_asked(document, path, asked)


def _fillable(document: Document, path: KeyPath, name: str) -> None:
    from bridge.pipeline.prepared import asked_for, mistake_in  # noqa: PLC0415 - its library is slow to import

    canned = cast("dict[str, Any]", document.data).get("canned")
    template = cast("dict[str, Any]", canned).get(name) if isinstance(canned, dict) else None
    if isinstance(template, dict):
        settings = cast("dict[str, Any]", template)
        template = settings.get("text")
        if settings.get("files"):
            hint = "Name one without files, or write the words as text."
            document.report(path, "has files, which no rule sends.", hint, at=document.values.get(path))
    if isinstance(template, str) and not mistake_in(template) and (asked := asked_for(template)):
        _report_asked(document, path, asked)


def _report_asked(document: Document, path: KeyPath, asked: tuple[str, ...]) -> None:
    said = f"asks for what only a person can give: {', '.join(asked)}."
    hint = "Give each a value to fall back on: {{ name | default('…') }}."
    document.report(path, said, hint, at=document.values.get(path))


def _readable(document: Document, path: KeyPath, until: str) -> None:
    from bridge.pipeline.prepared import is_time  # noqa: PLC0415 - its library is slow to import

    if until not in ("next_opening", "until_reply") and not is_time(until):
        hint = "Write 2h, tomorrow 9:00, next_opening or until_reply."
        document.report(path, "is no time that can be read.", hint, at=document.values.get(path))


def _tellable(document: Document, path: KeyPath) -> None:
    if find_spec(LIBRARY) is None:
        hint = 'Install it, pip install "textbridge[language]", or take the condition out.'
        document.report(path, "what tells languages is not installed.", hint, at=document.values.get(path))


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [] if value is None else [value]
