from collections.abc import AsyncGenerator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.twilio import TwilioWorld
from tests.adapters.twilio.support import CONTACT, LINE, Callbacks, Setting, address_of


@pytest.fixture
async def callbacks() -> AsyncGenerator[Callbacks]:
    made = Callbacks()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.handle)
    server = TestServer(app)
    await server.start_server()
    made.url = address_of(server)
    yield made
    await server.close()


@pytest.fixture(params=[""])
async def setting(callbacks: Callbacks, request: pytest.FixtureRequest) -> AsyncGenerator[Setting]:
    world, app = TwilioWorld(SandboxClock(), faults=Faults(), seed=1), web.Application()
    world.add_routes(app, str(request.param))
    server = TestServer(app)
    await server.start_server()
    world.base_url = address_of(server) + str(request.param)
    account = world.add_account("Acme")
    world.add_number(account, LINE)
    world.add_phone(CONTACT, name="Ada")
    made = Setting(world, account, callbacks)
    yield made
    await made.aclose()
    await server.close()
    assert made.violations_expected or world.violations == []
