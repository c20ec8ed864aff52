"""Block Kit structures: ids Slack fills in, and finding an element again."""

import copy
from collections.abc import Iterator

from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.state import State


def with_ids(state: State, blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a block_id and every interactive element an action_id."""
    filled = copy.deepcopy(blocks)
    for block in filled:
        block.setdefault("block_id", state.secret(5))
        for element in elements_of(block):
            if "action_id" not in element and element.get("type") not in ("image", "mrkdwn", "plain_text"):
                element["action_id"] = state.secret(5)
    return filled


def elements_of(block: Json) -> Iterator[Json]:
    """The interactive elements of a block, and the pictures and texts between them."""
    if block["type"] in ("actions", "context"):
        yield from block["elements"]
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            yield block[key]


def find_action(blocks: list[Json], action_id: str, block_id: str | None = None) -> tuple[Json, Json] | None:
    """The block and the element with this action_id."""
    for block in blocks:
        if block_id in (None, block["block_id"]):
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return block, element
    return None
