"""Settings, logging in, and what doctor says."""

import json
import re
import stat
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from bridge.adapters.platforms.matrix.registration import registration
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from bridge.domain.people import RoomRef
from bridge.ports.errors import CredentialsRejected
from tests.adapters.matrix.conftest import Desk
from tests.contract.support import closed_port
from tests.services.matrix import Person
from tests.services.synapse import Synapse

PLAIN = {"homeserver": "https://matrix.example.org/", "user_id": "@bot:example.org", "access_token": "secret"}


def test_settings_that_can_be_used_are_taken() -> None:
    settings = MatrixSettings.model_validate(PLAIN)
    assert settings.homeserver == "https://matrix.example.org"
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    "changed",
    [
        {"homeserver": "matrix.example.org"},
        {"user_id": "bot"},
        {"access_token": " "},
        {"access_token": None},
        {"password": "both"},
        {"colour": "red"},
    ],
)
def test_settings_that_cannot_be_used_are_refused(changed: dict[str, str | None]) -> None:
    with pytest.raises(ValidationError) as refused:
        MatrixSettings.model_validate({**PLAIN, **changed})
    assert "secret" not in str(refused.value)


SERVICE = {**PLAIN, "access_token": None, "mode": "appservice", "as_token": "secret-a", "hs_token": "secret-h"}


def test_a_registration_says_what_the_settings_say() -> None:
    settings = MatrixSettings.model_validate(SERVICE)
    assert "secret" not in repr(settings)
    made = yaml.safe_load(registration(settings, "https://sms.example.org/platforms/matrix"))
    assert made["url"] == "https://sms.example.org/platforms/matrix"
    assert (made["as_token"], made["hs_token"], made["sender_localpart"]) == ("secret-a", "secret-h", "bot")
    assert made["rate_limited"] is False
    [users] = made["namespaces"]["users"]
    assert re.fullmatch(users["regex"], "@bot:example.org")
    assert not re.fullmatch(users["regex"], "@bot:exampleXorg")


@pytest.mark.parametrize(
    "changed",
    [
        {"hs_token": None},
        {"as_token": " "},
        {"access_token": "secret"},
        {"password": "secret"},
        {"mode": "account"},
        {"mode": "account", "access_token": "secret"},
        {"mode": "other"},
    ],
)
def test_a_service_has_its_own_way_in(changed: dict[str, str | None]) -> None:
    with pytest.raises(ValidationError) as refused:
        MatrixSettings.model_validate({**SERVICE, **changed})
    assert "secret" not in str(refused.value)


async def test_a_service_that_is_not_registered_is_told_so(desk: Desk) -> None:
    platform = desk.made(access_token=None, mode="appservice", as_token="a" * 64, hs_token="h" * 64)
    with pytest.raises(CredentialsRejected, match="manifest matrix"):
        await platform.start()
    await platform.aclose()


async def test_the_password_is_used_once(desk: Desk, tmp_path: Path) -> None:
    state = tmp_path / "state"
    way = {"access_token": None, "password": desk.bot.password, "state_dir": state}
    first, second = desk.made(**way), desk.made(**{**way, "password": "no longer needed"})
    try:
        assert await first.start() == desk.bot.user_id
        assert await second.start() == desk.bot.user_id
        assert first._server.device == second._server.device == "TEXTBRIDGE"
    finally:
        await first.aclose()
        await second.aclose()
    kept = state / "session.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "password" not in json.loads(kept.read_text())


@pytest.mark.parametrize("wrong", [{"access_token": "nonsense"}, {"access_token": None, "password": "wrong"}])
async def test_wrong_credentials_are_told(desk: Desk, tmp_path: Path, wrong: dict[str, str | None]) -> None:
    platform = desk.made(**wrong, state_dir=tmp_path)
    try:
        with pytest.raises(CredentialsRejected):
            await platform.start()
    finally:
        await platform.aclose()


async def test_another_accounts_token_is_not_used(desk: Desk) -> None:
    platform = desk.made(access_token=desk.ana.account.access_token)
    try:
        with pytest.raises(CredentialsRejected, match="another account"):
            await platform.start()
    finally:
        await platform.aclose()


async def test_doctor_finds_a_good_room_good(desk: Desk) -> None:
    await desk.platform.start()
    found = await desk.platform.check([RoomRef("matrix", desk.room), RoomRef("slack", "C1")])
    assert [one.level for one in found] == ["ok"] * len(found)
    assert found[-1].check == f"matrix: room {desk.room}"
    assert any(desk.bot.user_id in one.message and "override_ratelimit" in one.message for one in found)


