"""What the configuration names of the outside, built: adapters, their settings, what they can do."""

from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import BaseModel

from bridge.adapters import platforms as platform_adapters
from bridge.adapters import providers as provider_adapters
from bridge.adapters.assistants.chat_completions import ChatCompletions
from bridge.adapters.languages import language_of
from bridge.adapters.platforms.matrix import crypto
from bridge.adapters.platforms.matrix.registration import registration
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from bridge.adapters.platforms.slack import manifest
from bridge.adapters.webhooks import SignedWebhook
from bridge.config import Config
from bridge.config.policy import policy_of
from bridge.config.problems import ConfigError, Problem
from bridge.domain.policy import Policy
from bridge.pipeline.words import described
from bridge.ports.assistant import Assistant
from bridge.ports.clock import Clock
from bridge.ports.languages import TellsLanguage
from bridge.ports.platform import Platform, PlatformCapabilities
from bridge.ports.provider import Provider, ProviderCapabilities
from bridge.ports.specs import PlatformContext, ProviderContext
from bridge.ports.webhooks import Webhook


def system_clock() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)


def settings_models() -> tuple[dict[str, type[BaseModel]], dict[str, type[BaseModel]]]:
    """Return the settings models of all providers and platforms, by name, for reading a configuration."""
    providers = {name: spec.settings for name, spec in provider_adapters.discover().items()}
    return providers, {name: spec.settings for name, spec in platform_adapters.discover().items()}


def capabilities() -> tuple[dict[str, ProviderCapabilities], dict[str, PlatformCapabilities]]:
    """Return what each provider and each platform can do, by name."""
    providers = {name: spec.capabilities for name, spec in provider_adapters.discover().items()}
    return providers, {name: spec.capabilities for name, spec in platform_adapters.discover().items()}


def slack_manifest(http_url: str | None = None) -> str:
    """Return the Slack app's manifest as YAML; ``http_url``: where Slack sends everything in HTTP mode."""
    return manifest.dump(http_url)


def encryption_needs() -> str:
    """Return what encrypted Matrix rooms need that is not installed, with the remedy; empty where they can be used."""
    return "" if crypto.installed() else f"Encrypted rooms need an extra that is not installed: {crypto.PIP}"


def matrix_registration(config: Config) -> str | None:
    """Return the registration of the first Matrix platform that is an appservice, as YAML; None when there is none."""
    for name, entry in config.platforms.items():
        if isinstance(entry.settings, MatrixSettings) and entry.settings.mode == "appservice":
            return registration(entry.settings, f"{config.public_url.rstrip('/')}/platforms/{name}")
    return None


def build_providers(config: Config, clock: Clock) -> dict[str, Provider]:
    """Return an adapter for each account."""
    specs = provider_adapters.discover()
    found: dict[str, Provider] = {}
    for name, account in config.accounts.items():
        lines = tuple(line.address for line in config.lines.values() if line.account == name)
        context = ProviderContext(account=name, public_url=config.public_url, lines=lines, clock=clock)
        found[name] = specs[account.provider].build(account.settings, context)
    return found


def build_platforms(config: Config, clock: Clock) -> dict[str, Platform]:
    """Return an adapter for each platform."""
    specs = platform_adapters.discover()
    found: dict[str, Platform] = {}
    for name, entry in config.platforms.items():
        rooms = (room.room for line in config.lines.values() for room in line.rooms if room.platform == name)
        context = PlatformContext(platform=name, clock=clock, rooms=tuple(dict.fromkeys(rooms)), commands=described())
        found[name] = specs[entry.kind].build(entry.settings, context)
    return found


def direct_platforms(config: Config) -> list[str]:
    """Return the platforms on which the bot can write to a person directly."""
    _, able = capabilities()
    return [name for name, entry in config.platforms.items() if able[entry.kind].direct_rooms]


def policy_for(config: Config, bots: dict[str, str], outsiders: set[str], providers: Mapping[str, Provider]) -> Policy:
    """Return what decisions are made by, with these providers.

    ``bots`` and ``outsiders`` are filled in when the bot has logged in.
    """
    silent = [name for name, provider in providers.items() if not provider.capabilities.handles_stop]
    return policy_of(config, bots, direct_platforms(config), silent, outsiders)


def check_personal(config: Config) -> None:
    """Raise ``ConfigError`` for a personal line whose teammate cannot be written to: its texts would show nowhere."""
    lines = policy_of(config, {}, direct_platforms(config)).lines
    hopeless = [name for name, line in lines.items() if not line.rooms]
    if hopeless:
        message = "this teammate has no id on a platform where the bot can write to a person directly."
        problems = [
            Problem(1, 1, f"lines.{name}.personal", message, "Give their id on Slack or Matrix.") for name in hopeless
        ]
        raise ConfigError(problems, "configuration")


def build_webhooks(config: Config) -> dict[str, Webhook]:
    """Return an adapter for each program that rules tell."""
    return {
        name: SignedWebhook(entry.url, entry.secret.get_secret_value(), private=entry.private_hosts)
        for name, entry in config.webhooks.items()
    }


def build_languages() -> TellsLanguage:
    """Return what tells languages; needs its extra when it is asked, which the configuration is checked for."""
    return language_of


def build_assistant(config: Config) -> Assistant | None:
    """Return the language model, if one is configured."""
    own = config.assistant
    if own is None:
        return None
    key = own.api_key.get_secret_value() if own.api_key else None
    return ChatCompletions(own.base_url, own.model, key, own.timeout)
