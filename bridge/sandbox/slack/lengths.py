"""Block Kit's limits on lengths and numbers, which Slack's published types do not tell.

Source: the reference pages of Block Kit on docs.slack.dev; where they differ from slack_sdk the smaller number holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bridge.sandbox.slack.blocks import elements_of
from bridge.sandbox.slack.journal import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
ID = 255
TEXTS = {"section": 3_000, "header": 150, "button": 75, "option": 75, "label": 2_000, "hint": 2_000, "context": 3_000}
ACTIONS, CONTEXTS, FIELDS, FIELD, OPTIONS = 25, 10, 10, 2_000, 100
FEW_OPTIONS = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}
VIEW_TEXTS = ("title", "submit", "close")
VIEW_TEXT = 24
PRIVATE_METADATA = 3_000
MARKDOWN = 12_000
CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
STRINGS = {"url": 3_000, "value": 2_000, "alt_text": 2_000, "image_url": 3_000, "initial_value": 3_000}


def message_problems(blocks: Sequence[Json]) -> Iterator[str]:
    """What is too long or too many in a message's blocks."""
    yield from _blocks(blocks, MESSAGE_BLOCKS)


def view_problems(view: Json) -> Iterator[str]:
    """What is too long or too many in a view."""
    yield from _blocks(view.get("blocks", []), VIEW_BLOCKS)
    for key in VIEW_TEXTS:
        if key in view:
            yield from _text(view[key], VIEW_TEXT, f"view.{key}")
    yield from _string(view, "private_metadata", PRIVATE_METADATA, "view")
    yield from _string(view, "callback_id", ID, "view")
    yield from _string(view, "external_id", ID, "view")
    if view.get("type") == "modal" and "submit" not in view and any(b["type"] == "input" for b in view["blocks"]):
        yield "view.submit is required when there are input blocks"


def _blocks(blocks: Sequence[Json], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"no more than {most} blocks allowed, there are {len(blocks)}"
    block_ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(block_ids) != len(set(block_ids)):
        yield "block_id must be unique"
    for number, block in enumerate(blocks):
        yield from _block(block, f"blocks/{number}")


def _block(block: Json, where: str) -> Iterator[str]:
    yield from _string(block, "block_id", ID, where)
    yield from _own_texts(block, block["type"], where)
    if block["type"] in ("actions", "context"):
        most = ACTIONS if block["type"] == "actions" else CONTEXTS
        yield from _many(block["elements"], most, f"{where}/elements")
    for element in elements_of(block):
        yield from _element(element, where)
    yield from _unique_actions(block, where)


def _own_texts(block: Json, kind: str, where: str) -> Iterator[str]:
    for key in ("label", "hint"):
        yield from _text(block.get(key), TEXTS["label"], f"{where}/{key}")
    match kind:
        case "section":
            yield from _section(block, where)
        case "header":
            yield from _text(block["text"], TEXTS["header"], f"{where}/text")
        case "markdown":
            yield from _string(block, "text", MARKDOWN, where)
        case "image":
            yield from _strings(block, where)
        case "rich_text" if not block["elements"]:
            yield f"{where}/elements must not be empty"
        case _:
            pass


def _section(block: Json, where: str) -> Iterator[str]:
    if not block.get("text") and not block.get("fields"):
        yield f"{where} needs text or fields"
    yield from _text(block.get("text"), TEXTS["section"], f"{where}/text")
    yield from _many(block.get("fields"), FIELDS, f"{where}/fields")
    for field in block.get("fields", []):
        yield from _text(field, FIELD, f"{where}/fields")


def _element(element: Json, where: str) -> Iterator[str]:
    kind: str = element.get("type", "")
    if kind in ("mrkdwn", "plain_text"):
        yield from _text(element, TEXTS["context"], where)
        return
    yield from _string(element, "action_id", ID, where)
    yield from _strings(element, where)
    if kind == "button":
        yield from _text(element.get("text"), TEXTS["button"], f"{where}/button")
    yield from _text(element.get("placeholder"), 150, f"{where}/placeholder")
    yield from _options(element, kind, where)
    if confirm := element.get("confirm"):
        for key, most in CONFIRM.items():
            yield from _text(confirm.get(key), most, f"{where}/confirm/{key}")


def _options(element: Json, kind: str, where: str) -> Iterator[str]:
    groups: list[Json] = element.get("option_groups") or []
    yield from _many(groups, OPTIONS, f"{where}/option_groups")
    most = FEW_OPTIONS.get(kind, OPTIONS)
    lists: list[list[Json]] = [element.get("options", []), *(group["options"] for group in groups)]
    for options in lists:
        yield from _many(options, most, f"{where}/options")
        for option in options:
            yield from _text(option["text"], TEXTS["option"], f"{where}/option")
            yield from _string(option, "value", TEXTS["option"], f"{where}/option")


def _unique_actions(block: Json, where: str) -> Iterator[str]:
    actions = [element["action_id"] for element in elements_of(block) if "action_id" in element]
    if len(actions) != len(set(actions)):
        yield f"{where}: action_id must be unique within a block"


def _strings(element: Mapping[str, Any], where: str) -> Iterator[str]:
    for key, most in STRINGS.items():
        yield from _string(element, key, most, where)


def _string(holder: Mapping[str, Any], key: str, most: int, where: str) -> Iterator[str]:
    value = holder.get(key)
    if isinstance(value, str) and len(value) > most:
        yield f"{where}/{key} is longer than {most}"


def _text(text: Any, most: int, where: str) -> Iterator[str]:
    if text is None:
        return
    length = len(text["text"])
    if not length:
        yield f"{where} must not be empty"
    if length > most:
        yield f"{where} is longer than {most}"


def _many(items: Sequence[Any] | None, most: int, where: str) -> Iterator[str]:
    if items is not None and len(items) > most:
        yield f"{where}: no more than {most} allowed"
