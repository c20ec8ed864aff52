"""Texts from people: stored, then posted to the number's webhook."""

import asyncio
import xml.etree.ElementTree as ET

from bridge.sandbox.twilio.consent import note_consent, reply
from bridge.sandbox.twilio.model import Delivery, Message, Number, Place, Text, TextIn
from bridge.sandbox.twilio.posting import Post, Poster
from bridge.sandbox.twilio.segments import count_segments
from bridge.sandbox.twilio.state import State

_XML = frozenset({"text/xml", "application/xml", "text/html"})


class Inbound:
    """Receives texts and tells the client about them, those of one handset one after the other."""

    def __init__(self, state: State, poster: Poster) -> None:
        """Hold no state of its own."""
        self._state = state
        self._poster = poster
        self._turns: dict[str, asyncio.Lock] = {}

    def receive(self, text: Text) -> tuple[Message, dict[str, str]]:
        """Store a text; return it with its webhook's fields. Raises ``LookupError`` for a number nobody owns."""
        state, number = self._state, self._state.numbers.get(text.to)
        if number is None:
            raise LookupError(f"no account owns {text.to}")
        phone, now = state.phone(text.sender), state.now()
        sid = state.ids.sid("MM" if text.media else "SM")
        message = Message(
            sid=sid,
            account=number.account,
            direction="inbound",
            sender=text.sender,
            to=text.to,
            body=text.body,
            status="received",
            created=now,
            updated=now,
            num_media=len(text.media),
            num_segments=1 if text.media else count_segments(text.body),
            sent=now,
            service=number.service,
            received=True,
        )
        for content_type, content in text.media:
            state.attach(message, content_type, content)
        if number.service:
            state.last_sender[number.service.sid, phone.number] = number.phone_number
        state.store(message)
        fields = self._fields(message, number)
        asked = note_consent(state, phone, number, text.body)
        if asked and number.service and number.service.advanced_opt_out:
            fields["OptOutType"] = asked
        return message, fields | text.extra

    async def post(
        self, message: Message, fields: dict[str, str], *, copies: int | None = None, forged: bool | None = None
    ) -> TextIn:
        """Post the webhook as the knobs say, once those of the handset's earlier texts are answered.

        Without an address the text is only in the list.
        """
        async with self._turns.setdefault(message.sender or "", asyncio.Lock()):
            return await self._post(message, fields, copies, forged)

    async def _post(self, message: Message, fields: dict[str, str], copies: int | None, forged: bool | None) -> TextIn:
        state, knobs, number = self._state, self._state.webhooks, self._state.numbers[message.to]
        service = number.service
        url = (service.inbound_url if service else None) or number.sms_url
        if knobs.lost > 0:
            knobs.lost -= 1
            return TextIn(message, ())
        if not url:
            return TextIn(message, ())
        if knobs.delay:
            await state.clock.sleep(knobs.delay)
        wrong = knobs.forged if forged is None else forged
        secret = state.ids.secret() if wrong else message.account.auth_token
        method = "POST" if service and service.inbound_url else number.sms_method
        post = Post("webhook", "sms", url, fields, secret, message.sid, method)
        fallback = (number.sms_fallback_url, number.sms_fallback_method)
        if service and service.inbound_url:
            fallback = (service.fallback_url or "", "POST")
        posts = [self._poster.deliver(post, fallback) for _ in range(copies or knobs.copies)]
        deliveries = tuple(one for several in await asyncio.gather(*posts) for one in several)
        for delivery in deliveries:
            self._obey(delivery, message, number)
        return TextIn(message, deliveries)

    def _fields(self, message: Message, number: Number) -> dict[str, str]:
        fields = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsMessageSid": message.sid,
            "SmsStatus": "received",
            "AccountSid": message.account.sid,
            "From": message.sender or "",
            "To": message.to,
            "Body": message.body,
            "NumMedia": str(message.num_media),
            "NumSegments": str(message.num_segments),
            "ApiVersion": "2010-04-01",
        }
        fields |= _place("From", self._state.phone(message.sender or "").place) | _place("To", number.place)
        if number.service:
            fields["MessagingServiceSid"] = number.service.sid
        base = f"{self._state.base_url}/2010-04-01/Accounts/{message.account.sid}/Messages/{message.sid}/Media"
        for index, medium in enumerate(message.media):
            fields[f"MediaContentType{index}"] = medium.content_type
            fields[f"MediaUrl{index}"] = f"{base}/{medium.sid}"
        return fields

    def _obey(self, delivery: Delivery, message: Message, number: Number) -> None:
        """Do what an answer says: TwiML, or plain text that Twilio sends on as a message."""
        if not delivery.answered or not delivery.answer.strip():
            return
        phone = self._state.phone(message.sender or "")
        if delivery.content_type == "text/plain":
            self._state.journal.violation("webhook", "a text/plain answer is texted to the sender")
            reply(self._state, phone, number, delivery.answer.decode(errors="replace"))
            return
        if delivery.content_type not in _XML:
            self._state.journal.violation("webhook", f"12300: an answer of type {delivery.content_type!r}")
            return
        for body in self._read_twiml(delivery.answer):
            reply(self._state, phone, number, body)

    def _read_twiml(self, answer: bytes) -> list[str]:
        try:
            root = ET.fromstring(answer)  # noqa: S314 -- the answer of a client on this machine; expat bounds expansion
        except ET.ParseError:
            self._state.journal.violation("webhook", "12100: the answer is not well-formed XML")
            return []
        if root.tag != "Response":
            self._state.journal.violation("webhook", "12200: the answer is not TwiML")
            return []
        return ["".join(_body(one).itertext()) for one in root.iter("Message")]


def _body(verb: ET.Element) -> ET.Element:
    body = verb.find("Body")
    return verb if body is None else body


def _place(prefix: str, place: Place | None) -> dict[str, str]:
    if place is None:
        return {}
    fields = {"City": place.city, "State": place.state, "Zip": place.zip, "Country": place.country}
    return {f"{prefix}{name}": value for name, value in fields.items()}
