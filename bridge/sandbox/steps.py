"""What to try, on one platform or on both: each step's title and how it is done."""

from collections.abc import Mapping
from typing import TypeAlias

Steps: TypeAlias = Mapping[str, tuple[str, str]]

_WAIT = ("Let somebody wait", "Skip 15 minutes, again and again, without an answer. The card and the thread tell.")
_FAILURE = ("See a failure", "Make the next text fail, then reply.")
_RESTART = ("Pull the plug", "Kill and restart the bridge. Nothing is lost or doubled.")

SLACK: Steps = {
    "text": ("Text the team", "Write something on the phone. It arrives in Slack as a thread."),
    "reply": ("Answer", "Open the thread and reply. It arrives on the phone."),
    "comment": ("Talk among yourselves", "Start a reply with // and it stays in Slack."),
    "undo": ("Change your mind", "Press Undo, or delete the reply, before it has left."),
    "edit": ("Edit too late", "Edit a reply that has left. Slack tells you what the contact still has."),
    "claim": ("Make it yours", "Press Claim on the card, or react to it with 👀."),
    "assign": ("Give it to a colleague", "Choose Assign to … on the card, or reply !assign @Ben Okafor."),
    "canned": ("Use a prepared answer", "Press Canned on the card and choose “pickup”. It asks for what it needs."),
    "guard": ("Say too much", "Reply with @here, or about a refund. It is held; you decide."),
    "team": ("Hand over", "Reply !team sales. The conversation moves to #sales, comments and all."),
    "home": ("See what waits", "Open Textbridge under Apps."),
    "wait": _WAIT,
    "failure": _FAILURE,
    "restart": _RESTART,
}
MATRIX: Steps = {
    "text": ("Text the team", "Write something on the phone. It arrives in the room as a thread."),
    "reply": ("Answer", "Open the thread and reply. It arrives on the phone."),
    "comment": ("Talk among yourselves", "Start a reply with // and it stays in the room."),
    "undo": ("Change your mind", "Click ❌ under the reply, or delete it, before it has left."),
    "edit": ("Edit too late", "Edit a reply that has left. The thread tells what the contact still has."),
    "claim": ("Make it yours", "React to the card with 👀, or reply !claim."),
    "assign": ("Give it to a colleague", "Reply !assign @Ben Okafor."),
    "canned": ("Use a prepared answer", "Reply !canned pickup day=Friday."),
    "guard": ("Say too much", "Reply about a refund. It is held: click 📨 to send it, or 🔒 to keep it inside."),
    "team": ("Hand over", "Reply !team sales. The conversation moves to the room Sales, comments and all."),
    "queue": ("See what waits", "Write !sms queue in the room."),
    "failure": _FAILURE,
    "away": ("Take Matrix away", "Make it fail: stop the homeserver. Text from the phone, then start it again."),
    "restart": _RESTART,
}
BOTH: Steps = {
    "text": ("Text the team", "Write something on the phone. It arrives in Slack and in Matrix, as one conversation."),
    "reply": ("Answer from either side", "Reply in the Matrix thread. The phone gets it, and Slack is told."),
    "comment": ("Talk across", "Start a reply with // on one side. It stays inside, and both sides read it."),
    "claim": ("Make it yours", "Press Claim in Slack, or react with 👀 in Matrix. Both cards say so."),
    "guard": ("Say too much", "Reply about a refund. Both sides are asked; one answer settles it on both."),
    "undo": ("Change your mind", "Press Undo in Slack, or ❌ in Matrix, before the reply has left."),
    "away": (
        "Take one side away",
        "Make it fail: stop the homeserver. Slack goes on; start it, and Matrix catches up.",
    ),
    "canned": (
        "Use a prepared answer",
        "Press Canned on the card in Slack, or reply !canned pickup day=Friday in Matrix.",
    ),
    "team": ("Hand over", "Reply !team sales. The conversation moves on both sides."),
    "wait": _WAIT,
    "failure": _FAILURE,
    "restart": _RESTART,
}
