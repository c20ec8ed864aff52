"""The operator's rules as decisions read them."""

from collections.abc import Iterator, Mapping

from bridge.config import rules as settings
from bridge.config.rule_conditions import ANYBODY, NOBODY, Category, CategoryIs, Condition, ContactIs
from bridge.domain import automation as domain
from bridge.domain import conditions
from bridge.domain.people import RoomRef

_SNOOZE = {"next_opening": "", "until_reply": "reply"}


def automation_of(rules: tuple[settings.Rule, ...], canned: Mapping[str, str], per_hour: int) -> domain.Automation:
    """Return the rules. ``canned``: the canned responses of the configuration."""
    return domain.Automation(tuple(_rule(rule, canned) for rule in rules), per_hour)


def _rule(rule: settings.Rule, canned: Mapping[str, str]) -> domain.Rule:
    return domain.Rule(
        name=rule.name,
        on=_on(rule.on),
        condition=_condition(rule.if_),
        actions=tuple(_action(action, canned) for action in rule.do),
        stop=rule.stop,
        after=_after(rule.on),
    )


def _after(on: settings.On) -> domain.Unanswered | None:
    return domain.Unanswered(on.no_reply, on.hours == "any") if isinstance(on, settings.NoReply) else None


def _on(on: settings.On) -> tuple[domain.Trigger, ...]:
    if isinstance(on, settings.NoReply):
        return ("no_reply",)
    return (on,) if isinstance(on, str) else on


def _condition(found: Condition) -> conditions.Condition:
    parts = tuple(_parts(found))
    return parts[0] if len(parts) == 1 else conditions.All(parts)


def _parts(found: Condition) -> Iterator[conditions.Condition]:
    if found.all_ is not None:
        yield conditions.All(tuple(map(_condition, found.all_)))
    if found.any_ is not None:
        yield conditions.AnyOf(tuple(map(_condition, found.any_)))
    if found.none_ is not None:
        yield conditions.NoneOf(tuple(map(_condition, found.none_)))
    yield from _of_contact(found)
    yield from _of_conversation(found)
    if found.text is not None:
        yield conditions.Says(found.text)
    if found.keyword is not None:
        yield conditions.HasWord(found.keyword)
    if found.language is not None:
        yield conditions.InLanguage(found.language)
    if found.category is not None:
        yield _category(found.category)
    if found.media is not None:
        yield conditions.WithMedia(found.media)


def _category(found: Category) -> conditions.InCategory:
    if isinstance(found, CategoryIs):
        return conditions.InCategory(found.name, found.at_least)
    return conditions.InCategory((found,) if isinstance(found, str) else found)


def _of_contact(found: Condition) -> Iterator[conditions.Condition]:
    if found.number is not None:
        yield conditions.FromNumber(found.number)
    if found.area_code is not None:
        yield conditions.FromAreaCode(found.area_code)
    if found.region is not None:
        yield conditions.FromRegion(found.region)
    if found.contact is not None:
        yield from _of_person(found.contact)
    if found.first_time is not None:
        yield conditions.FirstTime(found.first_time)


def _of_person(found: ContactIs) -> Iterator[conditions.Condition]:
    if found.named is not None:
        yield conditions.Named(found.named)
    if found.name is not None:
        yield conditions.Named(pattern=found.name)
    if found.zone is not None:
        yield conditions.InZone(found.zone)
    if found.kind is not None:
        yield conditions.OfKind(found.kind)
    if found.consent is not None:
        yield conditions.Consents(found.consent)


def _of_conversation(found: Condition) -> Iterator[conditions.Condition]:
    if found.line is not None:
        yield conditions.OnLine(found.line)
    if found.hours is not None:
        yield conditions.During(found.hours == "open")
    if found.label is not None:
        yield conditions.Labelled(found.label)
    if found.assignee is not None:
        names = tuple(name for name in found.assignee if name not in (NOBODY, ANYBODY))
        yield conditions.AssignedTo(names, nobody=NOBODY in found.assignee, anybody=ANYBODY in found.assignee)
    if found.team is not None:
        yield conditions.OfTeam(found.team)
    if found.waiting is not None:
        yield conditions.Waiting(found.waiting)


def _action(found: settings.Action, canned: Mapping[str, str]) -> domain.Action:  # noqa: PLR0911 - one line an action
    if found.label is not None:
        return domain.ChangeLabels(found.label)
    if found.reply is not None:
        return _answer(found.reply, canned)
    if found.comment is not None:
        return domain.Remark(found.comment)
    if found.notify is not None:
        return _notify(found.notify)
    if found.snooze is not None:
        return domain.PutAway(_SNOOZE.get(found.snooze, found.snooze))
    if found.sla is not None:
        return domain.KeepTimes(found.sla)
    if found.webhook is not None:
        return domain.CallOut(found.webhook)
    if found.close is not None:
        return domain.Close()
    if isinstance(found.assign, settings.TeamAssigned):
        return domain.AssignTeam(found.assign.team, found.assign.by)
    return domain.AssignPerson(found.assign or "")


def _answer(found: settings.ReplySent, canned: Mapping[str, str]) -> domain.Answer:
    template = found.text if found.canned is None else canned[found.canned]
    return domain.Answer(template or "", (found.canned or "").casefold(), found.again_after)


def _notify(found: settings.Notified) -> domain.Notify:
    room = RoomRef(found.room.platform, found.room.room) if found.room is not None else None
    return domain.Notify(found.person, found.team, room, found.text or "")
