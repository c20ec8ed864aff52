"""What the app answers through a response_url, or at once to a slash command."""

from bridge.sandbox.slack.blocks import with_ids
from bridge.sandbox.slack.errors import SlackError, invalid
from bridge.sandbox.slack.interactions import RESPONSE_USES, Interactions, ResponseUrl
from bridge.sandbox.slack.journal import Change, Json
from bridge.sandbox.slack.model import Ephemeral, Message
from bridge.sandbox.slack.shapes import ephemeral_shape, message_shape
from bridge.sandbox.slack.state import State
from bridge.sandbox.slack.talk import Talk

KNOWN = frozenset(
    [
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "mrkdwn",
        "metadata",
        "unfurl_links",
        "unfurl_media",
        "link_names",
        "parse",
        "reply_broadcast",
    ]
)


class Responses:
    """Turns answers into messages, in the channel or for one user's eyes."""

    def __init__(self, state: State, talk: Talk, interactions: Interactions) -> None:
        """Write through ``talk``."""
        self._state = state
        self._talk = talk
        self._interactions = interactions

    def use(self, key: str, body: Json) -> None:
        """Take an answer sent to a response_url. Raises SlackError when it is unknown, spent, too old or malformed."""
        permission = self._interactions.response_urls.get(key)
        if permission is None:
            raise SlackError("invalid_url", violation="response_url was never handed out")
        if permission.uses >= RESPONSE_USES or self._state.clock.timestamp() > permission.expires:
            raise SlackError("used_url" if permission.uses >= RESPONSE_USES else "expired_url")
        self._judge(body)
        permission.uses += 1
        self._apply(permission, body)

    def answer_command(self, user: str, channel: str, body: Json) -> None:
        """Take what the app answered to a slash command right away."""
        try:
            self._judge(body)
        except SlackError as error:
            self._state.violate("slash command", error.violation or error.code)
            return
        self._apply(ResponseUrl(user, channel, 0.0, None), body)

    def show(self, shown: Ephemeral) -> Ephemeral:
        """Show something to one user only."""
        channel = self._state.channels[shown.channel]
        shown.ts = self._state.next_ts(channel)
        channel.ephemeral.append(shown)
        self._publish("ephemeral", shown)
        return shown

    def _judge(self, body: Json) -> None:
        if unknown := sorted(set(body) - KNOWN):
            raise invalid("invalid_payload", [f"unknown field: {name}" for name in unknown])
        if "blocks" in body and (problems := self._interactions.judge.blocks(body["blocks"])):
            raise invalid("invalid_blocks", problems)
        if not (body.get("delete_original") or body.get("text") or body.get("blocks")):
            raise invalid("no_text", ["neither text nor blocks"])

    def _apply(self, permission: ResponseUrl, body: Json) -> None:
        source = permission.source
        if source and body.get("delete_original"):
            self._withdraw(source)
        elif source and body.get("replace_original"):
            self._replace(source, body)
        else:
            self._add(permission, body)

    def _add(self, permission: ResponseUrl, body: Json) -> None:
        blocks = with_ids(self._state, body["blocks"]) if body.get("blocks") else None
        # A response URL of a threaded message cannot answer into that thread unless thread_ts is said.
        if body.get("response_type") == "in_channel":
            self._talk.add(
                Message(
                    ts="",
                    channel=permission.channel,
                    text=body.get("text", ""),
                    user=self._state.bot_user_id,
                    team=self._state.team_id,
                    blocks=blocks,
                    thread_ts=body.get("thread_ts"),
                    bot_id=self._state.bot_id,
                    app_id=self._state.app_id,
                )
            )
            return
        text, thread = body.get("text", ""), body.get("thread_ts")
        self.show(Ephemeral("", permission.channel, permission.user, text, blocks, thread))

    def _withdraw(self, source: Message | Ephemeral) -> None:
        if isinstance(source, Message):
            self._talk.remove(source)
            return
        channel = self._state.channels[source.channel]
        if source in channel.ephemeral:
            channel.ephemeral.remove(source)
            self._publish("ephemeral_changed", source)

    def _replace(self, source: Message | Ephemeral, body: Json) -> None:
        before = message_shape(self._state, source) if isinstance(source, Message) else {}
        source.text = body.get("text", "")
        source.blocks = with_ids(self._state, body["blocks"]) if body.get("blocks") else None
        if isinstance(source, Message):
            self._talk.change(source, before)
        else:
            self._publish("ephemeral_changed", source)

    def _publish(self, kind: str, shown: Ephemeral) -> None:
        data = ephemeral_shape(self._state, shown)
        self._state.feed.publish(Change(kind, shown.channel, shown.ts, shown.user, data))
