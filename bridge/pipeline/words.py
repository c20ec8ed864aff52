"""The words people may give in a thread, for platforms that offer them."""

from bridge.rules.helping import ON


def described() -> tuple[tuple[str, str], ...]:
    """Return each word with what it does."""
    return tuple((word, sentence.replace("`", "")) for word, sentence in ON.items())
