"""What the configuration asks about the templates and times of rules, before there is a conversation."""

from bridge.pipeline.prepared import asked_for, is_time, mistake_in


def test_what_only_a_person_can_give_is_asked_for() -> None:
    assert asked_for("Hi {{ contact.name }}, {{ hours.next_opening }}") == ()
    assert asked_for("{{ day }} {{ document | default('your ID') }} {{ teammate.name }}") == ("day", "teammate.name")


def test_a_template_whose_letters_grow_too_many_asks_for_nothing() -> None:
    grows = "{{ '" + "ß" * 1000 + "' | upper }}"
    assert mistake_in(grows) == ""
    assert asked_for(grows) == ()


def test_times_are_told_from_other_words() -> None:
    assert is_time("2h")
    assert is_time("tomorrow 9:00")
    assert not is_time("whenever")
