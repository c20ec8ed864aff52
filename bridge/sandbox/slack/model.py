"""The things a workspace is made of, as mutable records."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bridge.sandbox.slack.journal import Json

ChannelKind = Literal["public", "private", "im"]


@dataclass(slots=True)
class User:
    """A member of the workspace, its bot, or somebody of another workspace (``team`` differs).

    ``guest``: a member limited to some channels, which Slack calls restricted.
    """

    id: str
    name: str
    real_name: str
    team: str
    email: str
    is_bot: bool = False
    deleted: bool = False
    guest: bool = False
    time_zone: str = "America/New_York"
    status_emoji: str = ""
    status_text: str = ""
    status_expiration: int = 0


@dataclass(slots=True)
class Usergroup:
    """A user group (``@handle``)."""

    id: str
    handle: str
    name: str
    members: list[str]


@dataclass(slots=True)
class File:
    """An uploaded file; ``shares`` names the channels whose members may see it.

    ``mode`` may be changed to ``tombstone``, ``hidden_by_limit``, ``file_access`` (Slack Connect: ask files.info) or
    ``external`` (``external_url`` then leads elsewhere).
    """

    id: str
    name: str
    title: str
    mimetype: str
    user: str
    content: bytes
    created: int
    secret: str
    shares: set[str] = field(default_factory=set[str])
    expected: int | None = None
    uploaded: bool = False
    completed: bool = False
    mode: str = "hosted"
    external_url: str | None = None


@dataclass(slots=True)
class Message:
    """A message. ``replies`` holds the ts of a root's replies, ``reactions`` users by emoji name.

    ``extra`` are fields of single subtypes, such as ``inviter`` or ``old_name``.
    """

    ts: str
    channel: str
    text: str
    user: str | None = None
    team: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    icons: Json | None = None
    metadata: Json | None = None
    client_msg_id: str | None = None
    edited: Json | None = None
    extra: Json = field(default_factory=dict[str, Any])
    files: list[str] = field(default_factory=list[str])
    replies: list[str] = field(default_factory=list[str])
    reactions: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    @property
    def root_ts(self) -> str:
        """The ts of the thread this message belongs to (its own when it starts one)."""
        return self.thread_ts or self.ts

    @property
    def is_reply(self) -> bool:
        """Whether it stands inside a thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(slots=True)
class Ephemeral:
    """A message shown to one user only and kept by nobody."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] | None = None
    thread_ts: str | None = None
    username: str | None = None


@dataclass(slots=True)
class Channel:
    """A public or private channel, or the bot's direct messages with one user.

    ``restricted`` is the error code the bot gets for posting, such as ``restricted_action_read_only_channel``.
    """

    id: str
    name: str
    kind: ChannelKind
    creator: str
    created: int
    members: list[str]
    shared: bool = False
    archived: bool = False
    restricted: str | None = None
    messages: dict[str, Message] = field(default_factory=dict[str, Message])
    ephemeral: list[Ephemeral] = field(default_factory=list[Ephemeral])
    last_ts: int = 0

    @property
    def event_kind(self) -> str:
        """What events call this kind: channel, group or im."""
        return {"public": "channel", "private": "group", "im": "im"}[self.kind]


@dataclass(slots=True)
class View:
    """A modal or a home tab. ``body`` is the view as the app sent it; ``state`` what was entered so far."""

    id: str
    user: str
    type: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: dict[str, Any] = field(default_factory=dict[str, Any])
