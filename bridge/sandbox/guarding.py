"""Keeps strangers out: other web sites in the same browser, and names that were pointed at loopback."""

from collections.abc import Awaitable, Callable

from aiohttp import web

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
Preparing = Callable[[web.Request, web.StreamResponse], Awaitable[None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse any other ``Host`` (DNS rebinding) and any other ``Origin`` (a page of somebody else)."""
    if host_name(request.host) not in LOOPBACK:
        raise web.HTTPMisdirectedRequest(text="The sandbox answers on loopback only.")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        raise web.HTTPForbidden(text="The sandbox takes no requests from other pages.")
    return await handler(request)


def host_name(host: str) -> str:
    """The name of a ``Host`` header without its port."""
    name, _, port = host.rpartition(":")
    return name if port.isdigit() and name else host


def hardening(homeserver: str | None) -> Preparing:
    """Add the headers every answer carries. Only the page may run scripts, and those talk to us and ``homeserver``."""
    page_policy = " ".join(filter(None, (f"{PAGE_POLICY}; connect-src 'self'", homeserver)))

    async def harden(request: web.Request, response: web.StreamResponse) -> None:
        of_page = request.path == "/" or request.path.startswith("/page/")
        response.headers["Content-Security-Policy"] = page_policy if of_page else FILE_POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if of_page:
            response.headers["Cache-Control"] = "no-cache"

    return harden
