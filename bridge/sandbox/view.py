"""What the page shows, as one JSON value for one teammate."""

from itertools import islice
from typing import Any

from bridge.sandbox.acts.base import Stage
from bridge.sandbox.process import StripRow

Json = dict[str, Any]
SHOWN_POSTS = 400
SHOWN_EXCHANGES = 500
SHOWN_VIOLATIONS = 20
PERSON_FIELDS = ("id", "team_id", "real_name", "is_bot", "is_restricted", "deleted")


def first_person(stage: Stage) -> str:
    """Whose Slack is shown until somebody chooses; empty when nobody is there, and Slack has no part."""
    return next((user.id for user in stage.slack.users.values() if not user.is_bot), "")


def page_view(stage: Stage, user: str, strip: list[StripRow]) -> Json:
    """Everything on the page but the passing of time: the same value means that nothing has changed."""
    stage.guide.look()
    return {
        "user": user,
        "offset": stage.clock.offset,
        "app": stage.features.as_json(),
        "bridge": stage.keeper.state(),
        "trouble": stage.trouble.state(),
        "guide": stage.guide.state(),
        "strip": [_row(row) for row in strip],
        "slack": _slack(stage, user) if user else None,
        "matrix": stage.matrix.state() if stage.matrix else None,
        "twilio": _twilio(stage),
        "violations": _violations(stage),
    }


def _row(row: StripRow) -> Json:
    return {"at": round(row.at.timestamp(), 3), "what": row.what, "detail": row.detail, "level": row.level}


def _slack(stage: Stage, user: str) -> Json:
    shown = stage.slack.snapshot(user)
    del shown["now"], shown["user"]
    shown["users"] = {key: _person(one) for key, one in shown["users"].items()}
    for channel in shown["channels"]:
        channel["messages"] = channel["messages"][-SHOWN_POSTS:]
    return shown


def _twilio(stage: Stage) -> Json:
    world = stage.twilio
    shown = world.snapshot()
    for phone in shown["phones"]:
        # While one text is to fail, every handset is set to fail it; that is not how the page shows them.
        phone["behaviour"] = stage.trouble.next_text.behaviour(phone["number"])
    newest = islice(reversed(list(world.journal)), SHOWN_EXCHANGES)
    taken = {entry.sid for entry in newest if entry.kind == "webhook" and entry.status and entry.status // 100 == 2}  # noqa: PLR2004 - 2xx
    return {"lines": shown["lines"], "phones": shown["phones"], "taken": sorted(sid for sid in taken if sid)}


def _violations(stage: Stage) -> list[str]:
    """What the real vendors would have refused: faults of the bridge, shown so that nobody overlooks them."""
    of_slack = [f"Slack, {one.method}: {one.problem}" for one in stage.slack.violations[-SHOWN_VIOLATIONS:]]
    of_twilio = [f"Twilio, {one.where}: {one.detail}" for one in stage.twilio.violations[-SHOWN_VIOLATIONS:]]
    return of_slack + of_twilio


def _person(shape: Json) -> Json:
    return {name: shape[name] for name in PERSON_FIELDS} | {"status": shape["profile"]["status_text"]}
