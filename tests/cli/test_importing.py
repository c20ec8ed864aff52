"""``textbridge import contacts``."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.domain.identity import identify
from bridge.store.exporting import contact_at
from bridge.store.inspect import connection_of
from tests.cli.conftest import Cli
from tests.cli.support import ask
from tests.store.builders import NOW, contact, known

KNOWN = contact().address
OTHER = "+15550100777"


def table(folder: Path, *lines: str) -> str:
    file = folder / "names.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return str(file)


def stored(database: str, address: str) -> tuple[str, str | None, str | None] | None:
    found = ask(database, lambda unit: contact_at(connection_of(unit), address))
    return None if found is None else (found.id, found.name, found.zone)


def test_names_are_filled_in_and_replaced_only_when_asked(cli: Cli, database: str, tmp_path: Path) -> None:
    ask(database, lambda unit: unit.save(known(contact=replace(contact(), name="Maria")), NOW))
    file = table(tmp_path, "address,name,zone", f"{KNOWN},Maria Silva,Europe/Lisbon", "+1 555 010 0777,Ana  Lima,")
    first = cli("import", "contacts", file)
    assert (first.code, first.err) == (0, "")
    assert "1 new, 1 changed, 0 left" in first.out
    assert stored(database, KNOWN) == (contact().id, "Maria", "Europe/Lisbon")
    assert stored(database, OTHER) == (identify("contact", OTHER), "Ana Lima", None)
    again = cli("import", "contacts", file)
    assert "0 new, 0 changed, 2 left as they were. --replace" in again.out
    assert "0 new, 1 changed, 1 left" in cli("import", "contacts", file, "--replace").out
    assert stored(database, KNOWN) == (contact().id, "Maria Silva", "Europe/Lisbon")
    acts = json.loads(cli("export", "audit", "--format", "json").out)
    assert [(one["act"], one["detail"]) for one in acts] == [
        ("contacts_imported", "2"),
        ("contacts_imported", "1"),
    ]


def test_where_a_line_is_wrong_nothing_is_taken_in(cli: Cli, database: str, tmp_path: Path) -> None:
    wrong = ("555,", "+15550100778,Rui,Lisbon", "+12,Rui,", f"{OTHER},Ana,")
    found = cli("import", "contacts", table(tmp_path, "address,name,zone", *wrong))
    assert found.code == 1
    lines = found.err.splitlines()
    assert "nothing was imported" in lines[0]
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["line 2", "line 3", "line 4"]
    assert OTHER not in found.err
    assert stored(database, OTHER) is None


@pytest.mark.parametrize(("content", "said"), [("a,b\n1,2", "columns address and name"), (None, "cannot be read")])
def test_what_is_no_table_is_said(cli: Cli, database: str, tmp_path: Path, content: str | None, said: str) -> None:
    file = tmp_path / "names.csv"
    if content is not None:
        file.write_text(content)
    found = cli("import", "contacts", str(file))
    assert found.code == 1
    assert said in found.err
