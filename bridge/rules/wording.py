"""Every sentence the bot says, in one place: short, plain, and saying what to do."""

from collections.abc import Sequence
from datetime import timedelta

from bridge.domain.cards import INSERT, Button, Note
from bridge.domain.people import Person
from bridge.rules.guard import check_of

UNDO = "undo"
SEND = "send"
KEEP = "keep"
AGAIN = "again"
CLOSE = "close"
REOPEN = "reopen"


_ENDS = (".", "!", "?")
"""After these a quoted sentence needs no full stop of ours."""
IN_MINUTES_FROM = 120
"""Spans of at least this many seconds are said in minutes."""
HOURS_FROM = 2
DAYS_FROM = 49
"""Spans of at least this many hours are said in hours, in days."""
_A_MOMENT = timedelta(minutes=5)


def seconds(span: timedelta) -> str:
    """Return a short span as people say it."""
    whole = round(span.total_seconds())
    if whole < IN_MINUTES_FROM:
        return f"{whole} seconds"
    return f"{round(whole / 60)} minutes"


def undo_offer(message: str, body: str, undo: timedelta) -> Note:
    """Tell the author, and nobody else, which reply can still be stopped; it must read well long after that."""
    which = f"“{beginning(body)}”" if body else "Your file"
    return Note(
        f"{which} goes out as a text {seconds(undo)} after you wrote it.", buttons=(Button(UNDO, "Undo", message),)
    )


def sent_aside(who: str) -> Note:
    """Tell somebody whose client shows no threads that what they wrote was no remark."""
    return Note(f"Sent as text to {who.replace(INSERT, '')}. Begin with `//` or `note:` to keep a reply internal.")


def untextable(what: str) -> Note:
    """Tell somebody that what they posted is nothing a text can carry. ``what``: with its article."""
    return Note(f"Kept internal: {what} cannot be texted. To tell the contact, write a message or attach a file.")


BEGINNING = 40
"""Characters of a reply by which its author knows it again."""


