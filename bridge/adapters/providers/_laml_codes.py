"""What the numbered errors of Twilio and its relatives mean for the people in a thread, and what to do about them.

Numbers: https://www.twilio.com/docs/api/errors. The wording is ours.
"""

from collections.abc import Mapping
from types import MappingProxyType

_ADMIN = "Ask whoever runs the bridge to"

OPTED_OUT = "21610"
"""The contact texted STOP to the provider, which refuses every further text."""

ADVICE: Mapping[str, str] = MappingProxyType(
    {
        # The account and its credentials
        "20001": "The provider could not read a part of our request. This is a fault of the bridge; please report it.",
        "20003": f"The provider refused the credentials. {_ADMIN} check the account's id and token.",
        "20005": f"The provider account is suspended or closed. {_ADMIN} look at its balance and status.",
        "20006": f"The credentials do not allow texting. {_ADMIN} give the API key that right.",
        "20008": f"These are test credentials, which cannot do this. {_ADMIN} use the live ones.",
        "20404": f"The provider does not know this account. {_ADMIN} check the account's id and address.",
        "20429": "The provider is busy with too many requests at once. The text waits and is tried again by itself.",
        # The contact's number
        "21211": "This is not a number that can be texted. Check it for a missing or extra digit.",
        "21217": "This number does not look valid. Check it for a missing or extra digit.",
        "21604": "The number to text is missing. Check the contact's number.",
        OPTED_OUT: "The contact has opted out by texting STOP. Nothing more may be sent until they text START.",
        "21612": "This number cannot be reached from this line. Try another line, or call.",
        "21614": "This number cannot receive texts; it is probably a landline. Call instead.",
        "21266": "The contact's number is this line itself. A line cannot text itself.",
        "21910": "The contact and the line are on different channels, such as WhatsApp and SMS. Use a matching line.",
        # The line
        "21212": f"The line's own number is not valid. {_ADMIN} check the line's address.",
        "21603": f"The line has no number to send from. {_ADMIN} check the line's address.",
        "21606": f"The line's number cannot send texts from this account. {_ADMIN} check that the account owns it.",
        "21611": "Too many texts from this line are waiting at the provider. The text is tried again by itself.",
        "21701": f"The Messaging Service of this line does not exist. {_ADMIN} check its id.",
        "21703": f"The Messaging Service of this line has no numbers. {_ADMIN} add the line's number to it.",
        "21712": f"The line's number is not in its Messaging Service. {_ADMIN} add it there.",
        "14107": "The line sends faster than it may. The text is tried again by itself.",
        # The account's permissions
        "21408": f"Texting this country is switched off. {_ADMIN} allow it under the geographic permissions.",
        "21608": "A trial account may only text verified numbers. Verify this number, or upgrade the account.",
        "30032": f"This toll-free number is not verified, so carriers refuse its texts. {_ADMIN} get it verified.",
        "30034": f"This line is not registered for business texting in the US. {_ADMIN} register it (A2P 10DLC).",
        # The text itself
        "21602": "The text is empty. Write something, or attach a picture.",
        "21609": f"The bridge's public address is not acceptable for reports. {_ADMIN} check public_url.",
        "21617": "The text is too long; 1,600 characters is the most. Split it.",
        "21619": "The text is empty. Write something, or attach a picture.",
        "21620": "The provider could not use the address of an attachment. Send the text again, or without it.",
        "21623": "There are too many attachments; ten is the most. Send fewer.",
        "21655": f"The template does not exist. {_ADMIN} check its id.",
        "21656": "The template's values do not fit it. Fill in every placeholder.",
        # Attachments the provider fetches from us
        "11200": "The provider could not fetch an attachment from the bridge. Send it again; if that fails, report it.",
        "11751": "An attachment is too big to be texted. Send a smaller one, or a link.",
        "12300": "An attachment is of a kind that cannot be texted. Send it as a picture, or a link.",
        # Sending later
        "35114": "The time to send is not readable. Choose another.",
        "35115": "The time to send is out of range. Choose one between 5 minutes and 35 days ahead.",
        "35116": "The provider holds too many scheduled texts. Cancel some, or send now.",
        "35117": "The time to send is too near or too far. Choose one between 5 minutes and 35 days ahead.",
        "35118": f"Sending later needs a Messaging Service. {_ADMIN} give the line one, or send now.",
        # On the way, after the provider took the text
        "30001": "The text waited too long in the provider's queue and was dropped. Send it again.",
        "30002": f"The provider account was suspended before the text left. {_ADMIN} mend that, then send again.",
        "30003": "The phone is off, out of reach or does not take texts. Send it once more later, or call.",
        "30004": "The contact or their carrier blocks texts from this line. Call, or use another channel.",
        "30005": "The carrier does not know this number; it may be out of service. Check it, or call.",
        "30006": "This is a landline, or its carrier cannot be reached. Call instead.",
        "30007": "The carrier took the text for spam. Reword it, leave out links, and send it again.",
        "30008": "The carrier did not say why it failed. Send it once more; if it fails again, call.",
        "30010": "The text costs more than the limit that was set. Raise the limit, or shorten the text.",
        "30019": "The attachment is too big for the contact's carrier. Send a smaller one, or a link.",
        "30022": "This line has sent more than US carriers allow per second. Send it again in a few minutes.",
        "30023": "This line has reached its daily limit with a US carrier. Send it again tomorrow.",
        "30027": "This line has reached its daily limit with T-Mobile. Send it again tomorrow.",
        "30036": "The text did not leave in time and was dropped. Send it again.",
        "30450": "The provider blocked the text as likely fraud. Check the number; if it is right, tell the provider.",
        # WhatsApp and RCS
        "63003": "The contact cannot be reached on this channel. Use SMS, or call.",
        "63007": f"The line is not set up on this channel. {_ADMIN} check the line's address.",
        "63013": "The text breaks the channel's rules. Reword it.",
        "63015": "The contact has not joined the WhatsApp sandbox of this line. Ask them to join first.",
        "63016": "WhatsApp allows free text only within 24 hours of the contact's last message. Use a template.",
        "63018": "The channel's sending limit is reached. Send it again in a few minutes.",
        "63019": "The channel could not fetch an attachment. Send it again, or a smaller one.",
        "63021": "The channel refused what the text contains. Reword it, or use a template.",
        "63024": "The contact's address is not valid on this channel. Check it.",
        "63032": "WhatsApp has put this contact into a test group that gets no such texts. Use SMS, or call.",
        "63036": "The contact cannot be reached by RCS. Use SMS.",
    }
)
