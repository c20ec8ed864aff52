"""The world that ``textbridge sandbox`` opens with: two teams, their rooms and lines, and people of every role."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from bridge.sandbox.matrix.furnishing import MatrixPerson, MatrixRoom
from bridge.sandbox.matrix.world import MatrixWorld
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.twilio import TwilioWorld

Rooms: TypeAlias = Mapping[str, list[dict[str, str]]]

FRONT_DESK, SALES, ANAS_OWN, SEALED = "+15550001000", "+15550002000", "+15550003000", "+15550004000"
DESK_ROOM, SALES_ROOM, SEALED_ROOM = "Front desk", "Sales", "Encrypted desk"
MATRIX_BOT = MatrixPerson("textbridge", "Textbridge")
MATRIX_PEOPLE = (
    MatrixPerson("ana", "Ana Souza"),
    MatrixPerson("ben", "Ben Okafor"),
    MatrixPerson("dana", "Dana Weiss"),
    MatrixPerson("eli", "Eli Park"),
    MatrixPerson("fay", "Fay Lindqvist"),
    MatrixPerson("hugo", "Hugo Marin"),
)
MATRIX_ROOMS = (
    MatrixRoom(DESK_ROOM, ("ana", "ben", "eli")),
    MatrixRoom(SALES_ROOM, ("ana", "ben", "dana", "fay", "hugo")),
)
MATRIX_SEALED_ROOM = MatrixRoom(SEALED_ROOM, ("ana", "ben", "eli"), encrypted=True)
MATRIX_PLACES = {"desk": DESK_ROOM, "sales": SALES_ROOM, "sealed": SEALED_ROOM}
ROLES: Mapping[str, str] = {
    "ana": "manager",
    "ben": "member",
    "dana": "member",
    "eli": "observer",
    "fay": "member",
    "hugo": "member",
}
SELLERS = ["dana", "fay", "hugo"]
NIGHT = {"from": "21:00", "to": "08:00", "replies": "hold"}
HOURS = {"office": {"zone": "America/New_York", "week": {"mon-fri": "09:00-17:30"}, "holidays": ["US"]}}
SLA: Mapping[str, Any] = {
    "standard": {
        "first_response": "30m",
        "next_response": "30m",
        "warn_at": 0.5,
        "ladder": [
            "assignee",
            {"after": "15m", "notify": "team"},
            {"after": "15m", "notify": "manager"},
            {"after": "1h", "notify": "hand back"},
        ],
    }
}
CANNED: Mapping[str, str] = {
    "hours": "We are open Monday to Friday, 9 to 5:30.",
    "address": "You find us at 12 Harbour Street. Parking is behind the house.",
    "pickup": (
        "Hi {{ contact.first_name | default('there') }}, your parcel is ready. Come by {{ day }} and bring "
        "{{ document | default('your ID') }}.\n{{ teammate.name }}"
    ),
    "offer": "Thank you for asking! Our offer is {{ price }}, valid until {{ until | default('Friday') }}.",
    "asked-for-a-price": (
        "Thank you for asking, {{ contact.first_name | default('friend') }}! Our sales team texts you a price."
    ),
}
RULES: list[dict[str, Any]] = [
    {
        "name": "prices go to sales",
        "on": "message_received",
        "if": {"all": [{"line": "front-desk"}, {"keyword": ["price", "prices", "quote", "how much"]}]},
        "do": [
            {"label": "lead"},
            {"assign": {"team": "sales", "by": "round_robin"}},
            {"reply": {"canned": "asked-for-a-price"}},
        ],
        "stop": True,
    },
    {
        "name": "after hours",
        "on": "message_received",
        "if": {"line": "sales", "hours": "closed"},
        "do": [{"reply": {"text": "Thank you for your text. We are back {{ hours.next_opening }}."}}],
    },
]


@dataclass(frozen=True, slots=True)
class Side:
    """One platform as the configuration names it: settings, who is who there, and rooms by what they are for."""

    name: str
    settings: Mapping[str, Any]
    ids: Mapping[str, str]
    rooms: Mapping[str, str]


def furnish_slack(slack: SlackWorld, url: str) -> Side:
    """Put people and channels into the pretend Slack."""
    ana = slack.add_user("ana", real_name="Ana Souza")
    ben = slack.add_user("ben", real_name="Ben Okafor")
    dana = slack.add_user("dana", real_name="Dana Weiss")
    eli = slack.add_user("eli", real_name="Eli Park")
    fay = slack.add_user("fay", real_name="Fay Lindqvist")
    hugo = slack.add_user("hugo", real_name="Hugo Marin")
    gina = slack.add_user("gina", real_name="Gina Ross", guest=True)
    chris = slack.add_user("chris", real_name="Chris Lund", team="T9PARTNER99")
    desk = [ana.id, ben.id, eli.id, gina.id, chris.id]
    support_room = slack.add_channel("front-desk", members=desk, shared=True)
    sales_room = slack.add_channel("sales", members=[ana.id, ben.id, dana.id, fay.id, hugo.id])
    slack.add_channel("general", members=[ana.id, ben.id, dana.id, eli.id, fay.id, hugo.id], bot=False)
    tokens = {"bot_token": slack.bot_token, "app_token": slack.app_token}
    return Side(
        "slack",
        {"kind": "slack", **tokens, "api_url": f"{url}/slack/api/"},
        {"ana": ana.id, "ben": ben.id, "dana": dana.id, "eli": eli.id, "fay": fay.id, "hugo": hugo.id},
        {"desk": support_room.id, "sales": sales_room.id},
    )


def matrix_side(matrix: MatrixWorld, state_dir: Path) -> Side:
    """Return the homeserver's people and rooms; the bridge logs in as anybody would whom no administrator helps."""
    account = {"user_id": matrix.bot.id, "password": matrix.password, "state_dir": str(state_dir)}
    return Side(
        "matrix",
        {"kind": "matrix", "homeserver": matrix.url, **account},
        {person.name: person.id for person in matrix.people},
        {place: matrix.rooms[name] for place, name in MATRIX_PLACES.items() if name in matrix.rooms},
    )


