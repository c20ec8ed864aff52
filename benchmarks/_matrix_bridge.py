"""The real bridge in a process of its own, in a room of a homeserver.

``python -m benchmarks._matrix_bridge DATABASE PORT VENDOR_PORT HOMESERVER USER_ID TOKEN ROOM``.
"""

import gc
import sys
from collections.abc import Sequence

from benchmarks._traffic import ACCOUNT, LINE, PUBLIC, TOKEN
from bridge import app, outside
from bridge.cli.run import run_loop
from bridge.config import parse


def settings(arguments: Sequence[str]) -> str:
    """The configuration file: a line, an account and a room."""
    database, port, vendor_port, homeserver, user, token, room = arguments
    return f"""
database: "{database}"
listen: 127.0.0.1:{port}
public_url: {PUBLIC}
accounts:
  main: {{provider: twilio, account_sid: {ACCOUNT}, auth_token: "{TOKEN}", api_url: "http://127.0.0.1:{vendor_port}"}}
platforms:
  matrix: {{kind: matrix, homeserver: "{homeserver}", user_id: "{user}", access_token: "{token}"}}
lines:
  front-desk:
    {{account: main, address: "{LINE}", rooms: [{{platform: matrix, room: "{room}"}}], undo: 0s, stale_stop: false}}
"""


async def main(configuration: str) -> None:
    """Serve until killed."""
    providers, platforms = outside.settings_models()
    service = await app.build(parse(configuration, {}, providers=providers, platforms=platforms))
    gc.freeze()  # as ``app.run`` does
    await service.serve(lambda _address: print("ready", flush=True))


if __name__ == "__main__":
    run_loop(main(settings(sys.argv[1:])))
