"""The assistant end to end, against a pretend model: it sorts, drafts and sums up; it delays and sends nothing."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bridge.cli import rules as cli_rules
from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.doing import handled
from tests.flow.team import count, team_world
from tests.flow.world import PLAIN, World
from tests.services.completions import KEY, MODEL, Completions, completions

SETTINGS = """
assistant:
  base_url: {base_url}
  model: {model}
  api_key: {key}
  timeout: 2s
  categories: {{complaint: something went wrong, pricing: what it costs}}
"""


@asynccontextmanager
async def assisted(make_world: MakeWorld, more: str = "") -> AsyncGenerator[tuple[World, Completions]]:
    """A team with an assistant."""
    async with completions() as model:
        settings = SETTINGS.format(base_url=model.base_url, model=MODEL, key=KEY)
        async with team_world(make_world, PLAIN, extra=settings + more) as world:
            yield world, model


async def heard(world: World, words: str) -> str:
    """What Ana alone is told, once these words are in it."""
    return await world.until(lambda: next((post.text for post in world.private(world.ana) if words in post.text), None))


def card(world: World) -> str:
    return str(world.roots()[0].blocks)


async def test_a_text_is_sorted_and_rules_go_by_it(make_world: MakeWorld) -> None:
    rule = "rules:\n  - {name: angry, on: labelled, if: {label: complaint}, do: [{comment: Be kind}]}\n"
    async with assisted(make_world, rule) as (world, model):
        model.sorts("complaint", 0.93)
        await world.open("My cake fell over, call +1 555 010 0299")
        await world.until(lambda: "complaint" in card(world))
        await world.until(lambda: any("Be kind" in post.text for post in world.posts()))
        shown = model.asked[0]["messages"][1]["content"]
        assert "Contact: My cake fell over, call [number]" in shown
        assert await count(world, "sorted") == 1


async def test_rules_ask_for_the_category_and_a_trial_of_others_too(
    make_world: MakeWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = """
rules:
  - name: angry
    on: categorized
    if: {category: {name: complaint, at_least: 0.5}, keyword: cake}
    do: [{reply: {text: "We are sorry. Somebody calls you."}}]
"""
    async with assisted(make_world, rule) as (world, model):
        model.sorts("complaint", 0.6)
        await world.open("My cake fell over")
        await world.until(world.got)
        assert world.got() == ["We are sorry. Somebody calls you."]
        assert "complaint" not in card(world)  # less sure than labels take
        file = tmp_path / "changed.yaml"
        file.write_text(world.config_text.replace("at_least: 0.5", "at_least: 0.7"), encoding="utf-8")
        await asyncio.to_thread(cli_rules.test, file, "30d", None, as_json=True)
        [told] = json.loads(capsys.readouterr().out)["differences"]
        assert (told["text"], len(told["before"]), told["after"]) == ("My cake fell over", 1, [])


async def test_what_it_is_unsure_of_or_makes_up_changes_nothing(make_sqlite_world: MakeWorld) -> None:
    async with assisted(make_sqlite_world) as (world, model):
        model.sorts("pricing", 0.3)
        await world.open("Hm")
        await world.until_async(lambda: count(world, "sorted"))
        model.answer = '{"category": "made up", "confidence": 1}'
        await world.text("Hm again")
        await world.until_async(lambda: count(world, "not_sorted"))
        assert "pricing" not in card(world)


async def test_a_draft_leaves_when_a_person_says_so(make_world: MakeWorld) -> None:
    async with assisted(make_world) as (world, model):
        await world.open("Is my cake ready?")
        world.reply("// he is always in a hurry")
        await handled(world)
        model.answer = "Yes, it is ready."
        world.reply("!draft")
        await world.until(lambda: seen.with_button(world.posts(), "send"))
        assert "he is always in a hurry" not in str(model.asked[-1])
        assert world.got() == []
        await world.press("send")
        await world.until(lambda: world.got() == ["Yes, it is ready."])
        await handled(world)
        assert any("“Yes, it is ready.” sent" in note for note in world.notes())
        world.reply("!draft")
        await world.until(lambda: seen.with_button(world.posts(), "send"))
        await world.press("undo")
        await handled(world)
        assert world.got() == ["Yes, it is ready."]


async def test_a_summary_is_for_who_asked(make_sqlite_world: MakeWorld) -> None:
    async with assisted(make_sqlite_world) as (world, model):
        await world.open("Is my cake ready?")
        model.answer = "Wants a cake."
        world.reply("!summary")
        told = await heard(world, "Wants a cake.")
        assert "may be wrong" in told
        assert not any("Wants a cake." in post.text for post in [*world.posts(), *world.private(world.ben)])


async def test_nothing_waits_for_it_and_its_failure_is_told(make_sqlite_world: MakeWorld) -> None:
    async with assisted(make_sqlite_world) as (world, model):
        model.held = asyncio.Event()
        await world.open("Is my cake ready?")
        await world.until(lambda: model.asked)
        world.reply("Yes")
        await world.until(lambda: world.got() == ["Yes"])
        model.held.set()
        model.held, model.status = None, 503
        world.reply("!draft")
        await heard(world, "did not answer: it is busy")


async def test_without_one_its_words_say_so(make_sqlite_world: MakeWorld) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open()
        world.reply("!draft")
        await heard(world, "There is no assistant")
        assert world.got() == []