def furnish_twilio(twilio: TwilioWorld, listen: str, url: str, *, sealed: bool) -> Mapping[str, str]:
    """Put an account and its lines into the pretend Twilio; returns the account as the configuration names it.

    ``sealed``: with the line of the encrypted room.
    """
    account = twilio.add_account("Sandbox")
    lines = [(FRONT_DESK, "Front desk"), (SALES, "Sales"), (ANAS_OWN, "Ana’s own")]
    for line, name in [*lines, *([(SEALED, SEALED_ROOM)] if sealed else [])]:
        address = f"http://{listen}/webhooks/main#rc=3&rp=5xx,ct,rt"
        twilio.add_number(account, line, sms_url=address, friendly_name=name)
    keys = {"account_sid": account.sid, "auth_token": account.auth_token}
    return {"provider": "twilio", **keys, "api_url": f"{url}/twilio"}


def configuration(sides: list[Side], account: Mapping[str, str], database: Path, listen: str) -> str:
    """Return the configuration of a bridge in that world, with a line's rooms on every side."""
    rooms = {
        place: [{"platform": side.name, "room": side.rooms[place]} for side in sides if place in side.rooms]
        for place in MATRIX_PLACES
    }
    config = {
        "database": f"sqlite:///{database}",
        "listen": listen,
        "public_url": f"http://{listen}",
        "accounts": {"main": dict(account)},
        "platforms": {side.name: dict(side.settings) for side in sides},
        "teammates": {
            name: {**{side.name: side.ids[name] for side in sides}, "role": role} for name, role in ROLES.items()
        },
        "teams": {"support": {"members": ["ana", "ben"]}, "sales": {"members": SELLERS}},
        "hours": HOURS,
        "sla": dict(SLA),
        "lines": _lines(rooms),
        "canned": dict(CANNED),
        "rules": RULES,
    }
    written = yaml.safe_dump(config, sort_keys=False, allow_unicode=True, width=120)
    return f"# Written by `textbridge sandbox`: pretend accounts on this machine only.\n{written}"


def _lines(rooms: Rooms) -> dict[str, Any]:
    lines: dict[str, Any] = {
        "front-desk": {
            "address": FRONT_DESK,
            "team": "support",
            "rooms": rooms["desk"],
            "guard": {"words": ["refund"]},
            "sla": "standard",
        },
        "sales": {"address": SALES, "team": "sales", "hours": "office", "rooms": rooms["sales"]},
        "ana-direct": {
            "address": ANAS_OWN,
            "personal": "ana",
            "rooms": [dict(room) for room in rooms["desk"]],
            "quiet_hours": dict(NIGHT),
        },
    }
    if rooms["sealed"]:
        lines["encrypted-desk"] = {"address": SEALED, "team": "support", "rooms": rooms["sealed"]}
    return {name: {"account": "main", **line} for name, line in lines.items()}
