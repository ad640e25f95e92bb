"""An installation ends with a llama.cpp that sees and hears, whatever pip's cache held."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "bootstrap.sh"


class Environment:
    """A virtual environment whose Python writes down what it is asked for and installs nothing."""

    def __init__(self, folder: Path, *, compiled: str, compiling: str) -> None:
        """`compiled` and `compiling`: `yes` if the llama.cpp in pip's cache, and one compiled now,
        has its library for media."""
        self.folder, self.log = folder, folder / "log"
        python, state = folder / "bin" / "python", folder / "mtmd"
        python.parent.mkdir(parents=True)
        state.write_text(compiled)
        python.write_text(
            "#!/bin/sh\n"
            f'echo "$CMAKE_ARGS|$*" >>"{self.log}"\n'
            f'case "$*" in *force-reinstall*) echo {compiling} >"{state}" ;; esac\n'
            f'case "$*" in *mtmd_cpp*) grep -q yes "{state}" ;; esac\n'
        )
        python.chmod(0o755)

    def bootstrap(self) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        return subprocess.run(
            [SCRIPT, str(self.folder)], capture_output=True, text=True, timeout=300
        )

    def calls(self, word: str) -> list[str]:
        """What Python was called with, where `word` is in it."""
        return [line for line in self.log.read_text().splitlines() if word in line]


def test_a_llama_cpp_that_sees_is_kept(tmp_path: Path) -> None:
    environment = Environment(tmp_path / "venv", compiled="yes", compiling="yes")
    done = environment.bootstrap()
    assert done.returncode == 0, done.stderr
    (call,) = environment.calls("pip install")
    assert "-DLLAVA_BUILD=ON -DMTMD_VIDEO=OFF" in call and "--constraint constraints.txt" in call
    assert "llama_cpp.cmake" in call and environment.calls("cache remove") == []


def test_an_older_one_in_the_cache_is_compiled_again_in_so_many_words(tmp_path: Path) -> None:
    environment = Environment(tmp_path / "venv", compiled="no", compiling="yes")
    done = environment.bootstrap()
    assert done.returncode == 0, done.stderr
    assert "cannot see or hear; it is compiled again" in done.stderr
    assert len(environment.calls("cache remove llama_cpp_python")) == 1
    first, second = environment.calls("pip install")
    assert "--editable" in first and "--force-reinstall --no-deps llama-cpp-python" in second
    assert "--constraint constraints.txt" in second


@pytest.mark.parametrize("word", ["expected a llama.cpp", "pip install --force-reinstall"])
def test_one_that_still_does_not_is_told(tmp_path: Path, word: str) -> None:
    done = Environment(tmp_path / "venv", compiled="no", compiling="no").bootstrap()
    assert done.returncode == 1 and word in done.stderr
