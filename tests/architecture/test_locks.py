"""The locks hold what pyproject.toml asks for, so that a forgotten `make lock` is seen without a network."""

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bridge.sandbox.matrix.installation import VERSION
from tests.architecture.source import ROOT

SYNAPSE = "bridge/sandbox/matrix/synapse.lock"


def project() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(name: str) -> dict[str, str]:
    """Return version by package of a lock."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE)
    return {canonicalize_name(package): version for package, version in pins}


def unmet(wanted: list[str], lock: str) -> list[str]:
    """Return the requirements that a lock does not fulfil."""
    pins = locked(lock)
    requirements = [Requirement(text) for text in wanted]
    return [
        str(requirement)
        for requirement in requirements
        if not requirement.specifier.contains(pins.get(canonicalize_name(requirement.name), "0"), prereleases=True)
        or canonicalize_name(requirement.name) not in pins
    ]


def test_the_lock_fulfils_the_dependencies() -> None:
    assert not unmet(project()["project"]["dependencies"], "requirements.lock")


def test_the_development_lock_fulfils_the_groups_as_well() -> None:
    groups = project()["dependency-groups"]
    wanted = [*project()["project"]["dependencies"], *groups["dev"], *groups["bench"]]
    assert not unmet(wanted, "requirements-dev.lock")


def test_both_locks_agree() -> None:
    runtime, development = locked("requirements.lock"), locked("requirements-dev.lock")
    assert runtime.items() <= development.items()


def test_the_sandboxes_synapse_is_the_one_the_tests_use() -> None:
    synapse, development = locked(SYNAPSE), locked("requirements-dev.lock")
    assert synapse["matrix-synapse"] == VERSION
    assert synapse.items() <= development.items()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", SYNAPSE])
def test_every_pin_has_a_hash(name: str) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
