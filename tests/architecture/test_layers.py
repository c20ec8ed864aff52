"""The layers of the architecture hold."""

import sys

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.source import ROOT, imported_modules, place, python_files


def test_import_contracts_hold() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


def test_the_domain_needs_the_standard_library_only() -> None:
    foreign = [
        f"{place(path, line)}: {module}"
        for path in python_files("bridge/domain")
        for module, line in imported_modules(path)
        if not module.startswith("bridge.domain") and module.split(".")[0] not in sys.stdlib_module_names
    ]
    assert not foreign


def test_adapters_do_not_import_their_siblings() -> None:
    """Shared parts of a kind have a name that begins with an underscore."""
    crossed: list[str] = []
    for kind in ("providers", "platforms"):
        prefix = f"bridge.adapters.{kind}."
        for path in python_files(f"bridge/adapters/{kind}"):
            own = path.relative_to(ROOT / "bridge" / "adapters" / kind).parts[0].removesuffix(".py")
            for module, line in imported_modules(path):
                other = module.removeprefix(prefix).split(".")[0]
                if (
                    module.startswith(prefix)
                    and not own.startswith("__")
                    and other != own
                    and not other.startswith("_")
                ):
                    crossed.append(f"{place(path, line)}: {module}")
    assert not crossed
