"""How conversations are put: to be read, as a page, as a table, or whole for programs."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from html import escape
from typing import TextIO, TypeAlias
from zoneinfo import ZoneInfo

from bridge.cli.output import plain
from bridge.cli.writing import spreadsheet
from bridge.config import Config
from bridge.config.policy import policy_of
from bridge.domain.consent import Consented
from bridge.domain.messages import Message, MessageKind
from bridge.domain.people import Contact
from bridge.store.exporting import Exported

COLUMNS = (
    *("conversation", "line", "contact", "name", "at", "kind", "author", "body", "files", "status", "segments"),
    *("error_code", "message"),
)
SPOKEN = ("name", "author", "body", "files")
_STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1f27}"
    "h2{margin:2.5rem 0 .2rem}p.about{color:#5b6472;margin:.1rem 0 1rem}dl{margin:0}dt{color:#5b6472;font-size:.85rem}"
    "dd{margin:.1rem 0 .8rem;white-space:pre-wrap;overflow-wrap:anywhere}"
    "dd.comment{background:#fff6dc;padding:.2rem .5rem}"
)


@dataclass(frozen=True, slots=True)
class Names:
    """What people and times are called: configured names, and the zone of each line. ``zone``: of other lines."""

    people: Mapping[str, str]
    zones: Mapping[str, tzinfo]
    zone: tzinfo

    @classmethod
    def of(cls, config: Config) -> "Names":
        """Those of a configuration."""
        people = {f"{at}:{who}": name for name, mate in config.teammates.items() for at, who in mate.ids.items()}
        lines = policy_of(config, {}).lines
        return cls(people, {name: line.zone for name, line in lines.items()}, ZoneInfo(config.zone))

    def author(self, one: Exported, said: Message) -> str:
        """Who wrote a message."""
        if said.kind is MessageKind.INBOUND:
            contact = _contact(one, said)
            return _called(contact) if one.further else contact.name or contact.address
        return self.people.get(said.author or "", said.author or said.automatic or "Textbridge")

    def moment(self, at: datetime, line: str) -> str:
        """A time where the line is."""
        return f"{at.astimezone(self.zones.get(line, self.zone)):%Y-%m-%d %H:%M %Z}"


Form: TypeAlias = Callable[[TextIO, Iterable[Exported], Names, Sequence[Consented]], int]


def _contact(one: Exported, said: Message) -> Contact:
    """Who wrote a message or got it: another than the conversation's where one was merged in."""
    return one.contact if said.via is None else one.further[said.via]


def _called(contact: Contact) -> str:
    return f"{contact.name} ({contact.address})" if contact.name else contact.address


def _about(one: Exported, names: Names) -> tuple[str, str]:
    """Its title, and how it stands."""
    own, who = one.conversation, _called(one.contact)
    facts = [own.status.value, f"begun {names.moment(own.created_at, own.line)}"]
    facts += [f"closed {names.moment(own.closed_at, own.line)}"] if own.closed_at else []
    facts += [f"assigned to {names.people.get(own.assignee, own.assignee)}"] if own.assignee else []
    facts += [f"labels {', '.join(own.labels)}"] if own.labels else []
    facts += ["opted out"] if own.opted_out else []
    facts += [f"goes on in #{own.merged.into}"] if own.merged else []
    facts += [f"with texts of #{number}, {_called(other)}" for number, other in sorted(one.further.items())]
    return f"#{own.number} with {who} on {own.line}", "; ".join(facts)


def _remark(one: Exported, said: Message) -> str:
    """What is said of a message behind its author."""
    there = f" to {_contact(one, said).address}" if one.further else ""
    return {MessageKind.INBOUND: "", MessageKind.COMMENT: "comment"}.get(said.kind, f"{said.status.value}{there}")


def _files(said: Message) -> str:
    return ", ".join(medium.name or medium.content_type for medium in said.media)


def _words(said: Message) -> str:
    files = _files(said)
    return "\n".join(part for part in (said.body, f"[{files}]" if files else "") if part)


