from bridge.pipeline.prepared import mistake_in


def test_a_template_that_cannot_be_used_is_told_in_words() -> None:
    assert mistake_in("Hi {{ contact.first_name }}") == ""
    assert mistake_in("Hi {{ oops") == "it cannot be read (line 1): check its braces"
