"""What the sandbox's port answers, and whom."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.page.stage import PHONE, Caller, House


async def test_the_page_and_its_parts_are_served(house: House, caller: Caller) -> None:
    async with caller.session.get(house.url + "/") as answer:
        page = await answer.text()
        assert answer.status == 200
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    for part in ("/page/js/main.js", "/page/css/tokens.css", "/page/samples/parcel.jpg", "/page/icon.svg"):
        async with caller.session.get(house.url + part) as answer:
            assert answer.status == 200
    assert "http://" not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "169.254.169.254"])
async def test_another_host_name_is_refused(house: House, caller: Caller, host: str) -> None:
    for path in ("/", "/slack/api/auth.test", "/twilio/2010-04-01/Accounts/x.json", "/sandbox/ws"):
        async with caller.session.get(house.url + path, headers={"Host": host}) as answer:
            assert answer.status == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:8321", "127.0.0.1", "[::1]:8321"])
async def test_loopback_by_any_name_is_let_in(house: House, caller: Caller, host: str) -> None:
    async with caller.session.get(house.url + "/", headers={"Host": host}) as answer:
        assert answer.status == 200


async def test_pages_from_elsewhere_may_neither_act_nor_listen(house: House, caller: Caller) -> None:
    foreign = {"Origin": "https://evil.example"}
    body = {"act": "bridge.run", "wish": "stop"}
    async with caller.session.post(f"{house.url}/sandbox/act", json=body, headers=foreign) as answer:
        assert answer.status == 403
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await caller.session.ws_connect(f"{house.url}/sandbox/ws", headers=foreign)
    async with caller.session.post(f"{house.url}/sandbox/act", data='{"act": "fault.clear"}') as answer:
        assert answer.status == 415  # a form needs no permission to cross origins, JSON does
    async with caller.session.get(house.url + "/", headers=foreign) as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert house.process.asked == []


async def test_slack_and_twilio_answer_on_the_same_port(house: House, caller: Caller) -> None:
    client = AsyncWebClient(
        token=house.slack.bot_token, base_url=f"{house.url}/slack/api/", retry_handlers=[], session=caller.session
    )
    assert (await client.auth_test())["user_id"] == house.slack.bot_user_id
    socket = str((await client.apps_connections_open(app_token=house.slack.app_token))["url"])
    async with caller.session.ws_connect(socket) as frames:
        assert (await frames.receive_json())["type"] == "hello"
    assert await caller.text_from_line() == 201
    await house.twilio.settled()
    assert [message.body for message in house.twilio.phone(PHONE).inbox] == ["hello"]


async def test_pictures_are_shown_and_other_files_only_kept(house: House, caller: Caller) -> None:
    png = house.slack.people.upload("ana", "a.png", b"\x89PNG", "image/png")
    page = house.slack.people.upload("ana", "a.html", b"<script>1</script>", "text/html")
    async with caller.session.get(f"{house.url}/sandbox/files/{png}") as answer:
        assert answer.content_type == "image/png"
    async with caller.session.get(f"{house.url}/sandbox/files/{page}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    async with caller.session.get(f"{house.url}/sandbox/files/F000") as answer:
        assert answer.status == 404


async def test_emoji_are_known_by_name(house: House, caller: Caller) -> None:
    async with caller.session.get(f"{house.url}/sandbox/emoji.json") as answer:
        names = await answer.json()
    contract = ["eyes", "white_check_mark", "zzz", "x", "repeat", "incoming_envelope", "hourglass_flowing_sand"]
    assert {"👀", "✅", "❌"} <= {names[name] for name in contract}
