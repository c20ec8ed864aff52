"""Templates of canned responses: text with values filled in, and nothing else.

Jinja2 reads them in its sandbox, but only a few of its words are let through: values, ``default`` and the filters that
change letters, and conditions. There are no loops, calls, attributes, items or assignments, and compiled templates see
nothing but strings: ``contact.first_name`` is one name to them. So what a template says is at most as long as its own
text and the values in it, and takes as little time.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import Template, TemplateError, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

TEMPLATE_LIMIT = 1600
"""Characters of a template, and of what comes out of it: ten segments."""
VALUE_LIMIT = 300
KNOWN = {
    "contact": ("first_name", "name"),
    "teammate": ("name",),
    "line": ("name", "address"),
    "conversation": ("number",),
    "hours": ("today", "next_opening"),
    "appointment": ("day", "time"),
}
"""What is filled in by itself; every other name is an argument."""

_FILTERS = ("default", "d", "upper", "lower", "title", "capitalize", "trim")
_TESTS = ("defined", "undefined")
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.Filter,
    nodes.Test,
    nodes.If,
    nodes.CondExpr,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
)
_RESERVED = frozenset({"self", "super", "caller", "varargs", "kwargs"})  # Jinja2 gives these a meaning of its own
_DEPTH = 30
_JOIN = "__"  # stands for the dot, since a compiled template knows no attributes
_BROKEN = (TemplateError, RecursionError, MemoryError, SyntaxError, ValueError)


class TemplateRefused(ValueError):
    """A template that cannot be used; says why in words for people."""


class MissingValues(Exception):
    """Values without which a template says nothing sensible."""

    def __init__(self, names: tuple[str, ...]) -> None:
        """Keep their names, in the order of the template."""
        super().__init__(", ".join(names))
        self.names = names


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(autoescape=False)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS}
    made.tests = {name: made.tests[name] for name in _TESTS}
    return made


_ENVIRONMENT = _environment()


def check(text: str) -> None:
    """Raise ``TemplateRefused`` for a text that is no usable template."""
    _compiled(text)


def render(text: str, values: Mapping[str, str]) -> str:
    """Return the template with ``values`` (by dotted name) filled in.

    Raises ``TemplateRefused``, and ``MissingValues`` when a value without ``default`` is not there or empty.
    """
    shown, missing = _filled(text, values)
    if missing:
        raise MissingValues(tuple(missing))
    if len(shown) > TEMPLATE_LIMIT:
        raise TemplateRefused(f"it would be {len(shown)} characters long, and {TEMPLATE_LIMIT} are the most")
    return shown


def sketch(text: str, values: Mapping[str, str]) -> str:
    """Return the template with ``values`` filled in and ``‹name›`` where one is missing. Raises ``TemplateRefused``."""
    shown, _ = _filled(text, values)
    return shown[:TEMPLATE_LIMIT]


def _filled(text: str, values: Mapping[str, str]) -> tuple[str, dict[str, None]]:
    """Return what a template says, and the names of the values it lacks."""
    code = _compiled(text)
    missing: dict[str, None] = {}

    class Missing(Undefined):
        """Notes its name once it is to be shown."""

        def __str__(self) -> str:
            name = str(self._undefined_name).replace(_JOIN, ".")
            missing[name] = None
            return f"‹{name}›"

    environment = _ENVIRONMENT.overlay(undefined=Missing)
    given = {name.replace(".", _JOIN): value[:VALUE_LIMIT] for name, value in values.items() if value}
    return Template.from_code(environment, code, {}).render(given), missing


@lru_cache(maxsize=512)
def arguments(text: str) -> tuple[str, ...]:
    """Return the names of the values a template asks for besides those filled in by themselves."""
    _compiled(text)
    found = [_dotted(node) for node in _values(_ENVIRONMENT.parse(text))]
    return tuple(dict.fromkeys(name for name in found if name.partition(".")[0] not in KNOWN))


@lru_cache(maxsize=512)
def _compiled(text: str) -> CodeType:
    if len(text) > TEMPLATE_LIMIT:
        raise TemplateRefused(f"it is longer than {TEMPLATE_LIMIT} characters")
    try:
        tree = _ENVIRONMENT.parse(text)
        _judge(tree, 0)
        flat: Any = _Flattened().visit(tree)
        code: Any = _ENVIRONMENT.compile(flat)
    except TemplateRefused:
        raise
    except _BROKEN as problem:
        at = getattr(problem, "lineno", None)
        raise TemplateRefused(f"it cannot be read{f' (line {at})' if at else ''}: check its braces") from None
    return code


def _judge(node: nodes.Node, depth: int) -> None:
    """Refuse whatever is not expressly allowed."""
    if depth > _DEPTH:
        raise TemplateRefused("it is nested too deeply")
    if not isinstance(node, _ALLOWED):
        raise TemplateRefused(
            "it may hold values like {{ contact.first_name | default('friend') }} and {% if … %}, nothing else"
        )
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        raise TemplateRefused(f"there is no filter {node.name}; these are: {', '.join(_FILTERS)}")
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        raise TemplateRefused(f"there is no test {node.name}; these are: {', '.join(_TESTS)}")
    if isinstance(node, nodes.Name | nodes.Getattr):
        _judge_name(node)
        return
    for child in node.iter_child_nodes():
        _judge(child, depth + 1)


def _judge_name(node: nodes.Name | nodes.Getattr) -> None:
    name = _dotted(node)
    root, dot, rest = name.partition(".")
    odd = (part.startswith("_") or part.endswith("_") or _JOIN in part for part in name.split("."))
    if not name or root in _RESERVED or any(odd):
        raise TemplateRefused("names are words with dots between them, like contact.first_name")
    if root in KNOWN and rest not in KNOWN[root]:
        known = ", ".join(f"{root}.{one}" for one in KNOWN[root])
        raise TemplateRefused(f"there is no {root}{dot}{rest[:40]}; there is {known}")


def _dotted(node: nodes.Node) -> str:
    """Return ``a.b`` for a name with attributes, an empty text for attributes of anything else."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        before = _dotted(node.node)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _values(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Name | nodes.Getattr):
            yield child
        else:
            yield from _values(child)


class _Flattened(NodeTransformer):
    """Puts one name in the place of each name with attributes."""

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Name:  # noqa: N802 - Jinja2's way of naming them
        """Join the parts."""
        return nodes.Name(_dotted(node).replace(".", _JOIN), "load", lineno=node.lineno)
