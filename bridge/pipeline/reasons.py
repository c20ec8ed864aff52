"""What may be told of an error."""


def plain(problem: Exception) -> str:
    """Our own refusals explain themselves; any other text could hold words of a contact, and gives none."""
    return str(problem) if isinstance(problem, LookupError | ValueError) and type(problem) is not ValueError else ""


def kind_and_reason(problem: Exception) -> str:
    """Return the kind of an error, and its reason where one may be told."""
    kind, reason = type(problem).__name__, plain(problem)
    return f"{kind}: {reason}" if reason else kind
