"""The image and the compose files fit the package: there is no engine here to find out by running them."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from bridge.config import parse
from bridge.outside import settings_models
from tests.architecture.source import ROOT

DOCKER = ROOT / "docker"
SERVICE_FILES = ("compose.yaml", "compose.sqlite.yaml")
ALL_FILES = (*SERVICE_FILES, "compose.sandbox.yaml")
# The command line's promises to operators.
VERBS = {"run": set[str](), "sandbox": {"--port", "--data", "--no-browser"}}
READY = "/health/ready"
IN_SETTINGS = re.compile(r"\$\{([A-Z_]+)")


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions with their arguments."""
    text = re.sub(r"\\\n\s*", "", (DOCKER / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def arguments(instruction: str) -> list[str]:
    """Return the arguments of each use of an instruction."""
    return [rest for word, rest in instructions() if word == instruction]


def compose(name: str) -> dict[str, Any]:
    """Return a compose file."""
    return yaml.safe_load((DOCKER / name).read_text(encoding="utf-8"))


def own_services() -> list[tuple[str, dict[str, Any]]]:
    """Return the services that run our image, each with its file."""
    return [
        (name, service)
        for name in ALL_FILES
        for service in compose(name)["services"].values()
        if service["image"] == "textbridge"
    ]


def image_environment() -> dict[str, str]:
    """Return the variables that the image sets."""
    return dict(part.split("=", 1) for rest in arguments("ENV") for part in shlex.split(rest))


def test_the_image_is_made_from_files_that_are_there() -> None:
    for rest in arguments("COPY"):
        if not rest.startswith("--from"):
            *sources, _ = rest.split()
            assert all((ROOT / source).exists() for source in sources), rest


def test_what_the_image_is_made_from_is_sent_to_the_builder() -> None:
    allowed = {
        line.removeprefix("!")
        for line in (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = {source for rest in arguments("COPY") if not rest.startswith("--from") for source in rest.split()[:-1]}
    assert copied == allowed


def test_the_image_has_a_python_that_the_package_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = {match[1] for rest in arguments("FROM") if (match := re.match(r"python:([0-9.]+)-", rest))}
    assert len(versions) == 1
    assert SpecifierSet(project["requires-python"]).contains(versions.pop())


def test_dependencies_are_those_of_the_lock_by_hash() -> None:
    (install,) = [rest for rest in arguments("RUN") if "requirements.lock" in rest]
    assert "--require-hashes" in install


def test_the_image_does_not_run_as_root() -> None:
    (user,) = arguments("USER")
    assert user not in {"root", "0"}
    assert any("useradd" in rest and rest.endswith(user) for rest in arguments("RUN"))


def test_the_health_check_asks_the_port_that_is_exposed() -> None:
    (health,) = arguments("HEALTHCHECK")
    assert f"http://127.0.0.1:{arguments('EXPOSE')[0]}{READY}" in health


def test_the_package_answers_the_health_check() -> None:
    pages = (path.read_text(encoding="utf-8") for path in (ROOT / "bridge" / "web").glob("*.py"))
    assert any(f'"{READY}"' in page for page in pages)


def test_the_command_is_one_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    commands = [yaml.safe_load(rest) for rest in arguments("CMD")] + [
        service["command"] for _, service in own_services()
    ]
    for program, verb, *options in commands:
        assert program in project["scripts"]
        assert {option for option in options if option.startswith("--")} <= VERBS[verb]


@pytest.mark.parametrize("verb", VERBS)
def test_the_command_line_has_these_verbs_and_options(verb: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "bridge", verb, "--help"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert all(option in shown.stdout for option in VERBS[verb])


@pytest.mark.parametrize("name", SERVICE_FILES)
def test_settings_and_data_are_where_the_image_expects_them(name: str) -> None:
    service = compose(name)["services"]["bridge"]
    volumes = {target: source for source, target, *_ in (volume.split(":") for volume in service["volumes"])}
    settings = volumes[image_environment()["TEXTBRIDGE_CONFIG"]]
    assert (DOCKER / settings).is_file()
    assert arguments("VOLUME")[0] in volumes
    assert service["read_only"] is True


@pytest.mark.parametrize("name", SERVICE_FILES)
def test_the_settings_are_right_with_what_the_service_is_given(name: str) -> None:
    service = compose(name)["services"]["bridge"]
    text = (DOCKER / "textbridge.yaml").read_text(encoding="utf-8")
    assert set(IN_SETTINGS.findall(text)) == set(service["environment"])
    given = {
        "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
        "SLACK_BOT_TOKEN": "xoxb-word",
        "SLACK_APP_TOKEN": "xapp-word",
        "TEXTBRIDGE_PUBLIC_URL": "https://sms.example.org",
        "TEXTBRIDGE_ADDRESS": "+15550001000",
        "TEXTBRIDGE_ROOM": "C0123456789",
    }
    environment = {
        key: given.get(key, re.sub(r"\$\{[^}]*\}", "word", value)) for key, value in service["environment"].items()
    }
    providers, platforms = settings_models()
    config = parse(text, environment, providers=providers, platforms=platforms)
    assert [f"127.0.0.1:{config.listen.port}:{config.listen.port}"] == service["ports"]
    assert str(config.listen.port) == arguments("EXPOSE")[0]
    if config.database_url.startswith("sqlite:"):
        assert Path(config.database_url.removeprefix("sqlite:///")).is_relative_to(arguments("VOLUME")[0])


def test_the_database_service_is_the_one_that_the_bridge_is_told() -> None:
    services = compose("compose.yaml")["services"]
    database = services["postgres"]["environment"]
    address = services["bridge"]["environment"]["TEXTBRIDGE_DATABASE"]
    assert address.startswith(f"postgresql://{database['POSTGRES_USER']}:${{POSTGRES_PASSWORD")
    assert address.endswith(f"@postgres/{database['POSTGRES_DB']}")
    assert services["bridge"]["depends_on"]["postgres"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", ALL_FILES)
def test_services_have_no_more_rights_than_they_need(name: str) -> None:
    content = compose(name)
    for file, service in own_services():
        if file == name:
            assert service["cap_drop"] == ["ALL"]
            assert service["security_opt"] == ["no-new-privileges:true"]
            build = (DOCKER / service["build"]["context"]).resolve()
            assert (build / service["build"]["dockerfile"]).is_file()
    named = {volume.split(":")[0] for service in content["services"].values() for volume in service.get("volumes", [])}
    assert {volume for volume in named if not volume.startswith(".")} == set(content["volumes"])


def test_no_file_holds_a_secret() -> None:
    for name in SERVICE_FILES:
        for service in compose(name)["services"].values():
            for key, value in service["environment"].items():
                if re.search(r"TOKEN|PASSWORD|SID", key):
                    assert re.fullmatch(r"\$\{[A-Z_]+:\?.*\}", value), key


def test_the_sandboxs_page_is_asked_where_it_is() -> None:
    service = compose("compose.sandbox.yaml")["services"]["sandbox"]
    port = service["command"][service["command"].index("--port") + 1]
    assert f"http://127.0.0.1:{port}/" in service["healthcheck"]["test"][-1]
    assert service["command"][service["command"].index("--data") + 1] == arguments("VOLUME")[0]
