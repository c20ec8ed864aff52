"""What the bot says about canned responses."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from bridge.domain.canned import Canned
from bridge.domain.cards import INSERT, Note
from bridge.domain.people import Person
from bridge.rules import segments

SHOWN = 30
_LENGTH = 70
NOBODY = Note("Not sent: there is no conversation here to answer.")
HOW = Note(
    "`/sms canned list words`, `/sms canned add name text`, `/sms canned edit name text`, `/sms canned remove name`. "
    "`team/name` is for one team alone. In the text, `{{ contact.first_name | default('there') }}` and its like are "
    "filled in; any other `{{ word }}` is asked for."
)


def unknown(title: str, names: Sequence[str]) -> Note:
    """Say that there is no such response."""
    near = next(iter(get_close_matches(title.casefold(), names, n=1)), None)
    hint = f" Did you mean `{near}`?" if near else " `!canned` lists them."
    return Note(f"Not sent: there is no canned response `{code(title)}`.{hint}")


def how(title: str, takes: Sequence[str]) -> Note:
    """Say how values are written."""
    example = " ".join(f'{name}="…"' for name in takes)
    values = f"`!canned {code(title)} {example}`" if takes else f"`!canned {code(title)}`: it takes no values"
    return Note(f"Not sent: behind the name come values as `key=value`. Write {values}.")


def missing(title: str, names: Sequence[str], given: Mapping[str, str] | None = None) -> Note:
    """Name the values that are not known, with an example that holds those already given."""
    known = [f'{name}="{code(value)}"' for name, value in (given or {}).items() if name not in names]
    example = " ".join([*known, *(f'{name}="…"' for name in names)])
    return Note(f"Not sent: `{code(title)}` needs {_and(names)}. Write `!canned {code(title)} {example}`.")


def no_such_value(title: str, odd: str, takes: Sequence[str]) -> Note:
    """Say that a response takes no such value."""
    hint = f"it takes {_and(takes)}" if takes else "it takes none"
    return Note(f"Not sent: `{code(title)}` has no value `{code(odd)}`; {hint}.")


def unusable(title: str, reason: str) -> Note:
    """Say why a response cannot be sent."""
    return Note(f"Not sent: `{code(title)}` cannot be used: {reason}.")


def listed(responses: Sequence[Canned], words: str = "") -> Note:
    """Show what there is, most used first."""
    if not responses:
        about = f" with “{code(words)}”" if words else ""
        return Note(f"There is no canned response{about} yet. `/sms canned add name text` makes one.")
    lines = [f"`{code(one.title)}` {_short(one.text or '')}{_with(one)}{_used(one.uses)}" for one in responses[:SHOWN]]
    if len(responses) > SHOWN:
        lines.append("There are more: `/sms canned list words` finds them.")
    return Note("\n".join(["`!canned name` sends one of these:", *lines]))


def saved(response: Canned, takes: Sequence[str]) -> Note:
    """Confirm what was stored, and say how it is used."""
    size = segments.count(segments.gsm_friendly(response.text or ""))
    example = "".join(f' {name}="…"' for name in takes)
    count = "1 segment" if size.number == 1 else f"{size.number} segments"
    saved_as = f"Saved `{code(response.title)}`, about {count}: “{code(response.text or '')}”"
    return Note(f"{saved_as}. In a thread, `!canned {code(response.title)}{example}` sends it.")


def will_be_held(reasons: Sequence[str]) -> str:
    """Say in a preview that sending asks first, and why."""
    return f"It will be held, and the thread asked: {'; '.join(reasons)}."


def will_be_refused(reason: str) -> str:
    """Say in a preview that nothing can be sent, and why."""
    return f"It will not be sent. {reason}"


def by_form(response: Canned, words: str, who: Person) -> Note:
    """Show in the thread what was sent from a form, since no post there says it."""
    more = f" and {files(response)}" if response.files else ""
    return Note(f"{INSERT} answers with `{code(response.title)}`: “{words}”{more}", inserts=(who,), quiet=True)


def files(response: Canned) -> str:
    """Name the files of a response."""
    return _and([medium.name for medium in response.files])


def removed(title: str) -> Note:
    """Confirm a removal."""
    return Note(f"Removed `{code(title)}`.")


def refused(reason: str) -> Note:
    """Say why nothing was stored."""
    return Note(f"Nothing changed: {reason}.")


def label(name: str) -> str:
    """Return a value's name as a question: ``pick_up.day`` is asked for as *Pick up day*."""
    words = " ".join(name.replace("_", " ").replace(".", " ").split())
    return words[:1].upper() + words[1:] or name


def code(text: str) -> str:
    """Return a text that can stand between back-ticks."""
    return " ".join(text.replace("`", "'").split())[:100]


def _short(text: str) -> str:
    line = code(text)
    return line if len(line) <= _LENGTH else f"{line[:_LENGTH]}…"


def _with(response: Canned) -> str:
    return f" · with {files(response)}" if response.files else ""


def _used(uses: int) -> str:
    return f" · used {uses}×" if uses else ""


def _and(names: Sequence[str]) -> str:
    shown = [f"`{name}`" for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
