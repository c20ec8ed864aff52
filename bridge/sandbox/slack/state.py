"""The whole state of the pretend workspace: people, channels, files, views, ids and time stamps."""

import random
from collections.abc import AsyncIterator, Sequence

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.slack.journal import Change, Feed, Journal, Violation
from bridge.sandbox.slack.model import Channel, ChannelKind, File, Message, User, Usergroup, View

BOT_SCOPES = frozenset(
    [
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "chat:write.customize",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:write",
        "reactions:read",
        "reactions:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    ]
)
"""Every scope the app may hold; ``State.scopes`` starts with all of them. ``im:read`` is not among them."""


class State:
    """One workspace with one installed app."""

    def __init__(self, clock: SandboxClock, seed: int = 1) -> None:
        """Start with the bot user alone."""
        self.clock = clock
        self.random = random.Random(seed)
        self.base_url = "http://127.0.0.1"
        self.team_id, self.team_name = "T0000000001", "Pretend Inc"
        self.app_id, self.bot_id, self.bot_user_id = "A0000000001", "B0000000001", "U0000000000"
        self.bot_token = "xoxb-sandbox-" + self.secret()
        self.app_token = "xapp-sandbox-" + self.secret()
        self.signing_secret = self.secret()
        self.verification_token = self.secret()
        self.scopes = set(BOT_SCOPES)
        self.revoked = False
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.files: dict[str, File] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.journal = Journal()
        self.violations: list[Violation] = []
        self.rung: list[Message] = []
        self.feed = Feed()
        self._counts: dict[str, int] = {}
        bot = User(self.bot_user_id, "textbot", "Text Bot", self.team_id, "", is_bot=True)
        self.users[bot.id] = bot

    def secret(self, length: int = 24) -> str:
        """A pretend secret, the same in every run with the same seed."""
        return "".join(self.random.choices("abcdefghijkmnpqrstuvwxyz23456789", k=length))

    def next_id(self, prefix: str) -> str:
        """The next id of a kind: ``U0000000001``, ``U0000000002``, …."""
        count = self._counts[prefix] = self._counts.get(prefix, 0) + 1
        return f"{prefix}{count:010d}"

    def next_ts(self, channel: Channel) -> str:
        """A time stamp that is larger than every earlier one of the channel, even when the clock went back."""
        channel.last_ts = max(int(self.clock.timestamp() * 1_000_000), channel.last_ts + 1)
        return f"{channel.last_ts // 1_000_000}.{channel.last_ts % 1_000_000:06d}"

    def seconds(self) -> int:
        """Whole seconds since the epoch, in sandbox time."""
        return int(self.clock.timestamp())

    def revoke_tokens(self) -> None:
        """From now on every call answers ``token_revoked``."""
        self.revoked = True

    def add_user(
        self,
        name: str,
        *,
        real_name: str | None = None,
        email: str | None = None,
        team: str | None = None,
        guest: bool = False,
    ) -> User:
        """Add a person; ``team`` other than ``team_id`` makes an outsider known through Slack Connect."""
        user = User(
            id=self.next_id("U"),
            name=name,
            real_name=real_name or name.title(),
            team=team or self.team_id,
            email=email if email is not None else f"{name}@pretend.example",
            guest=guest,
        )
        self.users[user.id] = user
        return user

    def add_channel(
        self, name: str, members: Sequence[str] = (), *, private: bool = False, shared: bool = False, bot: bool = True
    ) -> Channel:
        """Add a channel with these member ids and, unless told not to, the bot."""
        kind: ChannelKind = "private" if private else "public"
        everyone = list(members) + ([self.bot_user_id] if bot else [])
        channel = Channel(
            id=self.next_id("C"),
            name=name,
            kind=kind,
            creator=everyone[0] if everyone else self.bot_user_id,
            created=self.seconds(),
            members=everyone,
            shared=shared,
        )
        self.channels[channel.id] = channel
        self.feed.publish(Change("channel", channel.id))
        return channel

    def add_usergroup(self, handle: str, members: Sequence[str] = (), name: str | None = None) -> Usergroup:
        """Add a user group."""
        group = Usergroup(self.next_id("S"), handle, name or handle.title(), list(members))
        self.usergroups[group.id] = group
        return group

    def direct_channel(self, user: str) -> Channel:
        """The bot's direct messages with a user, made on first use."""
        for channel in self.channels.values():
            if channel.kind == "im" and user in channel.members:
                return channel
        channel = Channel(self.next_id("D"), "", "im", user, self.seconds(), [user, self.bot_user_id])
        self.channels[channel.id] = channel
        self.feed.publish(Change("channel", channel.id))
        return channel

    def user(self, key: str) -> User:
        """Find a user by id or name. Raises KeyError."""
        key = key.removeprefix("@")
        found = self.users.get(key) or next((user for user in self.users.values() if user.name == key), None)
        if found is None:
            raise KeyError(key)
        return found

    def channel(self, key: str) -> Channel:
        """Find a channel by id or name. Raises KeyError."""
        key = key.removeprefix("#")
        found = self.channels.get(key) or next((room for room in self.channels.values() if room.name == key), None)
        if found is None:
            raise KeyError(key)
        return found

    def message(self, channel: str, ts: str) -> Message:
        """Find a message. Raises KeyError."""
        return self.channel(channel).messages[ts]

    def view(self, view_id: str) -> View | None:
        """Find an open modal or a home tab."""
        stacks = [*self.modals.values(), list(self.homes.values())]
        return next((view for stack in stacks for view in stack if view.id == view_id), None)

    def subscribe(self) -> AsyncIterator[Change]:
        """Every change from this call on, without end."""
        return self.feed.subscribe()

    def violate(self, method: str, problem: str) -> None:
        """Note that a call broke a rule no circumstances excuse."""
        self.violations.append(Violation(method, problem))
