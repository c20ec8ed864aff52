"""What Twilio can do, as data, and what its errors mean."""

import re

from bridge.adapters.providers._laml import EMPTY_ANSWER
from bridge.adapters.providers._laml_codes import ADVICE
from bridge.ports.provider import ProviderCapabilities

NAME = "twilio"

# Only these kinds may fill 5 MB together; the others Twilio takes are limited to 500 kB and go as links instead.
# No rate: Twilio itself queues what a number may not send yet, for ten hours, and says 20429 when calls come too fast.
CAPABILITIES = ProviderCapabilities(
    media_count=10,
    media_bytes=5_000_000,
    media_types=("image/jpeg", "image/png", "image/gif"),
    body_limit=1600,
    delivery_reports=True,
    handles_stop=True,
    idempotent_send=False,
    findable=True,
    lists_inbound=True,
    webhook_reply=EMPTY_ANSWER,
)

_CODE = re.compile(r"[0-9]{3,6}")


def explain(code: str | None) -> str:
    """Say in plain words what ``code`` means and what to do; unknown codes get the address of Twilio's page."""
    if code is None or not _CODE.fullmatch(code):
        return "Twilio could not deliver the text and did not say why. Send it again, or call."
    general = f"Twilio reports error {code}. See https://www.twilio.com/docs/api/errors/{code}"
    return ADVICE.get(code, general)
