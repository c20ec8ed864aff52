"""Slack as a platform: what the ports ask for, in calls of the Web API. One attempt each."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from bridge.adapters.platforms.slack import blocks, cards, erasing, files, forms, history, home, suggestions
from bridge.adapters.platforms.slack.check import Doctor
from bridge.adapters.platforms.slack.directory import Directory
from bridge.adapters.platforms.slack.heeding import Statuses
from bridge.adapters.platforms.slack.identity import Identity, Json, text
from bridge.adapters.platforms.slack.interactions import PRIVATE
from bridge.adapters.platforms.slack.marks import Marks
from bridge.adapters.platforms.slack.outsiders import stored
from bridge.adapters.platforms.slack.parse import opened, read
from bridge.adapters.platforms.slack.private import answer_by_handle
from bridge.adapters.platforms.slack.raw import delivery
from bridge.adapters.platforms.slack.reading import Reading, moment
from bridge.adapters.platforms.slack.receiver import Receiver
from bridge.adapters.platforms.slack.settings import CAPABILITIES, SlackSettings
from bridge.adapters.platforms.slack.web import SlackWeb
from bridge.adapters.platforms.slack.webhook import Webhook
from bridge.domain.cards import Card, Form, Note
from bridge.domain.events import ChatEvent
from bridge.domain.messages import Mark, Media
from bridge.domain.people import ChatRef, Person, RoomRef
from bridge.domain.queue import Queue
from bridge.ports.erasing import Erased
from bridge.ports.errors import SendOutcomeUnknown, SendRejected
from bridge.ports.platform import (
    AcceptChatEvents,
    Choices,
    HttpReply,
    HttpRequest,
    PlatformCapabilities,
    Posted,
    RawChatEvent,
    ThreadText,
)
from bridge.ports.provider import Finding, MediaContent
from bridge.ports.specs import PlatformContext


class SlackPlatform:
    """One Slack workspace with one installed app."""

    name: ClassVar[str] = "slack"
    capabilities: ClassVar[PlatformCapabilities] = CAPABILITIES

    def __init__(self, settings: SlackSettings, context: PlatformContext) -> None:
        """Nothing is opened before the first call."""
        self._platform = context.platform
        self._clock = context.clock
        self._settings = settings
        app_token = settings.app_token.get_secret_value() if settings.app_token else None
        self._web = SlackWeb(settings.api_url, settings.bot_token.get_secret_value(), app_token)
        self._us = Identity()
        self._choices: Choices | None = None
        self._marks = Marks(self._web, context.clock)
        self._statuses = Statuses(heed=settings.heed_status)
        self._directory = Directory(
            self._web, lambda: frozenset({self._us.team, self._us.enterprise} - {""}), self._statuses.listed
        )

    # events

    async def listen(self, accept: AcceptChatEvents) -> None:
        """Receive by Socket Mode until cancelled; in HTTP mode events come to ``handle_http`` instead."""
        if self._settings.app_token is None:
            await asyncio.Event().wait()

        async def take(kind: str, payload: Json) -> Json | None:
            return await self._take(accept, kind, payload)

        async def connected() -> None:
            await accept(())
            await self._statuses.take_listed(accept, self._read)

        await Receiver(self._web.open_socket, lambda: self._web.session, take, connected=connected).run()

    async def handle_http(self, request: HttpRequest, accept: AcceptChatEvents) -> HttpReply:
        """Take one signed request."""
        if self._settings.signing_secret is None:
            return HttpReply(404)

        async def take(kind: str, payload: Json) -> Json | None:
            return await self._take(accept, kind, payload)

        return await Webhook(self._settings.signing_secret.get_secret_value(), self._clock, take).handle(request)

    def ask(self, choices: Choices) -> None:
        """Say whom to ask for what a search field offers."""
        self._choices = choices

    async def _take(self, accept: AcceptChatEvents, kind: str, payload: Json) -> Json | None:
        if suggestions.is_asked(payload):
            reading = Reading(self._platform, self._us.seen_in(payload), payload)
            return await suggestions.answer(payload, reading, self._directory, self._choices)
        came = delivery(kind, payload, self._read)
        if came is not None and not await self._statuses.take(accept, came):
            await self._directory.meet(came.events)
            await accept((came.knowing(self._directory.verdicts(came.events)),))
            self._directory.seek(came.events)
        self._directory.heed(payload)
        return None

    def parse(self, body: bytes) -> Sequence[ChatEvent]:
        """Read one raw event, mentions by name as far as names are known; ``ValueError`` for what cannot be read."""
        envelope = opened(body)
        known = stored(envelope)
        return [self._directory.named(event, known) for event in read(envelope, self._platform, self._us)]

    def _read(self, body: bytes) -> Sequence[ChatEvent]:
        return read(opened(body), self._platform, self._us)

    async def start(self) -> str:
        """Learn who we are and who the others are, once; returns the bot's user id."""
        if not self._us.user:
            answer = await self._web.call("auth.test")
            self._us = Identity(
                user=text(answer.data, "user_id"),
                bot=text(answer.data, "bot_id"),
                team=text(answer.data, "team_id"),
                app=text(answer.data, "app_id"),
                enterprise=text(answer.data, "enterprise_id"),
                url=text(answer.data, "url"),
            )
            await self._directory.fill()
        return self._us.user

    async def outsiders(self, people: Sequence[str]) -> frozenset[str]:
        """Those of these people who are guests or of another organisation."""
        await self._directory.meet_people(people)
        return frozenset(who for who in people if self._directory.placed(Person(self._platform, who)).outsider)

    # posts

    async def open_thread(self, room: str, card: Card, *, key: str) -> ChatRef:
        """Post a card."""
        return await self._post(room, None, key, **await self._card(card))

    async def _card(self, card: Card) -> dict[str, object]:
        await self._directory.look_up(person.id for person in cards.people_on(card))
        return cards.card_content(card, self._known)

    def _known(self, person: Person) -> str | None:
        return self._directory.known(person.id) if person.platform == self._platform else None

    async def post_text(self, thread: ChatRef, text: ThreadText, *, key: str) -> Posted:
        """Show a contact's text under the contact's name."""
        ref = await self._post(
            thread.room,
            thread,
            key,
            text=blocks.text_fallback(text),
            blocks=blocks.text_blocks(text),
            username=blocks.username(text.name),
            reply_broadcast=True if text.bump else None,
        )
        return Posted(ref, moment(ref.id))

    async def post_note(self, thread: ChatRef, note: Note, *, key: str) -> ChatRef:
        """Say the bot's own words."""
        bump = True if note.bump else None
        return await self._post(thread.room, thread, key, reply_broadcast=bump, **await self._note(note))

    async def tell_room(self, room: str, note: Note, *, key: str) -> ChatRef:
        """Say the bot's own words in a room itself."""
        return await self._post(room, None, key, **await self._note(note))

    async def _post(self, room: str, thread: ChatRef | None, key: str, **arguments: object) -> ChatRef:
        answer = await self._web.call(
            "chat.postMessage",
            channel=room,
            thread_ts=thread.id if thread else None,
            metadata=history.metadata(key),
            unfurl_links=False,
            unfurl_media=False,
            **arguments,
        )
        ts = text(answer.data, "ts")
        if not ts:
            raise SendOutcomeUnknown("Slack did not say which message it posted")
        return ChatRef(self._platform, room, ts)

    async def update_card(self, root: ChatRef, card: Card) -> None:
        """Draw the card anew."""
        shown = await self._card(card)
        try:
            await self._web.call("chat.update", channel=root.room, ts=root.id, **shown)
        except SendRejected as error:
            if error.code == "message_not_found":  # the card is the thread's root
                raise SendRejected(error.code, error.reason, gone="thread") from None
            raise

    async def update_note(self, ref: ChatRef, note: Note) -> None:
        """Replace an earlier note."""
        await self._web.call("chat.update", channel=ref.room, ts=ref.id, **await self._note(note))

    async def _note(self, note: Note) -> dict[str, object]:
        await self._directory.look_up(one.id for one in note.inserts if isinstance(one, Person))
        return {
            "text": blocks.note_fallback(note, self._name_of),
            "blocks": blocks.note_blocks(note, self._platform, self._name_of),
        }

    def _name_of(self, person: Person) -> str:
        return self._directory.person(person.id) if person.platform == self._platform else person.id

    async def set_mark(self, ref: ChatRef, mark: Mark, *, before: Mark) -> bool:
        """Show the new mark, then take the old one away; False when Slack lets that one wait."""
        return await self._marks.change(ref, mark, before)

    # abilities

    async def find_posted(self, room: str, thread: ChatRef | None, *, key: str, since: datetime) -> ChatRef | None:
        """The post that carries this key."""
        ts = await history.find(self._web, room, thread, key, since)
        return ChatRef(self._platform, room, ts) if ts else None

    async def answer_privately(
        self, person: Person, room: str, thread: ChatRef | None, note: Note, *, handle: str
    ) -> None:
        """Where a private button was pressed, else in the thread, else by the handle of the command or button."""
        if handle and (thread is None or handle.endswith(PRIVATE)):
            await answer_by_handle(self._web, handle, await self._note(note))
            return
        await self._web.call(
            "chat.postEphemeral",
            channel=room,
            user=person.id,
            thread_ts=thread.id if thread else None,
            **await self._note(note),
        )

    async def rooms_of(self, person: Person, rooms: Sequence[str]) -> Sequence[str]:
        """Those of the rooms the person is a member of; rooms we cannot ask about count as others'."""
        members = await asyncio.gather(*(home.is_member(self._web, room, person.id) for room in rooms))
        return [room for room, member in zip(rooms, members, strict=True) if member]

    async def publish_home(self, person: Person, queue: Queue) -> None:
        """Publish the home tab."""
        view = home.view(queue, self._platform, await self._workspace())
        await self._web.call("views.publish", user_id=person.id, view=view)

    async def tell_queue(self, person: Person, room: str, queue: Queue, *, handle: str) -> None:
        """Answer the command it was asked for with."""
        message = home.message(queue, self._platform, await self._workspace())
        if handle:
            await answer_by_handle(self._web, handle, message)
            return
        await self._web.call("chat.postEphemeral", channel=room, user=person.id, **message)

    async def _workspace(self) -> str:
        await self.start()
        return self._us.url

    async def open_form(self, trigger: str, form: Form) -> None:
        """Open a modal."""
        await self._web.call("views.open", trigger_id=trigger, view=forms.modal(form))

    async def post_media(self, thread: ChatRef, content: MediaContent, *, key: str) -> None:
        """Show a file in a thread."""
        await files.upload(self._web, thread, content, key)

    async def fetch_media(self, media: Media, *, limit: int) -> MediaContent:
        """A teammate's file."""
        return await files.download(self._web, media, limit)

    async def read_thread(self, root: ChatRef, *, since: datetime) -> Sequence[RawChatEvent]:
        """Replies as the live events would have been stored."""
        await self.start()
        payload = {"type": "event_callback", "team_id": self._us.team, "api_app_id": self._us.app}
        events = await history.replies(self._web, root, since)
        found = (delivery("events_api", {**payload, "event": event}, self._read, recovered=True) for event in events)
        there = [came for came in found if came is not None]
        await self._directory.meet([event for came in there for event in came.events])
        return [came.knowing(self._directory.verdicts(came.events)) for came in there]

    async def erase_thread(self, root: ChatRef) -> Erased:
        """Delete some of our own posts in a thread, with their files."""
        await self.start()
        return await erasing.erase(self._web, self._us, root)

    async def link(self, ref: ChatRef) -> str:
        """A permalink."""
        answer = await self._web.call("chat.getPermalink", channel=ref.room, message_ts=ref.id)
        return text(answer.data, "permalink")

    async def check(self, rooms: Sequence[RoomRef]) -> Sequence[Finding]:
        """Token, scopes, socket and rooms; posts nothing."""
        mine = [room.room for room in rooms if room.platform == self._platform]
        return await Doctor(self._web, socket_mode=self._settings.app_token is not None).findings(mine)

    async def aclose(self) -> None:
        """Close the session to Slack."""
        await self._directory.aclose()
        await self._web.aclose()
