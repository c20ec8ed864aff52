"""Messages and reactions in channels."""

import hashlib
from collections.abc import Sequence

from bridge.adapters.platforms.slack.identity import Json, items, mapping, text
from bridge.adapters.platforms.slack.mrkdwn import content_of
from bridge.adapters.platforms.slack.reading import Reading, key, moment, need
from bridge.adapters.platforms.slack.words import clean, without_tone
from bridge.domain.events import ChatDeleted, ChatEdited, ChatEvent, ChatPosted, ReactionChanged
from bridge.domain.messages import Media

POSTED = frozenset({"", "file_share", "thread_broadcast", "me_message", "bot_message"})
FILE_ID = "file:"
_NO_FILE = frozenset({"tombstone", "hidden_by_limit"})


def message(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    """A message event; what it means is in its subtype."""
    match text(event, "subtype"):
        case "message_changed":
            return _changed(reading, event)
        case "message_deleted":
            return _deleted(reading, event)
        case subtype if subtype in POSTED:
            return _posted(reading, event)
        case _:
            return ()


def _posted(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    if reading.us.wrote(event) or event.get("hidden") is True:
        return ()
    room, ts = reading.room(need(event, "channel")), need(event, "ts")
    posted = ChatPosted(
        external_id=key("message", room, ts),
        ref=reading.ref(room, ts),
        thread=reading.root(room, event),
        author=reading.author(event),
        content=content_of(event),
        files=files_of(event),
        recovered=reading.recovered,
        marked=reading.us.user != "" and _marked(event, reading.us.user),
        reactions=_reactions(event, reading.us.user),
        posted_at=moment(ts),
    )
    return (posted,) if posted.author.id else ()


def _marked(event: Json, us: str) -> bool:
    """Whether we reacted to it: an earlier run of ours has decided about it."""
    return any(us in (reaction.get("users") or ()) for reaction in items(event.get("reactions")))


def _reactions(event: Json, us: str) -> tuple[str, ...]:
    given = items(event.get("reactions"))
    return tuple(without_tone(text(one, "name")) for one in given if set(one.get("users") or ()) - {us})


def _changed(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    now, before = mapping(event.get("message")), mapping(event.get("previous_message"))
    room, ts = reading.room(need(event, "channel")), need(now, "ts")
    if text(now, "subtype") == "tombstone":
        return (_gone(reading, room, ts, now),)
    if reading.us.wrote(now) or text(now, "subtype") not in POSTED or not _differs(now, before):
        return ()
    # the edit's own time stamp is the same in every delivery, but counts whole seconds: the words tell two edits apart
    when = text(mapping(now.get("edited")), "ts") or text(event, "event_ts") or text(event, "ts")
    edited = ChatEdited(
        external_id=key("edit", room, ts, when, _digest(now)),
        ref=reading.ref(room, ts),
        thread=reading.root(room, now),
        author=reading.author(now),
        content=content_of(now),
        files=files_of(now),
    )
    return (edited,) if edited.author.id else ()


def _differs(now: Json, before: Json) -> bool:
    """Whether a person changed the words or the files; a link preview changes neither."""
    if before and _file_ids(now) != _file_ids(before):
        return True
    return bool(mapping(now.get("edited"))) and (not before or content_of(now) != content_of(before))


def _file_ids(source: Json) -> list[str]:
    return [text(file, "id") for file in items(source.get("files")) if text(file, "mode") not in _NO_FILE]


def _digest(message: Json) -> str:
    return hashlib.sha256(repr((content_of(message), _file_ids(message))).encode()).hexdigest()[:16]


def _deleted(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    before = mapping(event.get("previous_message"))
    return (_gone(reading, reading.room(need(event, "channel")), need(event, "deleted_ts"), before),)


def _gone(reading: Reading, room: str, ts: str, was: Json) -> ChatDeleted:
    root = reading.root(room, was)
    thread = None if root is None or root.id == ts else root
    return ChatDeleted(external_id=key("delete", room, ts), ref=reading.ref(room, ts), thread=thread)


def reaction(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    """A reaction given or taken back; the bot's own marks are not events."""
    item = mapping(event.get("item"))
    if text(item, "type") != "message" or reading.us.wrote(event):
        return ()
    room, ts = reading.room(need(item, "channel")), need(item, "ts")
    name, user = need(event, "reaction"), need(event, "user")
    added = text(event, "type") == "reaction_added"
    return (
        ReactionChanged(
            external_id=key("reaction", "+" if added else "-", room, ts, user, name, text(event, "event_ts")),
            ref=reading.ref(room, ts),
            author=reading.author(event),
            name=without_tone(name),
            added=added,
        ),
    )


def files_of(source: Json) -> tuple[Media, ...]:
    """The files of a message; one that can never be fetched says why."""
    return tuple(media_of(file) for file in items(source.get("files")))


def media_of(file: Json) -> Media:
    """One file. ``source`` is its private address, or ``file:`` and its id when Slack wants to be asked first."""
    size = file.get("size")
    refused = _refusal(file)
    address = text(file, "url_private_download") or text(file, "url_private")
    if text(file, "file_access") == "check_file_info" or not address:
        address = FILE_ID + text(file, "id")
    return Media(
        source="" if refused else clean(address),
        content_type=clean(text(file, "mimetype")) or "application/octet-stream",
        name=clean(text(file, "name") or text(file, "title")),
        size=size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else 0,
        refused=refused,
    )


def _refusal(file: Json) -> str | None:
    mode, access = text(file, "mode"), text(file, "file_access")
    if mode == "tombstone" or access == "file_not_found":
        return "the file was deleted in Slack"
    if mode == "hidden_by_limit":
        return "Slack hides the file because the workspace is over its storage limit"
    if mode == "external" or file.get("is_external") is True:
        return "the file is kept outside Slack; upload it to Slack instead"
    if access == "access_denied":
        return "Slack does not let the bot see the file"
    return None if text(file, "id") or text(file, "url_private") else "Slack did not say where the file is"
