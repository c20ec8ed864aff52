"""A thousand rules of the operator's asked about one text: what that takes, and what a hostile text makes of it.

The result is the worst kind of text, and of each kind 99 of 100 texts, in processor time; its language is told as well.
Floor: the same text decided without rules.
"""

import random
import time
from dataclasses import replace
from datetime import UTC, datetime
from datetime import time as clock
from zoneinfo import ZoneInfo

from benchmarks._result import insist, percentile, report, rounds, say
from bridge.adapters.languages import language_of
from bridge.domain.automation import Automation, ChangeLabels, Facts, Rule
from bridge.domain.conditions import (
    All,
    AnyOf,
    Condition,
    During,
    FromAreaCode,
    FromRegion,
    HasWord,
    InLanguage,
    Labelled,
    NoneOf,
    OnLine,
    Says,
)
from bridge.domain.conversations import Conversation, ConversationStatus, State
from bridge.domain.events import TextReceived
from bridge.domain.hours import Hours
from bridge.domain.people import Contact, RoomRef
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules.automation.engine import wants
from bridge.rules.decide import decide

RULES, TEXTS, LIMIT_MS = 1_000, 200, 5.0
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
WEEK = (((clock(9), clock(17)),),) * 7
LINE = LinePolicy(
    name="front-desk",
    account="main",
    address="+15550001000",
    rooms=(RoomRef("slack", "C1"),),
    hours=Hours(ZoneInfo("America/New_York"), WEEK),
)
STATE = State(
    conversation=Conversation(
        number=1042, line="front-desk", contact="c1", status=ConversationStatus.OPEN, created_at=NOW, waiting_since=NOW
    ),
    contact=Contact("c1", "+12125550100", "Maria"),
    facts=Facts(),
)


def condition(number: int) -> Condition:
    """What teams write: words, patterns, where somebody is from, hours, labels, and these within one another."""
    kinds: tuple[Condition, ...] = (
        Says((rf"\b(word{number}|thing{number})s?\b",)),
        HasWord((f"keyword{number}", f"two words{number}")),
        All((OnLine(("front-desk",)), Says((rf"order\s+#?{number}\d*",)), During(opened=True))),
        AnyOf((FromAreaCode((str(300 + number % 600),)), All((FromRegion(("DE",)), HasWord((f"wort{number}",)))))),
        All((InLanguage(("es", "pt")), HasWord((f"palabra{number}",)))),
        NoneOf((Labelled((f"label{number}",)), Says((rf"(a+)+{number}",)), OnLine(("front-desk",)))),
    )
    return kinds[number % len(kinds)]


def texts(kind: str, chance: random.Random) -> list[str]:
    """Texts of one kind, each different."""
    words = [f"{one}{chance.randrange(RULES * 2)}" for one in ("word", "thing", "is", "a", "keyword", "order ", "of")]
    made = {
        "ordinary": lambda: " ".join(chance.choices(words, k=20)),
        "long": lambda: " ".join(chance.choices(words, k=250)),
        "fits all": lambda: " ".join(f"word{number}" for number in chance.sample(range(RULES), 200)),
        "repeats": lambda: "a" * 1590 + str(chance.randrange(9)),
        "noise": lambda: "".join(chr(chance.randrange(0x20, 0x2FFF)) for _ in range(1600)),
    }[kind]
    return [made() for _ in range(TEXTS)]


def seconds_each(policy: Policy, bodies: list[str]) -> list[float]:
    """How much processor time each text takes to be decided."""
    found: list[float] = []
    for number, body in enumerate(bodies):
        event = TextReceived(
            account="main",
            external_id=f"e{number}",
            provider_id=f"SM{number}",
            sender="+12125550100",
            recipient="+15550001000",
            body=body,
        )
        begun = time.thread_time()
        asked = wants(event, policy)
        spoken = language_of(body) if asked is not None and asked.language else ""
        decide(replace(STATE, facts=Facts(language=spoken)), event, policy, NOW)
        found.append(time.thread_time() - begun)
    return found


if __name__ == "__main__":
    rules = tuple(
        Rule(name=f"rule {number}", on=("message_received",), condition=condition(number))
        for number in range(RULES - 1)
    )
    last = Rule(name="last", on=("message_received",), condition=Says(("word1",)), actions=(ChangeLabels(("seen",)),))
    bare = Policy(lines={"front-desk": LINE})
    full = replace(bare, automation=Automation((*rules, last)))
    chance = random.Random(7)
    measured: list[tuple[float, float]] = []
    for number in range(-1, rounds()):
        worst = (0.0, 0.0)
        for kind in ("ordinary", "long", "fits all", "repeats", "noise"):
            bodies = texts(kind, chance)
            slow, floor = (percentile(seconds_each(one, bodies), 0.99) * 1000 for one in (full, bare))
            if number >= 0:
                say(f"round {number}: {kind}: {slow:.2f} ms p99, without rules {floor:.2f} ms")
            worst = max(worst, (slow, floor))
        if number >= 0:  # the first warms up
            measured.append(worst)
    added = sorted(slow - floor for slow, floor in measured)[len(measured) // 2]
    insist(added < LIMIT_MS, f"a thousand rules add {added:.2f} ms to a text")
    report("rules", "ms p99", measured)
