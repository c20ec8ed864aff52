"""Media: the list, the redirect to the CDN with a short-lived signature, and the CDN itself."""

import hashlib
import hmac
from urllib.parse import urlsplit

from aiohttp import web

from bridge.sandbox.twilio.calls import Call, Gate
from bridge.sandbox.twilio.errors import Refused
from bridge.sandbox.twilio.model import Medium, Message
from bridge.sandbox.twilio.render import account_uri, medium_json, page
from bridge.sandbox.twilio.state import State


class Cdn:
    """Serves the files of messages."""

    def __init__(self, state: State, gate: Gate) -> None:
        """Hold no state of its own."""
        self._state = state
        self._gate = gate

    def add_routes(self, app: web.Application, prefix: str) -> None:
        """Serve media under ``prefix``."""
        root = f"{prefix}/2010-04-01/Accounts/{{AccountSid}}/Messages/{{MessageSid}}/Media"
        app.router.add_get(f"{root}.json", self._gate.guard("media.list", self._list))
        app.router.add_get(f"{root}/{{Sid}}.json", self._gate.guard("media.fetch", self._fetch))
        app.router.add_delete(f"{root}/{{Sid}}.json", self._gate.guard("media.delete", self._delete))
        app.router.add_get(f"{root}/{{Sid}}", self._gate.open("media", self._redirect))
        app.router.add_get(f"{prefix}/cdn/{{AccountSid}}/{{Sid}}", self._gate.open("media.cdn", self._serve))
        app.router.add_get(f"{prefix}/phone-media/{{Sid}}", self._show)

    def _message(self, call: Call) -> Message:
        message = self._state.stored.get(call.request.match_info["MessageSid"])
        if message is None or message.account is not call.account:
            raise Refused(20404, 404)
        call.sid = message.sid
        return message

    def _medium(self, call: Call) -> tuple[Message, Medium]:
        message = self._message(call)
        for medium in message.media:
            if medium.sid == call.request.match_info["Sid"]:
                return message, medium
        raise Refused(20404, 404)

    async def _list(self, call: Call) -> web.Response:
        message = self._message(call)
        path = f"{account_uri(call.account)}/Messages/{message.sid}/Media.json"
        shown, frame = page(path, call.query, call.given, message.media)
        return web.json_response(frame | {"media_list": [medium_json(message, one) for one in shown]})

    async def _fetch(self, call: Call) -> web.Response:
        return web.json_response(medium_json(*self._medium(call)))

    async def _delete(self, call: Call) -> web.Response:
        message, medium = self._medium(call)
        message.media.remove(medium)
        del self._state.files[medium.sid]
        message.num_media = len(message.media)
        self._state.journal.changed("message", message.sid)
        return web.Response(status=204)

    async def _redirect(self, call: Call) -> web.Response:
        """Answer 307; log-in is checked when it is required, and when it is given."""
        if call.account.media_auth or "Authorization" in call.request.headers:
            self._gate.log_in(call.request, call.account.sid)
        _, medium = self._medium(call)
        age = (self._state.now() - medium.created).total_seconds()
        if age < self._state.media.missing_for:
            raise Refused(20404, 404)
        expires = str(int(self._state.clock.timestamp() + self._state.media.lifetime))
        signature = self._sign(call.account.sid, medium.sid, expires)
        address = f"{self._state.cdn_url}/cdn/{call.account.sid}/{medium.sid}?Expires={expires}&Signature={signature}"
        return web.Response(status=307, headers={"Location": address})

    async def _serve(self, call: Call) -> web.Response:
        """Serve the file; as on a storage host, a second way to log in is one too many."""
        if "Authorization" in call.request.headers and _origin(self._state.cdn_url) != _origin(self._state.base_url):
            self._state.journal.violation("media.cdn", "credentials were sent across the redirect")
            return web.Response(status=400)
        sid, query = call.request.match_info["Sid"], call.request.query
        expires, signature = query.get("Expires", ""), query.get("Signature", "")
        good = hmac.compare_digest(signature.encode(), self._sign(call.account.sid, sid, expires).encode())
        if not good or float(expires) < self._state.clock.timestamp():
            return web.Response(status=403)
        return self._file(sid)

    async def _show(self, request: web.Request) -> web.Response:
        return self._file(request.match_info["Sid"])

    def _file(self, sid: str) -> web.Response:
        medium = self._state.files.get(sid)
        if medium is None:
            return web.Response(status=404)
        headers = {"Content-Type": medium.content_type, "X-Content-Type-Options": "nosniff"}
        return web.Response(body=medium.content, headers=headers)

    def _sign(self, account_sid: str, sid: str, expires: str) -> str:
        signed = f"{account_sid}/{sid}/{expires}".encode()
        return hmac.new(self._state.cdn_key.encode(), signed, hashlib.sha256).hexdigest()


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
