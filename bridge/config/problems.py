"""What can be wrong with a configuration file, said so that the operator can mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake and its remedy. ``line`` and ``column`` count from 1; ``where`` is the path of keys, dotted.

    No text here ever repeats a value of the file or of the environment: any of them may be a secret. ``where`` says
    what a rule is called.
    """

    line: int
    column: int
    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """One line for people."""
        subject = f"line {self.line}: {self.where}: " if self.where else f"line {self.line}: "
        return f"{subject}{self.message}{f' {self.hint}' if self.hint else ''}"


class ConfigError(Exception):
    """The configuration cannot be used. ``problems``: all of them, in the order of the file."""

    def __init__(self, problems: Iterable[Problem], source: str) -> None:
        """Say what is wrong with ``source``, the file as the operator named it."""
        self.problems: Sequence[Problem] = tuple(sorted(set(problems)))
        self.source = source
        count = len(self.problems)
        heading = f"{source}: {count} problem{'' if count == 1 else 's'}"
        super().__init__("\n".join([heading, *(f"  {problem}" for problem in self.problems)]))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return the hint for a word that is not known: the nearest known one, or all of them."""
    choices = sorted(known)
    if near := did_you_mean(word, choices):
        return near
    return f"Known here: {', '.join(choices)}." if choices else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the hint that names the nearest known word, empty where none is near."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f'Did you mean "{near[0]}"?' if near else ""
