"""``textbridge backup`` and ``textbridge restore``."""

from pathlib import Path

from bridge.domain.messages import MessageStatus
from tests.cli.conftest import Cli
from tests.cli.support import a_text, config_text, message_of, write_config
from tests.cli.test_audit import recorded


def test_from_one_database_into_another(cli: Cli, database: str, tmp_path: Path) -> None:
    a_text(database, "done", MessageStatus.SENT)
    made = cli("backup", "all.backup")
    assert made.code == 0
    assert "rows to all.backup" in made.out
    moved = f"sqlite:///{tmp_path / 'moved.db'}"
    write_config(tmp_path, config_text(moved))
    restored = cli("restore", "all.backup")
    assert (restored.code, restored.err) == (0, "")
    assert f"into {moved}" in restored.out
    assert message_of(moved).body == "On my way"
    assert cli("audit", "verify").code == 0


def test_neither_file_nor_database_is_overwritten(cli: Cli, sqlite: str) -> None:
    recorded(sqlite)
    assert cli("backup", "all.backup").code == 0
    again = cli("backup", "all.backup")
    assert again.code == 1
    assert "all.backup is there already" in again.err
    assert cli("backup", "all.backup", "--force").code == 0
    refused = cli("restore", "all.backup")
    assert refused.code == 1
    assert "is not empty, and nothing was changed" in refused.err


def test_what_cannot_be_is_said_in_a_sentence(cli: Cli, sqlite: str, tmp_path: Path) -> None:
    assert "There is no file nowhere" in cli("restore", "nowhere").err
    (tmp_path / "noise").write_bytes(b"\x1f\x8bnoise")
    assert "noise cannot be restored" in cli("restore", "noise").err
    (tmp_path / "new").mkdir()
    write_config(tmp_path, config_text("sqlite:///new/moved.db"))
    for name in ("textbridge.yaml", "noise"):
        refused = cli("restore", name)
        assert refused.code == 1
        assert f"{name} cannot be restored: it is damaged, cut off, or no backup of Textbridge." in refused.err
        assert "Nothing was changed." in refused.err
    assert not (tmp_path / "new" / "moved.db").exists()
    write_config(tmp_path, config_text(sqlite))
    assert "No such file or directory" in cli("backup", "missing/all.backup").err
    (tmp_path / "textbridge.db").unlink()
    assert "has no tables yet" in cli("backup", "all.backup").err
