"""Addresses of contacts and lines: one form to store, one to show."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

WHATSAPP = "whatsapp:"
KNOWN_AT_ONCE = 10_000
"""Addresses whose written form is remembered: making it costs more than the rest of planning a post."""
_LAST_DIGITS = 4

_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_TEXTED_CODE = re.compile(r"[0-9]{4,8}")
# GSM 03.38 letters are allowed in theory; carriers and Twilio take these.
_LETTER_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &_-]{1,11}")
_SEPARATORS = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff-]")  # pasted numbers carry direction marks


def normalise(raw: str, region: str | None) -> str:
    """Return an address in the one form it is stored and compared in.

    ``+15550001000`` (E.164), ``whatsapp:+15550001000``, a short code of 3 to 8 digits, or a letter sender as it is.
    ``region``: two-letter country whose national notation is understood, None for international only. Whether a number
    is in use is not asked, only whether its length can be right. Raises ValueError in words for people.
    """
    text = raw.strip()
    if text[: len(WHATSAPP)].lower() == WHATSAPP:
        return WHATSAPP + _number(text[len(WHATSAPP) :], region)
    digits = _SEPARATORS.sub("", text)
    if _SHORT_CODE.fullmatch(digits):
        return _national(digits, region) or digits
    return text if _LETTER_SENDER.fullmatch(text) else _number(text, region)


@lru_cache(KNOWN_AT_ONCE)
def shown(address: str) -> str:
    """Return an address as people write it: ``+1 555-000-1000``; what is no number stays as it is."""
    number = address.removeprefix(WHATSAPP)
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return address
    text = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    return f"{text} (WhatsApp)" if address.startswith(WHATSAPP) else text


def masked(address: str) -> str:
    """Return an address of which only the last digits can be read: ``…0100``; what is short or no number stays."""
    number = address.removeprefix(WHATSAPP)
    return f"…{number[-_LAST_DIGITS:]}" if number.startswith("+") else address


def can_be_texted(address: str) -> bool:
    """Tell whether texts can be sent to a stored address: letter senders and codes of three digits take none."""
    return address.startswith((WHATSAPP, "+")) or _TEXTED_CODE.fullmatch(address) is not None


def _number(text: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as error:
        if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
            raise ValueError("Begin the number with + and its country code, as in +1 555 000 1000.") from None
        raise ValueError("This is not a phone number; write it like +1 555 000 1000.") from None
    if number.extension:
        raise ValueError("A number with an extension cannot be texted; leave the extension out.")
    return _checked(number)


def _checked(number: PhoneNumber) -> str:
    match phonenumbers.is_possible_number_with_reason(number):
        case phonenumbers.ValidationResult.TOO_SHORT:
            raise ValueError("This phone number has too few digits.")
        case phonenumbers.ValidationResult.TOO_LONG:
            raise ValueError("This phone number has too many digits.")
        case phonenumbers.ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
        case _:
            raise ValueError("This phone number is not complete; write it with its area code.")


def _national(digits: str, region: str | None) -> str | None:
    """Return a short national number in full where the country has such numbers, as Norway and Singapore do."""
    try:
        number = phonenumbers.parse(digits, region)
    except NumberParseException:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if phonenumbers.is_valid_number(number) else None
