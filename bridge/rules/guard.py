"""The send guard: what in a reply makes the bot ask a person before it leaves."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, TypeAlias, get_args

from bridge.domain.content import Code, Content, Link, Mention, Text
from bridge.domain.policy import DEFAULT_MARKERS, GuardPolicy
from bridge.rules import hosts, patterns
from bridge.rules.commands import parse
from bridge.rules.markers import is_comment
from bridge.rules.plain import to_text
from bridge.rules.remarks import opens_for_team, remark_in

Check: TypeAlias = Literal["mentions", "broadcast", "secrets", "code", "hosts", "placeholders", "words", "remarks"]
CHECKS: tuple[Check, ...] = get_args(Check)

_FENCE = "```"
SECRETS = {
    "it holds a key of Amazon Web Services": patterns.AWS_KEY,
    "it holds a token of GitHub": patterns.GITHUB_TOKEN,
    "it holds a token of Slack": patterns.SLACK_TOKEN,
    "it holds a key of Stripe": patterns.STRIPE_KEY,
    "it holds a key of Twilio": patterns.TWILIO_KEY,
    "it holds a key of Google": patterns.GOOGLE_KEY,
    "it holds a key of Anthropic": patterns.ANTHROPIC_KEY,
    "it holds a key of OpenAI": patterns.OPENAI_KEY,
    "it holds a token of GitLab": patterns.GITLAB_TOKEN,
    "it holds a key of SendGrid": patterns.SENDGRID_KEY,
    "it holds a signed web token (JWT)": patterns.JWT,
    "it holds a private key": patterns.PRIVATE_KEY,
    "it seems to hold a password": patterns.PASSWORD,
    "it seems to hold a social security number": patterns.SOCIAL_SECURITY,
}
_CARD = "it seems to hold a card number"
_WORD = "it matches the operator's word list"
_REMARK = "it holds a comment marker further on"
_FOR_TEAM = "it reads like words for the team"
_OPENINGS: dict[str, Check] = {
    "it mentions ": "mentions",
    "it holds a mention in ": "mentions",
    "it calls everyone ": "broadcast",
    "it holds a block of code": "code",
    "it links to a private ": "hosts",
    "it holds an unfilled placeholder": "placeholders",
    _WORD: "words",
    "one of its lines ": "remarks",
    _REMARK: "remarks",
    _FOR_TEAM: "remarks",
    _CARD: "secrets",
    **dict.fromkeys(SECRETS, "secrets"),
}


def check_of(clause: str) -> Check | None:
    """Return the check a clause comes from, None when it is none of the guard's."""
    return next((check for opening, check in _OPENINGS.items() if clause.startswith(opening)), None)


def reasons(
    content: Content, markers: Sequence[str] = DEFAULT_MARKERS, guard: GuardPolicy | None = None
) -> tuple[str, ...]:
    """Return why this reply should be looked at before it leaves, as clauses in plain words; empty: it may leave.

    The clauses name mentions and the operator's own patterns and quote nothing else, so they may go on record. A
    comment is no reply and none of the guard's business, nor is a command that opens the message (``!send`` and what
    it sends).
    """
    return tuple(dict.fromkeys(_found(content, markers, guard or GuardPolicy())))


def _found(content: Content, markers: Sequence[str], guard: GuardPolicy) -> Iterator[str]:
    typed = _even("".join(span.text for span in content if isinstance(span, Text)))
    whole = _even(to_text(content))
    looks: list[tuple[bool, Callable[[], Iterable[str]]]] = [
        (guard.mentions, lambda: _mentions(content, typed)),
        (guard.broadcast, lambda: _broadcast(content, typed)),
        (guard.code, lambda: _code(content, typed)),
        (guard.secrets, lambda: _secrets(whole)),
        (guard.hosts, lambda: _hosts(content, whole, guard.private_hosts)),
        (guard.placeholders, lambda: _placeholders(whole)),
        (bool(guard.words), lambda: _words(whole, guard.words)),
        (guard.remarks, lambda: _lines(to_text(content).split("\n"), markers)),
    ]
    for wanted, look in looks:
        if wanted:
            yield from look()


def _even(text: str) -> str:
    """Return the text with full-width and other compatibility forms made plain, and without invisible characters."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")


def _mentions(content: Content, typed: str) -> Iterator[str]:
    yield from (_mention(span) for span in content if isinstance(span, Mention) and span.kind != "everyone")
    if patterns.RAW_MENTION.search(typed):
        yield "it holds a mention in the chat's own notation"


def _mention(mention: Mention) -> str:
    match mention.kind:
        case "person":
            return f"it mentions @{mention.label}"
        case "team":
            return f"it mentions the team @{mention.label}"
        case _:
            return f"it mentions the room #{mention.label}"


def _broadcast(content: Content, typed: str) -> Iterator[str]:
    called = [span.label for span in content if isinstance(span, Mention) and span.kind == "everyone"]
    yield from (f"it calls everyone (@{call})" for call in called)
    yield from (f"it calls everyone (@{call.lower()})" for call in patterns.CALLS_EVERYONE.findall(typed))


def _code(content: Content, typed: str) -> Iterator[str]:
    if _FENCE in typed or any(isinstance(span, Code) and span.block for span in content):
        yield "it holds a block of code"


def _secrets(text: str) -> Iterator[str]:
    yield from (clause for clause, pattern in SECRETS.items() if pattern.search(text))
    if any(patterns.is_card_number(found) for found in patterns.LONG_NUMBER.findall(text)):
        yield _CARD


def _hosts(content: Content, text: str, own: Sequence[str]) -> Iterator[str]:
    linked = "\n".join(span.url for span in content if isinstance(span, Link))
    whole = f"{text}\n{linked}"
    if patterns.SLACK_MESSAGE.search(whole) or any(hosts.is_private(host, own) for host in hosts.named_in(whole)):
        yield "it links to a private host"


def _placeholders(text: str) -> Iterator[str]:
    if patterns.PLACEHOLDER.search(text):
        yield "it holds an unfilled placeholder"


def _words(text: str, words: Sequence[str]) -> Iterator[str]:
    plain = _without_accents(text)
    for word in words:
        if any(patterns.operator_word(word).search(one) for one in (text, plain)):
            yield f"{_WORD} ({word})"


def _without_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if unicodedata.category(sign) != "Mn")


def _lines(lines: Sequence[str], markers: Sequence[str]) -> Iterator[str]:
    """Find remarks and commands further down, which a glance at the first line would miss."""
    if any(is_comment((Text(line),), markers) for line in lines[1:]):
        yield "one of its lines begins like a comment"
    elif (marker := remark_in(_even("\n".join(lines)), markers)) is not None:
        yield f"{_REMARK} ({marker})"
    elif opens_for_team(_even("\n".join(lines))):
        yield _FOR_TEAM
    unheeded = lines[1:] if parse(lines[0]) else lines
    if any(patterns.COMMAND_LINE.match(line) for line in unheeded):
        yield "one of its lines begins like a command"
