"""Outgoing files brought to what the provider carries; what it cannot carry goes out as a link."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from bridge.ports.provider import MediaContent, ProviderCapabilities

WIDEST = (2048, 1536, 1024, 768, 512, 320)
"""Longest sides tried, in pixels: phones show no more than the first."""
QUALITY = 80


def carries(capabilities: ProviderCapabilities, content_type: str, size: int) -> bool:
    """Tell whether the provider takes such a file in a text."""
    return content_type in capabilities.media_types and 0 < size <= capabilities.media_bytes


def fitted(content: MediaContent, capabilities: ProviderCapabilities) -> MediaContent:
    """Return a picture scaled down until the provider carries it; anything else as it is. It computes: for a thread."""
    if carries(capabilities, content.content_type, len(content.data)) or not content.content_type.startswith("image/"):
        return content
    smaller = _smaller(content.data, capabilities)
    return content if smaller is None else MediaContent(smaller, "image/jpeg", content.name)


def _smaller(data: bytes, capabilities: ProviderCapabilities) -> bytes | None:
    try:
        with Image.open(BytesIO(data)) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        return None
    for side in WIDEST:
        picture.thumbnail((side, side))
        out = BytesIO()
        picture.save(out, "JPEG", quality=QUALITY, optimize=True)
        if carries(capabilities, "image/jpeg", out.tell()):
            return out.getvalue()
    return None
