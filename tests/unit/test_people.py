"""People and rooms as one word, and back."""

from bridge.domain.people import RoomRef, room_of


def test_a_room_can_be_written_as_one_word_and_read_again() -> None:
    room = RoomRef("matrix", "!abc/def:example.org")
    assert room.key == "matrix/!abc/def:example.org"
    assert room_of(room.key) == room
