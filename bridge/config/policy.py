"""What decisions read of the configuration."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bridge.config import lines, models
from bridge.config.automation import automation_of
from bridge.config.calendar import days_of
from bridge.config.models import Config
from bridge.domain.assistant import AssistantPolicy
from bridge.domain.hours import Hours
from bridge.domain.people import Person, RoomRef, Team, Teammate, direct_room
from bridge.domain.policy import (
    Boundary,
    ConsentPolicy,
    GuardPolicy,
    LinePolicy,
    Policy,
    QuietHours,
    SlaPolicy,
    SlaStep,
)
from bridge.pipeline.enclosed import medium


def policy_of(
    config: Config,
    bots: Mapping[str, str],
    direct: Collection[str] = (),
    silent: Collection[str] = (),
    outsiders: AbstractSet[str] = frozenset(),
) -> Policy:
    """Return it. ``bots``: the bot's own ids, filled in when it has logged in, like ``outsiders``.

    ``direct``: platforms on which the bot can write to a person directly; ``silent``: accounts whose provider does not
    itself answer STOP.
    """
    hours = {name: _hours(entry) for name, entry in config.hours.items()}
    zone = ZoneInfo(config.zone)
    lines = {
        name: LinePolicy(
            name=name,
            account=line.account,
            address=line.address,
            rooms=_direct(config, line, direct) if line.personal else _given(line),
            personal=line.personal,
            shared_rooms=_given(line) if line.personal else (),
            messaging_service=line.messaging_service,
            may_reply=line.may_reply,
            reply_mode=line.reply_mode,
            undo=line.undo,
            boundary=_boundary(line.boundary),
            max_segments=line.max_segments,
            team=line.team,
            first_responder_becomes_assignee=line.first_responder_becomes_assignee,
            ping=line.ping,
            bump_after=line.bump_after,
            stale_stop=line.stale_stop,
            guard=GuardPolicy(**dict(line.guard)),
            thanks_reopens=line.thanks_reopens,
            zone=open_hours.zone if (open_hours := _hours_of(config, line, hours)) else zone,
            hours=open_hours,
            answers_stop=line.account not in silent,
            quiet=QuietHours(**dict(line.quiet_hours)) if line.quiet_hours else None,
            sla=line.sla,
            close_after=line.close_after,
            digest=line.digest or (config.teams[line.team].digest if line.team else None),
        )
        for name, line in config.lines.items()
    }
    teammates = tuple(
        Teammate(name, tuple(mate.ids.items()), mate.role, ZoneInfo(mate.zone) if mate.zone else None)
        for name, mate in config.teammates.items()
    )
    teams = {
        name: Team(
            name, team.members, team.room_mention, _rooms(config, name), hours[team.hours] if team.hours else None
        )
        for name, team in config.teams.items()
    }
    blocks = {name: entry for name, entry in config.canned.items() if isinstance(entry, models.CannedResponse)}
    canned = {name: entry if isinstance(entry, str) else entry.text for name, entry in config.canned.items()}
    return Policy(
        lines=lines,
        teammates=teammates,
        teams=teams,
        comment_markers=config.comment_markers,
        bots=bots,
        outsiders=outsiders,
        canned=canned,
        canned_files={name: tuple(map(medium, one.files)) for name, one in blocks.items() if one.files},
        canned_teams={name: one.teams for name, one in blocks.items() if one.teams},
        direct=frozenset(direct),
        sla={name: _sla(name, entry) for name, entry in config.sla.items()},
        automation=automation_of(config.rules, canned, config.automatic.per_hour),
        assistant=_assistant(config.assistant),
        consent=ConsentPolicy(**dict(config.consent)),
    )


def rooms_on(config: Config, platform: str, direct: Collection[str]) -> tuple[str, ...]:
    """Return every room of a platform that a line is shown in, or shared with; direct messages as ``direct_room``."""
    rooms = [room for line in config.lines.values() for room in (*_given(line), *_direct(config, line, direct))]
    return tuple(dict.fromkeys(room.room for room in rooms if room.platform == platform))


def _given(line: lines.Line) -> tuple[RoomRef, ...]:
    return tuple(RoomRef(room.platform, room.room) for room in line.rooms)


def _direct(config: Config, line: lines.Line, direct: Collection[str]) -> tuple[RoomRef, ...]:
    """The direct messages of the teammate whose line it is."""
    if line.personal is None:
        return ()
    ids = config.teammates[line.personal].ids
    return tuple(direct_room(Person(platform, who)) for platform, who in ids.items() if platform in direct)


def _rooms(config: Config, team: str) -> tuple[RoomRef, ...]:
    rooms = [room for line in config.lines.values() if line.team == team for room in _given(line)]
    return tuple(dict.fromkeys(rooms))


def _hours(entry: models.Hours) -> Hours:
    week: list[tuple[tuple[time, time], ...]] = [()] * 7
    for days, spans in entry.week.items():
        for day in days_of(days):
            week[day] = spans
    return Hours(ZoneInfo(entry.zone), tuple(week), entry.closed, entry.holidays, entry.special)


def _sla(name: str, entry: models.Sla) -> SlaPolicy:
    return SlaPolicy(
        name=name,
        first_response=entry.first_response,
        next_response=entry.next_response,
        resolution=entry.resolution,
        warn_at=entry.warn_at,
        ladder=tuple(_step(step) for step in entry.ladder),
        labels=entry.labels,
    )


def _step(step: str | models.LadderStep) -> SlaStep:
    """A word alone is told with the step before, the first with the breach."""
    return SlaStep(timedelta(0), step) if isinstance(step, str) else SlaStep(step.after, step.notify)


def _hours_of(config: Config, line: lines.Line, hours: Mapping[str, Hours]) -> Hours | None:
    """Those of the line, else of its team."""
    name = line.hours or (config.teams[line.team].hours if line.team else None)
    return hours[name] if name else None


def _assistant(entry: models.Assistant | None) -> AssistantPolicy | None:
    if entry is None:
        return None
    return AssistantPolicy(
        model=entry.model,
        categories=entry.categories,
        min_confidence=entry.min_confidence,
        instructions=entry.instructions or "",
        lines=entry.lines,
    )


def _boundary(value: object) -> Boundary:
    if value == "same_thread":
        return Boundary("same_thread")
    if value == "new_after_close":
        return Boundary("new_after_close")
    return Boundary("reopen_within", getattr(value, "reopen_within", Boundary().reopen_within))
