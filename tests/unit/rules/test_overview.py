"""docs/actions.md says what the code does; ``python -m tests.unit.rules.test_overview`` writes it anew."""

from pathlib import Path

from bridge.adapters.platforms.slack import manifest
from bridge.rules.helping import ON
from bridge.rules.overview import table

PAGE = Path(__file__).parents[3] / "docs" / "actions.md"
HEAD = """# Actions and where they can be done

Made from the code by `python -m tests.unit.rules.test_overview`; a test compares.

Whatever the surface, an action is decided by the same rule, asks for the same permission and leaves the same entry on
record. Slack's slash commands do not work in threads: there, write the word, mention the bot, or use the card.

"""


def page() -> str:
    shortcuts = {entry["callback_id"]: entry["name"] for entry in manifest.load()["features"]["shortcuts"]}
    words = "".join(f"- {sentence}\n" for _, sentence in sorted(ON.items()))
    return f"{HEAD}{table(shortcuts)}\n## What the words do\n\n{words}"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), __doc__


def test_every_action_has_a_row_and_every_word_a_sentence() -> None:
    from bridge.rules.actions import ACTIONS
    from bridge.rules.commands import AVAILABLE

    assert all(f"| {action} |" in page() for action in (*ACTIONS, *AVAILABLE))
    assert set(ON) == AVAILABLE


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
