"""How a benchmark reports: people read the lines above, programs the last one."""

import json
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

SHORT = 5


def rounds(default: int = SHORT) -> int:
    """How many rounds: ``--rounds N``, else ``default``."""
    return int(sys.argv[sys.argv.index("--rounds") + 1]) if "--rounds" in sys.argv else default


def say(text: str) -> None:
    """Print a line for people at once."""
    print(text, flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0..1) of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def machine() -> str:
    """What it ran on."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        platform.machine(),
    )
    return f"{os.cpu_count()} x {model}, {platform.system()}, Python {platform.python_version()}"


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def report(name: str, unit: str, measured: Sequence[tuple[float, float]]) -> None:
    """Print the result. ``measured``: the product's figure and the floor's, one pair a round."""
    ratios = [value / floor for value, floor in measured]
    result = {
        "name": name,
        "value": round(statistics.median(value for value, _ in measured), 3),
        "unit": unit,
        "floor": round(statistics.median(floor for _, floor in measured), 3),
        "ratio": round(statistics.median(ratios), 3),
        "n": len(measured),
        "spread": {"min": round(min(ratios), 3), "max": round(max(ratios), 3)},
        "machine": machine(),
    }
    print(json.dumps(result), flush=True)


def insist(fact: object, what: str) -> None:
    """Stop when what was timed was not done right."""
    if not fact:
        raise SystemExit(f"wrong: {what}")
