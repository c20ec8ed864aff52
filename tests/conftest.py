"""What every test gets: a quiet environment, loopback only, and real databases and browsers on request."""

import os

import pytest
from hypothesis import settings

from tests.services import network, postgres, run, synapse

pytest_plugins = ["tests.services.fixtures"]

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the run."""
    os.environ.pop("TEXTBRIDGE_CONFIG", None)  # the caller's own installation is none of the tests' business
    run.begin(config)
    network.keep_to_loopback()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run shared."""
    if directory := run.end(config):
        postgres.stop_server(directory)
        synapse.stop_homeserver(directory)
        run.remove(directory)
