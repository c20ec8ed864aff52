from collections.abc import AsyncGenerator

import pytest
from aiohttp import web

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.listening import listening
from bridge.sandbox.twilio import TwilioWorld
from tests.adapters.twilio.support import CONTACT, LINE, Callbacks, Setting


@pytest.fixture
async def callbacks() -> AsyncGenerator[Callbacks]:
    made = Callbacks()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.handle)
    async with listening(app) as made.url:
        yield made


@pytest.fixture(params=[""])
async def setting(callbacks: Callbacks, request: pytest.FixtureRequest) -> AsyncGenerator[Setting]:
    world, app = TwilioWorld(SandboxClock(), faults=Faults(), seed=1), web.Application()
    world.add_routes(app, str(request.param))
    async with listening(app) as url:
        world.base_url = f"{url}{request.param}"
        account = world.add_account("Acme")
        world.add_number(account, LINE)
        world.add_phone(CONTACT, name="Ada")
        made = Setting(world, account, callbacks)
        yield made
        await made.aclose()
    assert made.violations_expected or world.violations == []
