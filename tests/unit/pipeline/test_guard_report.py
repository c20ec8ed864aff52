"""What people made of held replies, counted by check."""

from bridge.pipeline.guard_report import CheckTally, tally

SECRET, MENTION = "it seems to hold a password", "it mentions @Ana"


def of(check: str, *entries: tuple[str, str, str]) -> CheckTally:
    return next(line for line in tally(entries) if line.check == check)


def test_what_was_decided_is_counted() -> None:
    entries = [(name, "held", SECRET) for name in "abcde"]
    ends = ("released", "kept_internal", "undone", "deleted_in_time")
    entries += [(name, act, "") for name, act in zip("abcd", ends, strict=True)]
    line = of("secrets", *entries)
    assert line == CheckTally("secrets", 5, 1, 1, 2)
    assert line.undecided == 1


def test_a_reply_held_for_two_reasons_counts_for_both() -> None:
    held = ("a", "held", f"{MENTION}; {SECRET}")
    assert (of("secrets", held).held, of("mentions", held).held) == (1, 1)


def test_a_reply_held_anew_waits_again() -> None:
    entries = [("a", "held", SECRET), ("a", "undone", ""), ("a", "held", MENTION)]
    assert of("secrets", *entries) == CheckTally("secrets", 1, 0, 0, 0)
    assert of("mentions", *entries).undecided == 1


def test_what_the_guard_did_not_hold_counts_nowhere() -> None:
    entries = [("a", "held", "this line asks before each text"), ("a", "released", ""), ("b", "undone", "")]
    assert not any(line.held for line in tally(entries))
