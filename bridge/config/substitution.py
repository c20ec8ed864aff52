"""Filling in ``${NAME}``, ``${NAME:-default}`` and ``${file:/path}``; ``$${`` stands for ``${`` itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bridge.config.document import SubstitutionError

_MARK = re.compile(r"\$\$\{|\$\{(?P<inside>[^}]*)(?P<end>\}?)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FORMS = "Write ${NAME}, ${NAME:-default} or ${file:/path}; write $${ for the characters themselves."
MAX_FILE_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Substitution:
    """Fills in texts. ``directory``: where the paths of ``${file:…}`` begin when they are relative."""

    environ: Mapping[str, str]
    directory: Path

    def __call__(self, text: str) -> str:
        """Return ``text`` with every ``${…}`` filled in; raise SubstitutionError when one cannot be."""
        return _MARK.sub(self._fill, text)

    def _fill(self, found: re.Match[str]) -> str:
        inside = found["inside"]
        if inside is None:
            return "${"
        if not found["end"]:
            raise SubstitutionError("a ${ is not closed by }.", _FORMS)
        if inside.startswith("file:"):
            return self._file(inside.removeprefix("file:"))
        name, colon, default = inside.partition(":-")
        if not _NAME.fullmatch(name):
            raise SubstitutionError("what stands between ${ and } is not understood.", _FORMS)
        value = self.environ.get(name)
        if colon:
            return value or default
        if value is None:
            raise SubstitutionError(
                f"the environment variable {name} is not set.", f"Set it, or write a default: ${{{name}:-…}}."
            )
        return value

    def _file(self, name: str) -> str:
        try:
            with (self.directory / name).open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise SubstitutionError(
                f"the file {name} cannot be read: {error.strerror}.", "Check the path and its permissions."
            ) from None
        if len(content) > MAX_FILE_BYTES:
            raise SubstitutionError(f"the file {name} has more than {MAX_FILE_BYTES} bytes.", "Is it the right one?")
        try:
            return content.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            raise SubstitutionError(f"the file {name} is not UTF-8 text.", "Is it the right one?") from None
