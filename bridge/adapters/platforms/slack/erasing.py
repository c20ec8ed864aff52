"""What the app posted in a thread, taken away again. Slack lets a bot delete its own posts and files only."""

from bridge.adapters.platforms.slack.identity import Identity, Json, items, text
from bridge.adapters.platforms.slack.web import SlackWeb
from bridge.domain.people import ChatRef
from bridge.ports.erasing import Erased
from bridge.ports.errors import SendRejected

AT_ONCE = 10
"""Posts removed by one call of ours: chat.delete is Tier 3, and the rest of the thread comes next."""
_GONE = frozenset({"message_not_found", "thread_not_found", "file_not_found", "file_deleted"})
ERASED = "Erased."
"""What stands in the place of a post that Slack keeps: it does not promise that one under another name can go."""
_KEPT = frozenset(
    {
        *("cant_delete_message", "compliance_exports_prevent_deletion"),
        *("cant_delete_file", "delete_not_allowed", "file_deleting_disabled"),
    }
)


async def erase(web: SlackWeb, us: Identity, root: ChatRef) -> Erased:
    """Remove our posts in a thread with their files, the root last."""
    posts = await _posts(web, root)
    ours = [post for post in posts if us.wrote(post)]
    removed, left = 0, len(posts) - len(ours)
    ours = [post for post in ours if text(post, "text") != ERASED]
    for post in sorted(ours, key=lambda one: text(one, "ts") == root.id):
        if removed == AT_ONCE:
            return Erased(removed, left, more=True)
        gone = [await _deleted(web, "files.delete", file=text(file, "id")) for file in items(post.get("files"))]
        where = {"channel": root.room, "ts": text(post, "ts")}
        gone.append(await _deleted(web, "chat.delete", **where) or await _emptied(web, **where))
        removed, left = (removed + 1, left) if all(gone) else (removed, left + 1)
    return Erased(removed, left)


async def _posts(web: SlackWeb, root: ChatRef) -> list[Json]:
    pages = web.pages("conversations.replies", "messages", channel=root.room, ts=root.id)
    try:
        return [post async for post in pages if text(post, "subtype") != "tombstone"]
    except SendRejected as error:
        if error.code in _GONE:
            return []
        raise


async def _deleted(web: SlackWeb, method: str, **what: str) -> bool:
    """Whether it is gone now; False where Slack leaves that to people."""
    try:
        await web.call(method, **what)
    except SendRejected as error:
        if error.code not in _GONE | _KEPT:
            raise
        return error.code in _GONE
    return True


async def _emptied(web: SlackWeb, **where: str) -> bool:
    """Whether other words stand there now."""
    try:
        await web.call("chat.update", **where, text=ERASED, blocks=[], metadata={})
    except SendRejected:
        return False
    return True