def _text(stream: TextIO, found: Iterable[Exported], names: Names, _ledger: Sequence[Consented]) -> int:
    count = 0
    for count, one in enumerate(found, 1):
        title, facts = _about(one, names)
        stream.write(("\n" if count > 1 else "") + f"{plain(title)}\n{plain(facts)}\n\n")
        for said in one.messages:
            remark = _remark(one, said)
            who = names.author(one, said) + (f" ({remark})" if remark else "")
            first, *rest = _words(said).splitlines() or [""]
            stream.write(f"{names.moment(said.created_at, one.conversation.line)}  {plain(who)}: {plain(first)}\n")
            stream.writelines(f"    {plain(line)}\n" for line in rest)
    return count


def _html(stream: TextIO, found: Iterable[Exported], names: Names, _ledger: Sequence[Consented]) -> int:
    count = 0
    stream.write(
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Conversations</title><style>{_STYLE}</style>\n'
    )
    for count, one in enumerate(found, 1):  # noqa: B007 - how many there were
        title, facts = _about(one, names)
        stream.write(f'<h2>{escape(title)}</h2><p class="about">{escape(facts)}</p><dl>\n')
        for said in one.messages:
            remark = _remark(one, said)
            who = f"{names.author(one, said)} · {names.moment(said.created_at, one.conversation.line)}"
            head = escape(f"{who} · {remark}" if remark else who)
            kind = ' class="comment"' if said.kind is MessageKind.COMMENT else ""
            stream.write(f"<dt>{head}</dt><dd{kind}>{escape(_words(said))}</dd>\n")
        stream.write("</dl>\n")
    stream.write("</html>\n")
    return count


def _csv(stream: TextIO, found: Iterable[Exported], names: Names, _ledger: Sequence[Consented]) -> int:
    numbers = set[int]()

    def rows() -> Iterator[Mapping[str, object]]:
        for one in found:
            numbers.add(one.conversation.number)
            yield from (_row(one, said, names) for said in one.messages)

    spreadsheet(stream, COLUMNS, rows(), SPOKEN)
    return len(numbers)


def _row(one: Exported, said: Message, names: Names) -> Mapping[str, object]:
    contact = _contact(one, said)
    return {
        "conversation": one.conversation.number,
        "line": one.conversation.line,
        "contact": contact.address,
        "name": contact.name or "",
        "at": said.created_at.isoformat(),
        "kind": said.kind.value,
        "author": names.author(one, said),
        "body": said.body,
        "files": _files(said),
        "status": said.status.value,
        "segments": said.segments,
        "error_code": said.error_code or "",
        "message": said.id,
    }


def _json(stream: TextIO, found: Iterable[Exported], names: Names, ledger: Sequence[Consented]) -> int:
    count = 0
    stream.write('{"conversations": [')
    for count, one in enumerate(found, 1):
        stream.write(",\n" if count > 1 else "\n")
        stream.write(json.dumps(_whole(one, names), ensure_ascii=False))
    stream.write("\n]")
    if ledger:
        noted = [{"at": line.at.isoformat(), **asdict(line.entry)} for line in reversed(ledger)]
        stream.write(f',\n"consent": {json.dumps(noted, ensure_ascii=False)}')
    stream.write("}\n")
    return count


def _whole(one: Exported, names: Names) -> Mapping[str, object]:
    own, contact = one.conversation, one.contact
    return {
        "number": own.number,
        "line": own.line,
        "status": own.status.value,
        "created_at": own.created_at.isoformat(),
        "closed_at": own.closed_at.isoformat() if own.closed_at else None,
        "assignee": own.assignee,
        "team": own.team,
        "labels": list(own.labels),
        "opted_out": own.opted_out,
        "blocked": own.blocked,
        "merged_into": own.merged.into if own.merged else None,
        "contact": {"address": contact.address, "name": contact.name, "zone": contact.zone},
        "threads": [
            {"platform": thread.platform, "room": thread.room, "message": thread.root.id if thread.root else None}
            for thread in one.threads
        ],
        "messages": [
            {
                "id": said.id,
                "at": said.created_at.isoformat(),
                "kind": said.kind.value,
                "author": said.author,
                "name": names.author(one, said),
                "contact": _contact(one, said).address,
                "automatic": said.automatic,
                "body": said.body,
                "status": said.status.value,
                "segments": said.segments,
                "error_code": said.error_code,
                "provider_id": said.provider_id,
                "files": [{"name": file.name, "type": file.content_type, "bytes": file.size} for file in said.media],
            }
            for said in one.messages
        ],
    }


FORMS: dict[str, Form] = {"text": _text, "html": _html, "csv": _csv, "json": _json}
