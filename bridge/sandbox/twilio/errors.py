"""Twilio's numbered errors: those of an API call, and those a message or webhook ends with.

Numbers and meanings: https://www.twilio.com/docs/api/errors. The wording is ours.
"""

from typing import Any

MESSAGES = {
    11200: "the address could not be fetched or did not answer 2xx",
    11751: "media exceeds the size limit",
    12100: "the answer is not well-formed XML",
    12200: "the answer is not TwiML",
    12300: "content type not accepted",
    20001: "invalid parameter",
    20003: "Authenticate",
    20005: "account not active",
    20008: "resource not accessible with test account credentials",
    20009: "the message has not come to rest yet",
    20404: "the requested resource was not found",
    20429: "too many requests",
    20500: "internal server error",
    21211: "invalid 'To' phone number",
    21212: "invalid 'From' number",
    21266: "'To' and 'From' number cannot be the same",
    21408: "permission to send to this region has not been enabled",
    21602: "message body is required",
    21603: "a 'From' number or 'MessagingServiceSid' is required",
    21604: "a 'To' phone number is required",
    21606: "the 'From' number is not a valid, message-capable sender of this account",
    21609: "invalid 'StatusCallback' address",
    21610: "attempt to send to an unsubscribed recipient",
    21611: "this 'From' number has exceeded the maximum number of queued messages",
    21612: "the combination of 'To' and 'From' cannot be served",
    21614: "'To' number is not a valid mobile number",
    21617: "the message body exceeds the 1600 character limit",
    21619: "a text message body, media or content template is required",
    21620: "invalid media address",
    21623: "number of media files exceeds the allowed limit",
    21655: "the 'ContentSid' is invalid",
    21656: "the 'ContentVariables' are invalid",
    21701: "the messaging service does not exist",
    21703: "the messaging service contains no phone numbers",
    21910: "'To' and 'From' should be of the same channel",
    35114: "scheduling does not support this timestamp",
    35118: "scheduling needs a 'MessagingServiceSid'",
}


class Refused(Exception):
    """A call Twilio refuses: HTTP ``status``, error ``code``, and what was wrong."""

    def __init__(self, code: int, status: int = 400, detail: str = "") -> None:
        """``detail`` is added to the code's own message; it names parameters, not their values."""
        text = MESSAGES.get(code, f"error {code}")
        super().__init__(f"{text}: {detail}" if detail else text)
        self.code = code
        self.status = status

    def as_json(self) -> dict[str, Any]:
        """Return the body of the answer, in the shape of the 2010-04-01 API."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": str(self), "more_info": more, "status": self.status}
