"""Files that contacts are not sent, by what they are and not only by their names."""

import io
import tarfile
import zipfile

from bridge.rules.programs import begins_archive


def zipped(name: str) -> bytes:
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, "words")
        return out.getvalue()


def tarred(mode: str) -> bytes:
    with io.BytesIO() as out:
        with tarfile.open(fileobj=out, mode=mode) as archive:  # pyright: ignore[reportCallIssue, reportArgumentType] - any
            archive.addfile(tarfile.TarInfo("words"))
        return out.getvalue()


def test_an_archive_is_one_whatever_it_is_called() -> None:
    made = [zipped("setup.exe"), *map(tarred, ("w", "w:gz", "w:bz2", "w:xz"))]
    for data in (*made, b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c"):
        assert begins_archive("holiday.png", data), data[:6]
        assert begins_archive("", data), data[:6]


def test_a_document_that_is_an_archive_within_is_none() -> None:
    assert not begins_archive("Offer.DOCX", zipped("[Content_Types].xml"))
    assert not begins_archive("offer.pdf", b"%PDF-1.7 offer")
    assert begins_archive("offer.docx", tarred("w"))
