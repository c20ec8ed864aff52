"""The sandbox's server on loopback."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bridge.sandbox.listening import listening
from tests.sandbox.page.stage import Caller, House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    async with listening(house.server.application()) as url:
        house.url = url
        house.server.bind(url)
        yield house


@pytest.fixture
async def caller(house: House) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(house, session)
