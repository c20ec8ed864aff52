"""From a file to a Config, or to all of its mistakes at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from bridge.config import references, rule_checks, usable
from bridge.config.document import Document, KeyPath, read
from bridge.config.enclosed import with_files
from bridge.config.models import Config
from bridge.config.problems import ConfigError, Problem, suggestion
from bridge.config.section import Section
from bridge.config.sentences import report_errors, report_unknown_keys
from bridge.config.substitution import Substitution

Registry = Mapping[str, type[BaseModel]]


def load(path: Path, environ: Mapping[str, str], *, providers: Registry, platforms: Registry) -> Config:
    """Read the file at ``path``; see `parse`. Relative paths of ``${file:…}`` begin at the file's directory."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(line, 1, "", "the file is not UTF-8 text.", "Save it as UTF-8.")
    except OSError as error:
        hint = "Run `textbridge init` to write one, or name another with --config."
        problem = Problem(1, 1, "", f"the file cannot be read: {error.strerror}.", hint)
    else:
        return parse(
            text, environ, providers=providers, platforms=platforms, source=str(path), directory=path.absolute().parent
        )
    raise ConfigError([problem], str(path))


def parse(
    text: str,
    environ: Mapping[str, str],
    *,
    providers: Registry,
    platforms: Registry,
    source: str = "textbridge.yaml",
    directory: Path = Path(),
) -> Config:
    """Return the settings in a YAML text.

    ``providers`` and ``platforms``: the model of the settings by the word that an account has under ``provider`` and a
    platform under ``kind``. ``directory``: where relative paths begin. Raises ConfigError with every problem of the
    text; no value of the text or of ``environ`` is repeated in it.
    """
    document = read(text, Substitution(environ, directory))
    if document.problems and document.data is None:
        raise ConfigError(document.problems, source)
    config = _check(document, providers, platforms, directory)
    if config is None or document.problems:
        raise ConfigError(document.problems, source)
    config._written = document.written  # noqa: SLF001 - the model's own note, which only reading can fill in
    return config


def _check(document: Document, providers: Registry, platforms: Registry, directory: Path) -> Config | None:
    root: object = document.data
    if not isinstance(root, dict):
        document.report((), "the file must hold settings, each as key: value.", "`textbridge init` writes one.")
        return None
    data = cast("dict[str, Any]", root)
    for name in [name for name, value in data.items() if value is None and (name,) not in document.failed]:
        del data[name]  # a heading with nothing below it
    references.check(document)
    usable.check(document, platforms)
    rule_checks.check(document)
    chosen = {
        "accounts": _with_settings(document, "accounts", "provider", providers),
        "platforms": _with_settings(document, "platforms", "kind", platforms),
        "canned": with_files(document, directory),
    }
    try:
        return Config.model_validate({**data, **{key: value for key, value in chosen.items() if key in data}})
    except ValidationError as error:
        report_errors(document, error, Config, ())
    return None


def _with_settings(document: Document, section: str, chooser: str, known: Registry) -> Any:
    """Return a section whose entries hold what their adapter's model makes of them."""
    entries = document.data.get(section)
    if not isinstance(entries, dict):
        return entries
    named = cast("dict[str, Any]", entries)
    return {name: _chosen(document, (section, name), entry, chooser, known) for name, entry in named.items()}


def _chosen(document: Document, path: KeyPath, entry: Any, chooser: str, known: Registry) -> Any:
    if not isinstance(entry, dict):
        return entry
    settings = dict(cast("dict[str, Any]", entry))
    word = settings.pop(chooser, None)
    # Stands in where something is wrong, so that nothing else is said about this entry.
    unusable = {chooser: "", "settings": Section()}
    here = (*path, chooser)
    if here in document.failed:
        return unusable
    if word is None:
        document.report(here, "is missing.", f"Known here: {', '.join(sorted(known))}.")
        return unusable
    model = known.get(word) if isinstance(word, str) else None
    if model is None:
        document.report(here, f"there is no such {chooser}.", suggestion(str(word), known), at=document.values[here])
        return unusable
    report_unknown_keys(document, path, settings, model)
    try:
        return {chooser: word, "settings": model.model_validate(settings)}
    except ValidationError as error:
        report_errors(document, error, model, path)
    return unusable
