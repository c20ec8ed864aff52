"""Canned responses as they are stored, on both databases."""

import time
from dataclasses import replace

from bridge.domain.canned import Canned
from bridge.domain.decision import Decision
from bridge.domain.effects import Effect
from bridge.domain.keeping import CountUse, RemoveCanned, SaveCanned
from bridge.ports.store import Store
from tests.store.builders import NOW

HOURS = Canned(name="hours", text="We are OPEN 100%", created_by="slack:U1", updated_at=NOW)
OURS = replace(HOURS, team="support", text="Ours_")


async def save(store: Store, *effects: Effect) -> None:
    await store.transact(lambda unit: unit.save(Decision(effects=effects), NOW))


async def named(store: Store, *names: str) -> list[Canned]:
    return list(await store.transact(lambda unit: unit.canned(names)))


async def found(store: Store, words: str = "", *teams: str, limit: int = 100) -> list[str]:
    return [row.title for row in await store.transact(lambda unit: unit.find_canned(teams, words, limit))]


async def test_what_was_saved_is_found_by_name(store: Store) -> None:
    await save(store, SaveCanned(HOURS), SaveCanned(OURS))
    assert await named(store, "hours", "other") == [HOURS, OURS]
    assert await named(store) == []


async def test_saving_again_keeps_how_often_it_was_used(store: Store) -> None:
    await save(store, SaveCanned(HOURS), CountUse("hours", ""), CountUse("hours", ""))
    await save(store, SaveCanned(replace(HOURS, text="New")))
    assert await named(store, "hours") == [replace(HOURS, text="New", uses=2)]


async def test_uses_of_the_configurations_own_are_counted(store: Store) -> None:
    await save(store, CountUse("hours", ""))
    await save(store, CountUse("hours", ""))
    assert await named(store, "hours") == [Canned(name="hours", uses=2)]
    assert await found(store, "no such words") == ["hours"]


async def test_one_is_removed_and_the_other_stays(store: Store) -> None:
    await save(store, SaveCanned(HOURS), SaveCanned(OURS), RemoveCanned("hours", ""))
    assert await named(store, "hours") == [OURS]


async def test_words_are_looked_for_in_name_and_text_and_mean_themselves(store: Store) -> None:
    await save(store, SaveCanned(HOURS), SaveCanned(OURS), SaveCanned(replace(HOURS, name="back", text="a\\b")))
    assert await found(store, "HOUR") == ["hours"]
    assert await found(store, "hour", "support") == ["hours", "support/hours"]
    assert await found(store, "open") == ["hours"]
    assert await found(store, "0%") == ["hours"]
    assert await found(store, "_", "support") == ["support/hours"]
    assert await found(store, "\\") == ["back"]


async def test_the_most_used_comes_first_of_five_thousand_at_once(store: Store) -> None:
    many = [SaveCanned(replace(HOURS, name=f"answer-{number}")) for number in range(5000)]
    await save(store, *many, CountUse("answer-77", ""))
    start = time.monotonic()
    assert (await found(store, "open", limit=100))[0] == "answer-77"
    assert time.monotonic() - start < 1
