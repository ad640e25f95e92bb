"""The small files in a stage's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.trainer import progress
from training.trainer.progress import Done, LossLog, Parameters, Progress, percent


@pytest.mark.parametrize(
    ("share", "shown"), [(1.0, "100 %"), (0.123, "12 %"), (0.0345, "3.5 %"), (0.0054, "0.54 %")]
)
def test_shares_have_the_digits_that_count(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_parameters_are_said_with_their_share() -> None:
    assert str(Parameters(28_000, 3_100_000)) == "28,000 of 3,100,000 parameters (0.90 %)"
    assert Parameters(0, 0).share == 0.0


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    reached = Progress(3, 12, 4.5, Parameters(1, 2), "cpu, 2 threads")
    progress.write(reached, tmp_path / "p" / "progress.json")
    assert progress.read_progress(tmp_path / "p" / "progress.json") == reached
    done = Done(9.5, Parameters(1, 2), "cpu, 2 threads")
    progress.write(done, tmp_path / "done")
    assert progress.read_done(tmp_path / "done") == done
    assert progress.read_done(tmp_path / "nothing") is None
    assert progress.read_progress(tmp_path / "nothing") is None


def test_a_done_file_with_seconds_alone_is_read(tmp_path: Path) -> None:
    (tmp_path / "done").write_text('{"seconds": 77.3}')
    assert progress.read_done(tmp_path / "done") == Done(77.3)
    progress.write(Done(77.3), tmp_path / "done")
    assert (tmp_path / "done").read_text() == '{"seconds":77.3}'


def test_a_log_forgets_the_steps_that_will_be_done_again(tmp_path: Path) -> None:
    log = LossLog(tmp_path / "losses.jsonl")
    assert log.read() == []
    log.keep_until(0)
    assert not log.path.exists()
    for step in (50, 100, 150):
        log.add(step, {"loss": 1 / step})
    with log.path.open("a") as file:
        file.write('{"step": 200, "lo')
    log.keep_until(100)
    log.add(150, {"loss": 0.5})
    assert log.read() == [
        {"step": 50, "loss": 1 / 50}, {"step": 100, "loss": 1 / 100}, {"step": 150, "loss": 0.5},
    ]  # fmt: skip


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    progress.write_atomically(tmp_path / "a", b"old")
    (tmp_path / "b").mkdir()
    with pytest.raises(IsADirectoryError):
        progress.write_atomically(tmp_path / "b", b"new")
    assert list(tmp_path.glob("*.part")) == []
    progress.write_atomically(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
