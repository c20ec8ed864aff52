"""``textbridge doctor`` and the pretend Twilio and Slack: what it finds wrong, and what it does not disturb."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.adapters.providers.twilio.check import RETRIES
from bridge.adapters.providers.twilio.provider import Twilio
from bridge.ports.provider import Finding
from tests.cli.conftest import Cli
from tests.cli.support import write_config
from tests.flow.world import LINE, World, open_world


@dataclass
class Doctor:
    """The world it looks at, and how to ask it."""

    world: World
    cli: Cli
    folder: Path

    async def look(self, text: str | None = None) -> tuple[int, list[Finding]]:
        write_config(self.folder, text or self.world.config_text)
        outcome = await asyncio.to_thread(self.cli, "doctor", "--json")
        secrets = (self.world.slack.bot_token, self.world.slack.app_token, *self.world.account.auth_tokens)
        assert not [secret for secret in secrets if secret in outcome.out + outcome.err]
        return outcome.code, [Finding(**one) for one in json.loads(outcome.out)["findings"]]

    async def only(self, text: str | None = None) -> tuple[int, Finding]:
        """The one thing that is wrong."""
        code, found = await self.look(text)
        (finding,) = [one for one in found if one.level != "ok"]
        assert finding.remedy
        return code, finding


@pytest.fixture
async def doctor(migrated_sqlite_url: str, cli: Cli, tmp_path: Path) -> AsyncIterator[Doctor]:
    """A world in which everything is as it must be, the bridge running."""
    async with open_world(migrated_sqlite_url) as world:
        world.number.sms_url = f"{world.url}/webhooks/main{RETRIES}"
        world.number.sms_fallback_url = world.number.sms_url
        await world.start()
        await world.connected()
        yield Doctor(world, cli, tmp_path)


async def test_all_is_well(doctor: Doctor) -> None:
    code, found = await doctor.look()
    assert (code, [finding for finding in found if finding.level != "ok"]) == (0, [])
    checks = [finding.check for finding in found]
    room = f"slack room {doctor.world.channel.id}"
    for check in (
        "twilio main: credentials",
        f"twilio main: line {LINE}",
        "slack token",
        "slack scopes",
        "slack socket",
        room,
    ):
        assert check in checks
    assert "The bridge answers there." in [finding.message for finding in found]
    assert (await asyncio.to_thread(doctor.cli, "doctor")).out.endswith("All is well.\n")


async def test_it_changes_and_posts_nothing(doctor: Doctor) -> None:
    world = doctor.world
    await doctor.look()
    assert (world.posts(), list(world.twilio.messages)) == ([], [])
    assert (world.slack.violations, world.twilio.violations) == ([], [])


async def test_a_bridge_that_does_not_run(doctor: Doctor) -> None:
    await doctor.world.stop()
    code, finding = await doctor.only()
    assert (code, finding.check, "does not answer" in finding.message) == (1, "public_url", True)
    assert "textbridge run" in finding.remedy


async def test_an_address_that_leads_elsewhere(doctor: Doctor) -> None:
    elsewhere = doctor.world.twilio.base_url
    text = doctor.world.config_text.replace(f"public_url: {doctor.world.url}", f"public_url: {elsewhere}")
    doctor.world.number.sms_url = doctor.world.number.sms_fallback_url = f"{elsewhere}/webhooks/main{RETRIES}"
    code, finding = await doctor.only(text)
    assert (code, "answers 404" in finding.message) == (1, True)


async def test_a_revoked_slack_token(doctor: Doctor) -> None:
    doctor.world.slack.revoke_tokens()
    code, finding = await doctor.only()
    assert (code, finding.check) == (2, "slack token")
    assert "install" in finding.remedy.lower()


async def test_a_missing_scope(doctor: Doctor) -> None:
    doctor.world.slack.scopes.discard("reactions:write")
    code, finding = await doctor.only()
    assert (code, finding.check, "reactions:write" in finding.message) == (2, "slack scopes", True)
    assert "manifest slack" in finding.remedy


async def test_an_archived_room(doctor: Doctor) -> None:
    doctor.world.slack.people.archive(doctor.world.channel.id)
    code, finding = await doctor.only()
    assert (code, "archived" in finding.message) == (2, True)


async def test_a_room_without_the_bot(doctor: Doctor) -> None:
    doctor.world.channel.members.remove(doctor.world.slack.bot_user_id)
    code, finding = await doctor.only()
    assert (code, "/invite" in finding.remedy) == (2, True)


async def test_a_webhook_that_goes_elsewhere(doctor: Doctor) -> None:
    doctor.world.number.sms_url = "https://elsewhere.example.org/sms"
    code, finding = await doctor.only()
    assert (code, f"{doctor.world.url}/webhooks/main" in finding.remedy) == (2, True)


async def test_a_wrong_auth_token(doctor: Doctor) -> None:
    text = doctor.world.config_text.replace(doctor.world.account.auth_tokens[0], "f" * 32)
    code, finding = await doctor.only(text)
    assert (code, finding.check) == (2, "twilio main: credentials")
    assert "f" * 32 not in f"{finding}"


async def test_several_things_at_once_are_all_told(doctor: Doctor) -> None:
    doctor.world.slack.scopes.discard("reactions:write")
    doctor.world.number.sms_url = ""
    _, found = await doctor.look()
    assert len([finding for finding in found if finding.level == "error"]) == 2


async def test_a_vendor_that_never_answers(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.cli.checks.section.CHECK_SECONDS", 1.0)
    doctor.world.fault("auth.test", "hang")
    code, finding = await doctor.only()
    assert (code, "no result within 1 second" in finding.message) == (2, True)


async def test_a_check_that_breaks_is_a_finding(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(self: Any, rooms: object) -> Sequence[Finding]:
        raise RuntimeError(doctor.world.slack.bot_token)

    monkeypatch.setattr(SlackPlatform, "check", broken)
    code, finding = await doctor.only()
    assert (code, finding.level, "RuntimeError" in finding.message) == (2, "error", True)


async def test_an_answer_that_repeats_a_secret(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    token = doctor.world.account.auth_tokens[0]

    async def repeats(self: Any) -> Sequence[Finding]:
        return [Finding("error", "made up", f"user {token} unknown", f"not {token}")]

    monkeypatch.setattr(Twilio, "check", repeats)
    _, finding = await doctor.only()
    assert (finding.message, finding.remedy) == ("user … unknown", "not …")


async def test_a_refused_text_is_sent_again_from_the_command_line(doctor: Doctor) -> None:
    world = doctor.world
    await world.open()
    world.fault("messages.create", "status", 400)
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.marks(reply) == ["warning"])
    write_config(doctor.folder, world.config_text)
    listed = await asyncio.to_thread(doctor.cli, "outbox", "list")
    assert "Yes, since noon" not in listed.out
    key = next(line.split()[0] for line in listed.out.splitlines() if "failed" in line)
    again = await asyncio.to_thread(doctor.cli, "outbox", "retry", key)
    assert (again.code, again.err) == (0, "")
    await world.until(lambda: world.got() == ["Yes, since noon"])
    await world.until(lambda: world.marks(reply) == ["ballot_box_with_check"])


async def test_a_teammate_who_is_a_guest_is_named(doctor: Doctor) -> None:
    guest = doctor.world.slack.add_user("gil", guest=True)
    people = f"teammates:\n  ana: {{slack: {doctor.world.ana.id}}}\n  gil: {{slack: {guest.id}}}\n"
    code, finding = await doctor.only(doctor.world.config_text + people)
    assert (code, finding.level, finding.check) == (1, "warning", "slack teammate gil")
    assert "guest" in finding.message
