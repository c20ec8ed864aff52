from bridge.pipeline.prepared import asked_for, mistake_in


def test_a_template_that_cannot_be_used_is_told_in_words() -> None:
    assert mistake_in("Hi {{ contact.first_name }}") == ""
    assert mistake_in("Hi {{ oops") == "it cannot be read (line 1): check its braces"


def test_what_a_template_must_be_given_is_known_beforehand() -> None:
    assert asked_for("Hi {{ contact.first_name }}, {{ day }} at {{ hour }}") == ("day", "hour")
    assert asked_for("Hi {{ contact.first_name }}") == ()
    assert asked_for("Hi {{ oops") == ()
