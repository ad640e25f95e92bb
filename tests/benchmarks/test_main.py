"""The runner knows its benchmarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import __main__ as runner


def test_every_benchmark_measures_when_it_is_run() -> None:
    assert runner.names()
    for name in runner.names():
        source = (Path(runner.__file__).parent / f"{name.replace('.', '/')}.py").read_text("utf-8")
        assert 'if __name__ == "__main__":' in source


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["nothing"]) == 2
    assert "unknown nothing" in capsys.readouterr().err
