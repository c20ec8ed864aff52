"""What secrets, placeholders and calls look like. All patterns run in time linear to the text."""

import re
from functools import lru_cache
from typing import Any

import re2

CALLS_EVERYONE = re.compile(r"(?<![\w.+-])@(here|channel|everyone|room|all)\b(?![.-]?\w)", re.IGNORECASE)
RAW_MENTION = re.compile(r"<[@#!][^<>\s]+>")
COMMAND_LINE = re.compile(r"[^\w\n!！﹗¡¿]*[!！﹗]\w")

AWS_KEY = re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b")
GITHUB_TOKEN = re.compile(r"\b(?:gh[opsur]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255})")
SLACK_TOKEN = re.compile(
    r"\b(?:xox[a-z](?:\.xox[a-z])?-|xapp-)[A-Za-z0-9-]{10,}|hooks\.slack\.com/(?:services|workflows)/\w"
)
STRIPE_KEY = re.compile(r"\b(?:[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/]{16,})")
TWILIO_KEY = re.compile(r"\bSK[0-9a-f]{32}\b|\bauth[ _-]?token\W{1,3}[0-9a-f]{32}\b", re.IGNORECASE)
GOOGLE_KEY = re.compile(r"\bAIza[0-9A-Za-z_-]{35}")
OPENAI_KEY = re.compile(r"\bsk-(?!ant-)(?=[A-Za-z_-]{0,60}\d)[A-Za-z0-9_-]{20,}")
ANTHROPIC_KEY = re.compile(r"\bsk-ant-[A-Za-z0-9_-]{8,}")
GITLAB_TOKEN = re.compile(r"\bgl(?:pat|dt|rt|cbt|ptt)-[A-Za-z0-9_-]{16,}")
SENDGRID_KEY = re.compile(r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}")
JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")
PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY-----|\bPuTTY-User-Key-File-\d")
# "password: x" and "password is x1", but not "the password is wrong".
PASSWORD = re.compile(
    r"\b(?:password|passwd|passphrase|passcode|pwd|api[ _-]?key|secret[ _-]?key|access[ _-]?token)"
    r"(?:\s?[:=]\s?\S{3}|\s(?:is|was):?\s(?:\S{0,30}[0-9!#$%&*+@^_~]\S|\S{3,30}[0-9]))",
    re.IGNORECASE,
)
SOCIAL_SECURITY = re.compile(
    r"(?<![\w+-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"
    r"|\b(?:ssn|social(?: security)?(?: number| no\.?)?)\W{1,4}(?:is\s)?\d{3}[ .-]?\d{2}[ .-]?\d{4}(?!\d)",
    re.IGNORECASE,
)
SLACK_MESSAGE = re.compile(r"\b[\w-]{1,80}\.slack\.com/archives/\w", re.IGNORECASE)
LONG_NUMBER = re.compile(r"(?<![\w+])\d(?:[ -]?\d){12,18}(?![\w-])")

PLACEHOLDER = re.compile(
    r"\{\{|\{%|\{[A-Za-z_][\w .]{0,40}\}"
    r"|<(?!https?\b)[A-Za-z][A-Za-z_ -]{1,40}>"
    r"|\[[A-Z][A-Z _-]{1,40}\]"
    r"|\[(?i:your|insert|first|last|full|customer|company|name|date|time|amount|link)\b[^\[\]\n]{0,40}\]"
    r"|\bX{3,}\b"
    r"|_{3,}"
    r"|%[A-Z][A-Z_]{1,40}%"
    r"|[a-z][ :]{1,3}TODO\b|\bTODO[:(\]]"  # not in capitals throughout: a Spanish word
)

_ENGINE: Any = re2  # ships no types
_CARD_OPENINGS = "23456"
_PATTERN_MEMORY = 1 << 20  # bytes


def is_card_number(text: str) -> bool:
    """Tell whether digits, be they in groups, could be a payment card's: its opening and its check digit are right."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    if text[0] not in _CARD_OPENINGS or len(set(digits)) == 1:
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


@lru_cache(maxsize=1024)
def operator_word(pattern: str) -> Any:
    """Return an operator's pattern compiled to match whole words, capitals or not. Raises ``ValueError``.

    RE2 has no pattern that takes more than linear time.
    """
    options = _ENGINE.Options()
    options.max_mem, options.case_sensitive, options.log_errors = _PATTERN_MEMORY, False, False
    try:
        _ENGINE.compile(pattern, options)  # alone first, so that it cannot close the group it is put into
        return _ENGINE.compile(rf"(?:^|[^\pL\pN_])(?:{pattern})(?:$|[^\pL\pN_])", options)
    except _ENGINE.error as problem:
        raise ValueError(f"this pattern cannot be read: {_reason(problem)}") from None


def _reason(problem: Exception) -> str:
    found = problem.args[0] if problem.args else ""
    return found.decode(errors="replace") if isinstance(found, bytes) else str(found)
