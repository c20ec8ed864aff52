"""``textbridge audit``: the record of who did what."""

from pathlib import Path

from bridge.cli.opening import in_database
from bridge.cli.output import console, say
from bridge.cli.settings import read_config
from bridge.store import inspect

IN_ORDER, TAMPERED = 0, 2


def verify(config_path: Path) -> int:
    """Check the whole chain and say what is wrong with it; returns the exit code."""
    config = read_config(config_path)
    with console(stderr=True).status("Checking the record …"):
        report = in_database(config, inspect.verify_audit)
    if report.problem is None:
        say(f"The record is in order: {report.entries} {'entry' if report.entries == 1 else 'entries'}.")
        return IN_ORDER
    say(f"The record was tampered with: {report.problem}. {report.entries} before it are in order.")
    say("Compare with a backup made before (`id` and `hash` of the table `audit`), and find out who can write there.")
    return TAMPERED
