"""The real parts are what they claim to be."""

import socket
import urllib.error
from urllib.parse import quote

import psycopg
import pytest
from playwright.async_api import Browser

from bridge.store.migrate import is_current
from tests.services.network import OutsideWorldTouched
from tests.services.postgres import Postgres
from tests.services.synapse import Account, Synapse


def test_the_server_is_a_postgresql_with_its_own_database_for_the_test(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url) as connection:
        version = connection.execute("show server_version_num").fetchone()
        tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    assert version is not None
    assert int(version[0]) >= 160000
    assert tables == (0,)


def test_a_database_can_be_made_like_another(postgres: Postgres) -> None:
    postgres.create("pattern")
    with psycopg.connect(postgres.url("pattern")) as connection:
        connection.execute("create table things (id int)")
    with postgres.database("pattern") as url, psycopg.connect(url) as connection:
        assert connection.execute("select count(*) from things").fetchone() == (0,)


def test_tests_run_on_both_databases(database_url: str, request: pytest.FixtureRequest) -> None:
    kind = request.node.callspec.params["database_url"]
    assert database_url.startswith(f"{kind}://")


def test_a_migrated_database_has_the_current_tables(migrated_url: str) -> None:
    assert is_current(migrated_url)


@pytest.mark.asyncio(loop_scope="session")
async def test_chromium_shows_a_page(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content("<h1>A page</h1>")
    assert await page.inner_text("h1") == "A page"


def many_messages(synapse: Synapse, person: Account) -> None:
    room = synapse.call("POST", "/_matrix/client/v3/createRoom", {}, token=person.access_token)["room_id"]
    for number in range(15):
        path = f"/_matrix/client/v3/rooms/{quote(room)}/send/m.room.message/{number}"
        synapse.call("PUT", path, {"msgtype": "m.text", "body": "one of many"}, token=person.access_token)


def test_the_homeserver_registers_people_who_are_not_limited(synapse: Synapse) -> None:
    ana = synapse.register("ana")
    assert synapse.call("GET", "/_matrix/client/v3/account/whoami", token=ana.access_token)["user_id"] == ana.user_id
    many_messages(synapse, ana)


def test_the_homeserver_limits_others_as_it_does_by_default(synapse: Synapse) -> None:
    ben = synapse.register("ben", limited=True)
    with pytest.raises(urllib.error.HTTPError, match="429"):
        many_messages(synapse, ben)


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_connections_to_elsewhere_are_refused(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(OutsideWorldTouched):
        client.connect((address, 443))


def test_names_of_elsewhere_are_not_looked_up() -> None:
    with pytest.raises(OutsideWorldTouched):
        socket.getaddrinfo("api.example.com", 443)
