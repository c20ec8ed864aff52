"""``textbridge init``: a configuration to begin with, the Slack manifest that fits it, and a list of the secrets."""

import json
from collections.abc import Mapping
from pathlib import Path

from bridge.cli.asking import Answers, Given, LogIn, Matrix, Slack, answers
from bridge.cli.failure import Failure
from bridge.cli.output import say
from bridge.config import example_config
from bridge.outside import encryption_needs, slack_manifest

MANIFEST, SECRETS = "slack-manifest.yaml", ".env.example"

SOCKET_MODE = "app_token: ${SLACK_APP_TOKEN}          # xapp-…: Socket Mode; with signing_secret instead: HTTP mode"
HTTP_MODE = "signing_secret: ${SLACK_SIGNING_SECRET}  # HTTP mode; with app_token instead: Socket Mode"
SLACK = f"""\
  slack:
    kind: slack
    bot_token: ${{SLACK_BOT_TOKEN}}          # xoxb-…
    {SOCKET_MODE}
"""
WAYS_IN: Mapping[LogIn, str] = {
    "password": "password: ${MATRIX_PASSWORD}           # for one log-in; what that gave is kept in state_dir",
    "token": "access_token: ${MATRIX_ACCESS_TOKEN}   # of a log-in that is used for nothing else",
}
STATE = "    state_dir: ./matrix-state              # log-in and keys: keep it, and give it to one process only\n"
ROOM = "{platform: slack, room: C0000000001}"
PEOPLE = """\
teammates:
  ana: {slack: U0000000001, role: manager}

teams:
  support: {members: [ana], room_mention: true}
"""
ON_MATRIX = {"{slack: U0000000001,": '{matrix: "@ana:example.org",'}
HINTS = {
    "TWILIO_ACCOUNT_SID": "AC…, on the first page of the Twilio console",
    "TWILIO_AUTH_TOKEN": "beside the account SID, on the first page of the Twilio console",
    "SLACK_BOT_TOKEN": "xoxb-…, at OAuth & Permissions of the Slack app, once it is installed",
    "SLACK_APP_TOKEN": "xapp-…, at Basic Information > App-Level Tokens, with the scope connections:write",
    "SLACK_SIGNING_SECRET": "at Basic Information > App Credentials",
    "MATRIX_PASSWORD": "of the bot's account on the homeserver",
    "MATRIX_ACCESS_TOKEN": "log in as the bot in Element: Settings > Help & About > Access Token; do not log out there",
}


def write(config_path: Path, given: Given, *, force: bool) -> None:
    """Ask, where there is somebody to ask, and write the files beside each other."""
    config_file, manifest, secrets = config_path, config_path.parent / MANIFEST, config_path.parent / SECRETS
    wanted = (config_file, secrets) if given.platform == "matrix" else (config_file, manifest, secrets)
    existing = [str(file) for file in wanted if file.exists()]
    if existing and not force:
        raise Failure(f"Already there: {', '.join(existing)}. Use --force to replace, or --config for another place.")
    said = answers(given)
    config = example_config() if said is None else filled_in(said)
    files = {config_file: config}
    if said is None or isinstance(said.team, Slack):
        files[manifest] = slack_manifest(_slack_address(said))
    files[secrets] = secrets_of(config)
    try:
        for file, text in files.items():
            file.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise Failure(f"{problem.filename} cannot be written: {problem.strerror}.") from problem
    say(f"Written: {', '.join(str(file) for file in files)}.")
    if said is None:
        say(f"There was no terminal to ask on: {config_file} is the example. Put your own values in first.")
    _tell(_first_step(manifest) if said is None or isinstance(said.team, Slack) else _invite(said.team), secrets)


def _slack_address(said: Answers | None) -> str | None:
    by_http = said is not None and isinstance(said.team, Slack) and said.team.http
    return f"{said.public_url}/platforms/slack" if said is not None and by_http else None


def filled_in(said: Answers) -> str:
    """Return the example with the answers in it; its teammates become a comment."""
    changes = {
        "account_sid: ${TWILIO_ACCOUNT_SID}": f"account_sid: {said.account_sid}",
        '"+15550001000"': f'"{said.number}"',
        "public_url: https://sms.example.org        #": f"public_url: {said.public_url}  #",
        "    team: support\n": "",
    }
    people = PEOPLE
    if isinstance(said.team, Slack):
        changes |= _on_slack(said.team)
    else:
        changes |= _on_matrix(said.team)
        people = _changed(PEOPLE, ON_MATRIX)
    changes[PEOPLE] = "".join(f"# {line}\n" if line else "#\n" for line in people.splitlines())
    return _changed(example_config(), changes)


def _on_slack(team: Slack) -> Mapping[str, str]:
    return {ROOM: f"{{platform: slack, room: {team.channel}}}", **({SOCKET_MODE: HTTP_MODE} if team.http else {})}


def _on_matrix(team: Matrix) -> Mapping[str, str]:
    state = STATE if team.login == "password" or team.encrypted else ""
    block = (
        f"  matrix:\n    kind: matrix\n    homeserver: {team.homeserver}\n    user_id: {_quoted(team.user_id)}\n"
        f"    {WAYS_IN[team.login]}\n{state}"
    )
    return {SLACK: block, ROOM: f"{{platform: matrix, room: {_quoted(team.room)}}}"}


def _quoted(text: str) -> str:
    """A text as YAML takes it whatever is in it, which JSON's form is."""
    return json.dumps(text, ensure_ascii=False)


def _changed(text: str, changes: Mapping[str, str]) -> str:
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


def _first_step(manifest: Path) -> str:
    return (
        f"1. Make the Slack app from {manifest} at https://api.slack.com/apps?new_app=1, install it, and invite it:\n"
        "   /invite @textbridge in the channel."
    )


def _invite(team: Matrix) -> str:
    extra = f"\n   {needs}" if team.encrypted and (needs := encryption_needs()) else ""
    return f"1. Invite {team.user_id} to the room; it comes by itself once the bridge runs.{extra}"


def _tell(first: str, secrets: Path) -> None:
    say(first)
    say(f"2. Copy {secrets} to {secrets.parent / '.env'}, fill it in, and load it: set -a; . ./.env; set +a")
    say("3. textbridge doctor says what is still missing (the number's webhook, for one); then textbridge run.")
