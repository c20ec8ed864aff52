"""The Web API methods we call, how each takes its arguments, and whether calling twice is harmless."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """``json``: arguments go in a JSON body, otherwise in the query. ``repeatable``: a second call changes nothing."""

    json: bool = False
    repeatable: bool = True


METHODS: Mapping[str, Method] = {
    "apps.connections.open": Method(),
    "auth.test": Method(),
    "chat.delete": Method(json=True),
    "chat.getPermalink": Method(),
    "chat.postEphemeral": Method(json=True, repeatable=False),
    "chat.postMessage": Method(json=True, repeatable=False),
    "chat.update": Method(json=True),
    "conversations.history": Method(),
    "conversations.info": Method(),
    "conversations.list": Method(),
    "conversations.members": Method(),
    "conversations.open": Method(json=True),
    "conversations.replies": Method(),
    "files.completeUploadExternal": Method(repeatable=False),
    "files.delete": Method(json=True),
    "files.getUploadURLExternal": Method(),
    "files.info": Method(),
    "reactions.add": Method(),
    "reactions.remove": Method(),
    "usergroups.list": Method(),
    "users.info": Method(),
    "users.list": Method(),
    "views.open": Method(json=True, repeatable=False),
    "views.publish": Method(json=True),
}
