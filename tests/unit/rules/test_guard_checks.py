"""Each check of the send guard: what it holds, what it lets pass, and that it can be switched off."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.content import Code, Content, Link, Mention, Text
from bridge.domain.policy import GuardPolicy
from bridge.rules import guard, hosts, patterns, wording
from bridge.rules.guard import CHECKS, check_of, reasons
from tests.unit.rules.builders import NOW, content, done, line, posted, state

ID = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
SECRETS = {
    "AKIAIOSFODNN7EXAMPLE": "it holds a key of Amazon Web Services",
    f"ghp_{ID}": "it holds a token of GitHub",
    "github_pat_11ABCDEFG0123456789_abc": "it holds a token of GitHub",
    "xoxb" + "-123456789012-abcdefABCDEF": "it holds a token of Slack",
    "xapp" + "-1-A0123456789-0123": "it holds a token of Slack",
    "https://hooks.slack.com/services/T000/B000/XX": "it holds a token of Slack",
    "sk_" + f"live_{ID}": "it holds a key of Stripe",
    f"whsec_{ID}": "it holds a key of Stripe",
    "SK" + "0123456789abcdef" * 2: "it holds a key of Twilio",
    "auth token: " + "0123456789abcdef" * 2: "it holds a key of Twilio",
    "AIza" + ID[:35]: "it holds a key of Google",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF123456": "it holds a signed web token (JWT)",
    "-----BEGIN OPENSSH PRIVATE KEY-----": "it holds a private key",
    "Password: tulip": "it seems to hold a password",
    "the password is tulip99": "it seems to hold a password",
    "ｐａｓｓｗｏｒｄ: tulip": "it seems to hold a password",
    "pass\u200bword: tulip": "it seems to hold a password",
    "api_key=abcdef": "it seems to hold a password",
    "123-45-6789": "it seems to hold a social security number",
    "his SSN is 123 45 6789": "it seems to hold a social security number",
    "4242 4242 4242 4242": "it seems to hold a card number",
    "5555-5555-5555-4444": "it seems to hold a card number",
    "378282246310005": "it seems to hold a card number",
    "2223003122003222": "it seems to hold a card number",
    "sk-" + f"ant-api03-{ID}": "it holds a key of Anthropic",
    "sk-" + f"proj-{ID}": "it holds a key of OpenAI",
    "sk-" + ID: "it holds a key of OpenAI",
    "glpat-" + ID[:20]: "it holds a token of GitLab",
    f"SG.{ID[:22]}.{ID}": "it holds a key of SendGrid",
    "my password is hunter2": "it seems to hold a password",
    "social 123 45 6789": "it seems to hold a social security number",
}
NO_SECRETS = [
    "the password is 2 weeks old",
    "Ask the social team at 212-555-0123",
    "the sk-learn-and-more-words-to-come course",
    "Forgot your password? Tap the link.",
    "the password is wrong",
    "Call 212-555-0123 or +1 212 555 0123",
    "Order 4242 4242 4242 4241",
    "Tracking 9400110200881234567890",
    "4444444444444444",
    "000-12-3456 and 666-12-3456 and 123-00-4567",
    "1Z999AA10123456784",
    "Ask AKI about it",
    "+5511912345678 and 5511912345678",
]
PRIVATE = [
    "see https://acme.slack.com/archives/C0123/p1700000000000000",
    "http://10.0.0.5/x",
    "see 192.168.1.20:8080",
    "http://172.16.0.1",
    "https://127.0.0.1",
    "http://[::1]:80/",
    "http://[fd00::1]/",
    "http://169.254.169.254/latest",
    "http://localhost:3000",
    "localhost",
    "https://wiki/page",
    "https://user:word@build.internal/x",
    "printer.local",
    "git.corp is where it is",
]
PUBLIC = [
    "https://example.org/a?b=10.0.0.1x",
    "http://8.8.8.8",
    "version 1.10.0.0.5",
    "http://[2606:4700::1111]/",
    "mail ana@shop.local.example.org",
    "ask the local.shop",
    "999.999.1.1",
    "We are local. Internal use no more",
]
UNFILLED = [
    "Hi {{name}}",
    "Hi {first_name},",
    "Hi <first name>",
    "Hi [NAME]",
    "Hi [your name]",
    "at XXX o'clock",
    "on ____",
    "on ___",
    "Dear %NAME%,",
    "it is TODO",
    "TODO: price",
]
FILLED = [
    "see [1] and [a]",
    "xxx kisses",
    "size XXXL",
    "<3 you",
    "a < b > c",
    "card ending XXXX1234",
    "<https://x.org>",
]


def held(text: str, **settings: object) -> tuple[str, ...]:
    return reasons(content(text), guard=replace(GuardPolicy(), **settings))


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_held_and_never_repeated(secret: str) -> None:
    for text in (secret, f"Here it is: {secret}.", f"Hello\n{secret}\nBye"):
        found = held(text)
        assert SECRETS[secret] in found
        assert not any(secret in clause for clause in found)
    assert SECRETS[secret] not in held(secret, secrets=False)


def test_a_secret_is_held_in_a_link_and_in_code_as_well() -> None:
    key = "AKIAIOSFODNN7EXAMPLE"
    assert reasons((Code(key, block=False),)) == ("it holds a key of Amazon Web Services",)
    assert reasons((Link(f"https://example.org/?k={key}", "here"),)) == ("it holds a key of Amazon Web Services",)


@pytest.mark.parametrize("text", NO_SECRETS)
def test_what_is_no_secret_leaves(text: str) -> None:
    assert held(text) == ()


@pytest.mark.parametrize("text", PRIVATE)
def test_a_private_host_is_held(text: str) -> None:
    assert held(text) == ("it links to a private host",)
    assert held(text, hosts=False) == ()


def test_a_private_host_behind_a_label_is_held() -> None:
    assert reasons((Link("https://intra.lan/x", "our page"),)) == ("it links to a private host",)


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_host_leaves(text: str) -> None:
    assert held(text) == ()


def test_the_operators_hosts_are_private_with_what_is_below_them() -> None:
    own = {"private_hosts": ("wiki.example.org",)}
    assert held("https://wiki.example.org/x", **own) == ("it links to a private host",)
    assert held("https://old.wiki.example.org", **own) == ("it links to a private host",)
    assert held("https://example.org", **own) == ()
    assert hosts.is_private("a.example.org", ["*.Example.org"])


@pytest.mark.parametrize("text", UNFILLED)
def test_an_unfilled_placeholder_is_held(text: str) -> None:
    assert held(text) == ("it holds an unfilled placeholder",)
    assert held(text, placeholders=False) == ()


@pytest.mark.parametrize("text", FILLED)
def test_what_is_no_placeholder_leaves(text: str) -> None:
    assert held(text) == ()


def test_the_operators_words_are_whole_words_in_any_case() -> None:
    words = {"words": ("refund(s|ed)?", "não")}
    assert held("You get a REFUND.", **words) == ("it matches the operator's word list (refund(s|ed)?)",)
    assert held("isso NÃO", **words) == ("it matches the operator's word list (não)",)
    assert held("unrefunded, nãoo", **words) == ()


def test_an_operators_pattern_cannot_run_long() -> None:
    assert held("a" * 20000 + "b", words=("(a+)+$", "(a|aa)+$")) == ()


@pytest.mark.parametrize("pattern", ["(", "a)|(b", r"(?=x)", r"(a)\1", "x{5000}"])
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        patterns.operator_word(pattern)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("mentions", (Mention("person", "U1", "Ana"),)),
        ("mentions", (Text("<@U123>"),)),
        ("broadcast", (Mention("everyone", "", "here"),)),
        ("broadcast", (Text("@here"),)),
        ("code", (Text("```x```"),)),
        ("remarks", (Text("Hello\n// he is slow"),)),
        ("remarks", (Text("Hello\n!close"),)),
    ],
)
def test_each_check_can_be_switched_off(check: str, text: Content) -> None:
    found = reasons((Text("x "), *text))
    assert {check_of(clause) for clause in found} == {check}
    assert reasons((Text("x "), *text), guard=replace(GuardPolicy(), **{check: False})) == ()


def test_every_clause_names_its_check() -> None:
    clauses = (*guard.SECRETS, *held("4242 4242 4242 4242 <name> http://x.lan cat", words=("cat",)))
    assert {check_of(clause) for clause in clauses} == {"secrets", "placeholders", "hosts", "words"}
    assert check_of("this line asks before each text") is None
    assert set(CHECKS) >= {check_of(clause) for clause in clauses}


@given(st.text(alphabet="0123456789 -", min_size=1, max_size=40))
def test_any_digits_are_judged(text: str) -> None:
    held(text)


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert all(check_of(clause) for clause in held(text, words=("a+",)))


def test_a_line_is_guarded_as_it_is_set() -> None:
    secret = posted("Password: tulip")
    (message,) = done(state(), secret).messages
    assert message.reasons == ("it seems to hold a password",)
    open_line = line(guard=GuardPolicy(secrets=False))
    (message,) = done(state(), secret, open_line).messages
    assert message.reasons == ()
    assert message.release_at == NOW + open_line.undo


@pytest.mark.parametrize("text", ["No réfund today", "no REFÚND"])
def test_an_operators_word_is_found_whatever_its_accents(text: str) -> None:
    assert reasons(content(text), guard=GuardPolicy(words=("refund",))) == (
        "it matches the operator's word list (refund)",
    )


def test_a_word_in_capitals_throughout_is_no_placeholder() -> None:
    assert reasons(content("GRACIAS POR TODO")) == ()


def test_a_question_does_not_repeat_a_secret() -> None:
    body = "password: tulip-99"
    why = reasons((Text(body),))
    for note in (wording.question("m1", body, why), wording.still_held("m1", body, why)):
        assert "tulip" not in note.text
        assert "a reply with a secret." in note.text
