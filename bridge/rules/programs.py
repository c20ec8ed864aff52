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


def _ending(name: str) -> str:
    _, dot, ending = name.rstrip(". \t").rpartition(".")
    return ending.casefold() if dot else ""


def begins_program(data: bytes, content_type: str) -> bool:
    """Tell whether the bytes are a program's. ``content_type``: the one found by looking at them."""
    return content_type.startswith(("application/octet-stream", "text/")) and data.startswith(_BEGINNINGS)
