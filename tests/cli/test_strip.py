"""What the sandbox's page lists of the bridge's work is in words."""

import re
from pathlib import Path

from bridge.cli import strip
from bridge.pipeline import planner

KIND = re.compile(r'^ +"([A-Z]\w+)": ', re.MULTILINE)


def test_every_call_has_words() -> None:
    kinds = set(KIND.findall(Path(str(planner.__file__)).read_text()))
    assert "SendText" in kinds
    assert kinds == set(strip._CALLS)
