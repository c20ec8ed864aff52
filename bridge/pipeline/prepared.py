"""Whether a canned response of the configuration can be used, for whoever reads that before there is a conversation."""

from bridge.rules.templates import TemplateRefused, check


def mistake_in(template: str) -> str:
    """Say in plain words why a template cannot be used; empty when it can. It may name a part of it."""
    try:
        check(template)
    except TemplateRefused as problem:
        return str(problem)
    return ""
