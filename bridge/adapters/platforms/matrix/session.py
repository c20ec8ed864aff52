"""Logging in: with a token as given, or once with the password, which gives one that is kept and used ever after.

A new log-in would be a new device to the server: it forgets which of our posts it has had.
"""

import asyncio
import json
import os
from pathlib import Path

from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver
from bridge.adapters.platforms.matrix.registration import localpart
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from bridge.ports.errors import CredentialsRejected, SendRejected

FILE = "session.json"
_REGISTER = "Load what `textbridge manifest matrix` prints on the homeserver, and restart the homeserver."


async def log_in(server: Homeserver, settings: MatrixSettings) -> None:
    """Give ``server`` its token and device. Raises the errors of ``bridge.ports.errors``."""
    if settings.as_token is not None:
        server.token = settings.as_token.get_secret_value()
        await _appear(server, settings)
    elif settings.access_token is not None:
        server.token = settings.access_token.get_secret_value()
    else:
        server.token = text(await _session(server, settings), "access_token")
    try:
        who = await server.who_am_i()
    except CredentialsRejected as error:
        server.token = ""
        raise CredentialsRejected(f"{error} {_remedy(settings)}") from None
    if text(who, "user_id") != settings.user_id:
        server.token = ""
        raise CredentialsRejected("The access token is another account's than user_id says.")
    server.device = text(who, "device_id")


async def _appear(server: Homeserver, settings: MatrixSettings) -> None:
    """Make a service's account and device, which are there from the second start on, and speak as them from now on.

    Without a device the server forgets which of our posts it has had when it is restarted.
    """
    server.masquerade = {}
    try:
        await server.register(localpart(settings.user_id))
        server.masquerade = {"user_id": settings.user_id}
        await server.make_device(settings.device)
    except CredentialsRejected as error:
        raise CredentialsRejected(f"{error} {_remedy(settings)}") from None
    except SendRejected as error:
        raise CredentialsRejected(
            f"The registration on the homeserver does not fit user_id ({error.code}). {_REGISTER}"
        ) from None
    server.masquerade = {"user_id": settings.user_id, "device_id": settings.device}


def _remedy(settings: MatrixSettings) -> str:
    if settings.as_token is not None:
        return _REGISTER
    if settings.access_token is not None:
        return "Put a valid one into access_token."
    return f"Delete {FILE} in state_dir to log in with the password again."


async def _session(server: Homeserver, settings: MatrixSettings) -> Json:
    file = settings.state_dir / FILE
    found = await asyncio.to_thread(_kept, file)
    whose = (text(found, "homeserver"), text(found, "user_id"))
    if whose == (settings.homeserver, settings.user_id) and text(found, "access_token"):
        return found
    return await _made(server, settings, settings.device)


async def log_in_anew(server: Homeserver, settings: MatrixSettings) -> None:
    """Log in with the password as a device the server has not seen before. Raises the errors of the ports."""
    server.token = ""
    made = await _made(server, settings, None)
    server.token, server.device = text(made, "access_token"), text(made, "device_id")


async def _made(server: Homeserver, settings: MatrixSettings, device: str | None) -> Json:
    file = settings.state_dir / FILE
    password = settings.password.get_secret_value() if settings.password else ""
    try:
        answer = await server.log_in(settings.user_id, password, device)
    except SendRejected:  # M_FORBIDDEN says that the words are wrong
        raise CredentialsRejected("The homeserver does not take user_id with this password.") from None
    kept = ("user_id", "access_token", "device_id")
    made = {"homeserver": settings.homeserver, **{name: text(answer, name) for name in kept}}
    await asyncio.to_thread(_keep, file, made)
    return made


def _kept(file: Path) -> Json:
    try:
        return mapping(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _keep(file: Path, session: Json) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as output:
        json.dump(dict(session), output)
    fresh.replace(file)
