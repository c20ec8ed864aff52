"""How many segments a text takes on the air (GSM 03.38 and UCS-2)."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")


def count_segments(body: str) -> int:
    """Return the number of segments; an empty text takes one."""
    if all(letter in _BASIC or letter in _EXTENDED for letter in body):
        sizes, single, joined = [2 if letter in _EXTENDED else 1 for letter in body], 160, 153
    else:
        sizes, single, joined = [len(letter.encode("utf-16-le")) // 2 for letter in body], 70, 67
    if sum(sizes) <= single:
        return 1
    segments, used = 1, 0
    for size in sizes:
        if used + size > joined:
            segments, used = segments + 1, 0
        used += size
    return segments
