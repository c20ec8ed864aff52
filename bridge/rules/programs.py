"""Files that are programs: a contact who opens one from a business's number has little reason to doubt it."""

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


def named_program(name: str) -> bool:
    """Tell whether a file's name says that it runs when it is opened."""
    _, dot, ending = name.rstrip(". \t").rpartition(".")
    return bool(dot) and ending.casefold() in _ENDINGS


def begins_program(data: bytes, content_type: str) -> bool:
    """Tell whether the bytes are a program's. ``content_type``: the one found by looking at them."""
    return content_type.startswith(("application/octet-stream", "text/")) and data.startswith(_BEGINNINGS)
