"""Values of conditions and actions: names, patterns, languages, regions."""

from typing import Annotated, Any, cast

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field

from bridge.config.values import Text, check_address, check_pattern, check_zone
from bridge.domain.areas import PARTS
from bridge.domain.conditions import AddressKind, ConsentStatus
from bridge.domain.languages import LANGUAGES, UNKNOWN
from bridge.ports.specs import unusable as refuse

_AREA = 8


def _listed(value: Any) -> Any:
    return cast("Any", value) if isinstance(value, list | tuple) else [value]


def _digits(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _area_code(value: str) -> str:
    if not (value.isascii() and value.isdigit() and len(value) <= _AREA):
        raise refuse("must be the digits behind the country code.", "Write 212, in quotes if it begins with 0.")
    return value


def _region(value: str) -> str:
    if value in PARTS or value in phonenumbers.SUPPORTED_REGIONS:
        return value
    by_name = {name.casefold(): code for code, name in PARTS.items()}
    capitals = value.upper()
    known = capitals in PARTS or capitals in phonenumbers.SUPPORTED_REGIONS
    meant = by_name.get(value.casefold()) or (capitals if known else None)
    hint = f"Write {meant}." if meant else "Write two letters, US, or a state or province, US-CA."
    raise refuse("is no country, and no state or province that numbers tell.", hint)


def _language(value: str) -> str:
    code = value.casefold()
    if code in LANGUAGES or code == UNKNOWN:
        return code
    by_name = {name.casefold(): code for code, name in LANGUAGES.items()}
    meant = by_name.get(code) or (code[:2] if code[2:3] in ("-", "_") and code[:2] in LANGUAGES else None)
    hint = f"Write {meant}." if meant else "Write its code, such as es, or unknown."
    raise refuse("is no language that can be told.", hint)


def _label(value: str) -> str:
    if not value.removeprefix("-").replace("-", "a").replace("_", "a").replace(".", "a").isalnum():
        raise refuse("is no label.", "A label is one word of letters, digits, `.`, `_` and `-`.")
    return value.casefold()


def _pattern(value: str) -> str:
    if any(ord(sign) < ord(" ") for sign in value):
        said = r"holds a control character, as \b is one between double quotes."
        raise refuse(said, r"Write single quotes: '\bprice\b'.")
    return check_pattern(value)


def _keyword(value: str) -> str:
    if not any(sign.isalnum() for sign in value):
        raise refuse("has no letter or digit, so no text holds it.", "Write a word, or use text: with a pattern.")
    return value


Pattern = Annotated[Text, Field(max_length=500), AfterValidator(_pattern)]
_LISTED = BeforeValidator(_listed)
Keywords = Annotated[tuple[Annotated[Text, AfterValidator(_keyword)], ...], _LISTED, Field(min_length=1)]
Names = Annotated[tuple[Text, ...], _LISTED, Field(min_length=1)]
Patterns = Annotated[tuple[Pattern, ...], _LISTED, Field(min_length=1)]
Labels = Annotated[
    tuple[Annotated[Text, Field(max_length=40), AfterValidator(_label)], ...], _LISTED, Field(min_length=1)
]
Addresses = Annotated[tuple[Annotated[Text, AfterValidator(check_address)], ...], _LISTED, Field(min_length=1)]
AreaCode = Annotated[Text, AfterValidator(_area_code)]
AreaCodes = Annotated[tuple[Annotated[AreaCode, BeforeValidator(_digits)], ...], _LISTED, Field(min_length=1)]
Languages = Annotated[tuple[Annotated[Text, AfterValidator(_language)], ...], _LISTED, Field(min_length=1)]
Regions = Annotated[tuple[Annotated[Text, AfterValidator(_region)], ...], _LISTED, Field(min_length=1)]
Zones = Annotated[tuple[Annotated[Text, AfterValidator(check_zone)], ...], _LISTED, Field(min_length=1)]
Kinds = Annotated[tuple[AddressKind, ...], _LISTED, Field(min_length=1)]
Statuses = Annotated[tuple[ConsentStatus, ...], _LISTED, Field(min_length=1)]
