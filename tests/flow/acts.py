"""What each action needs before, is given, and leaves behind, wherever it is done from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bridge.domain.conversations import ConversationStatus
from bridge.rules.overview import Cell
from tests.flow.doing import Forms, Scene, handled

Before = Callable[[Scene], Awaitable[None]]
Done = Callable[[Scene], Awaitable[bool]]
NEW = "+15550109999"


def fields(**wanted: Any) -> Done:
    """The conversation is so."""

    async def done(scene: Scene) -> bool:
        found = (await scene.state()).conversation
        return all(getattr(found, name) == value for name, value in wanted.items())

    return done


def owned_by(name: str) -> Done:
    """It is this teammate's."""

    async def done(scene: Scene) -> bool:
        found = (await scene.state()).conversation
        return found is not None and found.assignee == f"slack:{getattr(scene.world, name).id}"

    return done


def watched(*, by_ana: bool) -> Done:
    """Ana watches it, or does not."""

    async def done(scene: Scene) -> bool:
        found = (await scene.state()).conversation
        return found is not None and (f"slack:{scene.world.ana.id}" in found.watchers) is by_ana

    return done


def got(*texts: str, contact: str = "", repeated: bool = False) -> Done:
    """The contact's phone has these texts and no other; ``repeated``: as often as they were sent."""

    async def done(scene: Scene) -> bool:
        there = scene.world.got(contact or scene.contact)
        return tuple(dict.fromkeys(there) if repeated else there) == texts

    return done


def told(words: str) -> Done:
    """Ana alone was told so."""

    async def done(scene: Scene) -> bool:
        return any(words in text.replace("`", "") for text in scene.told())

    return done


async def _is_named(scene: Scene) -> bool:
    found = (await scene.state()).contact
    return found is not None and found.name == "Maria Silva"


async def _is_merged(scene: Scene) -> bool:
    found = (await scene.state()).conversation
    return found is not None and found.merged is not None and found.merged.into == scene.other


async def _nothing(_scene: Scene) -> None:
    """The conversation as a text left it."""


async def on_record(_scene: Scene) -> bool:
    """What it does is only on record."""
    return True


def said(*words: str) -> Before:
    """Ana wrote this before."""

    async def before(scene: Scene) -> None:
        for one in words:
            scene.say(one)
            await handled(scene.world)

    return before


async def merged(scene: Scene) -> None:
    """The conversation goes on in the other one."""
    scene.say(f"!merge #{scene.other}")
    await handled(scene.world)


async def failed(scene: Scene) -> None:
    """A reply did not reach a phone that works again."""
    scene.world.twilio.add_phone(scene.contact, behaviour="undelivered", error_code=30005)
    scene.reply = scene.say("Yes, since noon")
    await scene.world.until(lambda: scene.world.marks(scene.reply) == ["warning"])
    await handled(scene.world)
    scene.world.twilio.add_phone(scene.contact)


async def both_away(scene: Scene) -> None:
    """Ana and Ben are away."""
    for who in (scene.world.ana, scene.world.ben):
        scene.say("!away", who)
    await handled(scene.world)


def wrote(words: str) -> Before:
    """Ana wrote a reply that waits."""

    async def before(scene: Scene) -> None:
        scene.reply = scene.say(words)
        await scene.world.until(lambda: scene.world.marks(scene.reply) == ["hourglass_flowing_sand"])

    return before


@dataclass(frozen=True)
class Expected:
    """``done``: what holds afterwards; ``act``: its entry on record, once, and ``twice`` or ``both`` times when it was
    done twice, or by two at once. ``forms``: what is filled in where a form opens; ``line``: settings of the line.
    """

    done: Done
    act: str = ""
    argument: str = ""
    before: Before = _nothing
    twice: int = 1
    both: int = 1
    forms: Forms | None = None
    line: str = ""


ASKED, PLANNED, HELD = "Dear {{name}}, it is ready", "!later 2h Yes, since noon", "Yes, since noon"
CLOSED, OPEN = ConversationStatus.CLOSED, ConversationStatus.OPEN
UNDO = "    undo: 5m\n    stale_stop: false"
PERSONAL = "    undo: 0s\n    personal: ana"

