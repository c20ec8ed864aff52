"""Files no contact is sent: programs, which a business's number lends its trust to, and archives, which hide them.

No carrier passes an archive on, and few phones open one.
"""

_ENDINGS = frozenset(
    {
        *("exe", "com", "scr", "pif", "cpl", "dll", "msi", "msix", "msp", "appx", "bat", "cmd", "lnk", "reg", "gadget"),
        *("ps1", "psm1", "vb", "vbs", "vbe", "js", "jse", "mjs", "ws", "wsf", "wsh", "hta", "jar", "py", "pyw"),
        *("apk", "aab", "xapk", "ipa", "app", "dmg", "pkg", "command", "workflow", "scpt"),
        *("sh", "bash", "zsh", "run", "bin", "deb", "rpm", "appimage", "desktop"),
    }
)
_BEGINNINGS = (
    b"MZ",  # Windows
    b"\x7fELF",
    b"\xcf\xfa\xed\xfe",  # macOS, and the three below
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"#!",
)

_ARCHIVES = frozenset(
    {
        *("zip", "zipx", "7z", "rar", "tar", "gz", "tgz", "bz2", "tbz2", "xz", "txz", "z", "zst", "lz", "lz4", "lzma"),
        *("ace", "alz", "arj", "br", "cab", "cpio", "lha", "lzh", "img", "iso"),
    }
)
_DOCUMENTS = frozenset(
    {
        *("docx", "dotx", "xlsx", "xltx", "pptx", "ppsx", "potx", "odt", "ods", "odp", "odg", "ott", "epub"),
        *("pages", "numbers", "key", "kmz", "pkpass", "usdz", "vsdx", "3mf"),
    }
)
"""Files that are archives within, and one thing to whoever opens them."""
_ARCHIVE_BEGINNINGS = (
    *(b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"),
    *(b"MSCF\x00", b"xar!", b"LZIP", b"\x04\x22\x4d\x18", b"070701"),
)
_ZIP_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_TAR_SIGN, _TAR_SIGN_AT = b"ustar", 257
_ARCHIVE_TYPES = frozenset(
    {
        *("application/zip", "application/x-zip", "application/x-zip-compressed", "application/gzip"),
        *("application/x-gzip", "application/x-tar", "application/x-bzip2", "application/x-xz", "application/zstd"),
        *("application/x-7z-compressed", "application/vnd.rar", "application/x-rar-compressed"),
    }
)


def named_program(name: str) -> bool:
    """Tell whether a file's name says that it runs when it is opened."""
    return _ending(name) in _ENDINGS


def is_archive(name: str, content_type: str) -> bool:
    """Tell whether a file holds others, by its name or by what it is said to be."""
    return _ending(name) in _ARCHIVES or content_type.partition(";")[0].strip().casefold() in _ARCHIVE_TYPES


def begins_archive(name: str, data: bytes) -> bool:
    """Tell whether the bytes are an archive's, whatever the file is called; a document made of one is none."""
    if data.startswith(_ZIP_BEGINNINGS):
        return _ending(name) not in _DOCUMENTS
    return data.startswith(_ARCHIVE_BEGINNINGS) or data[_TAR_SIGN_AT:].startswith(_TAR_SIGN)


def _ending(name: str) -> str:
    _, dot, ending = name.rstrip(". \t").rpartition(".")
    return ending.casefold() if dot else ""


def begins_program(data: bytes, content_type: str) -> bool:
    """Tell whether the bytes are a program's. ``content_type``: the one found by looking at them."""
    return content_type.startswith(("application/octet-stream", "text/")) and data.startswith(_BEGINNINGS)
