"""``textbridge init``: a configuration to begin with, the Slack manifest that fits it, and a list of the secrets."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer
from pydantic_core import PydanticCustomError

from bridge.cli.failure import Failure
from bridge.cli.output import say
from bridge.config import example_config
from bridge.config.values import check_address, check_public_url
from bridge.outside import slack_manifest

MANIFEST, SECRETS = "slack-manifest.yaml", ".env.example"
ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
CHANNEL = re.compile(r"[CG][A-Z0-9]{8,}")

SOCKET_MODE = "app_token: ${SLACK_APP_TOKEN}          # xapp-…: Socket Mode; with signing_secret instead: HTTP mode"
HTTP_MODE = "signing_secret: ${SLACK_SIGNING_SECRET}  # HTTP mode; with app_token instead: Socket Mode"
PEOPLE = """\
teammates:
  ana: {slack: U0000000001, role: manager}

teams:
  support: {members: [ana], room_mention: true}
"""
HINTS = {
    "TWILIO_ACCOUNT_SID": "AC…, on the first page of the Twilio console",
    "TWILIO_AUTH_TOKEN": "beside it",
    "SLACK_BOT_TOKEN": "xoxb-…, at OAuth & Permissions of the Slack app, once it is installed",
    "SLACK_APP_TOKEN": "xapp-…, at Basic Information > App-Level Tokens, with the scope connections:write",
    "SLACK_SIGNING_SECRET": "at Basic Information > App Credentials",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What was asked. ``http``: Slack reaches the bridge by HTTP instead of Socket Mode."""

    account_sid: str
    number: str
    public_url: str
    channel: str
    http: bool


def write(config_path: Path, *, force: bool) -> None:
    """Ask, where there is somebody to ask, and write three files beside each other."""
    files = (config_path, config_path.parent / MANIFEST, config_path.parent / SECRETS)
    existing = [str(file) for file in files if file.exists()]
    if existing and not force:
        raise Failure(f"Already there: {', '.join(existing)}. Use --force to replace, or --config for another place.")
    answers = ask() if sys.stdin.isatty() else None
    config = example_config() if answers is None else filled_in(answers)
    address = f"{answers.public_url}/platforms/slack" if answers is not None and answers.http else None
    try:
        for file, text in zip(files, (config, slack_manifest(address), secrets_of(config)), strict=True):
            file.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise Failure(f"{problem.filename} cannot be written: {problem.strerror}.") from problem
    _tell(files, asked=answers is not None)


def ask() -> Answers:
    """Ask until each answer can be right."""
    say("Secrets are not asked for: they stay in the environment. Ctrl-C ends without writing anything.")
    return Answers(
        account_sid=_ask("Twilio account SID (AC…)", _matching(ACCOUNT_SID, "AC and 32 hexadecimal digits")),
        number=_ask("The number contacts text, such as +15550001000", check_address),
        public_url=_ask("The address Twilio reaches this bridge at, such as https://sms.example.org", check_public_url),
        channel=_ask("Slack channel id (C…, in the channel's details)", _matching(CHANNEL, "C and letters and digits")),
        http=not typer.confirm("Use Slack's Socket Mode (no address of ours needed)?", default=True),
    )


def filled_in(answers: Answers) -> str:
    """Return the example with the answers in it; its teammates become a comment."""
    changes = {
        "account_sid: ${TWILIO_ACCOUNT_SID}": f"account_sid: {answers.account_sid}",
        '"+15550001000"': f'"{answers.number}"',
        "public_url: https://sms.example.org        #": f"public_url: {answers.public_url}  #",
        "room: C0000000001": f"room: {answers.channel}",
        PEOPLE: "".join(f"# {line}\n" if line else "#\n" for line in PEOPLE.splitlines()),
        "    team: support\n": "",
    }
    if answers.http:
        changes[SOCKET_MODE] = HTTP_MODE
    text = example_config()
    for old, new in changes.items():
        if text.count(old) != 1:
            raise LookupError(f"the example has no single place for {old.partition(':')[0]}")
        text = text.replace(old, new)
    return text


def secrets_of(config: str) -> str:
    """Return a list of the variables that a configuration takes from the environment, to be filled in."""
    names = [name for name in HINTS if f"${{{name}}}" in config]
    lines = [f"# {HINTS[name]}\n{name}=\n" for name in names]
    return "# Copy to .env, fill in, and keep it to yourself.\n" + "".join(lines)


def _ask(question: str, check: Callable[[str], str]) -> str:
    def checked(value: str) -> str:
        try:
            return check(value.strip())
        except PydanticCustomError as error:
            hint = (error.context or {}).get("hint", "")
            raise typer.BadParameter(f"It {error.message()} {hint}".strip()) from None

    answer: str = typer.prompt(question, value_proc=checked)
    return answer


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise typer.BadParameter(f"It is made of {what}.")
        return value

    return check


def _tell(files: tuple[Path, ...], *, asked: bool) -> None:
    config, manifest, secrets = files
    say(f"Written: {', '.join(str(file) for file in files)}.")
    if not asked:
        say(f"There was no terminal to ask on: {config} is the example. Put your own values in first.")
    say(f"1. Make the Slack app from {manifest} at https://api.slack.com/apps?new_app=1, install it, and invite it:")
    say("   /invite @textbridge in the channel.")
    say(f"2. Copy {secrets} to {secrets.parent / '.env'}, fill it in, and load it: set -a; . ./.env; set +a")
    say("3. textbridge doctor says what is still missing (the number's webhook, for one); then textbridge run.")
