import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.rules.addresses import can_be_texted, normalise, shown


@pytest.mark.parametrize(
    ("raw", "region", "address"),
    [
        ("+15550001000", None, "+15550001000"),
        (" +1 (555) 000-1000 ", None, "+15550001000"),
        ("\u202a+1\u00a0555\u2011000\u20111000\u202c", None, "+15550001000"),
        ("(555) 000-1000", "US", "+15550001000"),
        ("tel:+15550001000", None, "+15550001000"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("＋４４ 20 7946 0000", None, "+442079460000"),
        ("020 7946 0000", "GB", "+442079460000"),
        ("+39 06 1234 5678", None, "+390612345678"),
        ("0049 30 123456", "DE", "+4930123456"),
        ("12345", None, "12345"),
        ("123-456", "US", "123456"),
        ("611", None, "611"),
        ("12345678", None, "12345678"),
        ("406 12 345", "NO", "+4740612345"),
        ("12345", "NO", "12345"),
        ("Amazon", None, "Amazon"),
        ("ACME & Co 1", "US", "ACME & Co 1"),
        ("whatsapp:+15550001000", None, "whatsapp:+15550001000"),
        ("WhatsApp: (555) 000-1000", "US", "whatsapp:+15550001000"),
    ],
)
def test_one_form(raw: str, region: str | None, address: str) -> None:
    assert normalise(raw, region) == address
    assert normalise(address, None) == address


@pytest.mark.parametrize(
    ("raw", "region", "why"),
    [
        ("5550001000", None, "country code"),
        ("+999 1234567", None, "country code"),
        ("", None, "not a phone number"),
        ("12", None, "country code"),
        ("no such contact", "US", "not a phone number"),
        ("+1 555 000", None, "too few digits"),
        ("+1 555 000 1000 1000", None, "too many digits"),
        ("+1 000 1000", None, "area code"),
        ("+1 555 000 1000 ext. 12", None, "extension"),
        ("whatsapp:12345", None, "country code"),
        ("whatsapp:Amazon", None, "not a phone number"),
    ],
)
def test_refused_in_plain_words(raw: str, region: str | None, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        normalise(raw, region)


@given(st.text(max_size=40) | st.from_regex(r"\+?[0-9 ()-]{1,18}", fullmatch=True), st.sampled_from([None, "US", "NO"]))
def test_an_address_has_one_form_or_none(raw: str, region: str | None) -> None:
    try:
        address = normalise(raw, region)
    except ValueError:
        return
    assert normalise(address, None) == address
    assert can_be_texted(address) or address.isascii()
    assert shown(address)


@pytest.mark.parametrize(
    ("address", "people_read"),
    [
        ("+15550001000", "+1 555-000-1000"),
        ("+442079460000", "+44 20 7946 0000"),
        ("whatsapp:+15550001000", "+1 555-000-1000 (WhatsApp)"),
        ("12345", "12345"),
        ("Amazon", "Amazon"),
        ("", ""),
    ],
)
def test_shown_to_people(address: str, people_read: str) -> None:
    assert shown(address) == people_read


@pytest.mark.parametrize(
    ("address", "can"),
    [
        ("+15550001000", True),
        ("whatsapp:+15550001000", True),
        ("12345", True),
        ("555", False),
        ("Amazon", False),
        ("7Eleven", False),
    ],
)
def test_letter_senders_take_no_texts(address: str, can: bool) -> None:
    assert can_be_texted(address) is can
