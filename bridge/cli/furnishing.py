"""The world that ``textbridge sandbox`` opens with: two teams, their channels and lines, and people of every role."""

from pathlib import Path

from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.twilio import TwilioWorld

FRONT_DESK, SALES, ANAS_OWN = "+15550001000", "+15550002000", "+15550003000"

_CONFIG = """\
# Written by `textbridge sandbox`: pretend accounts on this machine only.
database: "sqlite:///{database}"
listen: {listen}
public_url: http://{listen}
accounts:
  main:
    provider: twilio
    account_sid: {sid}
    auth_token: "{token}"
    api_url: "{url}/twilio"
platforms:
  slack:
    kind: slack
    bot_token: "{bot_token}"
    app_token: "{app_token}"
    api_url: "{url}/slack/api/"
teammates:
  ana: {{slack: {ana}, role: manager}}
  ben: {{slack: {ben}}}
  dana: {{slack: {dana}}}
  eli: {{slack: {eli}, role: observer}}
teams:
  support: {{members: [ana, ben]}}
  sales: {{members: [dana]}}
lines:
  front-desk:
    account: main
    address: "{front_desk}"
    team: support
    rooms: [{{platform: slack, room: {support_room}}}]
    guard: {{words: [refund]}}
  sales:
    account: main
    address: "{sales}"
    team: sales
    rooms: [{{platform: slack, room: {sales_room}}}]
  ana-direct:
    account: main
    address: "{anas_own}"
    personal: ana
    rooms: [{{platform: slack, room: {support_room}}}]
canned:
  hours: "We are open Monday to Friday, 9 to 5:30."
  address: "You find us at 12 Harbour Street. Parking is behind the house."
  pickup: >-
    Hi {{{{ contact.first_name | default('there') }}}}, your parcel is ready. Come by {{{{ day }}}} and bring
    {{{{ document | default('your ID') }}}}.
    {{{{ teammate.name }}}}
  offer: "Thank you for asking! Our offer is {{{{ price }}}}, valid until {{{{ until | default('Friday') }}}}."
"""


def furnish(slack: SlackWorld, twilio: TwilioWorld, database: Path, listen: str, url: str) -> str:
    """Put people, channels, lines and an account into the pretend world; returns the config of a bridge in it."""
    ana = slack.add_user("ana", real_name="Ana Souza")
    ben = slack.add_user("ben", real_name="Ben Okafor")
    dana = slack.add_user("dana", real_name="Dana Weiss")
    eli = slack.add_user("eli", real_name="Eli Park")
    gina = slack.add_user("gina", real_name="Gina Ross", guest=True)
    chris = slack.add_user("chris", real_name="Chris Lund", team="T9PARTNER99")
    desk = [ana.id, ben.id, eli.id, gina.id, chris.id]
    support_room = slack.add_channel("front-desk", members=desk, shared=True)
    sales_room = slack.add_channel("sales", members=[ana.id, ben.id, dana.id])
    slack.add_channel("general", members=[ana.id, ben.id, dana.id, eli.id], bot=False)
    account = twilio.add_account("Sandbox")
    for line, name in ((FRONT_DESK, "Front desk"), (SALES, "Sales"), (ANAS_OWN, "Ana’s own")):
        address = f"http://{listen}/webhooks/main#rc=3&rp=5xx,ct,rt"
        twilio.add_number(account, line, sms_url=address, friendly_name=name)
    return _CONFIG.format(
        database=database,
        listen=listen,
        sid=account.sid,
        token=account.auth_token,
        url=url,
        bot_token=slack.bot_token,
        app_token=slack.app_token,
        ana=ana.id,
        ben=ben.id,
        dana=dana.id,
        eli=eli.id,
        front_desk=FRONT_DESK,
        sales=SALES,
        anas_own=ANAS_OWN,
        support_room=support_room.id,
        sales_room=sales_room.id,
    )