def beginning(body: str) -> str:
    """Return the first words of a reply on one line, cut where a word ends if that is near."""
    line = " ".join(body.replace("`", "'").replace(INSERT, "").split())
    if len(line) <= BEGINNING:
        return line
    cut = line[:BEGINNING]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[BEGINNING // 2 :] else cut} …"


def question(message: str, body: str, reasons: tuple[str, ...], send: str = "Send") -> Note:
    """Ask what to do with a held reply, and say which one: several may be held in a thread."""
    why = " ".join(_sentence(reason) for reason in reasons)
    return Note(f"⏳ Held, not sent: {_which(body, reasons)} {why}".strip(), buttons=_deciding(message, send))


def question_elsewhere(message: str, body: str, reasons: tuple[str, ...]) -> Note:
    """Ask about a reply that stands in another room, whose words must be told here; its writer is inserted."""
    why = " ".join(_sentence(reason) for reason in reasons)
    text = f"⏳ Held, not sent. {why}\n{INSERT}: {body}"
    if _has_secret(reasons):
        text = f"⏳ Held, not sent: {_which(body, reasons)} {why} {INSERT} wrote it in the other room."
    return Note(text, buttons=_deciding(message, "Send"))


def stale_question(message: str, body: str, reasons: tuple[str, ...]) -> Note:
    """Ask what to do with a reply whose writer could not know what was said since."""
    return question(message, body, reasons, "Send anyway")


def correction_question(message: str, body: str, reasons: tuple[str, ...]) -> Note:
    """Ask whether the new words of a reply that has left are texted too."""
    why = " ".join(_sentence(reason) for reason in reasons)
    text = f"✏️ {why} The new one: {_which(body, reasons)} Send it as a correction?"
    return Note(text, buttons=_deciding(message, "Send correction"))


def _has_secret(reasons: tuple[str, ...]) -> bool:
    return any(check_of(reason) == "secrets" for reason in reasons)


def _which(body: str, reasons: tuple[str, ...]) -> str:
    if _has_secret(reasons):
        return "a reply with a secret."  # deleting the reply must be enough to take the secret back
    shown = beginning(body)
    return f"“{shown}”{'' if shown.endswith(_ENDS) else '.'}" if body else "a file."


def _deciding(message: str, send: str = "Send") -> tuple[Button, ...]:
    return Button(SEND, send, message, "primary"), Button(KEEP, "Keep internal", message)


def _sentence(reason: str) -> str:
    text = reason[:1].upper() + reason[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


ODD_OPENING = "one of its lines begins like a comment or a command"
CONFIRM_REASON = "this line asks before each text"
SENT_REMARK_REASON = "the words behind !send begin like a comment"
MARKED_REASON = "it carries a mark from before, so it may already have been texted"
ABSENT_REASON = "it came late and was not in the thread any more when that was read, so it may have been deleted"
DELAYED_REASON = "it could be read only now, long after it was written"
CORRECTION_REASON = "edited after it had left: the contact still has the old text"


def too_long(segments: int, limit: int, encoding: str) -> str:
    """Say why a long reply is held."""
    return f"this is {segments} segments ({encoding}), more than the {limit} this line sends without asking"


def still_held(message: str, body: str, reasons: tuple[str, ...]) -> Note:
    """Remind the thread of a held reply, and say which one."""
    return Note(f"⏳ Still not sent: {_which(body, reasons)} Send it or keep it internal?", buttons=_deciding(message))


def failed(message: str, reason: str, *, again: bool = True) -> Note:
    """Tell the thread that a text did not reach the contact. ``again``: sending it again may help."""
    buttons = (Button(AGAIN, "Send again", message),) if again else ()
    return Note(f"⚠️ Not delivered. {reason}".strip(), buttons=buttons)


def outcome_unknown(message: str) -> Note:
    """Tell the thread that nobody knows whether the text left."""
    return Note(
        "⚠️ It is not certain that this text left: the provider's answer was lost and it is not in the provider's list. "
        "Ask the contact, or send it again (they may get it twice).",
        buttons=(Button(AGAIN, "Send again", message),),
    )


def explicit_offer(message: str) -> Note:
    """Offer to text what was kept as a comment on a line where only explicit sends leave."""
    return Note(
        "Kept internal: on this line only `!send …` or this button texts the contact.",
        buttons=(Button(SEND, "Send as text", message),),
    )


CREDENTIALS = Note(
    "⚠️ The provider refuses our credentials, so this reply waits. It leaves by itself once an operator has mended them "
    "(`textbridge doctor` says how)."
)
OPTED_OUT = "The contact has opted out of texts (STOP), so nothing may be sent. They can text START to allow it again."
COMMENT_STAYS = Note("Not sent: a comment stays one when it is edited. To text it, write a new message: `!send text`.")
DELETED_LATE = Note("This was deleted after it had left as a text. The contact still has it.")
ARRIVED = Note("The provider reports that the text did leave.")
TOO_LATE = Note("Too late: it has already left as a text.")
NOTHING_TO_UNDO = Note(
    "There is no reply on its way to undo here. A held one is decided by the buttons on its question."
)
NOTHING_TO_SEND = Note("There is no held reply to send here.")
NOTHING_TO_KEEP = Note("There is no reply here that could still be kept internal.")
NOTHING_AGAIN = Note("There is no failed text here to send again.")
EMPTY_SEND = Note("There is nothing to send: write `!send` and the text behind it.")
EDITED_LATE = Note("This was edited after it had left as a text. The contact still has the old words.")
OUTSIDER = Note(
    "Not sent: guests and people of other organisations cannot text the contact. It stays here as a comment."
)
NOT_TEAMMATE = Note("Not sent: only configured teammates may text from this line. It stays here as a comment.")
PERSONAL = Note("Not sent: this is another teammate's own line. What you wrote stays here as a comment.")
MAY_NOT_ACT = "Nothing done: only teammates who may text from this line can do that."
HOME_REFUSED = (
    "Only members of this workspace may see its text conversations. Guests and people of other organisations may not."
)
OBSERVER_ACTS = Note("Observers cannot do this. Ask a member or manager.")
OUTSIDER_ACTS = Note("Guests and people of other organisations cannot do this. Ask a teammate of this organisation.")
OBSERVER = Note("Not sent: observers cannot text the contact. It stays here as a comment.")


def decided(verb: str, who: Person) -> Note:
    """Replace a question by its answer; the platform puts the name of the person, if it was one, behind it."""
    return Note(f"{verb}.", by=who if who.id else None)


def sent(body: str, who: Person) -> Note:
    """Say that a reply was let go. ``body``: its words, where nothing else in the thread shows them."""
    words = f"“{body.replace(INSERT, '')}” sent." if body else "Sent."
    return Note(words, by=who if who.id else None)


CLOSED = Note("Closed, until the contact writes again.")
CLOSED_ALREADY = Note("It is closed already.")
REOPENED = Note("Open again.")
OPEN_ALREADY = Note("It is open already.")


def closed_with_held(number: int) -> Note:
    """Tell who closes a conversation what is left to decide there."""
    if number == 1:
        return Note("Closed, but 1 reply is still held: send or keep it.")
    return Note(f"Closed, but {number} replies are still held: send or keep them.")


def no_marker(word: str, markers: Sequence[str]) -> Note:
    """Say how to keep words inside to somebody who tried it by a ``!word``; they were not sent all the same."""
    ways = " or ".join(f"`{marker}`" for marker in markers[:2])
    return Note(f"Not sent: `!{word}` is not a command. To keep words inside, begin them with {ways}.")


def unknown_command(word: str, nearest: str | None) -> Note:
    """Say that a ``!word`` was not understood, and was not sent."""
    hint = f" Did you mean `!{nearest}`?" if nearest else " `!help` lists what works here."
    return Note(f"Not sent: `!{word}` is not a command.{hint}")


NO_CONVERSATION = Note("This message does not belong to a text conversation.")


def stands_alone(name: str, rest: str) -> Note:
    """Say that nothing was done, as words behind a command that takes none may mean anything."""
    said = rest.replace("`", "")[:40]
    other = f"`!snooze {said}` puts it away for a while, " if name == CLOSE else ""
    return Note(f"Nothing done: `!{name}` stands alone. {other}`!comment {said}` keeps a remark.")


def only_in_thread(verb: str) -> Note:
    """Say that a word acts on what stands in the thread, so that it must be written there."""
    return Note(f"Nothing done: write `!{verb}` in the thread of the conversation.")


HELP = Note(
    "Write in this thread and the contact gets it as a text. "
    "Start with `//` or `note:` to keep it internal. `!help claim` says what a word does.\n"
    "Answer: `!send` `!canned` `!later` `!undo` `!again` `!draft` `!comment`\n"
    "Own: `!claim` `!assign` `!unassign` `!team` `!share` `!watch` `!unwatch` `!away` `!back`\n"
    "Time: `!close` `!reopen` `!snooze` `!wake` `!remind` `!merge` `!unmerge` `!split`\n"
    "Contact: `!name` `!zone` `!label` `!block` `!unblock` `!optout` `!optin`\n"
    "Record: `!summary` `!history` `!why` `!help`\n"
    "Reactions: ❌ undo, 📨 send a held reply now, 🔁 send again, ✅ close."
)


MEDIA_GONE = "it could not be fetched"
MEDIA_FAILED = "📎 A file could not be shown: {reason}"
MEDIA_NOT_SENT = "📎 A file cannot go along: {reason}."
MEDIA_PROGRAM = "programs are not sent to contacts"
MEDIA_ARCHIVE = "archives such as .zip are not sent to contacts; attach the files that are in it"


def went_as_link(names: str, life: timedelta) -> Note:
    """Tell the thread which files the contact can only open for a while."""
    return Note(f"📎 Went as a link that works for {lasting(life)}: {names}. The contact must open it by then.")


def lasting(span: timedelta) -> str:
    """Return a span as people say it, in whole hours or days when it is long; what was made a moment ago counts."""
    hours = (span + _A_MOMENT) // timedelta(hours=1)
    if hours < HOURS_FROM:
        return seconds(span)
    return f"{hours} hours" if hours < DAYS_FROM else f"{hours // 24} days"


EMPTY_TEXT = "(no words)"
EMPTY_MEDIA = "(sent a file)"
CAME_LATE = "Received while the bridge was away."
