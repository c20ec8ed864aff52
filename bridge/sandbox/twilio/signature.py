"""Signing as Twilio documents it: https://www.twilio.com/docs/usage/security."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_USER = re.compile(r"^(https?://)[^/?#@]*@")


def signed_url(url: str) -> str:
    """Return what is signed of a configured address: no fragment, no user information; the port stays."""
    return _USER.sub(r"\1", url.partition("#")[0])


def sign(auth_token: str, url: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    """Return the ``X-Twilio-Signature`` of a form POST to ``url`` (or of a GET, without fields).

    A field name that comes several times counts once per distinct value, values sorted.
    """
    text = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def sign_json(auth_token: str, url: str, body: bytes) -> tuple[str, str]:
    """Return the address with its ``bodySHA256`` and the signature of a JSON POST."""
    joint = "&" if urlsplit(url).query else "?"
    signed = f"{url}{joint}bodySHA256={hashlib.sha256(body).hexdigest()}"
    return signed, sign(auth_token, signed)
