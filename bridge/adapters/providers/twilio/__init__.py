"""SMS and MMS through Twilio's Programmable Messaging API, version 2010-04-01."""

from importlib import import_module

from bridge.adapters.providers.twilio.facts import CAPABILITIES, NAME
from bridge.adapters.providers.twilio.settings import TwilioSettings
from bridge.ports.provider import Provider
from bridge.ports.specs import ProviderContext, ProviderSpec


def build(settings: TwilioSettings, context: ProviderContext) -> Provider:
    """Return the account's adapter; the vendor's library (0.4 s) is loaded only now."""
    provider: Provider = import_module(f"{__name__}.provider").Twilio(settings, context)
    return provider


PROVIDER = ProviderSpec(name=NAME, settings=TwilioSettings, capabilities=CAPABILITIES, build=build)
