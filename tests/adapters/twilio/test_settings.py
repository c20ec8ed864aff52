import pytest
from pydantic import ValidationError

from bridge.adapters.providers.twilio.settings import TwilioSettings
from tests.adapters.twilio.recorded import NEXT_TOKEN, SETTINGS, TOKEN


def read(**more: object) -> TwilioSettings:
    return TwilioSettings.model_validate({**SETTINGS, **more})


def test_one_token_or_several_and_the_first_logs_in() -> None:
    assert read().login == (SETTINGS["account_sid"], TOKEN)
    assert read(auth_token=[NEXT_TOKEN, TOKEN]).login == (SETTINGS["account_sid"], NEXT_TOKEN)


def test_an_api_key_logs_in_instead() -> None:
    assert read(api_key="SK" + "0" * 32, api_secret="hush").login == ("SK" + "0" * 32, "hush")


@pytest.mark.parametrize(
    "wrong",
    [
        {"account_sid": "AC123"},
        {"account_sid": "SK" + "0" * 32},
        {"auth_token": ""},
        {"auth_token": []},
        {"auth_token": [TOKEN, ""]},
        {"auth_token": None},
        {"api_key": "SK" + "0" * 32},
        {"api_secret": "hush"},
        {"api_key": "AC" + "0" * 32, "api_secret": "hush"},
        {"api_url": "api.twilio.com"},
        {"api_url": "ftp://api.twilio.com"},
        {"api_url": "https://"},
        {"api_url": "https://user:word@api.twilio.com"},
        {"api_url": "https://api.twilio.com?x=1"},
        {"api_url": "https://api.twilio.com#x"},
        {"api_url": "https://api.twilio.com:x"},
        {"shared_keys": {"key": ""}},
        {"media_auth": True},
    ],
    ids=str,
)
def test_wrong_settings_are_refused_without_showing_a_secret(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        read(**wrong)
    assert TOKEN not in str(refused.value)
    assert "hush" not in str(refused.value)


def test_the_base_address_loses_its_final_slash() -> None:
    assert read(api_url="http://127.0.0.1:8321/twilio/").api_url == "http://127.0.0.1:8321/twilio"
    assert read().api_url == "https://api.twilio.com"
