"""What every API call goes through: faults, log-in, judgement, journal; then the answer in Twilio's JSON."""

import asyncio
import base64
import binascii
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bridge.sandbox.faults import Fault
from bridge.sandbox.twilio.errors import Refused
from bridge.sandbox.twilio.journal import Entry
from bridge.sandbox.twilio.model import Account
from bridge.sandbox.twilio.params import Judge, Value
from bridge.sandbox.twilio.state import State

_FORM = "application/x-www-form-urlencoded"
_CARRIED_OUT = frozenset({"lose_answer", "delay", "hang"})


@dataclass(slots=True)
class Call:
    """A call that was let in; ``answered`` is set once the answer is written or lost."""

    operation: str
    request: web.Request
    account: Account
    query: list[tuple[str, str]]
    given: dict[str, Value]
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    sid: str | None = None


Handler = Callable[[Call], Awaitable[web.Response]]
Admit = Callable[[str, web.Request, list[tuple[str, str]]], Call]


class Gate:
    """Wraps handlers of operations into handlers of requests."""

    def __init__(self, state: State) -> None:
        """Load the published parameter list."""
        self._state = state
        self._judge = Judge()

    def guard(self, operation: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return a request handler for ``operation`` of the published list: log-in and parameters are checked."""

        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._handle(operation, self._admit, handler, request)

        return handle

    def open(self, operation: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return a request handler for an address outside the published list, where the handler checks for itself."""

        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._handle(operation, self._let_in, handler, request)

        return handle

    async def refuse(self, request: web.Request) -> web.Response:
        """Answer 404 to what is not part of the API, or not of what is pretended."""
        self._state.journal.violation("rest", f"{request.method} {request.path} is not pretended")
        return web.json_response(Refused(20404, 404).as_json(), status=404)

    def _let_in(self, operation: str, request: web.Request, form: list[tuple[str, str]]) -> Call:
        account = self._state.accounts.get(request.match_info["AccountSid"])
        if account is None or form:
            raise Refused(20404, 404)
        return Call(operation, request, account, [], {})

    async def _handle(self, operation: str, admit: Admit, handler: Handler, request: web.Request) -> web.StreamResponse:
        at, began = self._state.now(), time.monotonic()
        form = parse_qsl((await request.read()).decode(errors="replace"), keep_blank_values=True)
        fault = self._state.faults.take(operation)
        answered, sid, error = asyncio.Event(), None, None
        response = None if fault is None else _struck(fault)
        if response is None and not (fault and fault.kind == "lose_request"):
            call: Call | None = None
            try:
                call = admit(operation, request, form)
                answered = call.answered
                response = await handler(call)
            except Refused as refused:
                response, error = web.json_response(refused.as_json(), status=refused.status), str(refused)
                self._note(operation, refused)
            sid = call.sid if call else None
        lost = fault is not None and fault.kind in ("lose_request", "lose_answer", "hang")
        status = None if lost or response is None else response.status
        error = fault.kind if fault else error
        params = dict([*request.query.items(), *form])
        seconds = time.monotonic() - began
        self._state.journal.add(
            Entry(at, "rest", operation, request.method, request.path, status, seconds, error, sid, params)
        )
        try:
            return await self._answer(request, response, fault, answered)
        finally:
            answered.set()

    async def _answer(
        self, request: web.Request, response: web.Response | None, fault: Fault | None, answered: asyncio.Event
    ) -> web.StreamResponse:
        if fault is not None and fault.kind in _CARRIED_OUT:
            answered.set()
        if fault is not None and fault.kind == "delay":
            await self._state.clock.sleep(fault.value)
        if fault is not None and fault.kind == "hang":
            await self._until_gone(request)
        if response is None or (fault is not None and fault.kind in ("lose_answer", "hang")):
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        # Written here so that what comes after the answer (sending, callbacks) really comes after it.
        with suppress(ConnectionResetError):
            await response.prepare(request)
            await response.write_eof()
        return response

    async def _until_gone(self, request: web.Request) -> None:
        """Wait until the client hangs up or the world closes; aiohttp tells neither to a handler, so look often."""
        while request.transport is not None and not request.transport.is_closing() and not self._state.closing.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(0.1):  # not wait_for: on 3.11 it may swallow a cancellation
                    await self._state.closing.wait()

    def _admit(self, operation: str, request: web.Request, form: list[tuple[str, str]]) -> Call:
        account = self.log_in(request, request.match_info["AccountSid"])
        if account.status != "active":
            raise Refused(20005, 403)
        if account.test and operation != "messages.create":
            raise Refused(20008, 403)
        self._judge.path(operation, dict(request.match_info))
        query = parse_qsl(request.query_string, keep_blank_values=True)
        if form and request.content_type != _FORM:
            raise Refused(20001, 415, f"content type must be {_FORM}")
        where, others, given = ("form", query, form) if request.method == "POST" else ("query", form, query)
        if others:
            raise Refused(20001, detail=f"a {request.method} takes its parameters from the {where}")
        return Call(operation, request, account, query, self._judge.read(operation, where, given))

    def log_in(self, request: web.Request, account_sid: str) -> Account:
        """Return the account that basic auth opens; raises ``Refused`` (401, 20003)."""
        account = self._state.accounts.get(account_sid)
        scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
        try:
            login, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            login = secret = ""
        if scheme.lower() != "basic" or account is None or not account.accepts(login, secret):
            raise Refused(20003, 401)
        return account

    def _note(self, operation: str, refused: Refused) -> None:
        """Record refusals that a correct client never meets; those that depend on people or load are none."""
        if refused.code in (20001, 20003, 20005, 21602, 21603, 21604, 21609, 21617, 21619, 21620, 21623):
            self._state.journal.violation(operation, f"{refused.code}: {refused}")


def _struck(fault: Fault) -> web.Response | None:
    """Return the answer of a fault that stops the call from being carried out."""
    if fault.kind == "status":
        status = int(fault.value)
        body: dict[str, Any] = Refused({429: 20429, 401: 20003, 404: 20404}.get(status, 20500), status).as_json()
        return web.json_response(body, status=status)
    if fault.kind == "rate_limited":
        headers = {"Retry-After": str(int(fault.value))}
        return web.json_response(Refused(20429, 429).as_json(), status=429, headers=headers)
    if fault.kind == "html":
        return web.Response(text="<html><body>One moment, please.</body></html>", content_type="text/html")
    return None
