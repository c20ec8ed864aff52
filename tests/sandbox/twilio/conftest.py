from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.listening import listening
from bridge.sandbox.twilio import TwilioWorld
from tests.sandbox.twilio.support import LINE, PHONE, Endpoint, Setting


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    made = Endpoint()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.handle)
    async with listening(app) as made.base_url:
        yield made
        made.let_go.set()


@pytest.fixture
async def setting(endpoint: Endpoint) -> AsyncIterator[Setting]:
    world = TwilioWorld(SandboxClock(), faults=Faults(), seed=1)
    async with listening(world.application()) as world.base_url:
        account = world.add_account("Acme")
        world.add_number(account, LINE, sms_url=endpoint.url("/sms"))
        world.add_phone(PHONE, name="Ada")
        made = Setting(world, account, endpoint, None)
        made.client = made.client_of(account.sid, account.auth_token)
        yield made
