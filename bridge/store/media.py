"""Our own copies of pictures and files."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bridge.ports.provider import MediaContent
from bridge.ports.store import stored_id
from bridge.store.schema import media_blobs
from bridge.store.statements import insert_missing

GET = select(media_blobs.c.data, media_blobs.c.content_type, media_blobs.c.name).where(
    media_blobs.c.id == bindparam("wanted")
)


def put(connection: Connection, contents: Sequence[tuple[str, int, MediaContent]], now: datetime) -> None:
    """Keep (message, index, content); the first copy stays."""
    rows = [
        {
            "id": stored_id(message, index),
            "message": message,
            "position": index,
            "content_type": content.content_type,
            "name": content.name,
            "created_at": now,
            "data": content.data,
        }
        for message, index, content in contents
    ]
    insert_missing(connection, media_blobs, rows)


def get(connection: Connection, stored: str) -> MediaContent | None:
    """A copy by its id."""
    row = connection.execute(GET, {"wanted": stored}).first()
    return None if row is None else MediaContent(*row)