EXPECTED: dict[str, Expected] = {
    "again": Expected(got("Yes, since noon"), "sent_again", before=failed),
    "assign": Expected(owned_by("ben"), "assigned", "ben"),
    "away": Expected(told("You are away"), "away", before=said("!back"), both=2),
    "back": Expected(told("Welcome back"), "back", before=both_away, both=2),
    "block": Expected(fields(blocked=True), "blocked"),
    "canned": Expected(
        got("We are open.", repeated=True), "canned_sent", "hours", twice=2, both=2, forms={"canned": {}}
    ),
    "claim": Expected(owned_by("ana"), "claimed"),
    "close": Expected(fields(status=CLOSED), "closed"),
    "comment": Expected(on_record, "commented", "he is in arrears", twice=2, both=2),
    "draft": Expected(told("There is no assistant")),
    "help": Expected(told("makes it yours"), argument="claim"),
    "history": Expected(told("Ana Souza claimed"), before=said("!claim")),
    "keep": Expected(on_record, "kept_internal", before=wrote(ASKED)),
    "label": Expected(fields(labels=("lead",)), "labelled", "+lead -spam"),
    "later": Expected(on_record, "planned", "2h Yes, since noon", twice=2, both=2),
    "merge": Expected(_is_merged, "merged", "#{other}", forms={"merge": {"number": {"number": "#{other}"}}}),
    "name": Expected(_is_named, "named", "Maria Silva"),
    "new": Expected(got("Your order is ready", contact=NEW), argument=f"{NEW} Your order is ready"),
    "optin": Expected(fields(opted_out=False), "opted_in", "she said yes", before=said("!optout")),
    "optout": Expected(fields(opted_out=True), "opted_out"),
    "queue": Expected(told("Unassigned")),
    "search": Expected(told("Nothing found for “zebra”"), argument="zebra"),
    "report": Expected(told("The report comes as a direct message.")),
    "remind": Expected(on_record, "reminder_set", "tomorrow 9:00 call them back", both=2),
    "reopen": Expected(fields(status=OPEN), "reopened", before=said("!close")),
    "send": Expected(got("Yes, since noon"), argument="Yes, since noon", before=wrote(PLANNED)),
    "share": Expected(on_record, "shared", "sales", line=PERSONAL),
    "snooze": Expected(
        fields(status=ConversationStatus.SNOOZED),
        "snoozed",
        "tomorrow 9:00",
        forms={"snooze": {"until": {"until": "tomorrow 9:00"}}},
    ),
    "split": Expected(fields(status=CLOSED), "split"),
    "summary": Expected(told("There is no assistant")),
    "team": Expected(fields(team="sales"), "handed_over", "sales"),
    "unassign": Expected(fields(assignee=None), "unassigned", before=said("!claim")),
    "unblock": Expected(fields(blocked=False), "unblocked", before=said("!block")),
    "undo": Expected(got(), "undone", before=wrote(HELD), line=UNDO),
    "unmerge": Expected(fields(merged=None), "unmerged", before=merged),
    "unwatch": Expected(watched(by_ana=False), "unwatched", before=said("!watch")),
    "wake": Expected(fields(status=OPEN, snoozed_until=None), "woken", before=said("!snooze 2h")),
    "watch": Expected(watched(by_ana=True), "watched", both=2),
    "zone": Expected(on_record, "zone_set", "Europe/Lisbon"),
    "why": Expected(told("Ana Souza claimed"), before=said("!claim")),
}
"""By action; the table of the README has the same."""

_ROOM = "`/sms …`"
ELSEWHERE: dict[Cell, Expected] = {
    Cell("away", _ROOM, "away"): Expected(told("You are away"), before=said("!back")),
    Cell("back", _ROOM, "back"): Expected(told("Welcome back"), before=both_away),
    Cell("canned", _ROOM, "canned"): Expected(told("hours")),
    Cell("help", _ROOM, "help"): Expected(told("Each conversation is a thread")),
    Cell("keep", "*More actions*", "Make comment"): Expected(on_record, "kept_internal", before=wrote(HELD), line=UNDO),
    Cell("send", "thread", "!send"): Expected(
        got("Yes, since noon", repeated=True), argument="Yes, since noon", before=_nothing
    ),
    Cell("undo", "question or note", "Cancel"): Expected(got(), "undone", before=wrote(PLANNED)),
    Cell("send", "question or note", "Send"): Expected(got(ASKED), before=wrote(ASKED)),
    Cell("send", "reaction", "📨"): Expected(got(ASKED), before=wrote(ASKED)),
}
"""Where the same action is about something else."""
