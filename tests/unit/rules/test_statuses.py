"""A status counts as a word to us, and yields to it."""

from datetime import timedelta

import pytest

from bridge.domain.conversations import Absence
from bridge.domain.events import StatusChanged
from bridge.domain.keeping import EndAbsence, SaveAbsence
from bridge.domain.people import Person
from bridge.rules.absence import heeds_absence
from tests.unit.rules.builders import ANA, NOW, acts, done, kinds, state
from tests.unit.rules.teams import BEN, decided

END = NOW + timedelta(hours=2)
AWAY = StatusChanged(external_id="s1", person=ANA, away=True, until=END)
BACK = StatusChanged(external_id="s2", person=ANA, away=False)
BY_STATUS = (Absence("slack:U1", END, by_status=True), Absence("matrix:@ana:x", END, by_status=True))


def test_who_says_so_is_away_on_every_platform_and_it_is_on_record() -> None:
    assert heeds_absence(AWAY, state())
    decision = decided(state(), AWAY)
    saved = tuple(effect.absence for effect in decision.effects if isinstance(effect, SaveAbsence))
    assert (saved, acts(decision)) == (BY_STATUS, ["away"])
    for_ever = decided(state(), StatusChanged(external_id="s3", person=ANA, away=True))
    assert [effect.absence.until for effect in for_ever.effects if isinstance(effect, SaveAbsence)] == [None, None]


@pytest.mark.parametrize("event", [AWAY, BACK])
def test_what_is_known_is_no_news(event: StatusChanged) -> None:
    away = BY_STATUS if event.away else (Absence(BEN.key, by_status=True), Absence(ANA.key))
    assert decided(state(away=away), event).effects == ()


def test_another_end_is_news() -> None:
    later = StatusChanged(external_id="s3", person=ANA, away=True, until=END + timedelta(hours=1))
    assert kinds(decided(state(away=BY_STATUS), later)) == ["SaveAbsence", "SaveAbsence", "Record"]


def test_the_end_of_a_status_ends_no_absence_by_word() -> None:
    decision = decided(state(away=(*BY_STATUS, Absence("slack:U1"))), BACK)
    ended = [effect for effect in decision.effects if isinstance(effect, EndAbsence)]
    assert ended == [EndAbsence("slack:U1", by_status=True), EndAbsence("matrix:@ana:x", by_status=True)]
    assert acts(decision) == ["back"]


def test_where_teammates_are_configured_others_do_not_count() -> None:
    other = StatusChanged(external_id="s4", person=Person("slack", "U9"), away=True)
    assert decided(state(), other).effects == ()
    assert kinds(done(state(), other)) == ["SaveAbsence", "Record"]
