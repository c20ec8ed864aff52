import re

import pytest

from bridge.adapters.providers._laml_codes import ADVICE
from bridge.adapters.providers.twilio.facts import explain

# Every code the research names, by class.
RESEARCHED = (
    21211,
    21217,
    21612,
    21614,
    30005,
    30006,
    63003,
    63024,
    21610,
    21212,
    21602,
    21603,
    21606,
    21617,
    21620,
    21623,
    21655,
    21656,
    20001,
    35114,
    35115,
    35116,
    35117,
    35118,
    20003,
    21408,
    21608,
    21703,
    30034,
    30032,
    63007,
    63015,
    20429,
    30001,
    30002,
    30003,
    30004,
    30007,
    30008,
    30022,
    30023,
    30027,
    30036,
    30450,
    63016,
    11200,
    12300,
    11751,
    21611,
    63013,
    63018,
    63019,
    63021,
    63032,
    63036,
)


@pytest.mark.parametrize("code", RESEARCHED)
def test_every_known_code_has_advice(code: int) -> None:
    assert explain(str(code)) == ADVICE[str(code)]


@pytest.mark.parametrize("code", ADVICE)
def test_advice_is_one_or_two_plain_sentences(code: str) -> None:
    advice = ADVICE[code]
    assert advice[0].isupper()
    assert advice.endswith(".")
    assert 1 <= len(re.findall(r"[.?!](?: |$)", advice)) <= 2
    assert len(advice) <= 120
    assert code not in advice
    assert not re.search(r"\b(HTTP|API call|null|parameter|SID)\b", advice)


def test_advice_differs_from_code_to_code_except_where_the_remedy_is_the_same() -> None:
    same = [code for code in ADVICE if list(ADVICE.values()).count(ADVICE[code]) > 1]
    assert same == ["21602", "21619"]


@pytest.mark.parametrize("code", [None, "", "abc", "https://evil.example", "1", "1234567", "３０００６"])
def test_without_a_code_it_says_so(code: str | None) -> None:
    assert explain(code) == "Twilio could not deliver the text and did not say why. Send it again, or call."
