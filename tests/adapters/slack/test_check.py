"""What doctor says about a workspace."""

from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.people import RoomRef
from bridge.ports.provider import Finding
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.conftest import connect


async def findings(platform: SlackPlatform, *rooms: str) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in await platform.check([*(RoomRef("slack", room) for room in rooms), RoomRef("matrix", "!x:y")]):
        assert bool(finding.remedy) is (finding.level != "ok")
        found.setdefault(finding.check, []).append(finding)
    return found


async def test_a_good_workspace_has_nothing_to_mend(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    found = await findings(slack, room)
    assert set(found) == {"slack token", "slack scopes", "slack socket", f"slack room {room}"}
    assert {finding.level for each in found.values() for finding in each} == {"ok"}
    assert not world.journal.of("chat.postMessage")


async def test_missing_scopes_are_named(world: SlackWorld, slack: SlackPlatform) -> None:
    world.scopes -= {"files:read", "reactions:write"}
    (scopes,) = (await findings(slack))["slack scopes"]
    assert scopes.level == "error"
    assert "files:read, reactions:write" in scopes.message


async def test_each_room_is_looked_at(world: SlackWorld, slack: SlackPlatform) -> None:
    ana = world.user("ana").id
    archived = world.add_channel("old", members=[ana]).id
    world.people.archive("old")
    strange = world.add_channel("strange", members=[ana], bot=False).id
    shared = world.add_channel("partners", members=[ana], shared=True).id
    secret = world.add_channel("secret", members=[ana], private=True, bot=False).id
    found = await findings(slack, archived, strange, shared, secret)
    levels = {check: [finding.level for finding in each] for check, each in found.items() if "room" in check}
    assert levels == {
        f"slack room {archived}": ["error"],
        f"slack room {strange}": ["error"],
        f"slack room {shared}": ["ok", "warning"],
        f"slack room {secret}": ["error"],
    }


async def test_a_revoked_token_is_all_there_is_to_say(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    world.revoke_tokens()
    found = await findings(slack, room)
    assert [each[0].level for each in found.values()] == ["error"]
    assert world.bot_token not in str(found)


async def test_a_wrong_app_token_is_told(world: SlackWorld) -> None:
    platform = connect(world, app_token="xapp-wrong")
    found = await findings(platform)
    await platform.aclose()
    assert found["slack socket"][0].level == "error"
    world.violations.clear()  # a token nobody handed out is a breach, made here on purpose


async def test_http_mode_needs_no_socket(world: SlackWorld) -> None:
    platform = connect(world, app_token="", signing_secret=world.signing_secret)
    found = await findings(platform)
    await platform.aclose()
    assert "slack socket" not in found


async def test_an_unreachable_slack_is_a_finding(world: SlackWorld) -> None:
    platform = connect(world, api_url="http://127.0.0.1:1/api/")
    found = await findings(platform, "C1")
    await platform.aclose()
    assert [each[0].level for each in found.values()] == ["error"]
