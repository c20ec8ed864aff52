"""Templates of canned responses: what they can say, and that hostile ones can say nothing else."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.rules.templates import (
    TEMPLATE_LIMIT,
    VALUE_LIMIT,
    MissingValues,
    TemplateRefused,
    arguments,
    check,
    render,
)

VALUES = {
    "contact.first_name": "Maria",
    "contact.name": "Maria Silva",
    "line.name": "desk",
    "conversation.number": "1042",
}
GOOD = [
    ("We are open.", "We are open."),
    ("Hi {{ contact.first_name }}!", "Hi Maria!"),
    ("Hi {{ teammate.name | default('us') }}", "Hi us"),
    ("{{ hours.today | default('9 to 5') }}, {{ contact.first_name | default('friend') }}.", "9 to 5, Maria."),
    ("{{ contact.name | upper }} {{ contact.name|lower }} {{ 'a b'|title }}", "MARIA SILVA maria silva A B"),
    ("{% if contact.name %}Hi{% else %}Ho{% endif %}", "Hi"),
    ("{% if when is defined %}at {{ when }}{% elif not line.name %}x{% else %}soon{% endif %}", "soon"),
    ("{{ 'x' if line.name == 'desk' and true or false else 'y' }}", "x"),
    ("#{{ conversation.number }} {# no word of this #}", "#1042 "),
    ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
    ("5 < 6 & 7", "5 < 6 & 7"),
]
HOSTILE = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ contact.__class__ }}",
    "{{ contact['__class__'] }}",
    "{{ contact|attr('__class__') }}",
    "{{ contact.name.__init__.__globals__ }}",
    "{{ contact.name.upper() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ joiner() }}",
    "{{ namespace(a=1) }}",
    "{{ range(10**9) | list }}",
    "{{ range(10)|join }}",
    "{% for i in range(1000000000) %}x{% endfor %}",
    "{% for c in contact.name %}{{ c }}{% endfor %}",
    "{% set a = 'x' * 1000 %}{{ a }}",
    "{{ 'x' * 1000000000 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ 'a' ~ 'b' }}",
    "{{ 1 + 1 }}",
    "{{ -1 }}",
    "{{ '%s' % contact }}",
    "{{ '%99999999d' | format(1) }}",
    "{{ 'x'.ljust(100000000) }}",
    "{{ 'x' | center(100000000) }}",
    "{{ 'x' | indent(100000000) }}",
    "{{ 'x' | replace('x', 'y' ) }}",
    "{{ [1] }}",
    "{{ (1, 2) }}",
    "{{ {'a': 1} }}",
    "{{ contact }}",
    "{{ contact.address }}",
    "{{ contact.name.first }}",
    "{{ _a }}",
    "{{ a_ }}",
    "{{ contact__name }}",
    "{{ a.b__c }}",
    "{{ 'a'.b }}",
    "{{ x is callable }}",
    "{{ x is divisibleby 3 }}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% include 'bridge.yaml' %}",
    "{% import 'x' as y %}",
    "{% extends 'x' %}",
    "{% block a %}{% endblock %}",
    "{% call a() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with a = 1 %}{% endwith %}",
    "{% do x %}",
    "{{ x",
    "{% if %}",
    "{{ }}",
    "{% if x %}",
    "{{ " + "(" * 700 + "x" + ")" * 700 + " }}",
    "{{ " + "not " * 300 + "x }}",
    "{% if x %}" * 100 + "{% endif %}" * 100,
    "x" * (TEMPLATE_LIMIT + 1),
]


@pytest.mark.parametrize(("text", "shown"), GOOD)
def test_values_are_filled_in(text: str, shown: str) -> None:
    check(text)
    assert render(text, VALUES) == shown


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_template_is_refused_at_once(text: str) -> None:
    start = time.monotonic()
    with pytest.raises(TemplateRefused) as refused:
        check(text)
    with pytest.raises(TemplateRefused):
        render(text, VALUES)
    with pytest.raises(TemplateRefused):
        arguments(text)
    assert time.monotonic() - start < 1
    assert len(str(refused.value)) < 200


def test_a_value_cannot_be_code() -> None:
    assert render("Hi {{ who }}", {"who": "{{ contact.name }}"}) == "Hi {{ contact.name }}"


def test_what_is_missing_is_named_once_in_order() -> None:
    text = "{{ b }} {{ a }} {{ b | upper }} {{ teammate.name }} {{ c | default('x') }} {% if d %}{{ e }}{% endif %}"
    with pytest.raises(MissingValues) as missing:
        render(text, {"a": "x", "b": ""})
    assert missing.value.names == ("b", "teammate.name")


def test_arguments_are_what_is_not_filled_in_by_itself() -> None:
    assert arguments("{{ b.c }} {{ a | default(f) }} {{ contact.name }} {{ b.c }}") == ("b.c", "a", "f")


def test_what_comes_out_is_bounded() -> None:
    assert len(render("{{ a }}", {"a": "x" * 10_000})) == VALUE_LIMIT
    with pytest.raises(TemplateRefused, match="characters long"):
        render("{{ a }}" * 6, {"a": "x" * VALUE_LIMIT})


@given(st.text(max_size=60))
def test_any_text_is_taken_or_refused(text: str) -> None:
    with contextlib.suppress(TemplateRefused, MissingValues):
        assert len(render(text, VALUES)) <= TEMPLATE_LIMIT


@given(
    st.lists(
        st.sampled_from(
            ["{{", "}}", "{%", "%}", "x", "contact", ".", "name", "|", "default", "(", ")", "if", "else", "endif", " "]
        ),
        max_size=25,
    )
)
def test_any_pieces_are_taken_or_refused(pieces: list[str]) -> None:
    with contextlib.suppress(TemplateRefused, MissingValues):
        render("".join(pieces), VALUES)
