"""An installation ends with the llama.cpp that was asked for, whatever pip's cache held."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PREFLIGHT = """#!/bin/sh
case $1 in
--nvcc) echo /usr/local/cuda/bin/nvcc ;;
cuda) [ -e "$(dirname "$0")/nvcc" ] || { echo "this machine lacks: nvcc" >&2; exit 1; } ;;
esac
echo python3
"""


class Environment:
    """A virtual environment whose Python writes down what it is asked for and installs nothing."""

    def __init__(
        self, folder: Path, *, compiled: str = "yes", compiling: str = "yes", cached: str = "cpu"
    ) -> None:
        """`compiled` and `compiling`: `yes` if the llama.cpp in pip's cache, and one compiled now,
        has its library for media. `cached`: what that in the cache is for."""
        self.folder, self.log, self.tools = folder, folder / "log", folder / "tools"
        self.scripts = folder / "scripts"
        self.scripts.mkdir(parents=True)
        shutil.copy(ROOT / "scripts" / "bootstrap.sh", self.scripts)
        self.preflight = self.scripts / "preflight.sh"
        self.preflight.write_text(PREFLIGHT)
        self.preflight.chmod(0o755)
        python, state, kind = folder / "bin" / "python", folder / "mtmd", folder / "kind"
        self.kind = kind
        python.parent.mkdir(parents=True)
        self.tools.mkdir()
        state.write_text(compiled)
        # One that is compiled is for what the compiler was told; a wheel out of the cache is not.
        python.write_text(
            "#!/bin/sh\n"
            f'echo "$CMAKE_ARGS|$*" >>"{self.log}"\n'
            'case "$CMAKE_ARGS" in *CUDA=ON*) new=cuda ;; *VULKAN=ON*) new=vulkan ;; *) new=cpu ;;'
            " esac\n"
            'case "$*" in\n'
            f'*mtmd_cpp*) grep -q yes "{state}" ;;\n'
            f'*ggml-*) [ -e "{kind}" ] && cat "{kind}" ;;\n'
            f'*force-reinstall*) echo {compiling} >"{state}"; echo $new >"{kind}" ;;\n'
            f'*no-cache-dir*) [ -e "{kind}" ] || echo $new >"{kind}" ;;\n'
            f'*editable*) [ -e "{kind}" ] || echo {cached} >"{kind}" ;;\n'
            "esac\n"
        )
        python.chmod(0o755)

    def has(self, *tools: str) -> Environment:
        """Put tools there that do nothing."""
        for tool in tools:
            path = (self.scripts if tool == "nvcc" else self.tools) / tool
            path.write_text("#!/bin/sh\n")
            path.chmod(0o755)
        return self

    def bootstrap(self, *kind: str, flags: str = "") -> subprocess.CompletedProcess[str]:
        """Run the script."""
        path = f"{self.tools}:{os.environ['PATH']}"
        return subprocess.run(
            [self.scripts / "bootstrap.sh", str(self.folder), *kind],
            capture_output=True,
            text=True,
            timeout=300,
            env={**os.environ, "PATH": path, "CMAKE_ARGS": flags},
        )

    def calls(self, word: str) -> list[str]:
        """What Python was called with, where `word` is in it."""
        if not self.log.exists():
            return []
        return [line for line in self.log.read_text().splitlines() if word in line]


@pytest.fixture
def card(tmp_path: Path) -> Environment:
    """An environment on a machine with NVIDIA's driver and compiler."""
    return Environment(tmp_path / "venv").has("nvidia-smi", "nvcc")


def test_a_llama_cpp_that_sees_is_kept(tmp_path: Path) -> None:
    environment = Environment(tmp_path / "venv")
    shutil.copy(ROOT / "scripts" / "preflight.sh", environment.preflight)
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


def test_for_a_card_it_is_compiled_past_the_cache_and_that_is_noted(card: Environment) -> None:
    done = card.bootstrap("cuda")
    assert done.returncode == 0, done.stderr
    first, second = card.calls("pip install")
    assert "--no-cache-dir --no-binary llama-cpp-python llama-cpp-python" in first
    assert "-DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=native" in first and "--editable" in second
    assert (card.folder / ".llama-cpp").read_text() == "cuda\n"
    assert card.kind.read_text().strip() == "cuda"


def test_one_for_the_processor_that_is_there_gives_way(card: Environment) -> None:
    assert card.bootstrap().returncode == 0
    assert "make run CUDA=1" in card.bootstrap().stderr
    done = card.bootstrap("cuda")
    assert done.returncode == 0, done.stderr
    (forced,) = card.calls("--force-reinstall")
    assert "--no-cache-dir" in forced and "GGML_CUDA=ON" in forced
    assert card.kind.read_text().strip() == "cuda"


def test_without_a_word_it_stays_what_it_was(card: Environment) -> None:
    assert card.bootstrap("cuda", flags="-DGGML_CUDA_FORCE_MMQ=ON").returncode == 0
    before = len(card.calls("pip install"))
    assert card.bootstrap().returncode == 0
    (again,) = card.calls("pip install")[before:]
    assert "GGML_CUDA=ON" in again and "FORCE_MMQ" in again and "--editable" in again


def test_back_to_the_processor_it_is_compiled_anew(card: Environment) -> None:
    assert card.bootstrap("cuda").returncode == 0
    done = card.bootstrap("cpu")
    assert done.returncode == 0, done.stderr
    assert "compiling llama.cpp for cpu" in done.stderr
    assert card.kind.read_text().strip() == "cpu"


def test_a_wheel_for_a_card_in_the_cache_is_not_taken_for_one_without(tmp_path: Path) -> None:
    environment = Environment(tmp_path / "venv", cached="cuda")
    done = environment.bootstrap()
    assert done.returncode == 0, done.stderr
    assert "in pip's cache is for cuda; it is compiled for cpu" in done.stderr
    assert environment.kind.read_text().strip() == "cpu"


def test_without_the_cards_compiler_nothing_is_installed(tmp_path: Path) -> None:
    environment = Environment(tmp_path / "venv").has("nvidia-smi")
    done = environment.bootstrap("cuda")
    assert done.returncode == 1 and "this machine lacks: nvcc" in done.stderr
    assert environment.calls("pip install") == []


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
@pytest.mark.parametrize(
    ("compiled", "typed", "kind"),
    [
        ("cpu", (), None),
        ("cpu", ("CUDA=1",), "cuda"),
        ("cpu", ("VULKAN=1",), "vulkan"),
        ("cpu", ("CMAKE_ARGS=-DGGML_BLAS=ON",), ""),
        ("cuda", (), None),
        ("cuda", ("CUDA=1",), None),
        ("cuda", ("CUDA=0",), "cpu"),
    ],
)
def test_make_installs_again_where_something_else_is_asked_for(
    compiled: str, typed: tuple[str, ...], kind: str | None, tmp_path: Path
) -> None:
    (tmp_path / ".llama-cpp").write_text(f"{compiled}\n\n")
    (tmp_path / ".medley-installed").touch()
    command = ["make", "--dry-run", "--no-print-directory", "venv", f"VENV={tmp_path}", *typed]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    asked = [line for line in told.splitlines() if "bootstrap.sh" in line]
    expected = [] if kind is None else [f"scripts/bootstrap.sh {tmp_path} {kind}"]
    assert [line.strip() for line in asked] == [line.strip() for line in expected]
