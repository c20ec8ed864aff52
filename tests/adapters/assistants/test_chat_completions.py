"""Questions to an endpoint that speaks OpenAI's chat completions, over the wire."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from bridge.adapters.assistants.chat_completions import ChatCompletions
from bridge.domain.assistant import Prompt
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendRejected
from tests.services.completions import KEY, MODEL, Completions, completions

PLAIN = Prompt("Be brief.", "Hello")
SCHEMA = {
    "type": "object",
    "properties": {"category": {"type": "string"}},
    "required": ["category"],
    "additionalProperties": False,
}


@pytest.fixture
async def model() -> AsyncGenerator[Completions]:
    async with completions() as running:
        yield running


@pytest.fixture
async def assistant(model: Completions) -> AsyncGenerator[ChatCompletions]:
    found = ChatCompletions(model.base_url + "/", MODEL, KEY, timedelta(seconds=1))
    yield found
    await found.aclose()


async def test_a_question_is_answered_in_words(model: Completions, assistant: ChatCompletions) -> None:
    model.answer = "Of course"
    assert await assistant.complete(PLAIN) == "Of course"
    assert [message["content"] for message in model.asked[0]["messages"]] == ["Be brief.", "Hello"]


async def test_a_question_with_a_schema_asks_for_structure(model: Completions, assistant: ChatCompletions) -> None:
    model.answer = '{"category": "spam"}'
    assert await assistant.complete(Prompt("", "Hello", SCHEMA)) == '{"category": "spam"}'
    assert model.asked[0]["response_format"]["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize("status", [429, 408, 500, 503])
async def test_what_may_pass_is_told_from(status: int, model: Completions, assistant: ChatCompletions) -> None:
    model.status = status
    with pytest.raises(SendDeferred, match=str(status)):
        await assistant.complete(PLAIN)


@pytest.mark.parametrize("status", [400, 404, 302])
async def test_what_never_will(status: int, model: Completions, assistant: ChatCompletions) -> None:
    model.status = status
    with pytest.raises(SendRejected, match=str(status)):
        await assistant.complete(PLAIN)


@pytest.mark.parametrize(
    "raw", ["<html>", "[]", "{}", '{"choices": []}', '{"choices": [{"message": {"content": null}}]}', "[" * 100_000]
)
async def test_an_answer_that_cannot_be_read_is_none(raw: str, model: Completions, assistant: ChatCompletions) -> None:
    model.raw = raw
    with pytest.raises(SendRejected, match="cannot be read"):
        await assistant.complete(PLAIN)


async def test_one_that_takes_too_long_is_given_up(model: Completions, assistant: ChatCompletions) -> None:
    model.held = asyncio.Event()
    with pytest.raises(SendDeferred, match="took too long"):
        await assistant.complete(PLAIN)
    model.held.set()


async def test_a_wrong_key_and_nobody_there(model: Completions) -> None:
    stranger = ChatCompletions(model.base_url, MODEL, None, timedelta(seconds=1))
    with pytest.raises(CredentialsRejected):
        await stranger.complete(PLAIN)
    (finding,) = await stranger.check()
    assert (finding.level, "refuses the key" in finding.message) == ("error", True)
    await stranger.aclose()
    nobody = ChatCompletions("http://127.0.0.1:9/v1", MODEL, KEY, timedelta(seconds=1))
    with pytest.raises(SendDeferred, match="cannot be reached"):
        await nobody.complete(PLAIN)
    assert [finding.level for finding in await nobody.check()] == ["error"]
    await nobody.aclose()


async def test_doctor_asks_whether_it_has_the_model(model: Completions, assistant: ChatCompletions) -> None:
    assert [finding.level for finding in await assistant.check()] == ["ok"]
    other = ChatCompletions(model.base_url, "large-9", KEY, timedelta(seconds=1))
    (finding,) = await other.check()
    assert (finding.level, finding.remedy) == ("error", f"Set assistant.model to one of: {MODEL}.")
    await other.aclose()