async def test_doctor_names_the_server_and_the_limit_an_administrator_may_see(desk: Desk, synapse: Synapse) -> None:
    found = {one.check: one for one in await desk.platform.check([])}
    assert "speaks Matrix up to v1." in found["matrix: server"].message
    chief = synapse.register("chief", limited=True, admin=True)
    path = f"/_synapse/admin/v1/users/{chief.user_id}/override_ratelimit"
    told: list[tuple[str, str]] = []
    platform = desk.made(user_id=chief.user_id, access_token=chief.access_token)
    for limits in (None, {"messages_per_second": 2, "burst_count": 9}, {"messages_per_second": 0, "burst_count": 0}):
        if limits is not None:
            synapse.call("POST", path, limits, token=synapse.admin)
        finding = {one.check: one for one in await platform.check([])}["matrix: rate limit"]
        assert ("override_ratelimit" in finding.remedy) is (finding.level == "warning")
        told.append((finding.level, finding.message))
    await platform.aclose()
    assert told == [
        ("warning", "The server limits the bot like every account."),
        ("warning", "The server limits the bot to 2 a second, 9 at once."),
        ("ok", "The server does not limit the bot."),
    ]


async def test_doctor_says_what_is_wrong_with_a_room(desk: Desk) -> None:
    await desk.platform.start()
    encryption = {"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    power = {"events_default": 50, "users": {desk.ana.id: 100}}
    dark = await desk.ana.make_room(desk.bot.user_id, initial_state=[encryption])
    quiet = await desk.ana.make_room(desk.bot.user_id, power_level_content_override=power, room_version="11")
    old = await desk.ana.make_room(desk.bot.user_id)
    for room in (dark, quiet, old):
        await desk.platform._server.join(room)
    await desk.ana.call(
        "PUT", f"/_matrix/client/v3/rooms/{old}/state/m.room.tombstone/", {"body": "no more", "replacement_room": ""}
    )
    strange = await desk.ana.make_room()
    for room, words in (
        (dark, "no keys yet"),
        (quiet, "may not post"),
        (old, "shut down"),
        (strange, "not in the room"),
    ):
        found = [one for one in await desk.platform.check([RoomRef("matrix", room)]) if one.level != "ok"]
        assert any(words in one.message for one in found), room
        assert all(one.remedy for one in found)


async def test_doctor_follows_an_upgraded_room(desk: Desk) -> None:
    await desk.platform.start()
    path = f"/_matrix/client/v3/rooms/{desk.room}/upgrade"
    after = (await desk.ana.call("POST", path, {"new_version": "12"}))["replacement_room"]
    left, away = (await desk.platform.check([RoomRef("matrix", desk.room)]))[-2:]
    assert (left.level, after in left.message, after in left.remedy) == ("warning", True, True)
    assert (away.level, away.message) == ("error", "The bot is not in the room.")
    await desk.ana.call("POST", f"/_matrix/client/v3/rooms/{after}/invite", {"user_id": desk.bot.user_id})
    asked = (await desk.platform.check([RoomRef("matrix", desk.room)]))[-1]
    assert (asked.level, "is invited" in asked.message, "by itself" in asked.remedy) == ("warning", True, True)
    await desk.platform._server.join(after)
    assert (await desk.platform.check([RoomRef("matrix", desk.room)]))[-1].level == "ok"


async def test_a_room_the_bot_made_itself_gives_it_every_right(desk: Desk) -> None:
    await desk.platform.start()
    bot = Person(desk.bot, desk.url, desk.ana.session)
    room = await bot.make_room(room_version="12", power_level_content_override={"events_default": 50})
    assert (await desk.platform.check([RoomRef("matrix", room)]))[-1].level == "ok"


async def test_doctor_names_an_account_or_a_server_that_is_not_there(desk: Desk) -> None:
    for changed, check in (
        ({"access_token": "nonsense"}, "matrix: account"),
        ({"homeserver": f"http://127.0.0.1:{closed_port()}"}, "matrix: homeserver"),
    ):
        platform = desk.made(**changed)
        [found] = await platform.check([RoomRef("matrix", desk.room)])
        assert (found.level, found.check, bool(found.remedy)) == ("error", check, True)
        await platform.aclose()
