"""What is answered to words in a room, where there is no conversation yet or its number stands in front."""

from bridge.domain.cards import Note

HELP = Note(
    "Each conversation is a thread in this room: write in it and the contact gets it as a text. "
    "`!help` in a thread lists what works there. "
    "`/sms new +1 555 010 0200 text` begins a conversation, `/sms queue` shows what waits, `/sms report` how fast it "
    "was answered, `/sms search words` finds what was said, `/sms canned` lists canned responses, `/sms away until "
    "friday` and `/sms back` say whether you are "
    "here, `/sms #1042 close` and its like act on a conversation from here."
)


def unknown_command(word: str, nearest: str | None) -> Note:
    """Say that what follows a conversation's number was not understood."""
    hint = f"Did you mean `{nearest}`? " if nearest else ""
    return Note(f"Nothing done: `{word.replace('`', '')[:40]}` is not a command. {hint}`/sms help` lists what works.")


def numbered(number: str, rest: str) -> Note:
    """Say how a conversation is named in a room."""
    return Note(f"Nothing done. Did you mean `/sms #{number} {rest[:40].replace('`', '') or 'history'}`?")


def only_in_thread(verb: str) -> Note:
    """Say where a verb works that does nothing in the room by itself."""
    return Note(
        f"Say which conversation: write its number in front, `/sms #1042 {verb}`, or write `!{verb}` in its thread."
    )


def unknown(verb: str, nearest: str | None) -> Note:
    """Say that a verb was not understood and what to write instead; ``verb`` is what somebody typed."""
    hint = f"Did you mean `/sms {nearest}`? " if nearest else ""
    typed = verb.replace("`", "")[:40]
    return Note(f"`/sms {typed}` is not a command. {hint}`/sms help` lists what works here.")
