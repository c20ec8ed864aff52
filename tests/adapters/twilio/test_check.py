import pytest

from bridge.adapters.providers.twilio.check import RETRIES
from bridge.adapters.providers.twilio.provider import Twilio
from bridge.adapters.providers.twilio.settings import TwilioSettings
from bridge.ports.provider import Finding
from bridge.ports.specs import ProviderContext
from tests.adapters.twilio.recorded import SETTINGS
from tests.adapters.twilio.support import LINE, Setting


def connect(setting: Setting, *, retries: str = RETRIES, fallback: bool = True) -> None:
    """Set the line's webhook as it should be."""
    number, url = setting.world.numbers[LINE], f"{setting.callbacks.url}/webhooks/main"
    number.sms_url = url + retries
    number.sms_fallback_url = url if fallback else ""


async def found(setting: Setting, *lines: str, **settings: object) -> list[Finding]:
    return list(await setting.adapter(*lines, **settings).check())  # pyright: ignore[reportArgumentType] -- settings only


async def test_all_is_well(setting: Setting) -> None:
    connect(setting)
    assert {one.level for one in await found(setting)} == {"ok"}
    assert [one.check for one in await found(setting)] == ["twilio main: credentials", f"twilio main: line {LINE}"]


async def test_wrong_credentials_end_the_check(setting: Setting) -> None:
    setting.violations_expected = True
    (finding,) = await found(setting, auth_token="0" * 32)
    assert (finding.level, "Auth Token" in finding.remedy) == ("error", True)
    assert "0000" not in repr(finding)


async def test_a_token_left_over_from_a_rotation_is_pointed_out(setting: Setting) -> None:
    setting.violations_expected = True
    connect(setting)
    levels = [one.level for one in await found(setting, auth_token=[setting.account.auth_token, "0" * 32])]
    assert levels == ["ok", "warning", "ok"]


async def test_the_lines_are_asked_about_with_the_api_key(setting: Setting) -> None:
    connect(setting)
    key, secret = setting.world.add_api_key(setting.account)
    assert {one.level for one in await found(setting, api_key=key, api_secret=secret)} == {"ok"}
    setting.violations_expected = True
    assert (await found(setting, api_key=key, api_secret="wrong"))[
        -1
    ].message == "Twilio refuses api_key and api_secret."


async def test_a_suspended_account_is_an_error(setting: Setting) -> None:
    setting.violations_expected = True
    setting.account.status = "suspended"
    assert [one.level for one in await found(setting)] == ["error"]


async def test_a_number_of_somebody_else_is_an_error(setting: Setting) -> None:
    connect(setting)
    finding = (await found(setting, "+15550109999"))[-1]
    assert (finding.level, finding.message) == ("error", "The account does not own this number.")


async def test_a_part_of_an_owned_number_is_not_owned(setting: Setting) -> None:
    connect(setting)
    assert (await found(setting, LINE[:-1]))[-1].level == "error"


@pytest.mark.parametrize(
    "url", ["", "https://elsewhere.example.org/webhooks/main", "{}/webhooks/other", "{}/webhooks/main/"]
)
async def test_a_webhook_that_is_not_ours_is_an_error_with_the_right_address(setting: Setting, url: str) -> None:
    connect(setting)
    setting.world.numbers[LINE].sms_url = url.format(setting.callbacks.url)
    finding = (await found(setting))[-1]
    assert finding.level == "error"
    assert f"{setting.callbacks.url}/webhooks/main{RETRIES}" in finding.remedy


async def test_a_webhook_by_get_is_an_error(setting: Setting) -> None:
    connect(setting)
    setting.world.numbers[LINE].sms_method = "GET"
    assert (await found(setting))[-1].message == "The webhook is called by GET."


@pytest.mark.parametrize("retries", ["", "#rc=0&rp=5xx,ct,rt", "#rc=3", "#rp=ct,rt", "#rp=ct", "#x"])
async def test_a_webhook_posted_only_once_is_a_warning(setting: Setting, retries: str) -> None:
    connect(setting, retries=retries)
    finding = (await found(setting))[-1]
    assert (finding.level, RETRIES in finding.remedy) == ("warning", True)


@pytest.mark.parametrize("retries", ["#rc=1&rp=all", "#rp=5xx,ct,rt", "#rc=5&rp=4xx,5xx,rt,ct"])
async def test_any_settings_that_try_again_are_fine(setting: Setting, retries: str) -> None:
    connect(setting, retries=retries)
    assert (await found(setting))[-1].level == "ok"


async def test_a_missing_fallback_is_a_warning(setting: Setting) -> None:
    connect(setting, fallback=False)
    finding = (await found(setting))[-1]
    assert (finding.level, "fallback" in finding.message) == ("warning", True)


async def test_what_is_no_phone_number_is_not_checked(setting: Setting) -> None:
    assert [one.level for one in await found(setting, "12345", "ACME", "whatsapp:+15550100001")] == ["ok"] * 4


@pytest.mark.parametrize("where", ["accounts.fetch", "numbers.list"])
async def test_trouble_is_a_finding(setting: Setting, where: str) -> None:
    connect(setting)
    setting.fault(where, "status", 503)
    assert [one.level for one in await found(setting)].count("error") == 1


@pytest.mark.parametrize(
    ("public_url", "problem"),
    [
        ("http://127.0.0.1:8080", "cannot be reached"),
        ("https://sms", "cannot be reached"),
        ("https://my_sms.example.org", "underscore"),
        ("https://sms.example.org", None),
    ],
)
async def test_a_public_address_twilio_cannot_use_is_an_error(
    public_url: str, problem: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bridge.adapters.providers.twilio.http import HttpClient, NotSentError

    async def nobody(*_: object, **__: object) -> None:
        raise NotSentError

    monkeypatch.setattr(HttpClient, "request", nobody)
    context = ProviderContext(account="main", public_url=public_url, lines=(), clock=lambda: pytest.fail("no clock"))
    findings = await Twilio(TwilioSettings.model_validate(SETTINGS), context).check()
    about = [one.message for one in findings if "public_url" in one.check]
    assert ([problem in one for one in about] if problem else about) == ([True] if problem else [])


async def test_a_check_changes_and_sends_nothing(setting: Setting) -> None:
    await found(setting)
    assert {one.method for one in setting.world.journal} == {"GET"}
