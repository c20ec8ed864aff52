"""The README's table of actions and docs/actions.md say what the code does.

``python -m tests.unit.rules.test_overview`` writes them anew.
"""

import re

from bridge.adapters.platforms.slack import manifest
from bridge.rules.helping import ON
from bridge.rules.overview import cells, table
from tests.architecture.source import ROOT

README = ROOT / "README.md"
PAGE = ROOT / "docs" / "actions.md"
BEGIN, END = "<!-- actions: made from the code -->", "<!-- end of actions -->"
TABLE = re.compile(f"(?<={re.escape(BEGIN)}\n).*?(?={re.escape(END)})", re.DOTALL)
HEAD = """# What the words do

Made from the code by `python -m tests.unit.rules.test_overview`; a test compares. Where each action can be done stands
in the [README](../README.md#every-action-and-where-it-can-be-done).

"""


def actions() -> str:
    shortcuts = {entry["callback_id"]: entry["name"] for entry in manifest.load()["features"]["shortcuts"]}
    return f"\n{table(shortcuts)}\n"


def page() -> str:
    return HEAD + "".join(f"- {sentence}\n" for _, sentence in sorted(ON.items()))


def test_the_table_in_the_readme_is_fresh() -> None:
    assert TABLE.findall(README.read_text(encoding="utf-8")) == [actions()], __doc__


def test_each_cell_is_an_action_a_column_and_an_entry() -> None:
    found = cells({"assign": "Assign"})
    assert {cell.action for cell in found} >= {"assign", "close"}
    assert len(set(found)) == len(found)


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), __doc__


def test_every_action_has_a_row_and_every_word_a_sentence() -> None:
    from bridge.rules.actions import ACTIONS
    from bridge.rules.commands import AVAILABLE

    assert all(f"| {action} |" in actions() for action in (*ACTIONS, *AVAILABLE))
    assert set(ON) == AVAILABLE


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    README.write_text(TABLE.sub(lambda _: actions(), README.read_text(encoding="utf-8")), encoding="utf-8")
