"""Whether providers and platforms accept us and know where we are."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

import aiohttp

from bridge.cli.checks.section import Section, guarded
from bridge.cli.providers import rate
from bridge.config import Config
from bridge.config.policy import rooms_on
from bridge.domain.people import RoomRef
from bridge.outside import (
    build_assistant,
    build_platforms,
    build_providers,
    capabilities,
    direct_platforms,
    system_clock,
)
from bridge.ports.people import KnowsOutsiders
from bridge.ports.platform import Platform, PlatformCapabilities
from bridge.ports.provider import Finding, ProviderCapabilities

PUBLIC_URL = "public_url"
REACH_SECONDS = 10.0
_ALIVE = 200


async def examine(config: Config, *, offline: bool) -> Sequence[Section]:
    """Ask each account and platform about itself, all at the same time, and say what is known without asking."""
    providers, platforms = capabilities()
    jobs = [
        *(
            _account(config, name, providers[entry.provider], offline=offline)
            for name, entry in config.accounts.items()
        ),
        _public_address(config.public_url, offline=offline),
        *(_platform(config, name, platforms[entry.kind], offline=offline) for name, entry in config.platforms.items()),
        _assistant(config, offline=offline),
    ]
    return [section for section in await asyncio.gather(*jobs) if section.findings]


async def _account(config: Config, name: str, can: ProviderCapabilities, *, offline: bool) -> Section:
    kind = config.accounts[name].provider
    check = f"{kind} {name}"
    found = [] if offline else list(await guarded(check, _ask_provider(config, name)))
    address = f"{config.public_url}/webhooks/{name}"
    found.append(Finding("ok", f"{check}: webhook", f"Texts and status callbacks are taken at {address}"))
    if not can.lists_inbound:
        message = f"{kind} cannot list texts that came while the bridge was away: those of an outage may be lost."
        remedy = "Keep outages shorter than the time the provider goes on trying, and switch its retries on."
        found.append(Finding("warning", f"{check}: outage", message, remedy))
    found.append(Finding("ok", f"{check}: rate limit", f"Pace: {rate(can.rate, can.burst, 'line')}."))
    return Section(f"Account {name} ({kind})", found)


async def _ask_provider(config: Config, name: str) -> Sequence[Finding]:
    alone = config.model_copy(update={"accounts": {name: config.accounts[name]}})
    provider = build_providers(alone, system_clock)[name]
    try:
        return await provider.check()
    finally:
        await provider.aclose()


async def _platform(config: Config, name: str, can: PlatformCapabilities, *, offline: bool) -> Section:
    kind = config.platforms[name].kind
    found = [] if offline else list(await guarded(name, _ask_platform(config, name)))
    pace = f"Pace: {rate(can.rate, can.burst, 'room')}; other calls {rate(can.edit_rate, can.edit_burst, 'workspace')}."
    found.append(Finding("ok", f"{name}: rate limit", pace))
    return Section(f"Platform {name} ({kind})", found)


async def _ask_platform(config: Config, name: str) -> Sequence[Finding]:
    alone = config.model_copy(update={"platforms": {name: config.platforms[name]}})
    platform = build_platforms(alone, system_clock)[name]
    try:
        found = await platform.check([RoomRef(name, room) for room in rooms_on(config, name, direct_platforms(config))])
        return [*found, *await _teammates(config, name, platform)]
    finally:
        await platform.aclose()


async def _teammates(config: Config, name: str, platform: Platform) -> Sequence[Finding]:
    """Say which configured teammates cannot do what the configuration means them to."""
    if not isinstance(platform, KnowsOutsiders):
        return []
    mates = {mate.ids[name]: given for given, mate in config.teammates.items() if name in mate.ids}
    remedy = "Have them made a full member there, or take them out of teammates and teams."
    said = "is a guest there, or of another organisation: nothing can be assigned to them, and they cannot answer."
    found = sorted(mates[who] for who in await platform.outsiders(tuple(mates)))
    return [Finding("warning", f"{name} teammate {mate}", f"{mate} {said}", remedy) for mate in found]


async def _assistant(config: Config, *, offline: bool) -> Section:
    assistant = None if offline else build_assistant(config)
    if assistant is None:
        return Section("Assistant", [])
    try:
        return Section("Assistant", list(await guarded("assistant", assistant.check())))
    finally:
        await assistant.aclose()


async def _public_address(public_url: str, *, offline: bool) -> Section:
    parts = urlsplit(public_url)
    if parts.scheme == "https":
        found = [Finding("ok", PUBLIC_URL, f"{public_url} is encrypted.")]
    else:  # the configuration takes http on loopback only
        found = [Finding("ok", PUBLIC_URL, f"{public_url} can be reached from this machine only.")]
    if not offline:
        found += await guarded(PUBLIC_URL, _reach(public_url))
    return Section("Public address", found)


async def _reach(public_url: str) -> Sequence[Finding]:
    timeout = aiohttp.ClientTimeout(total=REACH_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
            session.get(f"{public_url}/health/live", allow_redirects=False) as answer,
        ):
            status = answer.status
    except aiohttp.ClientConnectorCertificateError:
        remedy = "Give the web server a certificate that providers trust, with the whole chain."
        return [Finding("warning", PUBLIC_URL, "Its certificate is not trusted.", remedy)]
    except (aiohttp.ClientError, TimeoutError, OSError) as problem:
        remedy = (
            "Start `textbridge run`. If it is running, look at the name, the proxy and the firewall; "
            "within some networks one's own public address never answers, and then this says nothing."
        )
        return [Finding("warning", PUBLIC_URL, f"{public_url} does not answer ({type(problem).__name__}).", remedy)]
    if status != _ALIVE:
        remedy = "Let the proxy pass /webhooks, /platforms, /media and /health on to the address in `listen`."
        message = f"{public_url}/health/live answers {status}, so it is not the bridge that is reached there."
        return [Finding("warning", PUBLIC_URL, message, remedy)]
    return [Finding("ok", PUBLIC_URL, "The bridge answers there.")]
