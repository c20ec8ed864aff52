"""What killed runs leave is removed, what running ones use is not."""

import fcntl
from pathlib import Path

from tests.services import run


def test_a_killed_runs_directory_is_swept_and_a_running_ones_stays(tmp_path: Path) -> None:
    killed, running, foreign = (tmp_path / f"{run.PREFIX}{name}" for name in ("killed", "running", "foreign"))
    for directory in (killed, running, foreign):
        directory.mkdir()
    (killed / run.IN_USE).touch()
    with (running / run.IN_USE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run.sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == [foreign, running]


def test_this_runs_files_lie_in_its_directory(tmp_path: Path) -> None:
    assert tmp_path.is_relative_to(run.run_directory().resolve())
