from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bridge.pipeline.fitting import carries, fitted
from bridge.ports.provider import MediaContent, ProviderCapabilities

CARRIES = ProviderCapabilities(media_count=10, media_bytes=60_000, media_types=("image/jpeg", "image/png"))


def picture(side: int, kind: str = "PNG") -> bytes:
    """A picture that does not compress well."""
    out = BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(out, kind)
    return out.getvalue()


def test_a_picture_that_fits_is_left_alone() -> None:
    small = MediaContent(picture(64), "image/png")
    assert fitted(small, CARRIES) is small


@pytest.mark.parametrize(
    ("kind", "content_type"), [("PNG", "image/png"), ("WEBP", "image/webp"), ("TIFF", "image/tiff")]
)
def test_a_large_or_foreign_picture_is_scaled_down_to_what_passes(kind: str, content_type: str) -> None:
    result = fitted(MediaContent(picture(900, kind), content_type, "photo"), CARRIES)
    assert result.content_type == "image/jpeg"
    assert carries(CARRIES, result.content_type, len(result.data))
    with Image.open(BytesIO(result.data)) as shown:
        assert shown.format == "JPEG"


def test_a_picture_that_cannot_be_made_small_enough_stays_as_it_is() -> None:
    tiny = ProviderCapabilities(media_count=1, media_bytes=500, media_types=("image/jpeg",))
    large = MediaContent(picture(900), "image/png")
    assert fitted(large, tiny) is large


@given(st.binary(max_size=200))
def test_what_is_no_picture_stays_as_it_is(data: bytes) -> None:
    broken = MediaContent(data, "image/webp")
    assert fitted(broken, CARRIES) is broken
    document = MediaContent(data, "application/pdf")
    assert fitted(document, CARRIES) is document
