"""Names of people, user groups and channels, so that a mention is shown by name; and who is a guest or a stranger."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bridge.adapters.platforms.slack import outsiders
from bridge.adapters.platforms.slack.identity import Json, items, mapping, text
from bridge.adapters.platforms.slack.web import SlackWeb
from bridge.adapters.platforms.slack.words import clean
from bridge.domain.content import Mention, MentionKind, Span
from bridge.domain.events import ButtonPressed, ChatEdited, ChatEvent, ChatPosted, ReactionChanged
from bridge.domain.people import Person
from bridge.observability import log
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected

FILL_SECONDS = 3.0
"""How long a start waits for the lists; they are read on behind it."""
FILL_PAGES = 5
MEET_SECONDS = 1.0
"""How long an event waits until its people are known; Slack waits three seconds for us."""
_PORT_ERRORS = (CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected)
_ROOMS = "public_channel,private_channel"
_UNKNOWN: Mapping[MentionKind, str] = {"person": "teammate", "team": "team", "room": "room", "everyone": "everyone"}


class Directory:
    """What ids stand for, as far as is known. Kept in memory only; asked from any thread, changed in the loop's."""

    def __init__(self, web: SlackWeb, ours: Callable[[], frozenset[str]], listed: Callable[[Json], None]) -> None:
        """Nobody is known yet. ``ours``: ids of our own workspace and organisation, once they are known.

        ``listed``: told of everybody in the list of people.
        """
        self._listed = listed
        self._web = web
        self._ours = ours
        self._names: dict[str, str] = {}
        self._strangers: dict[str, bool] = {}
        self._guests: dict[str, bool] = {}
        self._wanted: dict[str, MentionKind] = {}
        self._in_vain: set[str] = set()
        self._filling: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None

    def person(self, user: str) -> str:
        """A person as a sentence names them."""
        return self._names.get(user, "a teammate")

    def known(self, user: str) -> str | None:
        """A person's name, None when it is not known."""
        return self._names.get(user)

    async def look_up(self, users: Iterable[str]) -> None:
        """Ask for the names of people that are not known; who cannot be asked about now stays unknown."""
        for user in users:
            if user not in self._names and user not in self._in_vain:
                await _ended(self._look_up(user, "person"))

    def named(self, event: ChatEvent, stored: Mapping[str, bool]) -> ChatEvent:
        """The event with outsiders marked, as they were when it was ``stored`` if that was known, and as they are now.

        Each mention has a label: the name, else what the message itself says, else what it is.
        """
        event = outsiders.placed(event, lambda who: _either(stored.get(who), self._is_outsider(who)))
        if isinstance(event, ChatPosted | ChatEdited) and any(isinstance(span, Mention) for span in event.content):
            return replace(event, content=tuple(map(self._labelled, event.content)))
        return event

    def placed(self, person: Person) -> Person:
        """The person, an outsider if they are a guest or a stranger: commands and the home tab name only our team."""
        return outsiders.marked(person, self._is_outsider)

    def verdicts(self, events: Sequence[ChatEvent]) -> Mapping[str, bool]:
        """Who of the people of these events is an outsider and who is not, as far as Slack has said."""
        found = ((who, self._is_outsider(who)) for event in events for who in outsiders.people_of(event))
        return {who: verdict for who, verdict in found if verdict is not None}

    def _is_outsider(self, user: str) -> bool | None:
        return True if self._guests.get(user) else self._strangers.get(user)

    def _labelled(self, span: Span) -> Span:
        if not isinstance(span, Mention):
            return span
        return replace(span, label=self._names.get(span.id) or span.label or _UNKNOWN[span.kind])

    async def fill(self) -> None:
        """Read the lists Slack has, up to some pages; whatever cannot be had is looked up when it is mentioned."""
        self._filling = asyncio.create_task(self._fill())
        await asyncio.wait({self._filling}, timeout=FILL_SECONDS)

    def heed(self, payload: Json) -> None:
        """Learn the names that an event brings."""
        event = mapping(payload.get("event"))
        if learn := _BRINGS.get(text(event, "type")):
            self._learn(learn(event))
        self._learn_person(mapping(event.get("user")))
        if text(event, "type") == "member_joined_channel":
            self._want([(text(event, "user"), "person")])

    async def meet(self, events: Sequence[ChatEvent]) -> None:
        """Ask about people nobody has told us of, for a moment: a guest must be known before the words are read."""
        await self.meet_people({who for event in events for who in outsiders.people_of(event)})

    async def meet_people(self, users: Iterable[str]) -> None:
        """The same for ids of people."""
        unknown = set(users) - {""} - self._guests.keys() - self._in_vain
        if unknown:
            with suppress(TimeoutError):
                async with asyncio.timeout(MEET_SECONDS):
                    await asyncio.gather(*(self._look_up_once(user, "person") for user in unknown))

    def seek(self, events: Sequence[ChatEvent]) -> None:
        """Look up in the background whom events name that we do not know. Only after they were accepted."""
        self._want(_named_in(events))

    def _want(self, found: Iterable[tuple[str, MentionKind]]) -> None:
        for key, kind in found:
            if key not in self._names and key not in self._in_vain:
                self._wanted.setdefault(key, kind)
        if self._wanted and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look_up_all())

    async def aclose(self) -> None:
        """Stop asking."""
        tasks = [task for task in (self._filling, self._looking) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _learn(self, found: Iterable[tuple[str, str]]) -> None:
        for key, name in found:
            if key and (shown := " ".join(clean(name).split())):
                self._names[key] = shown

    def _learn_person(self, user: Json) -> None:
        """Whether somebody is a guest, or of another organisation, where Slack says so."""
        if isinstance(user.get("is_restricted"), bool):
            self._guests[text(user, "id")] = user["is_restricted"] or user.get("is_ultra_restricted") is True
        if isinstance(user.get("is_stranger"), bool):
            self._strangers[text(user, "id")] = user["is_stranger"]
        elif (home := text(user, "team_id")) and (ours := self._ours()):
            self._strangers[text(user, "id")] = home not in ours and not mapping(user.get("enterprise_user"))

    async def _fill(self) -> None:
        lists = {
            "users.list": self._pages("users.list", "members", _user),
            "usergroups.list": self._teams(),
            "conversations.list": self._pages(
                "conversations.list", "channels", _room, types=_ROOMS, exclude_archived=True
            ),
        }
        ends = await asyncio.gather(*(_ended(work) for work in lists.values()))
        for method, problem in zip(lists, ends, strict=True):
            if problem is not None:
                log().info("slack names not listed", method=method, error=type(problem).__name__)

    async def _pages(
        self, method: str, member: str, names: Callable[[Json], Iterable[tuple[str, str]]], **arguments: object
    ) -> None:
        async for entry in self._web.pages(method, member, most=FILL_PAGES, **arguments):
            self._learn(names(entry))
            if method == "users.list":
                self._learn_person(entry)
                self._listed(entry)

    async def _teams(self) -> None:
        answer = await self._web.call("usergroups.list")
        for group in items(answer.data.get("usergroups")):
            self._learn(_team(group))

    async def _look_up_all(self) -> None:
        while self._wanted:
            key, kind = next(iter(self._wanted.items()))
            if key not in self._names:
                await self._look_up_once(key, kind)
            del self._wanted[key]

    async def _look_up_once(self, key: str, kind: MentionKind) -> None:
        """Look up what is not looked up again once Slack says that there is no such thing."""
        if isinstance(await _ended(self._look_up(key, kind)), SendRejected):
            self._in_vain.add(key)

    async def _look_up(self, key: str, kind: MentionKind) -> None:
        if kind == "person":
            user = mapping((await self._web.call("users.info", user=key)).data.get("user"))
            self._learn(_user(user))
            self._learn_person(user)
        elif kind == "room":
            answer = await self._web.call("conversations.info", channel=key)
            self._learn(_room(mapping(answer.data.get("channel"))))
        else:
            await self._teams()


def _either(then: bool | None, now: bool | None) -> bool | None:
    return True if then else (then if now is None else now)


async def _ended(work: Coroutine[Any, Any, None]) -> Exception | None:
    """What stood in the way; a name is never worth failing for."""
    try:
        await work
    except _PORT_ERRORS as error:
        return error
    return None


def _named_in(events: Sequence[ChatEvent]) -> Iterator[tuple[str, MentionKind]]:
    for event in events:
        if isinstance(event, ButtonPressed | ReactionChanged):
            yield event.author.id, "person"
        elif isinstance(event, ChatPosted | ChatEdited):
            for span in event.content:
                if isinstance(span, Mention) and span.id:
                    yield span.id, span.kind


def _user(user: Json) -> Iterator[tuple[str, str]]:
    profile = mapping(user.get("profile"))
    name = text(profile, "real_name") or text(user, "real_name") or text(profile, "display_name") or text(user, "name")
    yield text(user, "id"), name


def _team(group: Json) -> Iterator[tuple[str, str]]:
    yield text(group, "id"), text(group, "handle") or text(group, "name")


def _room(channel: Json) -> Iterator[tuple[str, str]]:
    yield text(channel, "id"), text(channel, "name")


def _user_of(event: Json) -> Iterator[tuple[str, str]]:
    return _user(mapping(event.get("user")))


def _team_of(event: Json) -> Iterator[tuple[str, str]]:
    return _team(mapping(event.get("subteam")))


def _room_of(event: Json) -> Iterator[tuple[str, str]]:
    return _room(mapping(event.get("channel")))


_BRINGS: Mapping[str, Callable[[Json], Iterable[tuple[str, str]]]] = {
    "user_change": _user_of,
    "subteam_updated": _team_of,
    "channel_rename": _room_of,
    "group_rename": _room_of,
}
NAMING_EVENTS = frozenset(_BRINGS)
"""The inner event types that bring names; they are heeded and not stored."""
