from importlib import import_module

import pytest

from bridge.adapters.providers import discover
from tests.contract.provider_case import ProviderCase

PROVIDERS = discover()


@pytest.fixture(params=tuple(PROVIDERS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def case(name: str) -> ProviderCase:
    found = import_module(f"tests.adapters.{name}.recorded").CASE
    assert isinstance(found, ProviderCase)
    return found
