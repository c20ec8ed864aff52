"""What Slack's refusals mean for what was to be done."""

import json
from pathlib import Path

import pytest

from bridge.adapters.platforms.slack import errors
from bridge.adapters.platforms.slack.methods import METHODS
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected

FACTS = json.loads((Path(__file__).parent / "data" / "facts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", sorted(errors.CREDENTIALS))
def test_a_bad_token_stops_everything(code: str) -> None:
    assert isinstance(errors.refusal("chat.postMessage", {"ok": False, "error": code}), CredentialsRejected)


@pytest.mark.parametrize("code", sorted(errors.TROUBLE))
def test_trouble_at_slack_leaves_a_post_unknown_and_an_update_to_be_repeated(code: str) -> None:
    assert isinstance(errors.refusal("chat.postMessage", {"error": code}), SendOutcomeUnknown)
    assert isinstance(errors.refusal("files.completeUploadExternal", {"error": code}), SendOutcomeUnknown)
    for method in ("chat.update", "reactions.add", "reactions.remove", "conversations.replies", "auth.test"):
        assert isinstance(errors.refusal(method, {"error": code}), SendDeferred)


@pytest.mark.parametrize("code", sorted(errors.BUSY))
def test_a_limit_concerns_the_whole_target(code: str) -> None:
    error = errors.refusal("chat.postMessage", {"error": code})
    assert isinstance(error, SendDeferred)
    assert error.whole_target


@pytest.mark.parametrize("code", sorted(errors.ROOM_GONE))
def test_a_room_that_takes_nothing(code: str) -> None:
    error = errors.refusal("chat.postMessage", {"error": code})
    assert isinstance(error, SendRejected)
    assert (error.gone, error.code, error.reason) == ("room", code, errors.ROOM_GONE[code])


@pytest.mark.parametrize("code", [*sorted(errors.THREAD_GONE), "message_not_found", "thread_locked"])
def test_a_thread_that_takes_nothing(code: str) -> None:
    error = errors.refusal("chat.postMessage", {"error": code})
    assert isinstance(error, SendRejected)
    assert error.gone == "thread"


@pytest.mark.parametrize(("code", "gone"), [("message_not_found", "message"), ("thread_locked", None)])
@pytest.mark.parametrize("method", ["reactions.add", "reactions.remove", "chat.update"])
def test_a_mark_that_cannot_be_put_loses_no_thread(method: str, code: str, gone: str | None) -> None:
    error = errors.refusal(method, {"error": code})
    assert isinstance(error, SendRejected)
    assert error.gone == gone


def test_a_missing_scope_is_named() -> None:
    answer = {"error": "missing_scope", "needed": "chat:write", "provided": "users:read"}
    error = errors.refusal("chat.postMessage", answer)
    assert isinstance(error, CredentialsRejected)
    assert "chat:write" in str(error)
    assert isinstance(errors.refusal("reactions.add", answer), SendRejected)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_documented_refusal_is_one_of_the_four(method: str) -> None:
    for code in [*FACTS["methods"][method]["errors"], "never_heard_of"]:
        error = errors.refusal(method, {"ok": False, "error": code})
        assert isinstance(error, SendRejected | SendDeferred | SendOutcomeUnknown | CredentialsRejected)
        if isinstance(error, SendRejected):
            assert error.reason.endswith(".")
    assert isinstance(errors.refusal(method, {}), SendDeferred if METHODS[method].repeatable else SendOutcomeUnknown)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert errors.retry_after(headers) == seconds
