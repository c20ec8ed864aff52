"""Filling in modals, and what the app's answer to a submission does to them."""

from typing import Any

from bridge.sandbox.slack.blocks import elements_of, with_ids
from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.interactions import Interactions
from bridge.sandbox.slack.journal import Change, Json
from bridge.sandbox.slack.model import View

PASSIVE = ("button", "image", "mrkdwn", "plain_text")
SELECTED = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
}


def fill(element: Json, value: Any) -> Json:
    """What an element's payload carries once a person chose or typed ``value``."""
    kind: str = element["type"]
    if kind.startswith("multi_") or kind == "checkboxes":
        return _fill_many(element, list(value))
    match kind:
        case "plain_text_input" | "number_input" | "email_text_input" | "url_text_input":
            return {"value": value}
        case "static_select" | "external_select" | "radio_buttons" | "overflow":
            return {"selected_option": value if isinstance(value, dict) else option_of(element, value)}
        case _ if kind in SELECTED:
            return {SELECTED[kind]: value}
        case _:
            raise ActRefused(f"cannot fill {kind}")


def _fill_many(element: Json, values: list[Any]) -> Json:
    kind: str = element["type"].removeprefix("multi_")
    if kind in ("users_select", "channels_select", "conversations_select"):
        return {f"selected_{kind.removesuffix('_select')}": values}
    return {"selected_options": [value if isinstance(value, dict) else option_of(element, value) for value in values]}


def option_of(element: Json, value: str) -> Json:
    """The option of a menu with this value. Raises ActRefused when the menu does not offer it."""
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    for group in groups:
        for option in group["options"]:
            if option.get("value") == value:
                return option
    raise ActRefused("option_not_found")


def prefilled(view: View, values: Json) -> Json:
    """The state of a view's inputs: what was typed, else what stood there, else what the app had filled in."""
    state: Json = {}
    for block in view.body["blocks"]:
        for element in elements_of(block):
            if block["type"] == "input" or element["type"] not in PASSIVE:
                state.setdefault(block["block_id"], {})[element["action_id"]] = _entered(view, block, element, values)
    return state


def _entered(view: View, block: Json, element: Json, values: Json) -> Json:
    given = _given(values, block["block_id"], element["action_id"])
    known: Json | None = view.state.get(block["block_id"], {}).get(element["action_id"])
    if given is None:
        return known or _initial(element)
    return {"type": element["type"]} | (given if isinstance(given, dict) else fill(element, given))


def _given(values: Json, block_id: str, action_id: str) -> Any:
    nested: Json | None = values.get(block_id)
    return values.get(action_id) if nested is None else nested.get(action_id)


def _initial(element: Json) -> Json:
    fields = {
        key.replace("initial_", "selected_") if key != "initial_value" else "value": value
        for key, value in element.items()
        if key.startswith("initial_")
    }
    if element["type"].endswith("_input"):
        fields.setdefault("value", None)
    return {"type": element["type"]} | fields


def apply_answer(interactions: Interactions, view: View, answer: Json | None) -> None:
    """Do what the app answered to a submission: close, show errors, update, push or clear."""
    stack = interactions.state.modals[view.user]
    action = (answer or {}).get("response_action")
    if action is None:
        stack.remove(view)
        interactions.closed(view.user)
    elif action == "clear":
        stack.clear()
        interactions.closed(view.user)
    elif action == "errors":
        _show_errors(interactions, view, (answer or {}).get("errors") or {})
    elif action in ("update", "push"):
        _show_next(interactions, view, action, (answer or {}).get("view") or {})
    else:
        interactions.state.violate("view_submission", f"unknown response_action {action}")


def _show_errors(interactions: Interactions, view: View, errors: Json) -> None:
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not errors or set(errors) - inputs:
        interactions.state.violate("view_submission", "errors must name block_ids of input blocks")
    interactions.state.feed.publish(Change("view", user=view.user, data={"id": view.id, "errors": errors}))


def _show_next(interactions: Interactions, view: View, action: str, body: Json) -> None:
    if problems := interactions.judge.view(body):
        interactions.state.violate("view_submission", "; ".join(problems))
        return
    body = body | {"blocks": with_ids(interactions.state, body["blocks"])}
    stack = interactions.state.modals[view.user]
    if action == "push":
        interactions.put(interactions.new_view(view.user, body, stack))
        return
    view.body, view.hash, view.state = body, interactions.new_hash(), {}
    interactions.shown(view)
