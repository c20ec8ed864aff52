from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.twilio import TwilioWorld
from tests.sandbox.twilio.support import LINE, PHONE, Endpoint, Setting, address_of


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    made = Endpoint()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.handle)
    made.server = TestServer(app)
    await made.server.start_server()
    yield made
    made.let_go.set()
    await made.server.close()


@pytest.fixture
async def setting(endpoint: Endpoint) -> AsyncIterator[Setting]:
    world = TwilioWorld(SandboxClock(), faults=Faults(), seed=1)
    server = TestServer(world.application())
    await server.start_server()
    world.base_url = address_of(server)
    account = world.add_account("Acme")
    world.add_number(account, LINE, sms_url=endpoint.url("/sms"))
    world.add_phone(PHONE, name="Ada")
    made = Setting(world, account, endpoint, None)
    made.client = made.client_of(account.sid, account.auth_token)
    yield made
    await server.close()
