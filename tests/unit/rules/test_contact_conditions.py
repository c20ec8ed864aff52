"""What rules ask of a contact: where they are from, what they write from, what they agreed to."""

import pytest
from phonenumbers import PhoneNumber
from phonenumbers.geocoder import description_for_number

from bridge.domain.areas import AREAS, PARTS
from bridge.domain.consent import Consent
from bridge.domain.conversations import Related
from bridge.domain.people import Contact
from bridge.rules.automation.numbers import origin_of
from tests.unit.rules import builders
from tests.unit.rules.builders import text
from tests.unit.rules.town import decided, ran, rule, state

COMMENT = "comment: seen"


def test_what_is_no_number_is_from_nowhere() -> None:
    assert origin_of("ACME").regions == frozenset()
    assert origin_of("+12125550100").national == "2125550100"


@pytest.mark.parametrize(
    ("number", "regions"),
    [
        ("+12125550100", {"US", "US-NY"}),
        ("+14165550100", {"CA", "CA-ON"}),
        ("+19025550100", {"CA", "CA-NS", "CA-PE"}),
        ("+14163634300", {"CA", "CA-ON"}),
        ("+15550100200", {"US"}),
        ("+18002255288", {"US"}),
        ("+17872001234", {"PR"}),
        ("+4930901820", {"DE"}),
        ("whatsapp:+12125550100", {"US", "US-NY"}),
    ],
)
def test_a_number_is_of_a_country_and_in_north_america_of_a_state(number: str, regions: set[str]) -> None:
    assert origin_of(number).regions == regions


def test_states_by_area_code_are_those_of_the_library() -> None:
    """What it says of a few exchanges of each area: 'Oakland, CA', 'California'."""
    ends = {f", {code.partition('-')[2]}": code for code in PARTS}
    names = {name: code for code, name in PARTS.items()} | {
        "Washington D.C.": "US-DC",
        "Washington State": "US-WA",
        "British Colombia": "CA-BC",
    }
    for area in range(200, 1000):
        numbers = [PhoneNumber(1, area * 10**7 + exchange * 10**4) for exchange in range(220, 1000, 65)]
        told = {part for one in numbers for part in description_for_number(one, "en").split("/")}
        found = {names.get(part) or ends.get(part[-4:]) for part in told} - {None}
        assert found <= set(AREAS.get(str(area), ())), area
        assert bool(found) is (str(area) in AREAS), area


@pytest.mark.parametrize(
    ("condition", "contact", "holds"),
    [
        ("{zone: America/New_York}", Contact("c1", "+12125550100"), True),
        ("{zone: America/New_York}", Contact("c1", "+12125550100", zone="Europe/Berlin"), False),
        ("{zone: [Europe/Berlin]}", Contact("c1", "+12125550100", zone="Europe/Berlin"), True),
        ("{zone: America/New_York}", Contact("c1", "+12195550100"), False),
        ("{zone: [America/New_York, America/Chicago]}", Contact("c1", "+12195550100"), True),
        ("{zone: America/New_York}", Contact("c1", "24365"), False),
        ("{kind: number}", Contact("c1", "+12125550100"), True),
        ("{kind: [short_code, letters]}", Contact("c1", "24365"), True),
        ("{kind: letters}", Contact("c1", "ACME"), True),
        ("{kind: number}", Contact("c1", "ACME"), False),
    ],
)
def test_where_contacts_live_and_what_they_write_from_are_conditions(
    condition: str, contact: Contact, *, holds: bool
) -> None:
    rules = rule(f"{{contact: {condition}}}", COMMENT)
    assert bool(ran(decided(rules, text(sender=contact.address), state(contact=contact)))) is holds


@pytest.mark.parametrize(
    ("consent", "changed"),
    [
        ("opted_out", {"opted_out": True, "consent": Consent(given=True)}),
        ("doubted", {"consent": Consent(doubt="m1", given=True)}),
        ("given", {"consent": Consent(given=True)}),
        ("asked", {"consent": Consent(asking="asked")}),
        ("unknown", {"consent": Consent(asking="due")}),
    ],
)
def test_what_contacts_agreed_to_is_a_condition(consent: str, changed: dict[str, object]) -> None:
    before = state(conversation=changed)
    kept = rule(f"{{contact: {{consent: {consent}}}}}", COMMENT, on="labelled")
    other = kept.replace(f"consent: {consent}", f"consent: {'asked' if consent != 'asked' else 'given'}")
    assert ran(decided(kept, builders.posted("!label +vip"), before))
    assert not ran(decided(other, builders.posted("!label +vip"), before))


def test_of_a_merged_conversation_the_consent_of_who_texted_counts() -> None:
    via = Related(
        conversation=builders.conversation(number=1043, contact="c2", opted_out=True),
        contact=Contact("c2", "+12125550102"),
    )
    asks = rule("{contact: {consent: opted_out}}", COMMENT)
    assert ran(decided(asks, text(), state(via=via)))
    assert not ran(decided(asks, text()))


@pytest.mark.parametrize(
    ("code", "number", "holds"),
    [("030", "+4930901820", True), ("30", "+4930901820", True), ("06", "+390612345678", True), ("030", "24365", False)],
)
def test_an_area_code_may_be_as_it_is_dialled_at_home(code: str, number: str, *, holds: bool) -> None:
    contact = Contact("c1", number)
    assert bool(ran(decided(rule(f"{{area_code: '{code}'}}", COMMENT), text(), state(contact=contact)))) is holds
