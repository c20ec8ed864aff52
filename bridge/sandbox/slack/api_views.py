"""views.*: modals and the home tab."""

from bridge.sandbox.slack.backend import Backend
from bridge.sandbox.slack.blocks import with_ids
from bridge.sandbox.slack.errors import SlackError
from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.methods import Method
from bridge.sandbox.slack.model import View
from bridge.sandbox.slack.shapes import view_shape

MOST_STACKED = 3


def open_view(world: Backend, arguments: Json) -> Json:
    """views.open: replaces nothing; opens the first modal of a user."""
    _expect(arguments, "modal")
    user = world.interactions.spend_trigger(arguments.get("trigger_id", ""))
    world.modals[user] = []
    return _show(world, user, arguments["view"])


def push(world: Backend, arguments: Json) -> Json:
    """views.push: on top of the modal that is open."""
    _expect(arguments, "modal")
    user = world.interactions.spend_trigger(arguments.get("trigger_id", ""))
    stack = world.modals.get(user, [])
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= MOST_STACKED:
        raise SlackError("push_limit_reached")
    return _show(world, user, arguments["view"])


def update(world: Backend, arguments: Json) -> Json:
    """views.update."""
    view = _find(world, arguments)
    if view is None:
        raise SlackError("not_found")
    _expect(arguments, view.type)
    _check_hash(view, arguments)
    kept = {block["block_id"]: view.state.get(block["block_id"], {}) for block in view.body["blocks"]}
    view.body = _body(world, arguments["view"])
    view.hash = world.interactions.new_hash()
    view.state = {
        block["block_id"]: kept[block["block_id"]] for block in view.body["blocks"] if block["block_id"] in kept
    }
    world.interactions.shown(view)
    return {"view": view_shape(world, view)}


def publish(world: Backend, arguments: Json) -> Json:
    """views.publish: the home tab of one user."""
    _expect(arguments, "home")
    user: str = arguments["user_id"]
    if user not in world.users:
        raise SlackError("user_not_found")
    if current := world.homes.get(user):
        _check_hash(current, arguments)
    return _show(world, user, arguments["view"])


def _show(world: Backend, user: str, body: Json) -> Json:
    stack = world.modals.get(user, []) if body["type"] == "modal" else []
    external = body.get("external_id")
    if external and any(
        view.body.get("external_id") == external for modals in world.modals.values() for view in modals
    ):
        raise SlackError("duplicate_external_id", violation="external_id is in use")
    view = world.interactions.new_view(user, _body(world, body), stack)
    world.interactions.put(view)
    return {"view": view_shape(world, view)}


def _body(world: Backend, body: Json) -> Json:
    return body | {"blocks": with_ids(world, body["blocks"])}


def _expect(arguments: Json, kind: str) -> None:
    if arguments["view"].get("type") != kind:
        raise SlackError("invalid_arguments", violation=f"view must be of type {kind}")


def _find(world: Backend, arguments: Json) -> View | None:
    if view_id := arguments.get("view_id"):
        return world.view(view_id)
    wanted = arguments.get("external_id")
    views = [view for stack in world.modals.values() for view in stack]
    return next((view for view in views if view.body.get("external_id") == wanted), None)


def _check_hash(view: View, arguments: Json) -> None:
    if arguments.get("hash") and arguments["hash"] != view.hash:
        raise SlackError("hash_conflict")


METHODS = {
    "views.open": Method(open_view, 4),
    "views.push": Method(push, 4),
    "views.update": Method(update, 4),
    "views.publish": Method(publish, 4),
}
