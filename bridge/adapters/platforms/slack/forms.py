"""Forms as modals. Limits are Slack's, in characters."""

from collections.abc import Iterator

from bridge.adapters.platforms.slack.blocks import (
    Block,
    choice,
    literal,
    plain,
    quote,
    rich_text,
    section,
)
from bridge.adapters.platforms.slack.words import clean, cut
from bridge.domain.cards import Field, Form

TITLE_LIMIT, LABEL_LIMIT, HINT_LIMIT, CONTEXT_LIMIT, NAME_LIMIT = 24, 2_000, 2_000, 3_000, 255
INPUT_LIMIT = 3_000
ONE_LINE = 300
"""Characters up to which an answer is asked for in one line."""


def modal(form: Form) -> Block:
    """The view of a form; one input a field, under the field's name."""
    return {
        "type": "modal",
        "callback_id": cut(form.name, NAME_LIMIT),
        "private_metadata": cut(clean(form.context), CONTEXT_LIMIT),
        "title": plain(form.title, TITLE_LIMIT),
        "submit": plain(form.submit, TITLE_LIMIT),
        "close": plain("Cancel", TITLE_LIMIT),
        "blocks": [*_text(form), *(_input(field) for field in form.fields)],
    }


def _text(form: Form) -> Iterator[Block]:
    if form.shown:
        yield rich_text(quote(literal(form.shown)))
    if form.text:
        yield rich_text(section(literal(form.text)))


def _input(field: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": cut(field.name, NAME_LIMIT),
        "label": plain(field.label, LABEL_LIMIT),
        "element": {"action_id": cut(field.name, NAME_LIMIT), **_element(field)},
        "optional": field.optional,
    }
    if field.hint:
        block["hint"] = plain(field.hint, HINT_LIMIT)
    return block


def _element(field: Field) -> Block:
    match field.kind:
        case "person":
            return {"type": "users_select", **({"initial_user": field.initial} if field.initial else {})}
        case "choice":
            shown = choice(field.options)
            groups = shown.get("option_groups", [shown])
            first = next((one for group in groups for one in group["options"] if one["value"] == field.initial), None)
            return {"type": "static_select", **shown, **({"initial_option": first} if first else {})}
        case "text":
            initial = {"initial_value": cut(clean(field.initial), INPUT_LIMIT)} if field.initial else {}
            most = min(field.limit or INPUT_LIMIT, INPUT_LIMIT)
            return {"type": "plain_text_input", "max_length": most, "multiline": most > ONE_LINE, **initial}
        case "search":
            return {"type": "external_select", "min_query_length": 0}
