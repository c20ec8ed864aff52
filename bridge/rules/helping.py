"""Help: what a teammate can do, in general and on one word."""

from bridge.domain.cards import Note
from bridge.domain.decision import Decision
from bridge.rules import wording
from bridge.rules.act import Act

ON: dict[str, str] = {
    "send": "`!send text` texts the contact, whatever the line's reply mode; the undo window still runs.",
    "canned": "`!canned` lists canned responses, `!canned name key=value` sends one.",
    "undo": "`!undo`, the Undo button, a ❌ reaction or deleting the message stops a reply that has not left.",
    "again": "`!again` or 🔁 sends a text once more that failed.",
    "close": "`!close` or ✅ ends the conversation until the contact writes again.",
    "reopen": "`!reopen`, or taking ✅ back, takes it up again.",
    "snooze": "`!snooze 2h`, `!snooze mon 9:00`, the Snooze button or 💤 puts it away until then, or until they write.",
    "wake": "`!wake`, or taking 💤 back, ends a snooze.",
    "remind": "`!remind 2h call them back` tells you then, in private; `!remind off` takes your reminders here back.",
    "share": "`!share` moves a personal line's conversation to the line's room, `!share sales` to a team's or line's.",
    "later": "`!later tomorrow 9:00 text` texts it then; ❌ or `!undo` stops it, and so does a text of the contact. "
    "`!later every mon 9:00 text` texts it again and again, `!later appointment tue 14:30` sends the canned response "
    "`appointment`, or the one named behind, a day ahead. `!later` lists what is planned, `!later off 2` cancels.",
    "assign": "`!assign @ana` makes it Ana's; a configured teammate's name does, too. She is told.",
    "claim": "`!claim`, the Claim button or 👀 makes it yours. What is another's stays so: use `!assign`.",
    "unassign": "`!unassign`, or taking your 👀 back, makes it nobody's.",
    "team": "`!team sales` hands it over: it goes on in that team's room, with what was said last and your comments.",
    "watch": "`!watch` tells you of each new text here; `!unwatch` ends that.",
    "unwatch": "`!unwatch` ends what `!watch` began.",
    "label": "`!label +lead -spam` adds and takes away labels.",
    "name": "`!name Maria Silva` says what the contact is called.",
    "zone": "`!zone Europe/Lisbon` says in which time zone the contact lives; `!zone` tells what is known.",
    "away": "`!away until mon 9:00`, `!away 2h` or `!away` calls the team instead of you, and offers to give back "
    "what is yours.",
    "back": "`!back` ends that.",
    "merge": "`!merge #1042` lets it go on in #1042: new texts are shown there, and replies go to the number that "
    "texted last. `!unmerge` separates it again.",
    "unmerge": "`!unmerge`, or the Unmerge button, lets a merged conversation go on by itself again.",
    "split": "`!split` closes it and goes on in a new thread with a new number; *Split from here* does so from a "
    "message on. `!merge` undoes it.",
    "block": "`!block` keeps the contact's texts without calling anybody, and refuses replies; `!unblock` lifts it.",
    "unblock": "`!unblock` lifts a block.",
    "optout": "`!optout` notes that the contact wants no texts: nothing is sent any more.",
    "optin": "`!optin her words` notes that the contact agreed to texts, with those words as evidence.",
    "draft": "`!draft` lets the assistant, if there is one, draft a reply; nothing leaves until somebody sends it.",
    "summary": "`!summary` lets the assistant, if there is one, sum it all up for you alone; it is shown no comments.",
    "comment": "`!comment text`, `//` or `note:` in front, or a mention in front keeps words inside.",
    "history": "`!history` tells you the last acts on record.",
    "why": "`!why` tells you who answered, and which act made things as they are.",
    "help": "`!help` tells what works here, `!help claim` more of one word.",
}
"""What each word does, in a sentence or two."""


def help_on(act: Act) -> Decision:
    """Tell the actor what a word does, or what there is."""
    word = act.argument.strip().removeprefix("!").casefold()
    return act.tell(Note(ON[word]) if word in ON else wording.HELP)
