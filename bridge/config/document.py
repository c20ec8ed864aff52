"""YAML as plain values that remember where in the file they stand and which of them came from elsewhere."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

import yaml

from bridge.config.problems import Problem

KeyPath: TypeAlias = tuple[str | int, ...]
Substitute: TypeAlias = Callable[[str], str]

# YAML 1.2's plain words only. YAML 1.1 would read the country NO as false and 21:00 as 1260.
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")  # 030 is an area code, not thirty
_NUMBER = re.compile(r"-?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WORDS: Mapping[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "True": True,
    "false": False,
    "False": False,
}
_STANDARD_TAG = "tag:yaml.org,2002:"
_NAME_AT_MOST = 40
# What a parser's message may quote: names of its own tokens. Anything else may be part of a secret.
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_TOKEN = re.compile(r"<[a-z ]+>|\\?.")


class SubstitutionError(ValueError):
    """A ``${…}`` cannot be filled in. ``hint``: the remedy."""

    def __init__(self, message: str, hint: str) -> None:
        """Neither text holds a value."""
        super().__init__(message)
        self.hint = hint


@dataclass(slots=True)
class Document:
    """A file's values. Positions are (line, column), from 1. ``written``: what stood where a value was filled in."""

    data: Any = None
    keys: dict[KeyPath, tuple[int, int]] = field(default_factory=dict[KeyPath, tuple[int, int]])
    values: dict[KeyPath, tuple[int, int]] = field(default_factory=dict[KeyPath, tuple[int, int]])
    written: dict[KeyPath, str] = field(default_factory=dict[KeyPath, str])
    failed: set[KeyPath] = field(default_factory=set[KeyPath])
    problems: list[Problem] = field(default_factory=list[Problem])

    def place(self, path: KeyPath) -> tuple[int, int]:
        """Return where the key of ``path`` stands, or else what it is part of."""
        for length in range(len(path), -1, -1):
            position = self.keys.get(path[:length]) or self.values.get(path[:length])
            if position:
                return position
        return (1, 1)

    def report(self, path: KeyPath, message: str, hint: str = "", *, at: tuple[int, int] | None = None) -> None:
        """Add a problem about ``path``."""
        line, column = at or self.place(path)
        self.problems.append(Problem(line, column, dotted(path) + self._rule(path), message, hint))

    def _rule(self, path: KeyPath) -> str:
        """The name of the rule that a path is in, as it stands in the file, between brackets."""
        if len(path) < 2 or path[0] != "rules" or not isinstance(path[1], int):  # noqa: PLR2004 - rules, and which
            return ""
        read: object = self.data
        rules = cast("dict[str, Any]", read).get("rules") if isinstance(read, dict) else None
        rule = cast("list[Any]", rules)[path[1]] if isinstance(rules, list) else None
        name = cast("dict[str, Any]", rule).get("name") if isinstance(rule, dict) else None
        shown = isinstance(name, str) and path[2:] != ("name",) and (*path[:2], "name") not in self.written
        return f" ({str(name)[:_NAME_AT_MOST]})" if shown else ""


def dotted(path: KeyPath) -> str:
    """Return a path as people write it: ``lines.front-desk.rooms[0].platform``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def read(text: str, substitute: Substitute) -> Document:
    """Return the values of a YAML text, each text passed through ``substitute``; problems are in the result."""
    document = Document()
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        at = (before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        document.report((), "a character here is not allowed in YAML.", "Remove the control character.", at=at)
        return document
    except yaml.MarkedYAMLError as error:
        _report_syntax(document, error)
        return document
    if node is not None:
        document.data = _Reader(document, substitute).value(node, (), ())
    return document


def _report_syntax(document: Document, error: yaml.MarkedYAMLError) -> None:
    mark = error.problem_mark or error.context_mark
    at = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = error.problem or "it cannot be read"
    hint = ""
    if "expected ',' or" in said:
        braces = said.endswith("'{'")
        hint = (
            'Between { } or [ ], put it in quotes: "${NAME}".' if braces else "Close the [ or { before, or add a comma."
        )
    elif "'\\t'" in said:
        hint = "Indent with spaces, not with tabs."
    elif "unknown escape character" in said:
        hint = r"Put patterns and paths in single quotes: '\d+'."
    elif "mapping values are not allowed" in said or "expected <block end>" in said:
        hint = "Begin the keys of one block in the same column, and put text that holds a colon in quotes."
    elif "undefined alias" in said or "that cannot start any token" in said or "tag" in said:
        hint = "Put a value that begins with a special character in quotes."
    document.report((), f"not valid YAML: {_QUOTED.sub(_token_only, said)}.", hint, at=at)


def _token_only(found: re.Match[str]) -> str:
    return found[0] if _TOKEN.fullmatch(found[1] or found[2] or "") else "…"


@dataclass(frozen=True, slots=True)
class _Reader:
    document: Document
    substitute: Substitute

    def value(self, node: yaml.Node, path: KeyPath, above: tuple[yaml.Node, ...]) -> Any:
        self.document.values.setdefault(path, _position(node))
        if node in above:
            self.document.report(path, "an alias repeats what it is part of.", "Write the values out.")
            return None
        if not node.tag.startswith(_STANDARD_TAG):
            self.document.report(path, "YAML tags (words after !) are not used here.", "Put the value in quotes.")
            self.document.failed.add(path)
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, (*above, node))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index), (*above, node)) for index, item in enumerate(node.value)]
        return self._scalar(node, path) if isinstance(node, yaml.ScalarNode) else None

    def _mapping(self, node: yaml.MappingNode, path: KeyPath, above: tuple[yaml.Node, ...]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.document.report(path, "a key must be one word.", at=_position(key_node))
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key == "<<":
                said, hint = "merging with << is not read.", "Write the settings out, or repeat a whole value: *name."
                self.document.report(here, said, hint, at=_position(key_node))
                self.document.failed.add(path)
                continue
            if key in result:
                first = self.document.keys[here][0]
                self.document.report(
                    here, f"this key is there already, on line {first}.", "Keep one of them.", at=_position(key_node)
                )
                continue
            self.document.keys[here] = _position(key_node)
            result[key] = self.value(value_node, here, above)
        return result

    def _scalar(self, node: yaml.ScalarNode, path: KeyPath) -> Any:
        text = str(node.value)
        try:
            filled = self.substitute(text)
        except SubstitutionError as error:
            self.document.report(path, str(error), error.hint, at=_position(node))
            self.document.failed.add(path)
            return None
        if filled != text or "${" in text:
            self.document.written[path] = text
            return filled
        return text if node.style else _plain(text)


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _position(node: yaml.Node) -> tuple[int, int]:
    mark = node.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
