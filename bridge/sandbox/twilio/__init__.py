"""A strict pretend Twilio: REST API, signed webhooks, status callbacks, handsets; see README.md."""

from bridge.sandbox.twilio.journal import Change, Entry, Subscription, Violation
from bridge.sandbox.twilio.model import Account, Attempt, Delivery, Message, Number, Phone, Place, Service, Text, TextIn
from bridge.sandbox.twilio.state import CallbackKnobs, Limits, MediaKnobs, WebhookKnobs
from bridge.sandbox.twilio.world import TwilioWorld

__all__ = [
    "Account",
    "Attempt",
    "CallbackKnobs",
    "Change",
    "Delivery",
    "Entry",
    "Limits",
    "MediaKnobs",
    "Message",
    "Number",
    "Phone",
    "Place",
    "Service",
    "Subscription",
    "Text",
    "TextIn",
    "TwilioWorld",
    "Violation",
    "WebhookKnobs",
]
