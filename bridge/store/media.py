"""Our own copies of pictures and files."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bridge.ports.provider import MediaContent
from bridge.store.side_schema import media_blobs
from bridge.store.statements import insert_missing

GET = select(media_blobs.c.data, media_blobs.c.content_type, media_blobs.c.name).where(
    media_blobs.c.id == bindparam("wanted")
)


def put(connection: Connection, message: str, index: int, content: MediaContent, now: datetime) -> str:
    """Keep a copy, unless there is one; returns its id."""
    name = f"{message}.{index}"
    row = {
        "id": name,
        "message": message,
        "position": index,
        "content_type": content.content_type,
        "name": content.name,
        "created_at": now,
        "data": content.data,
    }
    insert_missing(connection, media_blobs, [row])
    return name


def get(connection: Connection, stored: str) -> MediaContent | None:
    """A copy by its id."""
    row = connection.execute(GET, {"wanted": stored}).first()
    return None if row is None else MediaContent(*row)
