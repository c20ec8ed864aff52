"""Files that are no configuration at all, or say it in ways that are refused."""

from pathlib import Path
from typing import Any

import pytest

from bridge.config import ConfigError, load
from tests.config.samples import PLATFORMS, PROVIDERS, RIGHT, changed, problems_of


def test_a_key_that_is_there_twice_is_told_with_both_lines() -> None:
    (problem,) = problems_of(RIGHT + "listen: :1\nlisten: :2\n")
    assert (problem.line, problem.where) == (17, "listen")
    assert "on line 16" in problem.message


def test_a_substitution_that_needs_quotes_says_so() -> None:
    (problem,) = problems_of(RIGHT.replace('"tokentoken"', "${TOKEN}"))
    assert problem.line == 3
    assert problem.hint == 'Between { } or [ ], put it in quotes: "${NAME}".'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: b\nc: [1, 2\n", 3),
        ("a: b\n\tc: d\n", 2),
        ("a: b\nc: *nothing\n", 2),
        ("a: b\nc: @x\n", 2),
        ("a: b\nc: !tag!x y\n", 2),
        ("a: b\nc: \x07\n", 2),
        ("a: b\n---\nc: d\n", 2),
    ],
)
def test_what_is_not_yaml_is_told_with_its_line(text: str, line: int) -> None:
    (problem,) = problems_of(text)
    assert problem.line == line
    assert problem.where == ""


@pytest.mark.parametrize("text", ["", "- a\n", "word\n", "# only a remark\n"])
def test_a_file_without_settings_is_refused(text: str) -> None:
    (problem,) = problems_of(text)
    assert "must hold settings" in problem.message


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        ("canned: &a {x: *a}\n", "an alias repeats what it is part of."),
        ("canned: {x: !python/name:os.system y}\n", "YAML tags (words after !) are not used here."),
        ("canned: {[a]: b}\n", "a key must be one word."),
    ],
)
def test_tricks_of_yaml_are_refused(addition: str, message: str) -> None:
    assert message in {problem.message for problem in problems_of(RIGHT + addition)}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("${ABSENT}", "the environment variable ABSENT is not set."),
        ("${no name}", "what stands between ${ and } is not understood."),
        ("${OPEN", "a ${ is not closed by }."),
        ("${file:absent}", "the file absent cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_filled_in_is_told_once(written: str, message: str) -> None:
    (problem,) = problems_of(RIGHT.replace("tokentoken", written))
    assert (problem.line, problem.where, problem.message) == (3, "accounts.main.auth_token", message)
    assert problem.hint


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xff", "is not UTF-8 text."), (b"x" * 70000, "has more than 65536 bytes.")],
)
def test_secret_files_must_be_short_texts(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "secret").write_bytes(content)
    (problem,) = problems_of(RIGHT.replace("tokentoken", f"${{file:{tmp_path / 'secret'}}}"))
    assert problem.message.endswith(message)


def test_a_file_that_is_not_there_is_answered_with_the_way_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="textbridge init"):
        load(tmp_path / "textbridge.yaml", {}, providers=PROVIDERS, platforms=PLATFORMS)


def test_a_file_that_is_not_text_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "textbridge.yaml"
    file.write_bytes(b"a: b\nc: \xff\n")
    with pytest.raises(ConfigError) as caught:
        load(file, {}, providers=PROVIDERS, platforms=PLATFORMS)
    (problem,) = caught.value.problems
    assert (problem.line, problem.message) == (2, "the file is not UTF-8 text.")


@pytest.mark.parametrize("section", ["accounts", "platforms", "lines", "teams", "teammates"])
@pytest.mark.parametrize("value", ["word", 7, True, ["x"], {"a": "word"}, {"a": None}, {"a": ["x"]}, {"a b": {}}])
def test_wrong_shapes_are_answered_not_crashed_on(section: str, value: Any) -> None:
    assert problems_of(changed(section, value))


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(", ": a bracket ( is not closed."),
        ("x)", ": a bracket ) closes nothing."),
        ("[a", ": a bracket [ is not closed."),
        ("(?=x)", ": look-around, (?= or (?!, is not known."),
        ("x{5000}", ": it repeats more than 1000 times."),
        ("+x", ": before *, + or ? stands nothing."),
        ("x**", ": two of *, + and ? stand side by side."),
        (r"\1", r": \ stands before what it gives no meaning."),
        ("x\\", r": \ stands at its end."),
        ("[z-a]", ": a range in [ ] ends before it begins."),
    ],
)
def test_a_pattern_that_cannot_be_read_is_told(pattern: str, why: str) -> None:
    (problem,) = problems_of(changed("lines.desk.guard.words", ["refund", pattern]))
    where, said = "lines.desk.guard.words[1]", f"is not a pattern that can be read{why}"
    assert (problem.where, problem.message) == (where, said)


@pytest.mark.parametrize("host", ["https://wiki", "wiki page", "a..b", "x" * 300])
def test_a_host_that_is_none_is_told(host: str) -> None:
    (problem,) = problems_of(changed("lines.desk.guard.private_hosts", [host]))
    assert problem.message == "is not the name of a host."
